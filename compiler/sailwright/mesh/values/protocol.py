"""The protocol a port really gets, by Istio's own rules, and the reason in words for messages.

Sources: pkg/config/kube/conversion.go (Kubernetes Services), pkg/config/protocol/instance.go (all other ports).
"""

from __future__ import annotations

from sailwright.runtime.records import dataclass

AUTO = "auto"
"""Not declared: the proxy looks at the first bytes of each connection (Istio calls it Unsupported)."""

HTTP_FAMILY = frozenset(("HTTP", "HTTP2", "HTTP_PROXY", "GRPC", "GRPC-Web"))
TLS_FAMILY = frozenset(("TLS", "HTTPS"))
TCP_FAMILY = frozenset(("TCP", "Mongo", "MySQL", "Redis")) | TLS_FAMILY
HTTP2_FAMILY = frozenset(("HTTP2", "GRPC", "GRPC-Web"))

_NAMES = {
    "tcp": "TCP",
    "udp": "UDP",
    "grpc": "GRPC",
    "http": "HTTP",
    "http_proxy": "HTTP_PROXY",
    "http2": "HTTP2",
    "https": "HTTPS",
    "tls": "TLS",
    "mongo": "Mongo",
    "redis": "Redis",
    "mysql": "MySQL",
}
_KUBERNETES_PROTOCOLS = {"kubernetes.io/h2c": "HTTP2", "kubernetes.io/ws": "HTTP", "kubernetes.io/wss": "HTTPS"}
_WELL_KNOWN = {25: "SMTP", 53: "DNS", 3306: "MySQL", 27017: "MongoDB"}
"""Service ports that are TCP unless something else is declared: their servers speak first or are not HTTP."""

SERVER_FIRST_PORTS = {21: "FTP", 22: "SSH", 25: "SMTP", 110: "POP3", 143: "IMAP", 3306: "MySQL"}
SERVER_FIRST_NAMES = {
    "ftp": "FTP",
    "ssh": "SSH",
    "sftp": "SSH",
    "smtp": "SMTP",
    "pop3": "POP3",
    "imap": "IMAP",
    "mysql": "MySQL",
    "mariadb": "MySQL",
}


@dataclass(frozen=True, slots=True)
class Protocol:
    """`name` is one of the families above, `UDP` or `auto`; `reason` completes "port 80 is HTTP because ..."."""

    name: str
    reason: str

    def __str__(self) -> str:
        """For messages."""
        return "auto-detected" if self.is_auto else self.name

    @property
    def is_http(self) -> bool:
        """Whether http routes apply and requests are balanced one by one."""
        return self.name in HTTP_FAMILY

    @property
    def is_tls(self) -> bool:
        """Whether the proxy sees TLS that it does not decrypt, so that only tls routes apply."""
        return self.name in TLS_FAMILY

    @property
    def is_tcp(self) -> bool:
        """Whether only bytes are seen: TCP, Mongo, MySQL, Redis; TLS and HTTPS too."""
        return self.name in TCP_FAMILY

    @property
    def is_auto(self) -> bool:
        """Whether the proxy has to guess from the first bytes."""
        return self.name == AUTO

    @property
    def is_udp(self) -> bool:
        """Whether the proxy takes no part at all."""
        return self.name == "UDP"


def service_port_protocol(number: int, name: str, l4: str, app_protocol: str | None) -> Protocol:
    """The protocol of a Kubernetes Service port: UDP, then appProtocol, then the port's name, then the well-known ports."""
    if l4 == "UDP":
        return Protocol("UDP", "its `protocol` is UDP")
    source, word = ("its appProtocol", app_protocol) if app_protocol is not None else ("its name", name)
    if app_protocol in _KUBERNETES_PROTOCOLS:
        return Protocol(_KUBERNETES_PROTOCOLS[app_protocol], f"its appProtocol is `{app_protocol}`")
    if word.lower().startswith("grpc-web"):
        return Protocol("GRPC-Web", f"{source} is `{word}`")
    found = _NAMES.get(word.lower().partition("-")[0])
    if found:
        exact = word.lower() in _NAMES
        return Protocol(found, f"{source} is `{word}`" if exact else f"{source} `{word}` begins with it")
    unnamed = f"{source} `{word}` names no protocol" if word else "it has no name and no appProtocol"
    if number in _WELL_KNOWN:
        return Protocol("TCP", f"{unnamed} and {number} is the port of {_WELL_KNOWN[number]}")
    return Protocol(AUTO, f"{unnamed} that Istio knows" if word else unnamed)


def declared_protocol(word: str) -> Protocol:
    """The protocol of a ServiceEntry, Gateway or Sidecar port: the exact word, in any case."""
    lowered = word.lower()
    if lowered in ("grpc-web", *_NAMES):
        return Protocol("GRPC-Web" if lowered == "grpc-web" else _NAMES[lowered], f"its `protocol` is {word}")
    if not word:
        return Protocol(AUTO, "it declares no `protocol`")
    return Protocol(AUTO, f"its `protocol` `{word}` is none that Istio knows")


def recognised(word: str) -> bool:
    """Whether Istio takes a port name or appProtocol for a protocol."""
    return word.lower().startswith("grpc-web") or word.lower().partition("-")[0] in _NAMES


def is_http(word: str) -> bool:
    """Whether a ServiceEntry, Gateway or Sidecar port of this protocol carries HTTP."""
    return declared_protocol(word).is_http


def is_tls(word: str) -> bool:
    """Whether a ServiceEntry, Gateway or Sidecar port of this protocol carries TLS."""
    return declared_protocol(word).is_tls


def is_tcp(word: str) -> bool:
    """Whether a ServiceEntry, Gateway or Sidecar port of this protocol carries bytes: TCP, TLS and their kin."""
    return declared_protocol(word).is_tcp


def is_known(word: str) -> bool:
    """Whether Istio knows this word as the protocol of a ServiceEntry, Gateway or Sidecar port."""
    return not declared_protocol(word).is_auto


def protocol_fault(word: str) -> str | None:
    """What is wrong with the protocol of a ServiceEntry, Gateway or Sidecar port; nothing with an empty one: the proxy detects it."""
    if not word or is_known(word):
        return None
    return f"'{word}' is not a protocol: HTTP, HTTP2, GRPC, GRPC-WEB, HTTPS, TLS, TCP, MONGO, REDIS, MYSQL or UDP"
