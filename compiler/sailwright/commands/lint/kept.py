"""The results of a lint from those of the last one: as they were, or with what has changed since, each by its own short way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sailwright.commands.lint.results import Kept, LastRun, kept_results, known_results
from sailwright.commands.rules import EveryRule
from sailwright.lint.run import LintRequest
from sailwright.runtime.records import dataclass, replace

if TYPE_CHECKING:
    from sailwright.commands.check.gate import AtHand
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
    from sailwright.commands.lint.change import open_change
    from sailwright.commands.lint.changed_alone import after_change

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


def request_by_commit(selection: Selection, renewed: Renewed, baseline: str | None, ref: str) -> LintRequest | None:
    """The same by the commit `ref`, whose settings are those at hand; None where they are not, since rules may find something else then.

    Its baseline counts, and what the change does to its own gate is reported. May raise LostRow.
    """
    from sailwright.commands.check.gate import changes_by
    from sailwright.lint.config_ref import baseline_of
    from sailwright.source.files.checkout import Commit, resolve_commit

    at_hand = _at_hand(selection, renewed)
    changes = changes_by(at_hand, ref) if at_hand is not None else None
    if changes is None:
        return None
    root = renewed.last.root
    known, told = baseline_of(baseline, Commit(root, resolve_commit(root, ref)), ref) if baseline else (None, ())
    return replace(request_of(renewed.kept), baseline=known, changes=(*told, *changes))


def _at_hand(selection: Selection, renewed: Renewed) -> AtHand | None:
    """What the gate asks of the files on disk; None where that is not known."""
    from sailwright.commands.check.gate import AtHand
    from sailwright.commands.lint.suppressions import suppression_of
    from sailwright.source.files.checkout import Disk
    from sailwright.source.files.recorded import Recorded
    from sailwright.workspace.compile import InvalidProject, load_project, loaded_of

    last, known = renewed.last, renewed.last.known
    if not known.get("around"):
        return None
    if renewed.change is not None:
        last, loaded = renewed.change.last, loaded_of(renewed.change.part.compilation)
    else:
        found = load_project(Recorded(Disk(last.root)), selection.environments, selection.clusters)
        if isinstance(found, InvalidProject):
            return None
        loaded = found
    ours = f"{loaded.project.output.path}/"
    rendered = frozenset(path for world in known["places"] for path in world if path.startswith(ours))
    annotations = [suppression_of(plain) for *_, plain in known["annotations"]]
    sources = renewed.kept.workspace.sources
    return AtHand(last.root, loaded.project.document, rendered, sources, annotations, last.state.globs)
