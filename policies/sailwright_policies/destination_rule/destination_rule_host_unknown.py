"""A DestinationRule for a host that does not exist changes nothing.

Its policy and subsets belong to the clusters of that host; without the host there is none. A host that is exported to
other namespaces only is not seen here. Hosts outside of the repository are declared under `known.hosts`; without it only
slips of the hand are reported, and a Service that is written without its end. A wildcard is never.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.diagnostics.suggestions import did_you_mean
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts, Known
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.queries.absence import no_host
from sailwright.mesh.queries.istioctl_compat import scoped_hosts
from sailwright.mesh.world import World

ID = "destination-rule-host-unknown"
KIND = DESTINATION_RULE
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


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """Look the host up, as seen from the namespace of the DestinationRule."""
    index = mesh.index
    message = f"no Service or ServiceEntry that `{rule.namespace}` sees has the host `{rule.written_host}`"
    if index.facts.compat:
        hosts, exported = index.derived(scoped_hosts), rule.manifest.spec.get("exportTo")
        if hosts.find(rule.written_host, rule.namespace, exported) is None:
            yield Problem(rule.manifest, ("spec", "host"), message)
    elif rule.host and not rule.host.startswith("*"):
        decision = index.registry.decide(rule.host, rule.namespace)
        meant = None if decision == "known" else index.registry.meant(rule.host, rule.namespace)
        if decision == "unknown" or meant is not None:
            yield Problem(
                rule.manifest,
                ("spec", "host"),
                message,
                _remedy(index, rule, meant),
                absent=no_host(rule.host, meant=meant is not None),
            )


def _remedy(index: Index, rule: DestinationRule, meant: str | None) -> str:
    suffix = f".{rule.namespace}.svc.{index.domain}"
    near = (host.removesuffix(suffix) for host in ([meant] if meant else index.registry.hosts))
    return did_you_mean(rule.written_host, near, "declare it under known.hosts if it exists elsewhere")
