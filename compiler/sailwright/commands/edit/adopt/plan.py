"""The hand-over as commits, in the order in which no moment is left where routing names labels that no running pod has."""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.commands.edit.adopt.adoption import Adoption
from sailwright.commands.edit.adopt.inputs import HELM, KUSTOMIZE
from sailwright.runtime.regex import regex

_SUBSET = regex(r"subset: \{labels: \{[^}]")
"""A subset that goes by labels of its own."""


def plan(adoption: Adoption) -> Iterator[str]:
    """The lines of the plan. Names, selectors, labels and subsets stay as they are, so that one step hands over."""
    names = ", ".join(draft.name for draft in adoption.drafts) or "nothing more, all of it is in the project"
    yield f"1. Draft and render: {names}"
    yield "     sailwright adopt PATHS && sailwright build; commit services/ and rendered/, which nobody applies yet"
    yield "     before you go on: `sailwright check` exits 0"
    yield "2. Compare with what runs"
    yield "     kubectl diff -k rendered/ENVIRONMENT: metadata of ours, and what the report calls added or changed; no pod template differs"
    yield "     before you go on: the diff shows nothing else"
    yield "3. Hand over, in one commit: point Argo CD or Flux at rendered/, and take the old manifests out of what they apply"
    yield from _files(adoption)
    if any(row.why.startswith("manifests/") for row in adoption.rows):
        yield "     apply manifests/ too: it holds what belongs to no service"
    yield "     the objects keep their names, so they are updated in place and none is removed between"
    yield "     before you go on: `sailwright check` exits 0, and the application is in sync"
    yield from _labels(adoption)
    yield f"{5 if _subsets(adoption) else 4}. When you want it, each a commit of its own: `mesh: {{inject: webhook}}`, then `build`, namespace by namespace"


def _files(adoption: Adoption) -> Iterator[str]:
    by_file: dict[str, list[str]] = {}
    for row in adoption.rows:
        by_file.setdefault(row.location.file, []).append("" if row.what != "left out" else f"{row.kind} {row.name}")
    for file, left in sorted(by_file.items()):
        rest = [name for name in left if name]
        if rest and len(rest) == len(left):
            continue
        kept = f"; {', '.join(rest)} must stay" if rest else ""
        if file.startswith(HELM):
            chart = file.removeprefix(HELM)
            yield f"     chart {chart}: take it out of what is applied, and never run `helm uninstall`, which would delete the objects{kept}"
        elif file.startswith(KUSTOMIZE):
            yield f"     {file.removeprefix(KUSTOMIZE)}: take it out of what is applied{kept}"
        elif file == "-":
            yield f"     what was piped in: take it out of what is applied{kept}"
        else:
            yield f"     {file}: {'delete it' if not rest else 'delete all but ' + ', '.join(rest)}"


def _subsets(adoption: Adoption) -> list[str]:
    return [draft.name for draft in adoption.drafts if _SUBSET.search(draft.text)]


def _labels(adoption: Adoption) -> Iterator[str]:
    kept = _subsets(adoption)
    if not kept:
        return
    yield f"4. Where you want subsets by `version`: {', '.join(kept)}"
    yield "     first add `labels: {version: NAME}` to each version and wait until every pod carries it;"
    yield "     in a later commit remove `subset`: the DestinationRule may change only then"
