"""Some fields are in the API and in no release: Istio refuses the object.

Faults by HTTP/2 error and exponential delays are "not supported yet", and a targetPort of a Gateway or a Sidecar never was.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import objects
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


_TARGET = (("port", "targetPort"), "remove it: the port's number is what is listened on")
FIELDS = {
    kinds.VIRTUAL_SERVICE: (
        ("http", ("fault", "abort", "http2Error"), "use httpStatus or grpcStatus"),
        ("http", ("fault", "delay", "exponentialDelay"), "use fixedDelay"),
    ),
    kinds.GATEWAY: (("servers", *_TARGET),),
    kinds.SIDECAR: (("ingress", *_TARGET), ("egress", *_TARGET)),
}
"""The fields that each kind has but Istio refuses: the list, the field of its entries, what to do instead."""

KIND = objects(*FIELDS)


def check(manifest: Manifest, _: World) -> Iterator[Problem]:
    """http2Error and exponentialDelay of faults, targetPort of Gateway servers and Sidecar listeners."""
    for listed, field, remedy in FIELDS[kinds.kind_of(manifest.api_version, manifest.kind)]:
        for path, entry in entries(manifest.spec.get(listed), ("spec", listed)):
            if get(entry, *field) is not None:
                message = f"Istio does not support `{field[-1]}` and refuses the object"
                yield Problem(manifest, (*path, *field), message, remedy, key=True)
