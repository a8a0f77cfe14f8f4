"""No service declares calls to this service. Either it is unused, or its callers have not declared it and cannot reach it.

Decided where every workload has a Sidecar that lists what it calls (accessPolicy.outbound): a service in none of the lists, that
no gateway leads to, cannot be reached from inside the mesh either.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.services import Service
from sailwright.mesh.objects.sidecars import Sidecar
from sailwright.mesh.queries.route_ports import gateway_routed
from sailwright.mesh.queries.traits import every_call_declared
from sailwright.mesh.queries.version_services import gateway_backends, is_backend
from sailwright.mesh.values.hosts import covers, fqdn
from sailwright.mesh.world import World
from sailwright.runtime.records import dataclass

ID = "service-never-called"
KIND = SERVICE
SEVERITY: Severity = "info"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default, namespace: shop}
spec:
  egress: [{hosts: ["shop/ratings.shop.svc.cluster.local"]}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: front, namespace: shop}
spec: {template: {metadata: {labels: {app: front}}}}
---
apiVersion: v1
kind: Service
metadata: {name: ratings, namespace: shop}
spec: {selector: {app: ratings}, ports: [{name: http, port: 80}]}
---
apiVersion: v1
kind: Service
metadata:
  name: reviews  # finding
  namespace: shop
spec: {selector: {app: reviews}, ports: [{name: http, port: 80}]}
"""

GOOD = BAD.replace("  # finding", "").replace('"shop/ratings.shop.svc.cluster.local"', '"shop/*"')


def check(service: Service, mesh: World) -> Iterator[Problem]:
    """Services that no Sidecar's egress covers, where every workload has one."""
    reach = mesh.index.derived(_reach)
    if reach is None or service.spec.get("type") in ("NodePort", "LoadBalancer"):
        return
    if is_backend(mesh.index, service.hosts[0]):
        return
    if (service.namespace, service.name) in mesh.index.derived(gateway_backends):
        return
    if not reach.covers(service) and not gateway_routed(mesh.index, service.hosts[0]):
        yield Problem(
            service.manifest,
            ("metadata", "name"),
            f"no workload declares to call {service.name}, and no gateway leads to it",
            "name it in the accessPolicy.outbound (the Sidecar) of its callers, expose it, or remove it",
        )


@dataclass(frozen=True, slots=True)
class _Reach:
    """What the Sidecars of a mesh let their workloads call: hosts, and wildcards of a namespace each."""

    hosts: frozenset[str]
    wildcards: tuple[tuple[str, str], ...]

    def covers(self, service: Service) -> bool:
        """Whether some workload may call a Service."""
        host = service.hosts[0]
        return host in self.hosts or any(
            namespace in ("*", service.namespace) and covers(wild, host) for namespace, wild in self.wildcards
        )


def _reach(index: Index) -> _Reach | None:
    """What may be called; None where some workload may call anything."""
    if not index.derived(every_call_declared):
        return None
    sidecars = index.sidecars.all
    patterns = dict.fromkeys(pattern for sidecar in sidecars for pattern in _patterns(sidecar, index))
    hosts = frozenset(host for _, host in patterns if not host.startswith("*"))
    return _Reach(hosts, tuple(pattern for pattern in patterns if pattern[1].startswith("*")))


def _patterns(sidecar: Sidecar, index: Index) -> Iterator[tuple[str, str]]:
    for place, host in sidecar.egress:
        namespace = sidecar.namespace if place == "." else place
        if place != "~":
            yield namespace, host if "." in host or "*" in host else fqdn(host, namespace, index.domain)
