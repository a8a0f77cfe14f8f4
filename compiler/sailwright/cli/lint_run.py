"""What `sailwright lint` does: lint, and print the result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sailwright.cli.notes import note, note_always
from sailwright.cli.shared import Shared

if TYPE_CHECKING:
    from sailwright.commands.lint.run import LintOptions


def lint_paths(paths: tuple[str, ...], shared: Shared) -> int:
    """Lint files with the options as they are where none is given; the exit status."""
    from sailwright.commands.lint.run import LintOptions
    from sailwright.workspace.selection import Selection

    return run(LintOptions(Selection(paths, cached=True, jobs=None)), shared)


def run(options: LintOptions, shared: Shared) -> int:
    """Lint, and publish what was found; the exit status."""
    from sailwright.cli.reporting import nothing_checked, tell
    from sailwright.commands.lint.run import lint

    linted = lint(options)
    if not linted.sources and not shared.allow_empty:
        return nothing_checked(options.selection.paths, linted.summary, shared)
    if options.profile:
        _print_costs(linted.result.seconds)
    if options.fix:
        note(f"fixed {linted.fixed} problem{'' if linted.fixed == 1 else 's'}")
    if linted.workspace.checked_apart:
        from sailwright.cli.explain_worlds import IN_SAILWRIGHT_YAML

        note(IN_SAILWRIGHT_YAML)
    for line in linted.refused:
        note(f"sailwright: not fixed: {line}")
    status = tell(linted.findings, linted.summary, linted.sources, shared, linted.fail_on)
    return 3 if linted.result.crashed else 2 if linted.workspace.project_invalid else status


def _print_costs(seconds: Mapping[str, float]) -> None:
    for rule, cost in sorted(seconds.items(), key=lambda item: (-item[1], item[0])):
        note_always(f"{cost * 1000:9.2f} ms  {rule}")
