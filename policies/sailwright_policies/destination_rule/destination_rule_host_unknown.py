"""A DestinationRule for a host that does not exist changes nothing.

Its policy and subsets belong to the clusters of that host; without the host there is none. A host that is exported to
other namespaces only is not seen here. Hosts outside of the repository are declared under `known.hosts`; without it only
slips of the hand are reported, and a Service that is written without its end. A wildcard is never.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.diagnostics.nearest import did_you_mean
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts, Known
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.queries.istioctl_compat import scoped_hosts
from sailwright.mesh.world import World

ID = "destination-rule-host-unknown"
SEVERITY: Severity = "warning"
ALIASES = ("IST0174", "KIA0202")
_SLIP = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews.shop  # finding
  trafficPolicy: {loadBalancer: {simple: LEAST_REQUEST}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: slip, namespace: shop}
spec:
  host: reveiws  # finding
  trafficPolicy: {loadBalancer: {simple: LEAST_REQUEST}}
"""
BAD = (_SLIP, Example(_SLIP.replace("reveiws", "ratings"), Facts(known=Known(hosts=()))))
GOOD = Example(
    """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy: {loadBalancer: {simple: LEAST_REQUEST}}
""",
    Facts(known=Known(hosts=())),
)


def check(world: World) -> Iterator[Problem]:
    """Look the host of each DestinationRule up, as seen from its namespace."""
    index = world.index
    for rule in index.destination_rules:
        if index.facts.compat:
            found = index.derived(scoped_hosts).find(
                rule.written_host, rule.namespace, rule.manifest.spec.get("exportTo")
            )
            missing, meant = found is None, None
        elif not rule.host or rule.host.startswith("*"):
            continue
        else:
            decision = index.registry.decide(rule.host, rule.namespace)
            meant = None if decision == "known" else index.registry.meant(rule.host, rule.namespace)
            missing = decision == "unknown" or meant is not None
        if missing:
            message = f"no Service or ServiceEntry that `{rule.namespace}` sees has the host `{rule.written_host}`"
            yield Problem(rule.manifest, ("spec", "host"), message, _remedy(index, rule, meant))


def _remedy(index: Index, rule: DestinationRule, meant: str | None) -> str:
    if index.facts.compat:
        return ""
    suffix = f".{rule.namespace}.svc.{index.domain}"
    near = (host.removesuffix(suffix) for host in ([meant] if meant else index.registry.hosts))
    return did_you_mean(rule.written_host, near, "declare it under known.hosts if it exists elsewhere")
