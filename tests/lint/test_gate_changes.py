"""With --config-ref the settings of a trusted commit count; what the change does to them is told."""

from __future__ import annotations

from sailwright.lint.config_changes import baseline_change, settings_changes
from sailwright.source.source import Document, parse

OLD = "lint:\n  preset: strict\n  rules:\n    a-rule: error\n  locked: [a-rule]\n"


def project(text: str) -> Document:
    """A project file."""
    return parse("sailwright.yaml", text.encode(), "service").documents[0]


def told(here: Document | None, there: Document | None) -> list[tuple[int, str]]:
    """Line and message of each finding."""
    return [(found.location.line, found.message) for found in settings_changes(here, there, "main")]


def test_same_settings_are_silent() -> None:
    """Layout and comments are no settings."""
    assert told(project("# new\n" + OLD), project(OLD)) == []


def test_each_changed_setting_is_told_at_its_line() -> None:
    """What it is here, and what counts."""
    new = "lint:\n  rules:\n    a-rule: off\n    b-rule: {severity: info}\n  locked: []\n"
    assert told(project(new), project(OLD)) == [
        (5, "lint.locked is a list of 0 here and a list of 1 in main"),
        (1, "lint.preset is absent here and `strict` in main"),
        (3, "lint.rules.a-rule is `off` here and `error` in main"),
        (4, "lint.rules.b-rule is `{'severity': 'info'}` here and absent in main"),
    ]


def test_project_file_that_came_or_went() -> None:
    """Neither hides what the settings were."""
    assert len(told(None, project(OLD))) == 3
    assert len(told(project(OLD), None)) == 3


def test_baseline_is_part_of_the_gate() -> None:
    """An entry more would hide a finding."""
    assert list(baseline_change("base.json", "a", "a", "main")) == []
    assert [found.rule for found in baseline_change("base.json", "a", "b", "main")] == ["gate-changed"]
