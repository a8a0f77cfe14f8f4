"""Port protocols as ServiceEntry, Gateway and Sidecar name them: an exact token in any case."""

from __future__ import annotations

_HTTP = frozenset(("http", "http2", "http_proxy", "grpc", "grpc-web"))
_TLS = frozenset(("https", "tls"))
_TCP = _TLS | {"tcp", "mongo", "redis", "mysql"}
_KNOWN = _HTTP | _TCP | {"udp"}


def is_known(protocol: str) -> bool:
    return protocol.lower() in _KNOWN


def is_http(protocol: str) -> bool:
    return protocol.lower() in _HTTP


def is_tls(protocol: str) -> bool:
    return protocol.lower() in _TLS


def is_tcp(protocol: str) -> bool:
    return protocol.lower() in _TCP


def protocol_fault(protocol: str) -> str | None:
    """Empty means that the proxy detects it."""
    if not protocol or is_known(protocol):
        return None
    return f"'{protocol}' is not a protocol: HTTP, HTTP2, GRPC, GRPC-WEB, HTTPS, TLS, TCP, MONGO, REDIS, MYSQL or UDP"
