"""Who calls whom, as far as it is declared: a Sidecar that selects workloads lists what they call (accessPolicy.outbound)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sailwright.diagnostics.finding import Path
from sailwright.mesh.objects.services import Service
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.values import kinds
from sailwright.mesh.values.hosts import fqdn
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, get, items, labels

if TYPE_CHECKING:
    from sailwright.mesh.index import Index


@dataclass(frozen=True, slots=True)
class Call:
    """A Service that a workload declares to call, and the egress host of a Sidecar that says so."""

    client: Workload
    service: Service
    sidecar: Manifest
    path: Path


def calls_of(sidecar: Manifest, index: Index, *, entries_too: bool = False) -> Iterator[Call]:
    """The calls that a Sidecar with a selector declares host by host; wildcards declare no call.

    `entries_too`: those to ServiceEntries as well.
    """
    selector = labels(get(sidecar.spec, "workloadSelector", "labels"))
    clients = index.selected(selector, index.namespace_of(sidecar)) if selector else ()
    if clients:
        for path, service in _egress(index, sidecar):
            if service.is_entry and not entries_too:
                continue
            yield from (Call(client, service, sidecar, path) for client in clients)


def declared_calls(index: Index, *, entries_too: bool = False) -> Iterator[Call]:
    """The calls that the Sidecars of a world declare."""
    for sidecar in index.of(kinds.SIDECAR):
        yield from calls_of(sidecar, index, entries_too=entries_too)


def _egress(index: Index, manifest: Manifest) -> Iterator[tuple[Path, Service]]:
    own = index.namespace_of(manifest)
    for path, listener in entries(manifest.spec.get("egress"), ("spec", "egress")):
        for position, written in enumerate(items(listener.get("hosts"))):
            namespace, slash, host = written.partition("/") if isinstance(written, str) else ("", "", "")
            if slash and host and "*" not in host:
                full = fqdn(host, own if namespace in (".", "*") else namespace, index.domain)
                service = index.registry.service(full)
                if service is not None:
                    yield (*path, "hosts", position), service
