"""What is rendered of each service, kept between runs: after a change only the services that it concerns are rendered again.

One entry notes what the last rendering of these clusters read, what each service file depends on, and the digest of what was rendered
of it; that itself is an entry by its digest, the same for whoever renders the same. Nothing is kept where anything is wrong but service
files by themselves, and nothing is used where more has changed than these: reading everything words it best.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any

from sailwright.diagnostics.finding import Finding, any_error
from sailwright.diagnostics.merge import merge_environments
from sailwright.diagnostics.plain import finding_of, plain_finding
from sailwright.project.service.resolve import Target
from sailwright.runtime.cache import Cache
from sailwright.runtime.pressed import Text, plain
from sailwright.runtime.records import dataclass, replace
from sailwright.runtime.store import Store, open_store
from sailwright.runtime.table import Keeping, LostRow, Table, new_table
from sailwright.source.files.checkout import Disk
from sailwright.source.files.recorded import Recorded
from sailwright.workspace.compile import Compilation, LoadedProject
from sailwright.workspace.input_state import InputState, inputs_of
from sailwright.workspace.packed_services import Keyed, pack
from sailwright.workspace.parallel import Rendered, findings_of, render_services, with_packed
from sailwright.workspace.program import program
from sailwright.workspace.service_change import (
    CompiledPart,
    ServiceChange,
    all_findings,
    compile_again,
    dropped_files,
    namespaces_after,
    own_files,
    service_change,
)
from sailwright.workspace.service_index import new_index
from sailwright.workspace.service_records import ServiceRecord
from sailwright.workspace.service_rows import (
    DIGESTS,
    changed_rows,
    content_digest,
    gone_rows,
    in_rows,
    name_of,
    paths_by_row,
    row_entries,
    row_entry,
    row_names,
    rows_for,
)
from sailwright.workspace.wrong_files import wrong_beside

_KIND = "rendering"

_MOST = 4
"""A part of the services that is rendered again with the rest from the store; of more, all are rendered, by several processes."""


@dataclass(frozen=True)
class Part:
    """The services that a change concerns: rendered again, with their new records. `findings` are those of all services, `own` the files
    of these, as they were and as they are, and `state` is what is known of the last run.
    """

    change: ServiceChange
    compilation: Compilation
    rendered: Mapping[Target, Keyed]
    records: Mapping[str, ServiceRecord]
    findings: tuple[Finding, ...]
    own: frozenset[str]
    state: InputState

    @cached_property
    def packed(self) -> dict[str, bytes]:
        """What is rendered of them, by path, as `packed_services` packs it."""
        return pack(self.compilation, self.rendered)

    def each_record(self) -> Iterator[tuple[str, ServiceRecord]]:
        """The records of all services as they are now, one after the other: none is held. May raise LostRow."""
        concerned = self.change.again | self.change.gone
        yield from (pair for pair in self.change.index.each() if pair[0] not in concerned)
        yield from self.records.items()

    @cached_property
    def paths(self) -> frozenset[str]:
        """The service files. May raise LostRow."""
        former = frozenset(path for path, _ in self.change.index.records.items())
        return former - self.change.again - self.change.gone | self.records.keys()


@dataclass(frozen=True, slots=True)
class KeptRendering:
    """The store of a project on disk, and the name of the entry for these clusters."""

    store: Store
    name: str

    @property
    def kind(self) -> str:
        """Of the rows that the entry leads to."""
        return f"{_KIND} {self.name}"

    def part(
        self,
        loaded: LoadedProject,
        cache: Cache,
        alike: InputState | None = None,
        ready: CompiledPart | None = None,
    ) -> Part | None:
        """The services that a change concerns, rendered again; None where what is kept is of no use.

        `alike` is the state of another run over the same files, `ready` what was rendered already.
        """
        known = self.store.load_mapping(_KIND, self.name)
        checkout = loaded.project.checkout
        if known.get("program") != program(self.store) or not isinstance(checkout, Recorded):
            return None
        try:
            state = InputState(checkout.root, self.store, self.kind, known, alike, checkout.inner, checkout)
            return self._part(loaded, cache, state, ready)
        except LostRow:
            return None

    def _part(self, loaded: LoadedProject, cache: Cache, state: InputState, ready: CompiledPart | None) -> Part | None:
        change = service_change(loaded, state)
        if change is None or len(change.again) * _MOST > change.index.totals[0] + _MOST:
            return None
        compiled = _ready(loaded, change, ready) or _compiled(loaded, change, cache)
        if compiled is None:
            return None
        found = [*compiled.compilation.findings, *findings_of(compiled.rendered)]
        change, records = compiled.change, compiled.records
        if wrong_beside(found, records):
            return None
        own = own_files(change, records)
        findings = all_findings(change, own, tuple(map(finding_of, state.known["findings"])), found)
        if findings is None:
            return None
        return Part(change, compiled.compilation, compiled.rendered, records, findings, own, state)

    def whole(self, part: Part, *, keeping: bool = True) -> Rendered | None:
        """The part together with all that is kept of the other services; None where some are not there, or at fault.

        With `keeping` it is kept in its place: without, the next lint knows what the last one knew.
        """
        try:
            return self._whole(part, keeping=keeping)
        except LostRow:
            return None

    def _whole(self, part: Part, *, keeping: bool) -> Rendered | None:
        state = part.state
        packed = in_rows(self.store, state.known["rows"], part.change.others)
        if packed is None or any_error(part.findings):
            return None
        self.recall(part)
        records = {**part.change.others, **part.records}
        whole = with_packed(part.compilation, part.rendered, packed, part.findings, records)
        if not keeping:
            return replace(whole, digests=self.digests(part))
        digests = dict(self._digests(state.known).items())
        changed = self.keep_part(part)
        return replace(whole, digests={path: each for path, each in digests.items() if path in packed} | changed)

    def recall(self, part: Part) -> None:
        """Have the checkout know all that was read for the services beside the part as well. May raise LostRow."""
        state, checkout = part.state, part.compilation.project.checkout
        if not isinstance(checkout, Recorded):
            return
        for path, digest in state.reads.items():
            if path not in state.changed_inputs:
                checkout.reads.setdefault(path, digest)
        checkout.globs.update({pattern: each for pattern, each in state.globs.items() if pattern not in checkout.globs})

    def digests(self, part: Part) -> dict[str, str]:
        """The digests of what is rendered of all services. May raise LostRow."""
        known = {path: each for path, each in self._digests(part.state.known).items() if path not in part.change.gone}
        return known | {path: content_digest(data) for path, data in part.packed.items()}

    def _digests(self, known: Mapping[str, Any]) -> Table:
        return Table(self.store, f"{self.kind} digests", known["services"])

    def linked(self, part: Part, services: frozenset[str]) -> Rendered | None:
        """The part together with some of the other services, and what is of no service; None where some are not there."""
        packed = in_rows(self.store, part.state.known["rows"], services - part.change.again)
        return None if packed is None else self.together(part, packed)

    def together(self, part: Part, packed: Mapping[str, bytes]) -> Rendered:
        """The part together with other services, as `packed_services` packs them, and what is of no service."""
        inhabited = namespaces_after(part.change, part.records)
        return with_packed(part.compilation, part.rendered, packed, part.findings, part.records, inhabited)

    def by_row(self, part: Part) -> list[list[str]]:
        """The paths of all services beside the part, row by row. May raise LostRow."""
        known = part.state.known
        return paths_by_row((path for path, _ in self._digests(known).items()), known["rows"])

    def others(self, part: Part, paths: Iterable[str]) -> dict[str, bytes] | None:
        """What is rendered of services beside the part, as `packed_services` packs it; None where some are not there."""
        return in_rows(self.store, part.state.known["rows"], paths)

    def beside(self, part: Part, paths: Iterable[str]) -> dict[str, bytes]:
        """The same of services that are known to be there. Raises LostRow where some are not, any more."""
        packed = self.others(part, paths)
        if packed is None:
            raise LostRow
        return packed

    def former(self, part: Part) -> dict[str, bytes] | None:
        """What was rendered before of the services that there were, by path, as `packed_services` packs it; None where some are not there."""
        return in_rows(self.store, part.state.known["rows"], part.change.earlier)

    def packed(
        self, services: Mapping[str, str], here: Mapping[str, bytes], paths: frozenset[str]
    ) -> dict[str, bytes] | None:
        """What is rendered of services at these paths, as `packed_services` packs it; None where it is not there.

        `services` are the digests of all as they are known elsewhere; what is `here` need not be looked for.
        """
        ready = {path: here[path] for path in paths & here.keys()}
        if len(ready) == len(paths):
            return ready
        rows = self.store.load_mapping(_KIND, self.name).get("rows", ())
        found = in_rows(self.store, rows, paths - ready.keys()) if rows else None
        if found is None or any(content_digest(data) != services[path] for path, data in found.items()):
            return None
        return found | ready

    def keep_part(self, part: Part) -> dict[str, str]:
        """Keep the part in its place beside the other services, where those are still there; the digests of its own."""
        known, change = part.state.known, part.change
        here = part.packed
        digests = {path: content_digest(data) for path, data in here.items()}
        beside = in_rows(self.store, known["rows"], here.keys() | change.gone, beside=True)
        if beside is None:
            return digests
        with suppress(LostRow):
            self._keep_part(part, digests, beside)
        return digests

    def _keep_part(self, part: Part, digests: Mapping[str, str], beside: Mapping[str, bytes]) -> None:
        known, change, checkout = part.state.known, part.change, part.compilation.project.checkout
        here = part.packed
        if not isinstance(checkout, Recorded):
            return
        keeping = Keeping(self.store)
        own = {path: checkout.reads[path] for path in part.own if path in checkout.reads}
        renewed = part.state.renewed(keeping, own, dropped_files(change, part.records) - own.keys(), checkout.since)
        if here or change.gone:
            others = {path: data for path, data in beside.items() if path not in change.gone}
            in_them = {path: content_digest(data) for path, data in others.items()} | dict(digests)
            rows = changed_rows(known["rows"], in_them, (*here, *change.gone))
            keeping.entries.extend(row_entries({**others, **here}, rows, known["rows"]))
            keeping.gone.extend(gone_rows(known["rows"], rows))
            renewed |= {
                **change.index.changed(change.earlier, part.records, keeping),
                "services": self._digests(known).changed(digests, change.gone, keeping),
                "rows": rows,
                "findings": [plain_finding(each) for each in part.findings],
            }
        if renewed:
            keeping.keep(_KIND, self.name, {**known, **renewed})

    def keep(self, rendered: Rendered) -> Rendered:
        """Keep a rendering; it knows its digests then."""
        checkout, records = rendered.compilation.project.checkout, rendered.records
        if records is None or any_error(rendered.findings) or not isinstance(checkout, Recorded):
            return rendered
        packed = {**rendered.packed, **pack(rendered.compilation, rendered.here)}
        digests = {path: content_digest(data) for path, data in packed.items()}
        rows = row_names(digests, rows_for(len(digests)))
        keeping = Keeping(self.store, row_entries(packed, rows, ()))
        self._keep(checkout, digests, rows, rendered.findings, records, keeping)
        return replace(rendered, digests=digests)

    def keep_all(
        self,
        checkout: Recorded,
        services: Mapping[str, tuple[str, Text]],
        findings: Iterable[Finding],
        records: Mapping[str, ServiceRecord],
    ) -> bool:
        """Keep the rendering of all services, each given by its digest and its text; False where the store keeps nothing."""
        digests = {path: digest for path, (digest, _) in services.items()}
        rows = row_names(digests, rows_for(len(digests)))
        for some in filter(None, paths_by_row(digests, rows)):
            self.store.keep_all([row_entry({path: plain(services[path][1]) for path in some}, rows)])
        self._keep(checkout, digests, rows, findings, records, Keeping(self.store))
        return bool(self.store.load_mapping(_KIND, self.name))

    def _keep(
        self,
        checkout: Recorded,
        digests: Mapping[str, str],
        rows: Sequence[str],
        findings: Iterable[Finding],
        records: Mapping[str, ServiceRecord],
        keeping: Keeping,
    ) -> None:
        former = self.store.load_mapping(_KIND, self.name).get("rows", ())
        keeping.gone.extend(gone_rows(former, rows))
        known = {
            "program": program(self.store),
            **inputs_of(checkout, self.kind, keeping),
            **new_index(self.kind, records, keeping),
            "services": new_table(f"{self.kind} digests", digests, DIGESTS, keeping),
            "rows": rows,
            "findings": [plain_finding(each) for each in merge_environments(findings)],
        }
        keeping.keep(_KIND, self.name, known)


def _ready(loaded: LoadedProject, change: ServiceChange, ready: CompiledPart | None) -> CompiledPart | None:
    """What was rendered already, where it is what the change concerns."""
    same = ready.for_change(loaded, change) if ready is not None else None
    return replace(ready, change=same) if ready is not None and same is not None else None


def _compiled(loaded: LoadedProject, change: ServiceChange, cache: Cache) -> CompiledPart | None:
    """Read and render what the change concerns; None where services exclude each other."""
    read = compile_again(loaded, change, cache)
    if read is None:
        return None
    rendered, records = render_services(read[1])
    return None if records is None else CompiledPart(loaded, *read, rendered, records)


def rendering_aside(loaded: LoadedProject, store: Store) -> KeptRendering:
    """Where another rendering than that of the files on disk with sidecars is kept: in a store that only this run uses."""
    return KeptRendering(store, f"{name_of(loaded.targets)} aside")


def kept_rendering(
    loaded: LoadedProject, cache: Cache, *, injecting: bool, store: Store | None = None
) -> KeptRendering | None:
    """Where the rendering of these clusters is kept; None where nothing is: only files on disk are, with sidecars.

    `store` is that of the checkout, where it is open.
    """
    checkout = loaded.project.checkout
    if not injecting or cache.directory is None or not isinstance(checkout, Recorded):
        return None
    if not isinstance(checkout.inner, Disk):
        return None
    return KeptRendering(store or open_store(cache, checkout.root), name_of(loaded.targets))
