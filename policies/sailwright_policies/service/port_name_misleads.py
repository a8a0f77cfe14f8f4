"""A port name that looks like a protocol but is none that Istio knows leaves the protocol to be guessed.

Only tcp, tls, http, http2, https, grpc, grpc-web, mongo, mysql, redis and udp count, alone or before a dash. Detecting the
protocol delays each connection, hangs if the server sends first, and disables TLS and gRPC settings.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.services import Service
from sailwright.mesh.world import World
from sailwright.source.untyped import entries

ID = "port-name-misleads"
KIND = SERVICE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ("KIA0601",)

BAD = """
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec:
  selector: {app: db}
  ports:
    - {name: postgres, port: 5432}  # finding
    - {name: httpapi, port: 8080}  # finding
"""

GOOD = """
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec:
  selector: {app: db}
  ports:
    - {name: tcp-postgres, port: 5432}
    - {name: http-api, port: 8080}
"""

MEANT = {
    "mongodb": "mongo",
    "mariadb": "mysql",
    "postgres": "tcp-postgres",
    "postgresql": "tcp-postgresql",
    "pg": "tcp-pg",
    "kafka": "tcp-kafka",
    "zookeeper": "tcp-zookeeper",
    "amqp": "tcp-amqp",
    "amqps": "tls-amqps",
    "rabbitmq": "tcp-rabbitmq",
    "mqtt": "tcp-mqtt",
    "nats": "tcp-nats",
    "cassandra": "tcp-cassandra",
    "cql": "tcp-cql",
    "memcached": "tcp-memcached",
    "memcache": "tcp-memcache",
    "ldap": "tcp-ldap",
    "ldaps": "tls-ldaps",
    "smtp": "tcp-smtp",
    "imap": "tcp-imap",
    "pop3": "tcp-pop3",
    "ftp": "tcp-ftp",
    "ssh": "tcp-ssh",
    "sftp": "tcp-sftp",
    "h2c": "http2",
    "h2": "http2",
    "http1": "http",
    "ws": "http-ws",
    "wss": "https-wss",
    "websocket": "http-websocket",
    "grpcs": "tls-grpcs",
    "ssl": "tls",
}
"""Names in use that Istio does not know, and what to write for each."""

PREFIXES = ("grpc", "http2", "https", "http", "mongo", "mysql", "redis", "tcp", "tls")


def check(service: Service, mesh: World) -> Iterator[Problem]:
    """Named ports of Services whose pods may have a sidecar; an unknown appProtocol has a rule of its own."""
    if not mesh.index.may_be_in_mesh(service):
        return
    written = entries(service.spec.get("ports"), ("spec", "ports"))
    for port, (path, value) in zip(service.ports, written, strict=True):
        better = meant(port.name.lower()) if port.protocol.is_auto and value.get("appProtocol") is None else ""
        if better:
            yield Problem(
                service.manifest,
                (*path, "name"),
                f"`{port.name}` is no protocol that Istio knows: port {port.number} is auto-detected",
                f"call the port {better}",
            )


def meant(written: str) -> str:
    """What to write for a name that looks like a protocol, empty where it looks like none."""
    word = written.partition("-")[0]
    if word in MEANT:
        return MEANT[word]
    return next((f"{prefix}-{written[len(prefix) :]}" for prefix in PREFIXES if word.startswith(prefix)), "")
