"""A server that accepts the mesh's mTLS only (STRICT) refuses TLS that shows no certificate of the mesh.

`SIMPLE` shows none, `MUTUAL` one of your own, and either turns automatic mTLS off: every connection fails in the handshake,
and clients see 503. TLS that the application itself answers needs a port on which the sidecar leaves it alone (DISABLE under
`portLevelMtls`, or excludeInboundPorts).
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.queries.peer_authentication import ClientTls, client_modes
from sailwright.mesh.world import World
from sailwright.source.untyped import text

ID = "tls-to-strict"
KIND = DESTINATION_RULE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

_CART = """
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
    metadata: {labels: {app: cart, sidecar.istio.io/inject: "true"}}
    spec: {containers: [{name: cart, image: "example.com/cart:1.0", ports: [{containerPort: 8080}]}]}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec: {mtls: {mode: STRICT}, selector: {matchLabels: {app: cart}}, portLevelMtls: {8443: {mode: DISABLE}}}
---
"""

BAD = (
    f"""{_CART}
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: cart, namespace: shop}}
spec:
  host: cart
  trafficPolicy:
    tls:
      mode: SIMPLE  # finding
""",
    f"""{_CART}
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: cart, namespace: shop}}
spec:
  host: cart
  subsets:
    - name: all
      labels: {{app: cart}}
      trafficPolicy:
        portLevelSettings:
          - port: {{number: 80}}
            tls:
              mode: MUTUAL  # finding
              credentialName: cart-client
""",
)
GOOD = (
    BAD[0].replace("SIMPLE  # finding", "ISTIO_MUTUAL"),
    BAD[0].replace("mode: SIMPLE  # finding", "mode: SIMPLE").replace("targetPort: 8080", "targetPort: 8443"),
    BAD[0].replace("mode: SIMPLE  # finding", "mode: SIMPLE").replace('"true"', '"false"'),
    BAD[1]
    .replace("  # finding", "")
    .replace("credentialName: cart-client", "clientCertificate: /etc/certs/cert-chain.pem"),
)

_OF_THE_MESH = ("/etc/certs/", "/etc/istio", "/var/run/secrets/", "/var/lib/istio")
"""Where pods find certificates that Istio issued; whose a file elsewhere is cannot be known."""


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """SIMPLE and MUTUAL of a host, a subset, a namespace or the mesh against the declared mode of what it stands for."""
    for found in client_modes(rule, mesh.index, "SIMPLE", "MUTUAL"):
        if found.server.mode == "STRICT" and not _of_the_mesh(found):
            yield Problem(
                rule.manifest,
                found.path,
                f"{found.where(rule.written_host)} accepts the mesh's mTLS only (STRICT), and {found.settings['mode']} "
                "shows no certificate of the mesh: every connection fails",
                "remove the tls block or write ISTIO_MUTUAL, or set the port to DISABLE in the PeerAuthentication",
                related=((found.server.manifest, found.server.path, "STRICT is set here"),),
            )


def _of_the_mesh(found: ClientTls) -> bool:
    """Whether MUTUAL may show a certificate that Istio issued."""
    certificate = text(found.settings.get("clientCertificate"))
    return found.settings["mode"] == "MUTUAL" and certificate.startswith(_OF_THE_MESH)
