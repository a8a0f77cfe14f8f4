"""A call past the sidecar is plain text, and a server that accepts mTLS only (STRICT) refuses it.

`traffic.sidecar.istio.io/excludeOutboundPorts` takes a port out of redirection for every destination, also for services of the
mesh. Reported for the services that a Sidecar lists one by one as what these pods call (`accessPolicy.outbound`).
"""

from collections.abc import Iterator, Mapping

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.services import Port, Service
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.callers import Call, declared_calls
from sailwright.mesh.queries.peer_authentication import Mtls, MtlsMode, takes_mtls
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

ID = "outbound-port-excluded-for-strict"
KIND = WORKLOAD
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata:
      labels: {app: web, sidecar.istio.io/inject: "true"}
      annotations:
        traffic.sidecar.istio.io/excludeOutboundPorts: "3306,8080"  # finding
    spec: {containers: [{name: web, image: "example.com/web:1.0"}]}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: web, namespace: shop}
spec:
  workloadSelector: {labels: {app: web}}
  egress: [{hosts: [./cart.shop.svc.cluster.local]}]
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: cart}, ports: [{name: http, port: 8080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  template:
    metadata: {labels: {app: cart, sidecar.istio.io/inject: "true"}}
    spec: {containers: [{name: cart, image: "example.com/cart:1.0"}]}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec: {mtls: {mode: STRICT}}
"""
GOOD = (
    BAD.replace('"3306,8080"  # finding', '"3306"'),
    BAD.replace("STRICT", "PERMISSIVE").replace("  # finding", ""),
)

_EXCLUDED = "traffic.sidecar.istio.io/excludeOutboundPorts"


def check(workload: Workload, mesh: World) -> Iterator[Problem]:
    """The ports that the annotation names, of the services that the workload declares to call."""
    excluded = {part.strip() for part in workload.annotations.get(_EXCLUDED, "").split(",")} - {""}
    index = mesh.index
    if not excluded or index.injected(workload) is False:
        return
    for call in index.derived(_calls).get(workload.manifest, ()):
        for port in call.service.ports:
            mode = _strict(index, call.service, port) if _dialled(call.service, port) in excluded else None
            if mode is not None:
                yield Problem(
                    workload.manifest,
                    workload.path("metadata", "annotations", _EXCLUDED),
                    f"calls to port {port.number} of {call.service.name} go past the sidecar in plain text, "
                    "and it accepts mTLS only (STRICT)",
                    f"take {_dialled(call.service, port)} out of {_EXCLUDED}",
                    related=(
                        (call.sidecar, call.path, "the call is declared here"),
                        (mode.manifest, mode.path, "STRICT is set here"),
                    ),
                )


def _dialled(service: Service, port: Port) -> str:
    """The port that a client's connection goes to: the Service's, or the pod's where it is headless."""
    return str(port.on_pod if service.is_headless else port.number)


def _strict(index: Index, service: Service, port: Port) -> MtlsMode | None:
    """The STRICT mode that all pods behind a port have; None where one has another."""
    found: list[MtlsMode | None] = []
    for workload in index.backends(service):
        number = workload.port_number(port.on_pod)
        known = takes_mtls(index, workload, number)
        found.append(index.derived(Mtls).declared(workload, number) if known else None)
    return found[0] if found and all(mode is not None and mode.mode == "STRICT" for mode in found) else None


def _calls(index: Index) -> Mapping[Manifest, list[Call]]:
    """The declared calls of each workload."""
    found: dict[Manifest, list[Call]] = {}
    for call in declared_calls(index):
        found.setdefault(call.client.manifest, []).append(call)
    return found
