"""A port that is declared as HTTP hangs if its server sends first: the proxy waits for a request that never comes.

MySQL, SMTP, FTP, SSH, IMAP and POP3 servers greet the client, who says nothing before. Behind an HTTP port both sides wait.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import SERVICE, SERVICE_ENTRY
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.services import Port, Service
from sailwright.mesh.values.protocol import SERVER_FIRST_NAMES, SERVER_FIRST_PORTS
from sailwright.mesh.world import World

ID = "server-first-as-http"
KIND = SERVICE | SERVICE_ENTRY
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec:
  selector: {app: db}
  ports:
    - {name: http-mysql, port: 3306}  # finding
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: mail, namespace: shop}
spec:
  hosts: [mail.example.com]
  resolution: DNS
  ports:
    - {name: smtp, number: 2525, protocol: HTTP}  # finding
"""

GOOD = """
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec:
  selector: {app: db}
  ports:
    - {name: tcp-mysql, port: 3306}
    - {name: http-mysql-metrics, port: 9104}
    - {name: http-mail-ui, port: 8025}
"""


def check(service: Service, mesh: World) -> Iterator[Problem]:
    """Ports that are HTTP by declaration and server-first by their number, by the pods' or by a name that is the protocol's."""
    for port in service.ports:
        speaks = _server_first(port) if port.protocol.is_http else ""
        if speaks and (service.is_entry or mesh.index.may_be_in_mesh(service)):
            message = (
                f"{speaks} connections to port {port.number} hang: the server speaks first, and the port is "
                f"{port.protocol.name} because {port.protocol.reason}"
            )
            remedy = (
                "declare protocol: TCP"
                if service.is_entry
                else "begin the port's name with tcp-, or set appProtocol: tcp"
            )
            yield Problem(service.manifest, port.path, message, remedy)


def _server_first(port: Port) -> str:
    """The protocol of a server that speaks first; a name with more words, as `http-mysql-exporter`, is of something else."""
    word = port.name.lower().removeprefix("http-").removeprefix("tcp-")
    target = port.target if isinstance(port.target, int) else port.number
    return (
        SERVER_FIRST_NAMES.get(word, "")
        or SERVER_FIRST_PORTS.get(port.number, "")
        or SERVER_FIRST_PORTS.get(target, "")
    )
