"""What is rendered of each service, kept between runs: after a change only the services that it concerns are rendered again.

One entry notes what the last rendering of these clusters read, what each service file depends on, and the digest of what was rendered
of it; that itself is an entry by its digest, the same for whoever renders the same. Nothing is kept where anything is wrong, and nothing
is used where more has changed than files of services: reading everything words it best.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sailwright.diagnostics.finding import Finding
from sailwright.diagnostics.merge import merge_environments
from sailwright.diagnostics.plain import finding_of, plain_finding
from sailwright.project.service.resolve import Target
from sailwright.runtime.cache import Cache
from sailwright.runtime.records import dataclass, replace
from sailwright.runtime.store import Store, open_store
from sailwright.source.files.checkout import Disk
from sailwright.source.files.recorded import Recorded
from sailwright.source.files.stamps import stamps
from sailwright.workspace.compile import Compilation, LoadedProject
from sailwright.workspace.input_state import InputState, inputs_of
from sailwright.workspace.packed_services import Keyed, pack
from sailwright.workspace.parallel import Rendered, failed, findings_of, render_services, with_packed
from sailwright.workspace.program import program
from sailwright.workspace.service_change import ServiceChange, all_findings, compile_again, own_files, service_change
from sailwright.workspace.service_records import ServiceRecord, inhabited
from sailwright.workspace.service_rows import (
    content_digest,
    gone_rows,
    in_rows,
    name_of,
    row_entries,
    row_names,
    rows_for,
)

_KIND = "rendering"

_MOST = 4
"""A part of the services that is rendered again with the rest from the store; of more, all are rendered, by several processes."""


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class KeptRendering:
    """The store of a project on disk, and the name of the entry for these clusters."""

    store: Store
    name: str

    def part(self, loaded: LoadedProject, cache: Cache) -> Part | None:
        """The services that a change concerns, rendered again; None where what is kept is of no use."""
        known = self.store.load_mapping(_KIND, self.name)
        checkout = loaded.project.checkout
        if known.get("program") != program(self.store) or not isinstance(checkout, Recorded):
            return None
        change = service_change(loaded, state := InputState(checkout.root, known))
        if change is None or len(change.again) * _MOST > len(known["records"]) + _MOST:
            return None
        read = compile_again(loaded, change, cache)
        if read is None:
            return None
        change, compilation = read
        rendered, records = render_services(compilation)
        found = [*compilation.findings, *findings_of(rendered)]
        if records is None or failed(found):
            return None
        own = own_files(change, records)
        findings = all_findings(change, own, tuple(map(finding_of, known["findings"])), found)
        if findings is None:
            return None
        for path, digest in known["reads"].items():
            if path not in state.changed_inputs:
                checkout.reads.setdefault(path, digest)
        checkout.globs.update({pattern: each for pattern, each in state.globs.items() if pattern not in checkout.globs})
        return Part(change, compilation, rendered, records, findings, own, state)

    def whole(self, part: Part, *, keeping: bool = True) -> Rendered | None:
        """The part together with all that is kept of the other services; None where some are not there.

        With `keeping` it is kept in its place: without, the next lint knows what the last one knew.
        """
        known = part.state.known
        packed = in_rows(self.store, known["rows"], part.change.others)
        if packed is None:
            return None
        records = {**part.change.others, **part.records}
        whole = with_packed(part.compilation, part.rendered, packed, part.findings, records)
        if not keeping:
            return replace(whole, digests=self.digests(part, pack(part.compilation, part.rendered)))
        if part.change.again or part.change.gone:
            return self._keep(whole, known, known["rows"])
        if renewed := part.state.renewed_inputs():
            self.store.keep(_KIND, self.name, marshal.dumps({**known, **renewed}))
        return replace(whole, digests=known["services"])

    def digests(self, part: Part, here: Mapping[str, bytes]) -> dict[str, str]:
        """The digests of all services by path. `here` is what is rendered of the part, packed."""
        gone = part.change.gone
        known = {path: each for path, each in part.state.known["services"].items() if path not in gone}
        return known | {path: content_digest(data) for path, data in here.items()}

    def linked(self, part: Part, services: frozenset[str]) -> Rendered | None:
        """The part together with some of the other services, and what is of no service; None where some are not there."""
        packed = in_rows(self.store, part.state.known["rows"], services - part.change.again)
        if packed is None:
            return None
        records = {**part.change.others, **part.records}
        return with_packed(part.compilation, part.rendered, packed, part.findings, records, inhabited(records.values()))

    def others(self, part: Part, paths: Iterable[str]) -> dict[str, bytes] | None:
        """What is rendered of services beside the part, as `packed_services` packs it; None where some are not there."""
        return in_rows(self.store, part.state.known["rows"], paths)

    def former(self, part: Part) -> dict[str, bytes] | None:
        """What was rendered of the services before, by path, as `packed_services` packs it; None where some are not there."""
        return in_rows(self.store, part.state.known["rows"], part.change.again)

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
        """Keep the part in its place beside the other services; the digests of all."""
        known, checkout = part.state.known, part.compilation.project.checkout
        here = pack(part.compilation, part.rendered)
        services = self.digests(part, here)
        beside = in_rows(self.store, known["rows"], here.keys() | part.change.gone, beside=True)
        if not isinstance(checkout, Recorded) or beside is None:
            return services
        beside = {path: data for path, data in beside.items() if path in services}
        rows = row_names(services, len(known["rows"]))
        own = {path: checkout.reads[path] for path in part.own if path in checkout.reads}
        renewed = {
            **known,
            **part.state.renewed_inputs(),
            "reads": known["reads"] | own,
            "records": known["records"] | {path: record.plain() for path, record in part.records.items()},
            "services": services,
            "rows": rows,
            "findings": [plain_finding(each) for each in part.findings],
        }
        renewed["stamps"] = renewed["stamps"] | stamps(checkout.root, own, checkout.since)
        entries = [*row_entries(beside | here, rows, known["rows"]), (_KIND, self.name, marshal.dumps(renewed))]
        self.store.keep_all(entries, gone_rows(known["rows"], rows))
        return services

    def keep(self, rendered: Rendered) -> Rendered:
        """Keep a rendering; it knows its digests then."""
        if rendered.records is None or failed(rendered.findings):
            return rendered
        return self._keep(rendered, {}, self.store.load_mapping(_KIND, self.name).get("rows", ()))

    def _keep(self, rendered: Rendered, there: Mapping[str, Any], former: Sequence[str]) -> Rendered:
        """`there` is what is known of services in the store, `former` are the rows that may go."""
        checkout, records = rendered.compilation.project.checkout, rendered.records
        if not isinstance(checkout, Recorded) or records is None:
            return rendered
        packed = {**rendered.packed, **pack(rendered.compilation, rendered.here)}
        same = there.get("services", {}) if rendered.packed else {}
        names = {
            path: same[path] if path in same and path in rendered.packed else content_digest(data)
            for path, data in packed.items()
        }
        rows = row_names(names, len(there.get("rows", ())) or rows_for(len(names)))
        known = {
            "program": program(self.store),
            **(inputs := inputs_of(checkout)),
            "records": {path: record.plain() for path, record in records.items()},
            "services": names,
            "rows": rows,
            "findings": [plain_finding(each) for each in merge_environments(rendered.findings)],
        }
        entries = [*row_entries(packed, rows, there.get("rows", ())), (_KIND, self.name, marshal.dumps(known))]
        self.store.keep_all(entries, gone_rows(former, rows))
        return replace(rendered, digests=names, inputs=inputs)


def kept_rendering(loaded: LoadedProject, cache: Cache, *, injecting: bool) -> KeptRendering | None:
    """Where the rendering of these clusters is kept; None where nothing is: only files on disk are, with sidecars."""
    checkout = loaded.project.checkout
    if not injecting or cache.directory is None or not isinstance(checkout, Recorded):
        return None
    if not isinstance(checkout.inner, Disk):
        return None
    return KeptRendering(open_store(cache, checkout.root), name_of(loaded.targets))
