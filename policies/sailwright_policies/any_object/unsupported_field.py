"""Some fields are in the API and in no release: Istio refuses the object.

Faults by HTTP/2 error and exponential delays are "not supported yet", and a targetPort of a Gateway or a Sidecar never was.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, get

ID = "unsupported-field"
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()
REPLACES = ("virtual-service-refused", "gateway-refused", "sidecar-refused")

BAD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ratings, namespace: shop}
spec:
  hosts: [ratings]
  http:
    - fault:
        abort:
          percentage: {value: 100}
          http2Error: REFUSED_STREAM  # finding
      route: [{destination: {host: ratings}}]
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec:
  selector: {istio: ingressgateway}
  servers:
    - port:
        number: 80
        name: http
        protocol: HTTP
        targetPort: 8080  # finding
      hosts: ["*"]
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ratings, namespace: shop}
spec:
  hosts: [ratings]
  http:
    - fault:
        abort:
          percentage: {value: 100}
          grpcStatus: UNAVAILABLE
      route: [{destination: {host: ratings}}]
"""


def check(world: World) -> Iterator[Problem]:
    """http2Error and exponentialDelay of faults, targetPort of Gateway servers and Sidecar listeners."""
    for service in world.index.virtual_services:
        for path, rule in service.rules("http"):
            if get(rule, "fault", "abort", "http2Error") is not None:
                yield _problem(
                    service.manifest, (*path, "fault", "abort", "http2Error"), "use httpStatus or grpcStatus"
                )
            if get(rule, "fault", "delay", "exponentialDelay") is not None:
                yield _problem(service.manifest, (*path, "fault", "delay", "exponentialDelay"), "use fixedDelay")
    for kind, key in ((kinds.GATEWAY, "servers"), (kinds.SIDECAR, "ingress"), (kinds.SIDECAR, "egress")):
        for manifest in world.index.of(kind):
            for path, listener in entries(manifest.spec.get(key), ("spec", key)):
                if get(listener, "port", "targetPort") is not None:
                    yield _problem(
                        manifest, (*path, "port", "targetPort"), "remove it: the port's number is what is listened on"
                    )


def _problem(manifest: Manifest, path: Path, remedy: str) -> Problem:
    return Problem(manifest, path, f"Istio does not support `{path[-1]}` and refuses the object", remedy, key=True)
