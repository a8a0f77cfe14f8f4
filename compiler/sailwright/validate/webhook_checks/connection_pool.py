"""`connectionPool` of a DestinationRule or a Sidecar."""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.mesh.values.duration import MILLISECOND, duration_fault, nanoseconds
from sailwright.validate.webhook_checks.subject import Message, error

_HTTP_COUNTS = (
    "http1MaxPendingRequests",
    "http2MaxRequests",
    "maxRequestsPerConnection",
    "maxRetries",
    "maxConcurrentStreams",
)


def connection_pool(pool: Message | None, path: Path) -> Iterator[Problem]:
    if pool is None:
        return
    if "http" not in pool and "tcp" not in pool:
        yield error(path, "connectionPool needs http or tcp settings")
        return
    yield from _http(pool.get("http", {}), (*path, "http"))
    yield from _tcp(pool.get("tcp", {}), (*path, "tcp"))


def durations(settings: Message, names: tuple[str, ...], path: Path) -> Iterator[Problem]:
    for name in names:
        if name in settings and (fault := duration_fault(settings[name])):
            yield error((*path, name), fault)


def counts(settings: Message, names: tuple[str, ...], path: Path) -> Iterator[Problem]:
    for name in names:
        if settings.get(name, 0) < 0:
            yield error((*path, name), f"{name} is negative")


def _http(http: Message, path: Path) -> Iterator[Problem]:
    yield from counts(http, _HTTP_COUNTS, path)
    yield from durations(http, ("idleTimeout",), path)
    if http.get("h2UpgradePolicy") == "UPGRADE" and http.get("useClientProtocol"):
        yield error((*path, "useClientProtocol"), "useClientProtocol contradicts h2UpgradePolicy: UPGRADE")
    keepalive = http.get("http2KeepAlive")
    if keepalive is not None:
        where = (*path, "http2KeepAlive")
        for name in ("interval", "timeout"):
            if name not in keepalive:
                yield error(where, f"http2KeepAlive needs {name}")
        yield from durations(keepalive, ("interval", "timeout"), where)


def _tcp(tcp: Message, path: Path) -> Iterator[Problem]:
    yield from counts(tcp, ("maxConnections",), path)
    yield from durations(tcp, ("connectTimeout", "maxConnectionDuration"), path)
    idle = tcp.get("idleTimeout")
    if idle is not None and not _is_off(idle):
        yield from durations(tcp, ("idleTimeout",), path)
    yield from durations(tcp.get("tcpKeepalive", {}), ("time", "interval"), (*path, "tcpKeepalive"))


def _is_off(duration: str) -> bool:
    """tcp.idleTimeout: 0s means that the timeout is off."""
    length = nanoseconds(duration)
    return length is not None and abs(length) < MILLISECOND
