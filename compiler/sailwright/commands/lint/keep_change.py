"""Keep the results after a change of services in the place of those of the last lint, and what is rendered now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sailwright.commands.lint.change import Change
from sailwright.commands.lint.results import Changed, LastRun, changed_tables, keep_known, plain_found
from sailwright.commands.lint.suppressions import marked_files, names_of, plain_annotations
from sailwright.commands.lint.units import plain_seen
from sailwright.diagnostics.plain import finding_of, plain_finding
from sailwright.lint.deduplicate import WorldFinding
from sailwright.lint.parallel import in_order
from sailwright.lint.run import Judged, findings_of, hidden_of, used_of
from sailwright.runtime.table import Keeping
from sailwright.source.files.recorded import Recorded
from sailwright.workspace.service_change import (
    dropped_files,
)


def keep_renewed(change: Change, found: Iterable[WorldFinding], more: Mapping[str, Any]) -> LastRun:
    """Keep what is known now that rules have found this in all worlds, and `more`, in the place of what was. So is what is rendered."""
    known, part = change.last.known, change.part
    ids, names = known["ids"], names_of(known)
    seen = in_order(found)
    shown = findings_of(seen, known["replacements"])
    judged = Judged(shown, hidden_of(seen), used_of(seen), (), (), {}, frozenset(known["ran"]), names)
    problems = [each for each in known["problems"] if finding_of(each).location.file not in part.own]
    problems += [plain_finding(each) for each in part.findings if each.location.file in part.own]
    keeping = Keeping(change.last.store)
    renewed = {
        **known,
        **_inputs(change, keeping),
        **changed_tables(change.last, _rows(change), keeping),
        "count": known["count"] + len(part.records.keys() - part.change.earlier.keys()) - len(part.change.gone),
        "problems": problems,
        **plain_found(judged),
        **_suppressions(change),
        "seen": [plain_seen(each, ids) for each in seen],
        **more,
    }
    return keep_known(change.last, renewed, keeping)


def _rows(change: Change) -> dict[str, Changed]:
    """What the tables have of the changed services, and have no more."""
    part = change.part
    documents = {source.path: (source.dialect, len(source.documents)) for source in part.compilation.services.sources}
    places = {f"{number} {path}": place for number, path, place in change.own_places()}
    former = {f"{number} {path}" for path, numbers in change.former_places.items() for number in numbers}
    return {
        "files": (documents, part.change.gone),
        "services": (change.kept.keep_part(part), part.change.gone),
        "places": (places, former - places.keys()),
    }


def _suppressions(change: Change) -> dict[str, Any]:
    """What suppresses findings in all files: those of the changed services anew."""
    known = change.last.known
    sources = change.part.compilation.services.sources
    again = {*(source.path for source in sources), *change.part.change.gone}
    others = [each for each in known["annotations"] if each[1] not in change.files]
    return {
        "marked": [*(path for path in known["marked"] if path not in again), *marked_files(sources)],
        "annotations": [*others, *plain_annotations(change.worlds)] if known["names"] is not None else [],
    }


def _inputs(change: Change, keeping: Keeping) -> dict[str, Any]:
    """What to know of the files that were read: those of the changed services anew."""
    part, checkout = change.part, change.part.compilation.project.checkout
    reads, since = (checkout.reads, checkout.since) if isinstance(checkout, Recorded) else ({}, None)
    own = {path: reads[path] for path in part.own if path in reads}
    return change.last.state.renewed(keeping, own, dropped_files(part.change, part.records) - own.keys(), since)
