"""The gateway to another cluster takes the mesh's mTLS only, and sidecars use it only for endpoints that are labelled so.

Port 15443 of an east-west gateway finds the service by the SNI that mTLS of the mesh carries. Automatic mTLS asks for the label
`security.istio.io/tlsMode: istio`, which pods get from the injector and endpoints that a ServiceEntry lists do not: without it
requests leave in plain text, and the gateway closes the connection.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import SERVICE_ENTRY
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.services import Port, Service
from sailwright.mesh.world import World
from sailwright.source.untyped import entries, get, mapping

ID = "remote-endpoint-without-mtls"
KIND = SERVICE_ENTRY
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = (
    """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: search-eu, namespace: shop}
spec:
  hosts: [search.eu.example.com]
  location: MESH_INTERNAL
  resolution: DNS
  ports: [{number: 80, name: http, protocol: HTTP, targetPort: 15443}]
  endpoints:
    - address: gateway.eu.example.com  # finding
    - address: gateway.us.example.com
      labels: {security.istio.io/tlsMode: istio}
""",
    """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: search-eu, namespace: shop}
spec:
  hosts: [search.eu.example.com]
  location: MESH_INTERNAL
  resolution: STATIC
  ports: [{number: 80, name: http, protocol: HTTP}]
  endpoints:
    - {address: 203.0.113.7, ports: {http: 15443}, labels: {version: v1}}  # finding
""",
)
GOOD = (
    BAD[0].replace("  # finding", "\n      labels: {security.istio.io/tlsMode: istio}"),
    BAD[0].replace(", targetPort: 15443", "").replace("  # finding", ""),
    BAD[1].replace("protocol: HTTP", "protocol: TLS").replace("  # finding", ""),
    BAD[1].replace("  # finding", "")
    + """
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: search-eu, namespace: shop}
spec:
  host: search.eu.example.com
  trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}
""",
)

_GATEWAY = 15443
_TLS_MODE = "security.istio.io/tlsMode"


def check(entry: Service, mesh: World) -> Iterator[Problem]:
    """The listed endpoints at port 15443, where no DestinationRule says how to open the connection."""
    rules = (rule for host in entry.hosts for rule in mesh.index.rules_for(host))
    if any(policy.value.get("tls") for rule in rules for policy in rule.policies):
        return
    ports = [port for port in entry.ports if not port.protocol.is_tls]
    for path, endpoint in entries(entry.spec.get("endpoints"), ("spec", "endpoints")):
        if get(endpoint, "labels", _TLS_MODE) is None and any(_arrives(port, endpoint) == _GATEWAY for port in ports):
            place: Path = (*path, "address")
            yield Problem(
                entry.manifest,
                place,
                f"sidecars open no mTLS to this endpoint, and port {_GATEWAY} of a gateway to another cluster takes nothing else",
                f"give it `labels: {{{_TLS_MODE}: istio}}`",
            )


def _arrives(port: Port, endpoint: Mapping[str, Any]) -> int | str | None:
    """The port of an endpoint that a port of the ServiceEntry leads to."""
    own: int | str | None = mapping(endpoint.get("ports")).get(port.name)
    return own if own is not None else port.on_pod
