"""Lines for standard error and standard output that hold text from files: clean, and one line each."""

from __future__ import annotations

import sys

DETAIL = "sailwright.detail"
"""The key in click's context of how much is said beside the result: quiet, normal or verbose."""


def detail() -> str:
    """How much this run says beside the result: `quiet`, `normal` or `verbose`."""
    if "click" not in sys.modules:  # it read no flags
        return "normal"
    import click

    context = click.get_current_context(silent=True)
    return str(context.meta.get(DETAIL, "normal")) if context else "normal"


def note(text: str) -> None:
    """Say something beside the result, on standard error; nothing with --quiet."""
    if detail() != "quiet":
        print(clean(text), file=sys.stderr, flush=True)


def note_always(text: str) -> None:
    """Say on standard error what the result cannot do without."""
    print(clean(text), file=sys.stderr, flush=True)


def note_release(written: str | None) -> None:
    """Say that the release of --istio-version is a newer minor than all known ones. Raises Failure for any other unknown one."""
    if written is None:
        return
    from sailwright.mesh.values.releases import NEWEST, newer_minor, parse_release

    release = parse_release(written)
    if newer_minor(release):
        note(
            f"istio-minor-unverified: Istio {release} is newer than any minor version that Sailwright knows: files are checked as for {NEWEST}"
        )


def print_line(text: str) -> None:
    """Print one line of the result."""
    print(clean(text), flush=True)


def clean(text: str) -> str:
    """The line as it may be printed. Plain letters and signs need no look: most lines are our own words."""
    if text.isascii() and text.isprintable() and "::" not in text and "##" not in text:
        return text
    from sailwright.diagnostics.report.clean import whole_line

    return whole_line(text)
