"""Two ServiceEntries that give one port of a host different protocols leave it to chance which one counts.

Istio merges the entries of a host; the protocol of the port comes from one of them. The other's clients then find HTTP
routing where bytes were meant, or the other way round.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import SERVICE_ENTRY
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.services import Service
from sailwright.mesh.queries.istioctl_compat import scopes
from sailwright.mesh.values.releases import release_numbers
from sailwright.mesh.world import World
from sailwright.source.untyped import mapping, text, texts

ID = "service-entry-protocol-conflict"
KIND = SERVICE_ENTRY
SEVERITY: Severity = "warning"
ALIASES = ("IST0177", "KIA1212")
REPLACES = ("service-entry-host-shared",)
BAD = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: api, namespace: shop}
spec:
  hosts: [api.example.com]
  ports:
    - {number: 443, name: tls, protocol: TLS}  # finding
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: api-plain, namespace: pay}
spec:
  hosts: [api.example.com]
  ports:
    - {number: 443, name: http, protocol: HTTP}  # finding
"""
GOOD = BAD.replace("  # finding", "").replace("name: http, protocol: HTTP", "name: tls, protocol: TLS")


_Claim = tuple[Service, Path, str]
"""A port of a ServiceEntry, by its path, and the protocol it declares."""


def check(entry: Service, mesh: World) -> Iterator[Problem]:
    """Compare the protocols of each host and port within each scope they are exported to. The analyzers do since 1.31."""
    if mesh.facts.compat and release_numbers(mesh.facts.istio_version) < (1, 31):
        return
    conflict = mesh.index.derived(_conflicts).get(entry)
    if conflict is not None:
        host, port, (_, path, protocol), claims = conflict
        others = tuple(
            (other.manifest, there, f"{word or 'none'} here") for other, there, word in claims if word != protocol
        )
        declared = ", ".join(sorted({word or "none" for _, _, word in claims}))
        message = f"port {port} of `{host}` has several protocols among its ServiceEntries: {declared}"
        yield Problem(entry.manifest, path, message, "declare one protocol", others)


def _conflicts(index: Index) -> Mapping[Service, tuple[str, int, _Claim, list[_Claim]]]:
    """The first conflict of each ServiceEntry: the host, the port, its own claim, and all claims."""
    claims = _claims(index)
    found: dict[Service, tuple[str, int, _Claim, list[_Claim]]] = {}
    for (scope, host, port), same in claims.items():
        together = same if scope == "*" else [*same, *claims.get(("*", host, port), ())]
        if len({protocol for _, _, protocol in together}) > 1:
            for claim in together:
                found.setdefault(claim[0], (host, port, claim, together))
    return found


def _claims(index: Index) -> Mapping[tuple[str, str, int], list[_Claim]]:
    """The claims by scope, host and port."""
    found: dict[tuple[str, str, int], list[_Claim]] = {}
    for entry in index.service_entries:
        for scope in scopes(entry.spec.get("exportTo"), entry.namespace):
            for host, port in product(texts(entry.spec.get("hosts")), entry.ports):
                protocol = text(mapping(entry.spec["ports"][port.path[-1]]).get("protocol")).upper()
                found.setdefault((scope, host, port.number), []).append((entry, port.path, protocol))
    return found
