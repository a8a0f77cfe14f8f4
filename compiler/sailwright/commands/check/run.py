"""`check`, the pull-request gate: lint, test, `build --check` and validate a project, and report.

change    change.py       what is kept of the last check says all of it, or
portions  in_portions.py  a large project is checked some services at a time, or
workers   by_workers.py   what the workers of an executor render of it, merged as shards are, or
whole     whole.py          load once, and run every part
parts     parts.py          each part as it is reported
report    cli/check.py    findings in every format, and the exit status
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sailwright.commands.check.checked import Checked, Options
from sailwright.commands.lint.results import last_run
from sailwright.runtime.records import replace
from sailwright.workspace.selection import Selection

if TYPE_CHECKING:
    from sailwright.commands.lint.results import LastRun


def check(options: Options) -> Checked:
    """Check a project as CI does. Writes nothing."""
    last = _last(options)
    known = (_known(options, last) if last is not None else None) or _first(options, last)
    if known is not None:
        return known
    if options.workers is not None and not options.paths:
        from sailwright.commands.check.by_workers import check_by_workers

        known = check_by_workers(options, options.workers)
        if known is not None:
            return known
    from sailwright.commands.check.whole import check_workspace
    from sailwright.workspace.load import load

    selection = Selection(
        options.paths,
        project=options.root,
        cached=options.cached,
        recording=True,
        reusing=last is not None,
        sending=options.workers is not None,
    )
    return check_workspace(options, load(selection), selection, last=last)


def _known(options: Options, last: LastRun) -> Checked | None:
    """The results from what is kept of the last check, and what has changed since; None where that is of no use."""
    from sailwright.commands.check.change import kept_check

    return kept_check(options, last)


def _first(options: Options, last: LastRun | None) -> Checked | None:
    """The first check of a large project, in portions; None where that is no way to check it."""
    if options.workers is not None or options.paths:
        return None
    from sailwright.workspace.temporary_store import temporary_store

    with temporary_store(options.root, cached=options.cached) as temporary:
        if temporary is None:
            return None
        from sailwright.commands.check.in_portions import check_in_portions

        if temporary:
            options = replace(options, cached=True)
            last = _last(options)
        return check_in_portions(options, last) if last is not None else None


def _last(options: Options) -> LastRun | None:
    """What is known of the last lint; None where no results are kept."""
    if not options.cached or options.workers is not None:
        return None
    return last_run(Selection(project=options.root, cached=True), (), ())
