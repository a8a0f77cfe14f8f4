"""`ISTIO_MUTUAL` towards a server outside of the mesh fails: no server there has a certificate that the client trusts.

The client sends its mesh certificate, trusts only the CA of the mesh and expects the name `outbound_.443_._.HOST`. A server that a
ServiceEntry declares MESH_EXTERNAL, or a pod without a sidecar, answers with another certificate or with plain text. With `sni`
or `subjectAltNames` the server is taken for one of another mesh.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.objects.run_time_labels import TLS_MODE
from sailwright.mesh.objects.services import Service, endpoint_labels
from sailwright.mesh.queries.peer_authentication import behind
from sailwright.mesh.queries.pod_proxies import in_ambient_mode
from sailwright.mesh.queries.traffic_policies import Setting, settings_of
from sailwright.mesh.values.hosts import covers
from sailwright.mesh.world import World

ID = "mtls-outside-of-the-mesh"
KIND = DESTINATION_RULE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = (
    """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: partner, namespace: shop}
spec:
  hosts: [api.partner.example.com]
  location: MESH_EXTERNAL
  ports: [{number: 443, name: http, protocol: HTTP}]
  resolution: DNS
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: partner, namespace: shop}
spec:
  host: api.partner.example.com
  trafficPolicy:
    tls:
      mode: ISTIO_MUTUAL  # finding
""",
    """
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: cart}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  template:
    metadata: {labels: {app: cart, sidecar.istio.io/inject: "false"}}
    spec: {containers: [{name: cart, image: "example.com/cart:1.0", ports: [{containerPort: 8080}]}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart, namespace: shop}
spec:
  host: cart
  trafficPolicy:
    tls:
      mode: ISTIO_MUTUAL  # finding
""",
)
GOOD = (
    BAD[0].replace("ISTIO_MUTUAL  # finding", "SIMPLE"),
    BAD[0].replace("  # finding", "").replace("MESH_EXTERNAL", "MESH_INTERNAL"),
    BAD[0].replace("ISTIO_MUTUAL  # finding", "ISTIO_MUTUAL\n      sni: api.partner.example.com"),
    BAD[1].replace('"false"', '"true"').replace("  # finding", ""),
)


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """ISTIO_MUTUAL for a host all of whose endpoints are surely outside of the mesh."""
    for found in settings_of(rule, mesh.index, "tls"):
        federated = found.value.get("sni") or found.value.get("subjectAltNames")
        services = [each.service for each in found.ports] or _covered(mesh.index, found)
        if found.value.get("mode") != "ISTIO_MUTUAL" or federated or not services:
            continue
        reasons = {_outside(mesh.index, found, service) for service in services}
        if "" not in reasons:
            yield Problem(
                rule.manifest,
                found.at("mode"),
                f"{rule.written_host} is outside of the mesh ({min(reasons)}), and ISTIO_MUTUAL trusts the mesh's CA only",
                "write SIMPLE for a server with a certificate of its own, or remove the tls block for plain text",
            )


def _covered(index: Index, found: Setting) -> list[Service]:
    """The services that a wildcard host stands for, where no rule for a more specific host goes before it."""
    pattern = found.rule.host
    if not pattern.startswith("*") or index.registry.named(pattern):
        return []
    hosts = (host for host in index.registry.hosts if covers(pattern, host))
    return [
        service
        for host in hosts
        if found.rule in index.effective_rules(host, found.rule.namespace)
        for service in index.registry.named(host)
    ]


def _outside(index: Index, found: Setting, service: Service) -> str:
    """Why no endpoint of a service has a sidecar; empty where one has or may have."""
    workloads = behind(index, found, service)
    if any(index.injected(pod) is not False or in_ambient_mode(index, pod) for pod in workloads):
        return ""
    if service.is_entry:
        external = service.spec.get("location", "MESH_EXTERNAL") == "MESH_EXTERNAL"
        selects = bool(service.selector) or any(TLS_MODE in each for each in endpoint_labels(service))
        return f"ServiceEntry {service.name} says MESH_EXTERNAL" if external and not selects else ""
    if not workloads or index.machines(service) or any(pod.is_gateway for pod in workloads):
        return ""
    return f"{workloads[0].kind} {workloads[0].name} has no sidecar"
