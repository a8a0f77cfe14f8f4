"""Two VirtualServices for one host at one gateway are merged, oldest first: with overlapping routes it is chance which one wins.

A gateway appends the routes of all of them. That is a fine way to give each team its own paths, as long as no path stands in
two; rules that match everything go last.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.rule import Preset, Problem
from sailwright.mesh.objects.routing import MESH, VirtualService, gateway_name
from sailwright.mesh.world import World

ID = "gateway-host-shared"
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


def check(world: World) -> Iterator[Problem]:
    """VirtualServices of one gateway and host that share a match, or both have a rule without one."""
    first: dict[tuple[str, str, str], tuple[VirtualService, Path]] = {}
    for service in world.index.virtual_services:
        matches = {repr(rule.get("match") or "everything") for _, rule in service.rules("http")}
        gateways = [gateway_name(name, service.namespace) for name in service.gateways if name != MESH]
        for position, host in enumerate(service.hosts):
            keys = [(gateway, host, match) for gateway in gateways for match in sorted(matches)]
            found = [first.setdefault(key, (service, ("spec", "hosts", position))) for key in keys]
            clash = next((pair for pair in found if pair[0] is not service), None)
            if clash is not None and clash[0].manifest.name != service.manifest.name:
                yield Problem(
                    service.manifest,
                    ("spec", "hosts", position),
                    f"VirtualService {clash[0].manifest.name} has the same match for {host} at the same gateway: the older wins",
                    "merge the two, or let them match on different paths",
                    related=((clash[0].manifest, clash[1], "the other VirtualService"),),
                )
