"""The report of an adoption: what becomes of each object, in a table."""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.commands.edit.adopt.adoption import REQUESTS, Adoption, Row
from sailwright.source.cluster_scoped import CLUSTER_SCOPED

_WHAT = ("kept", "added", "changed", "carried along", "left out")
_METADATA = (
    "to the metadata of every rendered object, never to pods: the labels app.kubernetes.io/{name,part-of,managed-by} where "
    "they are missing, and annotations (sailwright.dev/*, Argo CD's sync wave); no pod restarts"
)
_WIDEST = 44
"""Characters of an object's name in the table; a longer one pushes its line to the right."""


def report(adoption: Adoption) -> Iterator[str]:
    """The lines of the table, and one that sums up."""
    names = [_object(row) for row in adoption.rows]
    width = min(max(map(len, names), default=0), _WIDEST)
    for row, name in zip(adoption.rows, names, strict=True):
        why = f"{row.location.file}:{row.location.line}: {row.why}" if row.what == "left out" else row.why
        yield f"{name:<{width}}  {row.what:<13}  {why}".rstrip()
    yield from (f"accepted: {line}" for line in adoption.meant)
    if adoption.drafts:
        yield f"added {_METADATA}"
    counted = [(what, sum(row.what == what for row in adoption.rows)) for what in _WHAT]
    found = ", ".join(f"{count} {what}" for what, count in counted if count)
    services = f"{len(adoption.drafts)} service{'' if len(adoption.drafts) == 1 else 's'} drafted"
    moves = any(one.kind == "traffic" for one in adoption.refused) or any(map(is_traffic, adoption.meant))
    proven = "" if moves else "no request takes another way"
    yield "; ".join(part for part in (services, found, proven) if part)


def is_traffic(line: str) -> bool:
    """Whether a difference is one of traffic."""
    return line.startswith(REQUESTS)


def refusals(adoption: Adoption) -> Iterator[str]:
    """Why drafts are not written, and what their author can choose."""
    for one in adoption.refused:
        place = one.manifest.locate(()).location
        yield (
            f"{place.file}:{place.line}: {one.manifest.kind} {one.manifest.name} is not drafted: {one.message}; "
            f"where that is meant, --accept {one.kind}"
        )


def _object(row: Row) -> str:
    return f"{row.kind} {row.name}" if row.kind in CLUSTER_SCOPED else f"{row.kind} {row.namespace}/{row.name}"
