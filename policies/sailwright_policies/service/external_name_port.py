"""A port of an ExternalName Service without a fitting protocol takes traffic that is not meant for it.

Such a Service has no address of its own. With a port that is TCP by its name, or none that Istio knows, the proxies listen
on that port number of every address.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.services import Service
from sailwright.mesh.world import World
from sailwright_policies.service.port_protocol_undeclared import is_control_plane

ID = "external-name-port"
KIND = SERVICE
SEVERITY: Severity = "warning"
ALIASES = ("IST0150",)
BAD = """
apiVersion: v1
kind: Service
metadata: {name: bank, namespace: shop}
spec:
  type: ExternalName
  externalName: bank.example.com
  ports:
    - {name: tcp, port: 443}  # finding
"""
GOOD = BAD.replace("name: tcp", "name: tls").replace("  # finding", "")


def check(service: Service, _: World) -> Iterator[Problem]:
    """Look at the ports of ExternalName Services."""
    for port in service.ports if service.is_external_name and not is_control_plane(service) else ():
        if port.protocol.is_auto or port.name == "tcp":
            message = f"port {port.number} of an ExternalName Service is {port.protocol.name}: {port.protocol.reason}"
            yield Problem(service.manifest, port.path, message, "name it http, https or tls, as the server speaks")
