"""Two ServiceEntries that give one port of a host different protocols leave it to chance which one counts.

Istio merges the entries of a host; the protocol of the port comes from one of them. The other's clients then find HTTP
routing where bytes were meant, or the other way round.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.services import Service
from sailwright.mesh.queries.istioctl_compat import scopes
from sailwright.mesh.queries.proxies import release_numbers
from sailwright.mesh.world import World
from sailwright.source.untyped import mapping, text, texts

ID = "service-entry-protocol-conflict"
SEVERITY: Severity = "warning"
ALIASES = ("IST0177", "KIA1212")
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


def check(world: World) -> Iterator[Problem]:
    """Compare the protocols of each host and port within each scope they are exported to. The analyzers do since 1.31."""
    if world.facts.compat and release_numbers(world.facts.istio_version) < (1, 31):
        return
    claims = _claims(world.index)
    reported: set[Service] = set()
    for (scope, host, port), found in claims.items():
        together = found if scope == "*" else [*found, *claims.get(("*", host, port), ())]
        protocols = {protocol for _, _, protocol in together}
        for entry, path, protocol in together if len(protocols) > 1 else ():
            if entry not in reported:
                reported.add(entry)
                others = [
                    (other.manifest, there, f"{word or 'none'} here")
                    for other, there, word in together
                    if word != protocol
                ]
                told = ", ".join(sorted(each or "none" for each in protocols))
                message = f"port {port} of `{host}` has several protocols among its ServiceEntries: {told}"
                yield Problem(entry.manifest, path, message, "declare one protocol", tuple(others))


def _claims(index: Index) -> dict[tuple[str, str, int], list[_Claim]]:
    found: dict[tuple[str, str, int], list[_Claim]] = {}
    for entry in index.service_entries:
        for scope in scopes(entry.spec.get("exportTo"), entry.namespace):
            for host in texts(entry.spec.get("hosts")):
                for port in entry.ports:
                    protocol = text(mapping(entry.spec["ports"][port.path[-1]]).get("protocol")).upper()
                    found.setdefault((scope, host, port.number), []).append((entry, port.path, protocol))
    return found
