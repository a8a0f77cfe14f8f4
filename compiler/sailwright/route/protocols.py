"""How istiod reads the protocol of a port. Source: Istio `pkg/config/kube/conversion.go` and `pkg/config/protocol`."""

from __future__ import annotations

AUTO = "auto"
"""Not declared: the sidecar looks at the first bytes of a connection."""

HTTP_FAMILY = frozenset({"http", "http2", "grpc", "grpc-web", "http_proxy"})
TLS_FAMILY = frozenset({"https", "tls"})
TOKENS = HTTP_FAMILY | TLS_FAMILY | {"tcp", "udp", "mongo", "redis", "mysql"}
GATEWAY_API = {"kubernetes.io/h2c": "http2", "kubernetes.io/ws": "http", "kubernetes.io/wss": "https"}
WELL_KNOWN_TCP = frozenset({25, 53, 3306, 27017})


def of_service_port(name: str, app_protocol: str | None, protocol: str, number: int) -> str:
    """The protocol of a Service port: `appProtocol` beats the name's prefix; UDP beats both."""
    if protocol.upper() == "UDP":
        return "udp"
    declared = (name if app_protocol is None else app_protocol).lower()
    if app_protocol is not None and declared in GATEWAY_API:
        return GATEWAY_API[declared]
    if declared.startswith("grpc-web"):
        return "grpc-web"
    token = declared.partition("-")[0]
    if token in TOKENS:
        return token
    return "tcp" if number in WELL_KNOWN_TCP else AUTO


def of_declared_port(protocol: str) -> str:
    """The protocol of a ServiceEntry, Gateway or Sidecar port: the exact token, whatever the case."""
    token = protocol.lower()
    return token if token in TOKENS else AUTO


def carries_http(protocol: str) -> bool:
    """Whether a sidecar routes HTTP on such a port: declared, or found by looking."""
    return protocol == AUTO or protocol in HTTP_FAMILY
