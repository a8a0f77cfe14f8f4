"""Two VirtualServices for one host at one gateway are merged, oldest first: with overlapping routes it is chance which one wins.

A gateway appends the routes of all of them. That is a fine way to give each team its own paths, as long as no path stands in
two; rules that match everything go last.
"""

from collections.abc import Iterator, Mapping

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Preset, Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import MESH, VirtualService, gateway_name
from sailwright.mesh.world import World

ID = "gateway-host-shared"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ("KIA1106",)
PRESET: Preset = "strict"

BAD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: front, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways: [ingress/public]
  http: [{route: [{destination: {host: front}}]}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: front-new, namespace: shop}
spec:
  hosts:
    - shop.example.com  # finding
  gateways: [ingress/public]
  http: [{route: [{destination: {host: front-new}}]}]
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: front, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways: [ingress/public]
  http: [{route: [{destination: {host: front}}]}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways: [ingress/public]
  http: [{match: [{uri: {prefix: /cart}}], route: [{destination: {host: cart}}]}]
"""


def check(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    """VirtualServices of one gateway and host that share a match, or both have a rule without one."""
    first = mesh.index.derived(_first)
    for path, keys in _claims(virtual_service):
        clash = next((first[key] for key in keys if first[key][0] is not virtual_service), None)
        if clash is not None and clash[0].manifest.name != virtual_service.manifest.name:
            yield Problem(
                virtual_service.manifest,
                path,
                f"VirtualService {clash[0].manifest.name} has the same match for {keys[0][1]} at the same gateway: the older wins",
                "merge the two, or let them match on different paths",
                related=((clash[0].manifest, clash[1], "the other VirtualService"),),
            )


_Claim = tuple[str, str, str]
"""A gateway, a host and a match."""


def _claims(virtual_service: VirtualService) -> Iterator[tuple[Path, list[_Claim]]]:
    """What a VirtualService claims by each of its hosts."""
    matches = sorted({repr(rule.get("match") or "everything") for _, rule in virtual_service.rules("http")})
    gateways = [gateway_name(name, virtual_service.namespace) for name in virtual_service.gateways if name != MESH]
    for position, host in enumerate(virtual_service.hosts):
        yield ("spec", "hosts", position), [(gateway, host, match) for gateway in gateways for match in matches]


def _first(index: Index) -> Mapping[_Claim, tuple[VirtualService, Path]]:
    """The first VirtualService with each claim."""
    found: dict[_Claim, tuple[VirtualService, Path]] = {}
    for virtual_service in index.virtual_services:
        for path, keys in _claims(virtual_service):
            for key in keys:
                found.setdefault(key, (virtual_service, path))
    return found
