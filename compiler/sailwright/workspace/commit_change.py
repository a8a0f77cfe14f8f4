"""What a commit renders otherwise than the files on disk, of which all is rendered and kept: those services alone are rendered of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import Any

from sailwright.diagnostics.finding import any_error
from sailwright.runtime.cache import Cache
from sailwright.runtime.records import dataclass
from sailwright.runtime.store import Store
from sailwright.source.files.checkout import Commit
from sailwright.source.files.files import PROJECT_FILE
from sailwright.source.files.recorded import Recorded, digest
from sailwright.source.source import MANIFEST_LIMIT
from sailwright.workspace.compile import InvalidProject, load_project
from sailwright.workspace.kept_rendering import KeptRendering, Part
from sailwright.workspace.packed_services import pack
from sailwright.workspace.parallel import findings_of, render_services
from sailwright.workspace.service_change import ServiceChange, compile_again, namespaces_after, service_change
from sailwright.workspace.service_records import ServiceRecord
from sailwright.workspace.service_rows import content_digest
from sailwright.workspace.worlds import absent_by_records

_MOST = 4
"""A part of the services that may differ; of more, all are rendered."""
_AT_ONCE = 1_000
"""Files of a commit that are held at once."""


@dataclass(frozen=True, slots=True)
class CommitServices:
    """What is rendered of a commit beside what is rendered of the files on disk: all else is the same in both.

    `packed` has the services that are others there, or only there, as `packed_services` packs them; `gone` are not there.
    """

    packed: Mapping[str, bytes]
    gone: frozenset[str]


def commit_services(
    kept: KeptRendering,
    part: Part,
    commit: Commit,
    cache: Cache,
    environments: Sequence[str] = (),
    *,
    same_hosts: bool = True,
) -> CommitServices | None:
    """Render what a commit has otherwise; None where more differs than services, or something is wrong there: with `same_hosts`, where
    other hosts are absent than of the files on disk. May raise LostRow.

    The `part` is that of the files on disk, of which nothing has changed since they were rendered; what else was read is known to it.
    """
    checkout, state = part.compilation.project.checkout, part.state
    if PROJECT_FILE not in commit.paths:
        return None
    if not isinstance(checkout, Recorded) or part.change.again or part.change.gone:
        return None
    inputs = _CommitInputs(kept.store, state.kind, state.known, commit, checkout.reads, checkout.globs)
    loaded = load_project(Recorded(commit), environments)
    if isinstance(loaded, InvalidProject) or loaded.targets != part.compilation.targets:
        return None
    change = service_change(loaded, inputs)
    if change is None or len(change.again) * _MOST > change.index.totals[0] + _MOST:
        return None
    commit.fetch(change.again)
    read = compile_again(loaded, change, cache)
    if read is None:
        return None
    change, compilation = read
    rendered, records = render_services(compilation)
    same = (each for each in part.findings if each.location.file not in change.again)
    if records is None or any_error((*compilation.findings, *findings_of(rendered), *same)):
        return None
    if not _same_namespaces(part, change, records) or (same_hosts and not _same_hosts(part, change, records)):
        return None
    digests = kept.digests(part)
    packed = {
        path: each for path, each in pack(compilation, rendered).items() if digests.get(path) != content_digest(each)
    }
    return CommitServices(packed, change.gone)


def _same_namespaces(part: Part, change: ServiceChange, records: Mapping[str, ServiceRecord]) -> bool:
    """Whether services are in the same of the namespaces that the project says something about."""
    said = part.compilation.project.namespaces.keys()
    sides = namespaces_after(change, records), namespaces_after(part.change, part.records)
    here, there = ({(number, name) for number, names in side.items() for name in names & said} for side in sides)
    return here == there


def _same_hosts(part: Part, change: ServiceChange, records: Mapping[str, ServiceRecord]) -> bool:
    """Whether the same hosts are absent in each cluster."""
    here = absent_by_records(part.compilation, (record for _, record in change.index.each()))
    others = (record for path, record in change.index.each() if path not in change.again | change.gone)
    return absent_by_records(part.compilation, chain(others, records.values())) == here


@dataclass(frozen=True)
class _CommitInputs:
    """The files of a commit, as an InputState knows those on disk: `reads` and `known_globs` are what a run over these has read."""

    store: Store
    kind: str
    known: Mapping[str, Any]
    commit: Commit
    reads: Mapping[str, bytes]
    known_globs: Mapping[str, tuple[str, ...]]

    @cached_property
    def globs(self) -> Mapping[str, tuple[str, ...]]:
        """What the patterns name in the commit."""
        return {pattern: self.commit.named(pattern) for pattern in self.known_globs}

    @property
    def same_globs(self) -> bool:
        """Whether the patterns name the same files."""
        return self.globs == self.known_globs

    @cached_property
    def changed_inputs(self) -> set[str]:
        """The files that are others in the commit, or not there."""
        paths, changed = list(self.reads), set[str]()
        for start in range(0, len(paths), _AT_ONCE):
            some = paths[start : start + _AT_ONCE]
            self.commit.fetch(some)
            changed |= {path for path in some if self._digest(path) != self.reads[path]}
            self.commit.forget()
        return changed

    def _digest(self, path: str) -> bytes:
        data = self.commit.read(path, MANIFEST_LIMIT)
        return digest(data) if isinstance(data, bytes) else b""
