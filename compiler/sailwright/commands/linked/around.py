"""What is around the services of a project: what tells apart all that was read but their files, and each file by hand."""

from __future__ import annotations

import marshal
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from sailwright.runtime.records import dataclass
from sailwright.source.files.recorded import Recorded, digest

if TYPE_CHECKING:
    from sailwright.source.source import Source
    from sailwright.workspace.kept_rendering import Part

State = tuple[bytes, str]
"""What tells apart what is read of a hand-written file: its digest, and why it is none of the cluster's, where that is so."""


@dataclass(frozen=True, slots=True)
class Around:
    """A digest of all that was read but files of services and files by hand, empty where nobody kept account of it; and the latter."""

    others: bytes
    written: Mapping[str, State]


def around_of(part: Part, written: Mapping[str, Source]) -> Around:
    """What is around the services of a project, of which a part was rendered again. `written` are the files by hand."""
    checkout = part.compilation.project.checkout
    reads = checkout.reads if isinstance(checkout, Recorded) else {}
    return around_files(checkout, files_of_services(part, reads), written)


def around_files(checkout: object, services: Collection[str], written: Mapping[str, Source]) -> Around:
    """What is around the files of services."""
    reads: list[tuple[str, bytes]] = []
    if isinstance(checkout, Recorded):
        left_out = {*services, *written}
        reads = sorted((path, each) for path, each in checkout.reads.items() if path not in left_out)
    return Around(digest(marshal.dumps(reads, 2)) if reads else b"", states_of(written))


def states_of(written: Mapping[str, Source]) -> dict[str, State]:
    """What tells apart what is read of files by hand."""
    return {path: (source.digest, source.not_a_manifest) for path, source in written.items()}


def files_of_services(part: Part, files: Iterable[str]) -> frozenset[str]:
    """Those of these files that belong to services: that are service files, or were read for one."""
    others = set(files) - part.paths
    owned = {path for record in part.records.values() for path in record.reads}
    return part.paths | owned | part.change.index.readers(others).keys()
