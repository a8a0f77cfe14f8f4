"""Envoy refuses a listener with two chains for the same connections: the rules of its whole port stay as they were.

istiod makes one filter chain per tls match, with its server names and networks, and repeats the chains of a rule for every
service that the hosts include. If two chains match the same connections, callers keep their old listener: new rules never
arrive.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.world import World
from sailwright.source.untyped import entries, texts

if TYPE_CHECKING:
    from sailwright.mesh.index import Index
    from sailwright.mesh.pilot.sidecar_scope import Caller, Scope
    from sailwright.route.envoy.connections import RefusedListener

ID = "listener-refused"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()

CLASHING = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: vault, namespace: shop}
spec:
  hosts: [vault.example.com]
  addresses: [10.1.0.0/16]
  ports: [{number: 443, name: tls, protocol: TLS}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: vault, namespace: shop}
spec:
  hosts: [vault.example.com]
  tls:
    - match: [{sniHosts: [vault.example.com], destinationSubnets: [10.1.0.0/16]}]
      route: [{destination: {host: vault.example.com}}]
    - match:
        - {sniHosts: [vault.example.com]}  # finding
      route: [{destination: {host: vault.example.com}}]
"""

ELSEWHERE = CLASHING.replace("namespace: shop}", "namespace: shared}").replace(
    "spec:\n  hosts: [vault.example.com]\n  tls", "spec:\n  hosts: [vault.example.com]\n  exportTo: [shop]\n  tls"
)
"""Callers of another namespace alone see it."""

BAD = (CLASHING, ELSEWHERE)

GOOD = CLASHING.replace(
    """    - match:
        - {sniHosts: [vault.example.com]}  # finding
      route: [{destination: {host: vault.example.com}}]
""",
    "",
)


def check(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    """The tls matches that clash for some caller that sees the VirtualService."""
    spec = virtual_service.manifest.spec
    if not (spec.get("tls") and virtual_service.in_mesh):
        return
    refused = _refused(virtual_service, mesh.index)
    if refused is not None:
        names = [name for name in refused.other.names if name in refused.one.names]
        path = _second(virtual_service, names)
        what = f"for {', '.join(names)}" if names else "without names"
        message = f"Envoy refuses the listener: another match {what} takes the same connections"
        yield Problem(virtual_service.manifest, path, message, "tell the matches apart, or join them")


def _refused(virtual_service: VirtualService, index: Index) -> RefusedListener | None:
    from sailwright.mesh.queries.push_context import Scopes
    from sailwright.route.envoy.connections import refused_listeners

    title = f"{virtual_service.namespace}/{virtual_service.manifest.name}"
    for caller in _callers(virtual_service, index):
        scope = index.derived(Scopes).of(caller)
        for port in _ports(virtual_service, scope):
            for found in refused_listeners(scope, port):
                if found.one.title == found.other.title == title:
                    return found
    return None


def _callers(virtual_service: VirtualService, index: Index) -> Iterator[Caller]:
    """Callers that may see it: of its own namespace, of those it is exported to, and the known ones; of a namespace and Sidecar one."""
    from sailwright.mesh.pilot.sidecar_scope import Caller
    from sailwright.mesh.queries.known_callers import KnownCallers
    from sailwright.mesh.queries.routed_callers import as_istiod_reads

    yield Caller(virtual_service.namespace)
    read = index.derived(as_istiod_reads).get(virtual_service.manifest)
    if read is None:
        return
    yield from (
        Caller(name) for name in sorted(read.export_to) if name not in ("*", ".", "~", virtual_service.namespace)
    )
    by_labels = any(match.get("sourceLabels") for rule in read.tls for match in rule.get("match") or ())
    for group, _ in index.derived(KnownCallers).importing(read):
        if group.sidecar is not None or group.namespace != virtual_service.namespace or by_labels:
            members = [*group.members]
            yield from (Caller(group.namespace, each) for each in (members if by_labels else members[:1]))


def _ports(virtual_service: VirtualService, scope: Scope) -> list[int]:
    """The ports of the services that the hosts stand for."""
    from sailwright.mesh.values.hosts import fqdn, overlap

    domain = scope.push_context.domain
    hosts = [
        fqdn(host, virtual_service.namespace, domain) for host in texts(virtual_service.manifest.spec.get("hosts"))
    ]
    found = (service for name, service in scope.services.items() if any(overlap(host, name) for host in hosts))
    return sorted({port.number for service in found for port in service.ports})


def _second(virtual_service: VirtualService, names: list[str]) -> Path:
    """The last of the matches that ask for one of these names."""
    wanted = set(names)
    found = [
        path
        for rule_path, rule in entries(virtual_service.manifest.spec.get("tls"), ("spec", "tls"))
        for path, match in entries(rule.get("match"), (*rule_path, "match"))
        if wanted & {name.lower() for name in texts(match.get("sniHosts"))}
    ]
    return found[-1] if found else ("spec", "tls")
