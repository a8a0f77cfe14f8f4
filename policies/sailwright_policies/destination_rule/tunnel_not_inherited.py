"""A route to a subset uses that subset's tunnel and no other: the one of the DestinationRule is not inherited.

Traffic to the subset leaves without the tunnel, straight to the host, which a firewall then refuses at best. Weighted routes
are the other way round: they read the tunnel of the DestinationRule, never that of a subset.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.world import World
from sailwright.source.untyped import get

ID = "tunnel-not-inherited"
KIND = DESTINATION_RULE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: partner, namespace: shop}
spec:
  host: partner.example.com
  trafficPolicy:
    tunnel: {protocol: CONNECT, targetHost: partner.example.com, targetPort: 443}
  subsets:
    - name: direct  # finding
      labels: {kind: direct}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: partner, namespace: shop}
spec:
  hosts: [partner.example.com]
  tls:
    - match: [{sniHosts: [partner.example.com]}]
      route: [{destination: {host: partner.example.com, subset: direct}}]
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: partner, namespace: shop}
spec:
  host: partner.example.com
  subsets:
    - name: proxied
      labels: {kind: proxied}
      trafficPolicy:
        tunnel: {protocol: CONNECT, targetHost: partner.example.com, targetPort: 443}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: partner, namespace: shop}
spec:
  hosts: [partner.example.com]
  tls:
    - match: [{sniHosts: [partner.example.com]}]
      route: [{destination: {host: partner.example.com, subset: proxied}}]
"""


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """The tunnels of a DestinationRule and of its subsets, against how tcp and tls routes lead to the subsets."""
    own = isinstance(get(rule.manifest.spec, "trafficPolicy", "tunnel"), dict)
    alone, weighted = _routed(mesh.index, rule.host)
    for subset in rule.subsets:
        has_one = isinstance(get(subset.value, "trafficPolicy", "tunnel"), dict)
        if own and not has_one and subset.name in alone:
            yield Problem(
                rule.manifest,
                (*subset.path, "name"),
                f"routes to subset {subset.name} do not use the tunnel of the DestinationRule: a subset does not inherit it",
                "repeat the tunnel in the subset's trafficPolicy",
                related=((rule.manifest, ("spec", "trafficPolicy", "tunnel"), "the tunnel that is not inherited"),),
            )
        elif has_one and not own and subset.name in weighted:
            yield Problem(
                rule.manifest,
                (*subset.path, "trafficPolicy", "tunnel"),
                f"weighted routes do not use the tunnel of subset {subset.name}: they read that of the DestinationRule only",
                "move the tunnel to the trafficPolicy of the DestinationRule",
                key=True,
            )


def _routed(index: Index, host: str) -> tuple[set[str], set[str]]:
    """The subsets of a host that tcp and tls routes lead to: those that are alone in their rule, and those in a split."""
    alone: set[str] = set()
    weighted: set[str] = set()
    for service, to in index.routed(host):
        if to.block in ("tcp", "tls") and to.subset:
            beside = [each for each in service.destinations if (each.block, each.rule) == (to.block, to.rule)]
            (weighted if len(beside) > 1 else alone).add(to.subset)
    return alone, weighted
