"""If the server sends first, a proxy that waits for the client's first bytes waits for ever.

FTP, SSH, SMTP, IMAP, POP3 and MySQL greet the client. To detect the protocol Istio reads what the client sends, and since
`protocolDetectionTimeout` is 0 by default, neither side ever says a word.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import SERVICE, SERVICE_ENTRY
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.services import Service, server_first
from sailwright.mesh.values.duration import seconds
from sailwright.mesh.world import World

ID = "server-first-auto-detected"
KIND = SERVICE | SERVICE_ENTRY
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()
REPLACES = ("port-name-misleads",)

BAD = """
apiVersion: v1
kind: Service
metadata: {name: mail, namespace: shop}
spec:
  selector: {app: mail}
  ports:
    - name: imap  # finding
      port: 143
"""

GOOD = """
apiVersion: v1
kind: Service
metadata: {name: mail, namespace: shop}
spec:
  selector: {app: mail}
  ports:
    - name: tcp-imap
      port: 143
"""


def check(service: Service, mesh: World) -> Iterator[Problem]:
    """Auto-detected ports that are server-first by name or number, of Services and ServiceEntries."""
    if seconds(mesh.facts.mesh_config.get("protocolDetectionTimeout")):
        return
    for port in service.ports:
        speaks = server_first(port)
        if not speaks or not port.protocol.is_auto:
            continue
        in_mesh = service.is_entry or any(map(mesh.index.injected, mesh.index.backends(service)))
        yield Problem(
            service.manifest,
            (*port.path, "protocol" if service.is_entry else "name"),
            f"{speaks} connections to port {port.number} hang: the server speaks first, and the port is auto-detected "
            f"because {port.protocol.reason}",
            "declare protocol: TCP" if service.is_entry else "begin the port's name with tcp-, or set appProtocol: tcp",
            severity=None if in_mesh else "warning",
        )
