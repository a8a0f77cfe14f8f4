"""A gateway written as a host name is an old form: `namespace/name` is the one that is meant.

Istio still turns `gateway.namespace.svc.cluster.local` into the reference, with a warning.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Fix, Problem
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.world import World
from sailwright.source.edit import Set
from sailwright.source.untyped import items

ID = "gateway-reference-legacy"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ("KIA1108",)
REPLACES = ("virtual-service-doubtful",)

BAD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: front, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways:
    - public.istio-ingress.svc.cluster.local  # finding
  http: [{route: [{destination: {host: front}}]}]
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: front, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways:
    - istio-ingress/public
  http: [{route: [{destination: {host: front}}]}]
"""


def check(virtual_service: VirtualService, _: World) -> Iterator[Problem]:
    """Gateways of VirtualServices with dots and no slash."""
    for position, written in enumerate(items(virtual_service.manifest.spec.get("gateways"))):
        parts = written.split(".") if isinstance(written, str) and "/" not in written else []
        if len(parts) > 1:
            path = ("spec", "gateways", position)
            meant = f"{parts[1]}/{parts[0]}"
            yield Problem(
                virtual_service.manifest,
                path,
                f"`{written}` is the old way to name a gateway",
                f"write {meant}",
                fix=Fix(f"write {meant}", (Set(path, meant),)),
            )
