"""A listener terminates TLS but names no certificate: clients fail in the TLS handshake.

HTTPS always terminates TLS, and so does TLS unless its mode is Passthrough. Options of the implementation may bring the certificate, and
controllers other than Istio's may find it by themselves.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import KUBERNETES_GATEWAY
from sailwright.lint.rule import Problem
from sailwright.mesh.queries.gateway_listeners import is_istios
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, items, mapping, text

ID = "listener-certificate-missing"
KIND = KUBERNETES_GATEWAY
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: ingress}
spec:
  gatewayClassName: istio
  listeners:
    - {name: http, port: 80, protocol: HTTP}
    - name: https  # finding
      port: 443
      protocol: HTTPS
"""

GOOD = BAD.replace("  # finding", "").replace(
    "protocol: HTTPS", "protocol: HTTPS\n      tls: {certificateRefs: [{name: shop-tls}]}"
)


def check(gateway: Manifest, mesh: World) -> Iterator[Problem]:
    """The listeners of each Gateway that istiod serves."""
    if not is_istios(gateway, mesh.index):
        return
    for path, listener in entries(gateway.spec.get("listeners"), ("spec", "listeners")):
        tls = mapping(listener.get("tls"))
        ends = text(listener.get("protocol")) in ("HTTPS", "TLS") and text(tls.get("mode")) != "Passthrough"
        if ends and not items(tls.get("certificateRefs")) and not mapping(tls.get("options")):
            name = text(listener.get("name"))
            yield Problem(
                gateway,
                (*path, "name"),
                f"listener `{name}` terminates TLS but names no certificate",
                "name a Secret: `tls: {certificateRefs: [{name: SECRET}]}`",
            )
