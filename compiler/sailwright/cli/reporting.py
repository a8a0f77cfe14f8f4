"""From findings to the report that the shared options ask for, and its exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence

from sailwright.cli.notes import detail, note, note_always
from sailwright.cli.shared import Shared
from sailwright.diagnostics.counted import counted
from sailwright.diagnostics.finding import Finding, Summary
from sailwright.diagnostics.fingerprint import of_finding
from sailwright.diagnostics.report.document import Report
from sailwright.diagnostics.report.publish import publish, reaches
from sailwright.runtime.records import replace
from sailwright.source.source import Source


def tell(
    findings: Iterable[Finding],
    summary: Summary,
    sources: Iterable[Source],
    shared: Shared,
    fail_on: str = "error",
    root: str = ".",
) -> int:
    """Publish findings in every wanted format; `fail_on` is the project's, which the flag replaces.

    `sources` are the files that snippets are taken from. File names are relative to `root`, and are shown as the user sees them.
    Returns 0 or 1.
    """
    from sailwright.commands.rules import page

    shown, place = _names_from(root)
    by_path = {shown(source.path): source for source in sources}

    def lines(file: str) -> Sequence[str]:
        source = by_path.get(file)
        return () if source is None else source.lines

    named = tuple(place(replace(finding, fingerprint=of_finding(finding))) for finding in findings)
    reported = tuple(finding for finding in named if reaches(finding, shared.show))
    report = Report(reported, summary, lines, page, _checkout())
    annotate = os.environ.get("GITHUB_ACTIONS") == "true"
    level, colour = shared.fail_on or fail_on, _colour(shared.color)
    publish(report, shared.formats, level, colour=colour, annotate=annotate, detail=detail())
    if len(reported) < len(named):
        note(f"not shown, being below --show {shared.show}: {counted(len(named) - len(reported), 'finding')}")
    return int(any(reaches(finding, level) for finding in named))


def _names_from(root: str) -> tuple[Callable[[str], str], Callable[[Finding], Finding]]:
    """How files and findings that are named as seen from `root` are named as the user sees them."""
    if root == ".":
        return lambda file: file, lambda finding: finding
    from sailwright.diagnostics.report.places import from_here, placed

    return lambda file: from_here(file, root), lambda finding: placed(finding, root)


def nothing_checked(paths: Sequence[str], summary: Summary, shared: Shared) -> int:
    """No input at all is exit status 2; what was skipped is reported with its reasons."""
    if not summary.skipped:
        import click

        where = ", ".join(paths) or "this folder"
        raise click.UsageError(f"no YAML or JSON file to check in {where}: --allow-empty lets it pass")
    tell((), summary, (), shared)
    note_always("sailwright: every file in PATHS was skipped: --allow-empty lets it pass")
    return 2


def _checkout() -> str:
    """The folder that GitHub's annotations are relative to, where the run is inside it."""
    workspace = os.environ.get("GITHUB_WORKSPACE", "")
    here = os.path.realpath(os.curdir)
    inside = bool(workspace) and here.startswith(os.path.realpath(workspace) + os.sep)
    return workspace if inside else ""


def _colour(wanted: str) -> bool:
    """`auto` is colour on a terminal that can show it, unless NO_COLOR is set (https://no-color.org)."""
    if wanted != "auto":
        return wanted == "always"
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
