"""A Gateway port that no Service of the gateway's pods leads to gets no traffic.

Requests reach the gateway's pods through a Service. A server's port has to be one of its ports or, as the pods see it,
one of its targetPorts; Istio takes either.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import GATEWAY
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import Gateway
from sailwright.mesh.objects.selectors import selector_text
from sailwright.mesh.objects.services import Port
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World
from sailwright.source.placeholders import holds_placeholder
from sailwright.source.untyped import entries, number, text
from sailwright_policies import istioctl_analyzers

ID = "gateway-port-unserved"
KIND = GATEWAY
SEVERITY: Severity = "warning"
ALIASES = ("IST0162",)
BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: ingressgateway, namespace: ingress}
spec: {template: {metadata: {labels: {istio: ingressgateway}}}}
---
apiVersion: v1
kind: Service
metadata: {name: ingressgateway, namespace: ingress}
spec: {selector: {istio: ingressgateway}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: ingress}
spec:
  selector: {istio: ingressgateway}
  servers:
    - port: {number: 8443, name: http, protocol: HTTP}  # finding
      hosts: ["*"]
"""
_PLAIN = BAD.replace("  # finding", "")
GOOD = (
    _PLAIN.replace("8443", "8080"),
    _PLAIN.replace("labels: {istio: ingressgateway}}", "labels: {istio: ingressgateway}}, spec: {hostNetwork: true}"),
    _PLAIN.replace(
        "labels: {istio: ingressgateway}}",
        "labels: {istio: ingressgateway}}, spec: {containers: [{name: istio-proxy, image: auto, "
        "ports: [{containerPort: 8443, hostPort: 443}]}]}",
    ),
    _PLAIN.replace("port: 80, targetPort: 8080", "port: 80, targetPort: '${PORT}'"),
)


COMPAT = istioctl_analyzers.GATEWAY_PORT


def check(gateway: Gateway, mesh: World) -> Iterator[Problem]:
    """Compare the ports of each Gateway with those that the Services of its pods reach."""
    reached = _reached(mesh.index, mesh.index.selected(gateway.selector))
    for server in gateway.servers if reached is not None else ():
        if server.value.get("port") is not None and server.port not in (reached or ()):
            message = f"no Service of the gateway's pods leads to port {server.port}"
            numbers = ", ".join(map(str, sorted(reached or ()))) or "none"
            remedy = f"add it to a Service of the pods with {selector_text(gateway.selector)} (they reach {numbers})"
            yield Problem(gateway.manifest, (*server.path, "port", "number"), message, remedy)


def _reached(index: Index, pods: tuple[Workload, ...]) -> set[int] | None:
    """The ports and targetPorts of the pods' Services, and the ports that a node leads to them; None where that is not known: none of
    the Services is in the repository, something in one is filled in later, or the pods are on the node's own network.
    """
    services = {service.name: (service, pod) for pod in pods for service in index.services_of(pod)}
    unknown = any(holds_placeholder(service.spec.get("ports")) for service, _ in services.values())
    if not services or unknown or any(pod.host_network for pod in pods):
        return None
    ports = [(port, pod) for service, pod in services.values() for port in service.ports]
    reached = {port.number for port, _ in ports} | {_pod_port(port, pod) for port, pod in ports}
    return reached | {port for pod in pods for port in _host_ports(pod)}


def _host_ports(pod: Workload) -> Iterator[int]:
    for container in pod.containers:
        for _, found in entries(container.value.get("ports"), ()):
            if found.get("hostPort"):
                yield number(found.get("containerPort"))


def _pod_port(port: Port, pod: Workload) -> int:
    if not isinstance(port.target, str):
        return port.target or port.number
    for container in pod.containers:
        for _, found in entries(container.value.get("ports"), ()):
            if text(found.get("name")) == port.target:
                return int(found.get("containerPort") or 0)
    return port.number
