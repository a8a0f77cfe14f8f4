"""Suppressions: where they hold, and what they have to answer for themselves."""

from __future__ import annotations

from tests.lint.sample import run, source, told

from sailwright.diagnostics.finding import Location
from sailwright.lint.settings import Settings, Suppression


def test_comment_on_the_line() -> None:
    """The comment speaks of its own line."""
    answer = run(source("spec:\n  port: 1  # sailwright: ignore[port-odd] the vendor's port\n"))
    assert told(answer) == []
    assert answer.suppressed == 1


def test_comment_on_the_line_above() -> None:
    """A comment that stands alone speaks of the next line with content, past other comments."""
    text = "spec:\n  # sailwright: ignore[port-odd] the vendor's port\n  # and more words\n\n  port: 1\n"
    assert told(run(source(text))) == []


def test_comment_behind_other_content_holds_for_that_line_alone() -> None:
    """It does not reach down to the next line."""
    text = "spec:\n  name: x  # sailwright: ignore[port-odd] no\n  port: 1\n"
    assert told(run(source(text))) == [(2, "suppression-unused"), (3, "port-odd")]


def test_text_in_a_scalar_is_no_comment() -> None:
    """A block scalar or quoted text of the same form suppresses nothing and is not audited."""
    text = 'note: |\n  # sailwright: ignore[nothing] x\nquoted: "# sailwright: ignore[nothing] x"\nspec: {port: 1}\n'
    assert told(run(source(text))) == [(4, "port-odd")]


def test_code_of_a_peer_names_the_rule() -> None:
    """Kiali's and istioctl's codes are names too, in any case."""
    assert told(run(source("spec: {port: 1}  # sailwright: ignore[kia9999] known\n"))) == []


def test_annotation_holds_for_the_object() -> None:
    """One a line: rules, then the reason."""
    text = "metadata:\n  annotations: {sailwright.dev/ignore: 'port-odd the vendor chose it'}\nspec: {port: 1}\n"
    answer = run(source(text))
    assert told(answer) == []
    assert answer.suppressed == 1


def test_annotation_that_matches_nothing_is_stale() -> None:
    """It is reported at its own line."""
    text = "metadata:\n  annotations:\n    sailwright.dev/ignore: port-odd why\nspec: {port: 2}\n"
    assert told(run(source(text))) == [(3, "suppression-unused")]


def test_reason_is_asked_for() -> None:
    """The suppression works, and the missing reason is reported."""
    assert told(run(source("spec: {port: 1}  # sailwright: ignore[port-odd]\n"))) == [(1, "suppression-without-reason")]


def test_unknown_rule_is_reported_with_a_near_name() -> None:
    """A misspelt suppression would do nothing, silently."""
    answer = run(source("spec: {port: 1}  # sailwright: ignore[port-od] why\n"))
    assert told(answer) == [(1, "port-odd"), (1, "suppression-unknown-rule")]
    assert answer.findings[1].help == "did you mean port-odd?"


def test_comment_without_rule_suppresses_nothing() -> None:
    """`ignore` alone is no licence for everything."""
    answer = run(source("spec: {port: 1}  # sailwright: ignore this\n"))
    assert told(answer) == [(1, "port-odd"), (1, "suppression-unknown-rule")]


def test_rule_that_did_not_run_is_not_called_stale() -> None:
    """With --select, other suppressions cannot be judged."""
    assert told(run(source("spec: {port: 2}  # sailwright: ignore[port-odd] why\n"), rules=())) == [
        (1, "suppression-unknown-rule")
    ]


def test_locked_rule_is_not_suppressed_in_the_file() -> None:
    """The finding stays, and the attempt is an error."""
    settings = Settings(locked=frozenset(("port-odd",)))
    answer = run(source("spec: {port: 1}  # sailwright: ignore[port-odd] why\n"), settings=settings)
    assert told(answer) == [(1, "port-odd"), (1, "suppression-locked")]


def entry(glob: str, rule: str = "port-odd") -> Suppression:
    """An entry of `lint.ignore`, on line 7 of the project file."""
    return Suppression((rule,), "vendored", Location("sailwright.yaml", 7, 1, 7, 9), glob=glob)


def test_project_ignores_by_path() -> None:
    """The project file may ignore locked rules too: it is the place of its owners."""
    settings = Settings(locked=frozenset(("port-odd",)), ignore=(entry("vendor/**"),))
    vendored, own = source("spec: {port: 1}\n", "vendor/x.yaml"), source("spec: {port: 1}\n", "own.yaml")
    answer = run(vendored, own, settings=settings)
    assert [finding.location.file for finding in answer.findings] == ["own.yaml"]
    assert answer.suppressed == 1


def test_project_ignores_a_family_or_everything() -> None:
    """Vendored files are not judged rule by rule."""
    for name in ("ports", "all"):
        assert told(run(source("spec: {port: 1}\n"), settings=Settings(ignore=(entry("**", name),)))) == []


def test_project_entry_that_matches_nothing_is_stale() -> None:
    """Reported at its line of the project file."""
    assert told(run(source("spec: {port: 2}\n"), settings=Settings(ignore=(entry("**"),)))) == [
        (7, "suppression-unused")
    ]
