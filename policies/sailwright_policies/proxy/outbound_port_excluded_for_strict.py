"""A call past the sidecar is plain text, and a server that accepts mTLS only (STRICT) refuses it.

`traffic.sidecar.istio.io/excludeOutboundPorts` takes a port out of redirection for every destination, also for services of the
mesh. Reported for the services that a Sidecar lists one by one as what these pods call (`accessPolicy.outbound`).
"""

from collections.abc import Iterator, Mapping

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Place, Problem
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

_DECLARED = """apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: web, namespace: shop}
spec:
  workloadSelector: {labels: {app: web}}
  egress: [{hosts: [./cart.shop.svc.cluster.local]}]
"""
_CALLED = """
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

BAD = (f"{_CALLED}---\n{_DECLARED}", _CALLED)
GOOD = (
    BAD[0].replace('"3306,8080"  # finding', '"3306"'),
    BAD[0].replace("STRICT", "PERMISSIVE").replace("  # finding", ""),
    _CALLED.replace("  # finding", "")
    + """
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: partner, namespace: shop}
spec: {hosts: [partner.example.com], ports: [{number: 8080, name: http, protocol: HTTP}], resolution: DNS}
""",
)

_EXCLUDED = "traffic.sidecar.istio.io/excludeOutboundPorts"


def check(workload: Workload, mesh: World) -> Iterator[Problem]:
    """The ports that the annotation names, of the services that the workload declares to call, or else can only mean."""
    excluded = {part.strip() for part in workload.annotations.get(_EXCLUDED, "").split(",")} - {""}
    index = mesh.index
    if not excluded or index.injected(workload) is False:
        return
    calls = index.derived(_calls).get(workload.manifest, ())
    called: list[tuple[Service, tuple[Place, ...]]] = [
        (call.service, ((call.sidecar, call.path, "the call is declared here"),)) for call in calls
    ]
    if not calls:
        called = [(service, ()) for service in _meant(index, workload, excluded)]
    for service, places in called:
        for port in service.ports:
            mode = _strict(index, service, port) if _dialled(service, port) in excluded else None
            if mode is not None:
                yield Problem(
                    workload.manifest,
                    workload.path("metadata", "annotations", _EXCLUDED),
                    f"calls to port {port.number} of {service.name} go past the sidecar in plain text, "
                    "and it accepts mTLS only (STRICT)",
                    f"take {_dialled(service, port)} out of {_EXCLUDED}",
                    related=(*places, (mode.manifest, mode.path, "STRICT is set here")),
                )


def _meant(index: Index, workload: Workload, excluded: set[str]) -> Iterator[Service]:
    """The Services of its own namespace on an excluded port, where no call is declared and nothing else has that port.

    Its own Services do not count, and a port that a ServiceEntry or another namespace has too may be excluded for that one.
    """
    own = index.services_of(workload)
    for number in sorted(excluded):
        with_port = index.derived(_by_port).get(number, ())
        if with_port and all(not found.is_entry and found.namespace == workload.namespace for found in with_port):
            yield from (service for service in with_port if service not in own)


def _by_port(index: Index) -> Mapping[str, list[Service]]:
    """The Services and ServiceEntries by the ports that clients dial."""
    found: dict[str, list[Service]] = {}
    for service in (*index.services, *index.service_entries):
        for number in {_dialled(service, port) for port in service.ports}:
            found.setdefault(number, []).append(service)
    return found


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
