"""What is rendered of each service, kept between runs: after a change only the services that it concerns are rendered again.

One entry notes what the last rendering of these clusters read, what each service file depends on, and the digest of what was rendered
of it; that itself is an entry by its digest, the same for whoever renders the same. Nothing is kept where anything is wrong, and nothing
is used where more has changed than files of services: reading everything words it best.
"""

from __future__ import annotations

import marshal
import zlib
from collections.abc import Mapping
from hashlib import blake2b
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
from sailwright.workspace.service_records import ServiceRecord

_KIND, _SERVICES = "rendering", "services"

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
        known = self._known()
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

    def whole(self, part: Part) -> Rendered | None:
        """The part together with all that is kept of the other services, and kept in its place; None where some are not there."""
        known = part.state.known
        names = {path: known["services"][path] for path in part.change.others}
        packed = self.packed(names)
        if packed is None:
            return None
        records = {**part.change.others, **part.records}
        whole = with_packed(part.compilation, part.rendered, packed, part.findings, records)
        if part.change.again or part.change.gone:
            return self._keep(whole, known["services"], known["services"])
        if renewed := part.state.renewed_inputs():
            self.store.keep(_KIND, self.name, marshal.dumps({**known, **renewed}))
        return replace(whole, digests=known["services"])

    def keep_part(self, part: Part) -> dict[str, str]:
        """Keep the part in its place beside the other services; the digests of all."""
        known, checkout = part.state.known, part.compilation.project.checkout
        here = pack(part.compilation, part.rendered)
        names = {path: blake2b(data, digest_size=16).hexdigest() for path, data in here.items()}
        services = {path: name for path, name in known["services"].items() if path not in part.change.gone} | names
        if not isinstance(checkout, Recorded):
            return services
        entries = [(_SERVICES, names[path], zlib.compress(data, 1)) for path, data in here.items()]
        own = {path: checkout.reads[path] for path in part.own if path in checkout.reads}
        renewed = {
            **known,
            **part.state.renewed_inputs(),
            "reads": known["reads"] | own,
            "records": known["records"] | {path: record.plain() for path, record in part.records.items()},
            "services": services,
            "findings": [plain_finding(each) for each in part.findings],
        }
        renewed["stamps"] = renewed["stamps"] | stamps(checkout.root, own, checkout.since)
        entries.append((_KIND, self.name, marshal.dumps(renewed)))
        gone = set(known["services"].values()) - set(services.values())
        self.store.keep_all(entries, [(_SERVICES, name) for name in gone])
        return services

    def keep(self, rendered: Rendered) -> Rendered:
        """Keep a rendering; it knows its digests then."""
        if rendered.records is None or failed(rendered.findings):
            return rendered
        return self._keep(rendered, {}, self._known().get("services", {}))

    def _keep(self, rendered: Rendered, there: Mapping[str, str], former: Mapping[str, str]) -> Rendered:
        """`there` are the entries of services that are in the store, `former` those that may go."""
        checkout, records = rendered.compilation.project.checkout, rendered.records
        if not isinstance(checkout, Recorded) or records is None:
            return rendered
        here = pack(rendered.compilation, rendered.here)
        names = {path: there[path] for path in rendered.packed if path in there}
        entries = []
        for path, data in {**rendered.packed, **here}.items():
            if path in names:
                continue
            names[path] = name = blake2b(data, digest_size=16).hexdigest()
            if there.get(path) != name:
                entries.append((_SERVICES, name, zlib.compress(data, 1)))
        known = {
            "program": program(self.store),
            **inputs_of(checkout),
            "records": {path: record.plain() for path, record in records.items()},
            "services": names,
            "findings": [plain_finding(each) for each in merge_environments(rendered.findings)],
        }
        entries.append((_KIND, self.name, marshal.dumps(known)))
        gone = set(former.values()) - set(names.values())
        self.store.keep_all(entries, [(_SERVICES, name) for name in gone])
        return replace(rendered, digests=names)

    def _known(self) -> dict[str, Any]:
        data = self.store.load(_KIND, self.name)
        try:
            known = marshal.loads(data) if data else {}  # noqa: S302  # sealed: this user's own program wrote it
        except (ValueError, EOFError, TypeError):
            return {}
        return known if isinstance(known, dict) else {}

    def packed(self, names: Mapping[str, str]) -> dict[str, bytes] | None:
        """What is rendered of service files, by their path, as `packed_services` packs it; None where some are not there."""
        found = self.store.load_all(_SERVICES, names.values())
        if not found.keys() >= set(names.values()):
            return None
        return {path: zlib.decompress(found[name]) for path, name in names.items()}


def kept_rendering(loaded: LoadedProject, cache: Cache, *, injecting: bool) -> KeptRendering | None:
    """Where the rendering of these clusters is kept; None where nothing is: only files on disk are, with sidecars."""
    checkout = loaded.project.checkout
    if not injecting or cache.directory is None or not isinstance(checkout, Recorded):
        return None
    if not isinstance(checkout.inner, Disk):
        return None
    chosen = repr([(target.environment, target.cluster) for target in loaded.targets])
    name = blake2b(chosen.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
    return KeptRendering(open_store(cache, checkout.root), name)
