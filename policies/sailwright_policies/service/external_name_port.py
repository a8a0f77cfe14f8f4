"""An ExternalName Service is another name for a host: a port that the host does not have leads nowhere.

Istio takes such a Service for an alias. It has no listener and no cluster. Calls to it are routed as calls to the host, and only
the numbers of its ports matter. Calls to a port that the host lacks are passed through unrouted, or blocked.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.services import Service
from sailwright.mesh.world import World
from sailwright.source.untyped import text
from sailwright_policies import istioctl_analyzers

ID = "external-name-port"
KIND = SERVICE
SEVERITY: Severity = "warning"
ALIASES = ("IST0150",)
BAD = """
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: cart}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: front}
spec:
  type: ExternalName
  externalName: cart.shop.svc.cluster.local
  ports:
    - {name: http, port: 8080}  # finding
"""
GOOD = BAD.replace("{name: http, port: 8080}  # finding", "{name: any, port: 80}")
COMPAT = istioctl_analyzers.EXTERNAL_NAME_PORT


def check(service: Service, mesh: World) -> Iterator[Problem]:
    """Compare the ports of an ExternalName Service with those of its host, where the repository holds that."""
    host = text(service.spec.get("externalName")).lower() if service.is_external_name else ""
    targets = mesh.index.registry.services(host) if host else ()
    ports = {port.number for target in targets for port in target.ports}
    for port in service.ports if ports and not any(target.is_external_name for target in targets) else ():
        if port.number not in ports:
            numbers = ", ".join(map(str, sorted(ports)))
            message = f"`{host}` has no port {port.number} (it has {numbers}): calls to it by this name are not routed"
            yield Problem(service.manifest, port.path, message, "name a port of the host")
