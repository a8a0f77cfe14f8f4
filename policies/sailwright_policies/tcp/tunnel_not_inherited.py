"""A route to a subset uses that subset's tunnel and no other: the one of the DestinationRule is not inherited.

Traffic to the subset leaves without the tunnel, straight to the host, which a firewall then refuses at best. Weighted routes
are the other way round: they read the tunnel of the DestinationRule, never that of a subset.
"""

from collections.abc import Iterator

from sailwright.finding import Severity
from sailwright.mesh.shape import get
from sailwright.mesh.world import World
from sailwright.rule import Problem

ID = "tunnel-not-inherited"
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: partner, namespace: shop}
spec:
  host: partner.example
  trafficPolicy:
    tunnel: {protocol: CONNECT, targetHost: partner.example, targetPort: 443}
  subsets:
    - name: direct  # finding
      labels: {kind: direct}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: partner, namespace: shop}
spec:
  hosts: [partner.example]
  tls:
    - match: [{sniHosts: [partner.example]}]
      route: [{destination: {host: partner.example, subset: direct}}]
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: partner, namespace: shop}
spec:
  host: partner.example
  subsets:
    - name: proxied
      labels: {kind: proxied}
      trafficPolicy:
        tunnel: {protocol: CONNECT, targetHost: partner.example, targetPort: 443}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: partner, namespace: shop}
spec:
  hosts: [partner.example]
  tls:
    - match: [{sniHosts: [partner.example]}]
      route: [{destination: {host: partner.example, subset: proxied}}]
"""


def check(world: World) -> Iterator[Problem]:
    """Subsets without a tunnel that tcp or tls routes go to, in a DestinationRule with one at the top."""
    for rule in world.index.destination_rules:
        if get(rule.manifest.spec, "trafficPolicy", "tunnel") is None:
            continue
        routed = {to.subset for _, to in world.index.routed(rule.host) if to.block in ("tcp", "tls")}
        for subset in rule.subsets:
            if subset.name in routed and get(subset.value, "trafficPolicy", "tunnel") is None:
                yield Problem(
                    rule.manifest,
                    (*subset.path, "name"),
                    f"routes to subset {subset.name} do not use the tunnel of the DestinationRule: a subset does not inherit it",
                    "repeat the tunnel in the subset's trafficPolicy",
                    related=((rule.manifest, ("spec", "trafficPolicy", "tunnel"), "the tunnel that is not inherited"),),
                )
