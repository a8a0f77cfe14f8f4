"""The results of a lint from those of the last one: as they were, or with what has changed since, each by its own short way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sailwright.commands.lint.results import Kept, LastRun, kept_results, known_results
from sailwright.commands.rules import EveryRule
from sailwright.lint.run import LintRequest
from sailwright.runtime.records import dataclass

if TYPE_CHECKING:
    from sailwright.commands.lint.change import Change
    from sailwright.workspace.selection import Selection


@dataclass(frozen=True, slots=True)
class Renewed:
    """The results, what is known of them from now on, and the change since the last run; None where nothing has changed."""

    kept: Kept
    last: LastRun
    change: Change | None = None


def renewed_results(selection: Selection, last: LastRun) -> Renewed | None:
    """The results now; None where what is known does not say them all. May raise LostRow."""
    kept = kept_results(selection, last)
    if kept is not None:
        return Renewed(kept, last)
    from sailwright.commands.lint.change import after_change, open_change

    change = open_change(selection, last)
    if change is None:
        return None
    changed = after_change(change)
    if changed is None:
        from sailwright.commands.lint.linked import after_linked_change

        changed = after_linked_change(change)
    kept = known_results(selection, changed) if changed is not None else None
    return Renewed(kept, changed, change) if changed is not None and kept is not None else None


def request_of(kept: Kept) -> LintRequest:
    """What a lint with these results is asked for: no rule runs."""
    workspace = kept.workspace
    return LintRequest(
        (),
        workspace.sources,
        EveryRule(),
        (),
        kept.settings,
        workspace.findings,
        root=workspace.root,
        covers_project=workspace.covers_project,
    )
