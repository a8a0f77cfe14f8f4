"""`--fix`: make the safe changes that rules propose, in the files their authors own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sailwright.diagnostics.finding import Finding, value_at
from sailwright.lint.deduplicate import resolve
from sailwright.lint.run_rules import WorldProblem
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import replace
from sailwright.source.edit import Edit, Set
from sailwright.source.manifest import Manifest
from sailwright.source.source import Document, Source


def fixed(
    found: Iterable[WorldProblem],
    reported: Iterable[Finding],
    sources: Iterable[Source],
    refused: list[str] | None = None,
) -> tuple[tuple[Source, ...], int]:
    """The files of `sources` that change, as they should be, and how many problems that solves.

    Only problems that are reported are fixed: what is suppressed stays. Each fix is made wholly or not at all; one that
    gets in another's way is left for the next round. A file whose change cannot be proven is left as it is; `refused` gets why.
    """
    from sailwright.source.splice import edited

    wanted = {(finding.rule, finding.location, finding.message) for finding in reported}
    files = {source.path: source for source in sources}
    changed: dict[str, Source] = {}
    made: dict[str, list[list[tuple[int, Edit]]]] = {}
    for each in found:
        if each.problem.fix is None:
            continue
        finding = resolve(each)
        target = _target(each.problem.manifest, each.problem.fix.edits)
        if target is None or (finding.rule, finding.location, finding.message) not in wanted:
            continue
        document, edits = target
        path = document.source.path
        before = changed.get(path) or files.get(path)
        result = None if before is None else edited(before, document.index, edits)
        if result is not None:
            changed[path] = result
            made.setdefault(path, []).append([(document.index, edit) for edit in edits])
    proven = [path for path in changed if _proven(files[path], changed[path], made[path], refused)]
    return tuple(changed[path] for path in proven), sum(len(made[path]) for path in proven)


def _proven(before: Source, after: Source, fixes: Iterable[list[tuple[int, Edit]]], refused: list[str] | None) -> bool:
    from sailwright.source.edit_proof import prove

    try:
        prove(before.path, before.data, after.data, [edit for fix in fixes for edit in fix])
    except Failure as failure:
        if refused is not None:
            refused.append(failure.message)
        return False
    return True


def _target(manifest: Manifest, edits: Sequence[Edit]) -> tuple[Document, list[Edit]] | None:
    """The document that the edits belong to, with their paths there; None where the object's text is no copy of it."""
    if manifest.origin is None and manifest.traced is None:
        return manifest.document, [replace(edit, path=manifest.base + edit.path) for edit in edits]
    moved: list[Edit] = []
    documents: list[Document] = []
    for edit in edits:
        owner = edit.path[:-1] if isinstance(edit, Set) else edit.path
        written = manifest.written(owner)
        if value_at(written.document.value, written.path) != value_at(manifest.value, owner):
            return None
        documents.append(written.document)
        moved.append(replace(edit, path=(*written.path, *edit.path[len(owner) :])))
    same = all(document is documents[0] for document in documents)
    return (documents[0], moved) if same else None
