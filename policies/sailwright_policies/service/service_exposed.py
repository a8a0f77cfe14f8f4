"""A NodePort or LoadBalancer Service takes traffic past the gateways: without mTLS, and without their policies.

Off unless asked for. Gateways themselves (labelled `istio` or managed by a Gateway) are left out.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import SERVICE
from sailwright.lint.rule import Preset, Problem
from sailwright.mesh.objects.services import Service
from sailwright.mesh.world import World

ID = "service-exposed"
KIND = SERVICE
SEVERITY: Severity = "info"
ALIASES: tuple[str, ...] = ()
PRESET: Preset = "optional"

BAD = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec:
  type: NodePort  # finding
  selector: {app: reviews}
  ports: [{name: http, port: 9080}]
"""

GOOD = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec:
  selector: {app: reviews}
  ports: [{name: http, port: 9080}]
"""


def check(service: Service, _: World) -> Iterator[Problem]:
    """Services of type NodePort and LoadBalancer that are no gateway's."""
    exposed = service.spec.get("type") in ("NodePort", "LoadBalancer")
    gateway = "istio" in service.selector or "gateway.networking.k8s.io/gateway-name" in service.manifest.labels
    if exposed and not gateway:
        yield Problem(
            service.manifest,
            ("spec", "type"),
            f"Service {service.name} can be reached from outside of the cluster, past the gateways",
            "use ClusterIP and expose it at a gateway",
        )
