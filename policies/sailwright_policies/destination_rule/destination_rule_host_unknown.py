"""A DestinationRule for a host that does not exist changes nothing.

Its policy and subsets belong to the clusters of that host; without the host there is none. A host that is exported to
other namespaces only is not seen here. Hosts outside of the repository are declared under `known.hosts`; without it only
slips of the hand are reported, a Service that is written without its end, and a short name whose only Service is in another
namespace. A wildcard is never.
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
from sailwright.mesh.queries.short_names import in_other_namespace
from sailwright.mesh.queries.wildcard_entries import covered_by_wildcard
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
_ELSEWHERE = """
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {ports: [{name: http, port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart, namespace: front}
spec:
  host: cart  # finding
  trafficPolicy: {loadBalancer: {simple: LEAST_REQUEST}}
"""
_WILDCARD = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: partners, namespace: shop}
spec:
  hosts: ["*.partner.example.com"]
  ports: [{number: 443, name: tls, protocol: TLS}]
  resolution: NONE
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: www, namespace: shop}
spec:
  host: www.partner.example.com  # finding
  trafficPolicy: {connectionPool: {tcp: {maxConnections: 10}}}
"""
BAD = (_SLIP, _WILDCARD, _ELSEWHERE, Example(_SLIP.replace("reveiws", "ratings"), Facts(known=Known(hosts=()))))
_FINE = Example(
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
GOOD = (_FINE, _WILDCARD.replace("www.partner.example.com  # finding", '"*.partner.example.com"'))


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
        covered = covered_by_wildcard(index, rule.host)
        if covered is not None:
            message = f"no cluster has the name `{rule.host}`: only the wildcard `{covered.pattern}` of ServiceEntry "
            remedy = f"name `{covered.pattern}` here, or add a ServiceEntry for `{rule.host}`"
            yield Problem(rule.manifest, ("spec", "host"), f"{message}{covered.entry} covers it", remedy)
            return
        meant = None if decision == "known" else index.registry.meant(rule.host, rule.namespace)
        other = "" if decision == "known" or meant else in_other_namespace(index, rule.manifest, rule.written_host)
        if decision == "unknown" or meant or other:
            remedy = _remedy(index, rule, meant, other)
            absent = no_host(rule.host, meant=meant is not None or bool(other))
            yield Problem(rule.manifest, ("spec", "host"), message, remedy, absent=absent)


def _remedy(index: Index, rule: DestinationRule, meant: str | None, other: str) -> str:
    if other:
        return f"write `{other}`: a short name is completed with the DestinationRule's own namespace"
    suffix = f".{rule.namespace}.svc.{index.domain}"
    near = (host.removesuffix(suffix) for host in ([meant] if meant else index.registry.hosts))
    return did_you_mean(rule.written_host, near, "declare it under known.hosts if it exists elsewhere")
