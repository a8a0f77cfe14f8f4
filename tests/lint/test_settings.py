"""Which rules run, and what the `lint:` block of a project may say."""

from __future__ import annotations

from typing import Any, cast

import pytest
from tests.lint.sample import CRASHING, ODD, Crashing

from sailwright.lint.config import read_block
from sailwright.lint.rule import Rule
from sailwright.lint.settings import Setting, Settings, choose
from sailwright.runtime.errors import Failure
from sailwright.source.source import parse
from sailwright_policies import RULES


def block(text: str) -> tuple[Settings, list[tuple[int, str]]]:
    """Settings and findings (line, message) of a `lint:` block."""
    source = parse("sailwright.yaml", text.encode(), "service")
    settings, findings = read_block(source.documents[0], (ODD, CRASHING))
    return settings, [(finding.location.line, f"{finding.message}; {finding.help}") for finding in findings]


def ids(settings: Settings | None = None, select: tuple[str, ...] = (), ignore: tuple[str, ...] = ()) -> list[str]:
    """The IDs of the rules that run, of a sound one and one in the strict preset."""
    return [each.rule.ID for each in choose((ODD, strict()), settings or Settings(), select, ignore, compat=False)]


def strict() -> Rule:
    """A rule that is on in the strict preset only."""
    rule: Any = Crashing("tests.ports.rule_with_bug")
    rule.PRESET = "strict"
    return cast(Rule, rule)


def test_preset_decides() -> None:
    """`strict` rules wait for the strict preset."""
    assert ids() == ["port-odd"]
    assert ids(Settings(preset="strict")) == ["port-odd", "rule-with-bug"]


def test_project_switches_single_rules() -> None:
    """A severity switches on, `off` switches off."""
    assert ids(Settings(rules={"port-odd": Setting("off"), "rule-with-bug": Setting("info")})) == ["rule-with-bug"]


def test_flags_come_last() -> None:
    """By ID, code, family or `all`; several at once."""
    assert ids(select=("rule-with-bug",)) == ["rule-with-bug"]
    assert ids(select=("KIA9999, rule-with-bug",)) == ["port-odd", "rule-with-bug"]
    assert ids(select=("ports",), ignore=("kia9999",)) == ["rule-with-bug"]
    assert ids(Settings(rules={"port-odd": Setting("off")}), select=("all",)) == ["port-odd", "rule-with-bug"]


def test_unknown_name_is_refused_with_a_near_one() -> None:
    """A misspelt --select must not judge nothing and pass."""
    with pytest.raises(Failure, match=r"--select port-od: no such rule; did you mean port-odd\?"):
        ids(select=("port-od",))


def test_compat_runs_what_istioctl_has() -> None:
    """Rules without a code of `istioctl analyze` are silent there."""
    chosen = choose(RULES, Settings(), compat=True)
    assert all(any(code.startswith("IST") for code in each.rule.ALIASES) for each in chosen)


def test_block_is_read() -> None:
    """Everything the block can say."""
    settings, findings = block(
        "lint:\n"
        "  preset: strict\n"
        "  failOn: warning\n"
        "  rules: {port-odd: {severity: error, least: 1024}, rule-with-bug: off}\n"
        "  locked: [KIA9999]\n"
        "  ignore: [{rule: port-odd, path: 'vendor/**', reason: not ours}]\n"
    )
    assert findings == []
    assert (settings.preset, settings.fail_on) == ("strict", "warning")
    assert settings.rules == {"port-odd": Setting("error", {"least": 1024}), "rule-with-bug": Setting("off")}
    assert settings.locked == {"port-odd"}
    assert [(each.rules, each.glob, each.reason) for each in settings.ignore] == [
        (("port-odd",), "vendor/**", "not ours")
    ]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("lint:\n  rules:\n    port-od: off\n", 3, "no rule port-od; did you mean port-odd?"),
        ("lint:\n  rules:\n    port-odd: fatal\n", 3, "is no severity"),
        ("lint:\n  rules:\n    port-odd: {leest: 3}\n", 3, "no parameter leest; did you mean least?"),
        ("lint:\n  rules:\n    port-odd: {least: many}\n", 3, "write it like the default, 0"),
        ("lint:\n  locked:\n    - port-od\n", 3, "no rule port-od"),
    ],
)
def test_block_that_names_nothing_is_a_finding(text: str, line: int, words: str) -> None:
    """At its line, with what to do."""
    _, findings = block(text)
    assert [number for number, _ in findings] == [line]
    assert words in findings[0][1]


@pytest.mark.parametrize(
    "text", ["lint: 3\n", "lint: {rules: [1], locked: x, ignore: {a: 1}}\n", "lint: {ignore: [1]}\n"]
)
def test_block_of_another_shape_is_harmless(text: str) -> None:
    """Its shape is the schema's business."""
    settings, _ = block(text)
    assert settings.rules == {}
