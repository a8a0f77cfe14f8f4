"""`--fix`: safe changes, in the author's file, once."""

from __future__ import annotations

from tests.lint.sample import run, source

from sailwright.lint.fix import fixed
from sailwright.source.source import Source


def after(file: Source) -> tuple[str, int]:
    """The text after one round of fixes, and how many problems it solved."""
    answer = run(file)
    changed, solved = fixed(answer.found, answer.findings, [file])
    return (changed[0].text if changed else file.text), solved


def test_value_is_changed_and_nothing_else() -> None:
    """Comments, quotes and layout stay."""
    text = "# head\nspec:   {name: 'x',  port: 1}   # tail\n---\nspec:\n    port: 3 # odd\n"
    assert after(source(text)) == (text.replace("port: 1", "port: 2").replace("port: 3", "port: 4"), 2)


def test_second_time_changes_nothing() -> None:
    """Fixing is idempotent."""
    text, _ = after(source("spec: {port: 1}\n"))
    assert after(source(text)) == (text, 0)


def test_suppressed_finding_is_not_fixed() -> None:
    """Someone said why it is so."""
    text = "spec: {port: 1}  # sailwright: ignore[port-odd] the vendor's port\n"
    assert after(source(text)) == (text, 0)


def test_file_that_is_not_reported_is_not_changed() -> None:
    """Context is read, never written."""
    answer = run(source("spec: {port: 1}\n"))
    assert fixed(answer.found, answer.findings, [source("spec: {port: 2}\n", "other.yaml")]) == ((), 0)


def test_value_behind_an_anchor_is_left_alone() -> None:
    """The change would show in a second place."""
    text = "spec: &it {port: 1}\nother: *it\n"
    assert after(source(text)) == (text, 0)
