"""A route to a host that is in no registry ends in a 503 for every request it takes.

The proxies build a cluster for each Service and ServiceEntry that the client's namespace sees. A destination that is
none of them has no cluster. A name with a dot is never completed: `reviews.shop` is not the Service `reviews` of `shop`.
Nor is a wildcard ServiceEntry enough: its cluster is that of the wildcard. What lies outside of the repository is declared
under `known.hosts`; without it only such names and slips of the hand are reported, as warnings, and a short name whose
only Service is in another namespace.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.diagnostics.suggestions import did_you_mean
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts, Known
from sailwright.mesh.index import Index
from sailwright.mesh.objects.host_lookup import Decision
from sailwright.mesh.objects.routing import Destination, VirtualService
from sailwright.mesh.queries.absence import no_host
from sailwright.mesh.queries.short_names import in_other_namespace
from sailwright.mesh.queries.wildcard_entries import covered_by_wildcard
from sailwright.mesh.world import World
from sailwright_policies import istioctl_analyzers

ID = "destination-host-unknown"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "error"
ALIASES = ("IST0101", "KIA1101")
_DECLARED = Example(
    """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - route: [{destination: {host: reviwes}}]  # finding
""",
    Facts(known=Known(hosts=())),
)
_SLIP = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: front}
spec:
  hosts: [web]
  http:
    - route: [{destination: {host: reviews.shop}}]  # finding
"""
_WILDCARD = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: partner, namespace: shop}
spec: {hosts: ["*.partner.example.com"], resolution: NONE, ports: [{number: 443, name: tls, protocol: TLS}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: partner, namespace: shop}
spec:
  hosts: ["*.partner.example.com"]
  tls:
    - match: [{sniHosts: ["*.partner.example.com"]}]
      route: [{destination: {host: www.partner.example.com}}]  # finding
"""
_SHORT_NAME = """
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {ports: [{name: http, port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: edge}
spec:
  hosts: [shop.example.com]
  gateways: [edge/public]
  http:
    - route: [{destination: {host: cart}}]  # finding
"""
BAD = (_DECLARED, _SLIP, _WILDCARD, _SHORT_NAME)
GOOD = Example(
    """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - match: [{headers: {x-partner: {exact: "true"}}}]
      route: [{destination: {host: api.example.com}}]
    - route: [{destination: {host: reviews}}]
""",
    Facts(known=Known(hosts=("api.example.com",))),
)
COMPAT = istioctl_analyzers.DESTINATION_HOST


def check(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    """Look each destination and mirror up, as those whom the VirtualService routes see the registry."""
    registry = mesh.index.registry
    for destination in virtual_service.destinations:
        host = destination.full_host
        decisions: set[Decision] = {registry.decide(host, virtual_service.namespace)}
        if decisions == {"unknown"} and _is_reached(mesh.index, virtual_service, host):
            decisions = {"known"}
        words = _words(mesh.index, virtual_service, destination, decisions) if destination.host else None
        if words is not None:
            severity: Severity | None = "warning" if destination.is_idle or decisions != {"unknown"} else None
            absent = no_host(host, meant=True)  # without declared hosts something near is needed
            yield Problem(virtual_service.manifest, destination.host_path, *words, severity=severity, absent=absent)


def _is_reached(index: Index, virtual_service: VirtualService, host: str) -> bool:
    """Whether some of those whom the VirtualService routes have a cluster of this name."""
    from sailwright.mesh.queries.routed_callers import host_reached

    return host_reached(index, virtual_service, host)


def _words(
    index: Index, virtual_service: VirtualService, destination: Destination, decisions: set[Decision]
) -> tuple[str, str] | None:
    """What is wrong with a destination, and what to do; None where nothing is, or nothing can be known."""
    registry, namespace, host = index.registry, virtual_service.namespace, destination.full_host
    if "known" in decisions:
        return _covered(index, host)
    meant = registry.meant(host, namespace)
    suffix = f".{namespace}.svc.{index.domain}"
    message = f"no Service or ServiceEntry has the host `{host}`"
    if meant and meant.startswith(f"{host}."):
        return message, f"write `{meant}`: Istio completes only names without a dot"
    if meant:
        return message, f"did you mean `{meant.removesuffix(suffix)}`?"
    other = in_other_namespace(index, virtual_service.manifest, destination.host)
    if other:
        return message, f"write `{other}`: a short name is completed with the VirtualService's own namespace"
    if decisions != {"unknown"}:
        return None
    if host in registry.absent:
        return f"the project does not render `{host}` here, only in other environments or clusters", _ENABLE
    if registry.services(host):
        return f"`{host}` is not exported to the namespace `{namespace}`", "extend its exportTo"
    names = (known.removesuffix(suffix) for known in registry.hosts)
    return message, did_you_mean(destination.host, names, "add a ServiceEntry for it, or declare it under known.hosts")


_ENABLE = "enable its service here, route elsewhere in this environment, or declare the host under known.hosts"


def _covered(index: Index, host: str) -> tuple[str, str] | None:
    """A host that a wildcard ServiceEntry alone makes known: the cluster there is has the name of the wildcard."""
    found = covered_by_wildcard(index, host)
    if found is None:
        return None
    message = (
        f"no cluster has the name `{host}`: only the wildcard `{found.pattern}` of ServiceEntry {found.entry} covers it"
    )
    return message, f"name `{found.pattern}` as the destination, or add a ServiceEntry for `{host}`"
