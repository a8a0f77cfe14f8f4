"""What Istio refuses in a ProxyConfig, beyond the types of its fields.

Source: pkg/config/validation/agent/validation.go (ValidateMeshConfigProxyConfig).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_HOST = re.compile(r"[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?)*\.?")
_LAST_PORT = 65535
_REQUIRED = ("configPath", "binaryPath", "serviceCluster")


def proxy_config_fault(config: Mapping[str, Any]) -> str:
    """What is wrong with a ProxyConfig in normal form (durations in text, enums by name); empty if nothing is."""
    return next(_faults(config), "")


def _faults(config: Mapping[str, Any]) -> Iterator[str]:
    for name in _REQUIRED:
        if name in config and not config[name]:
            yield f"{name} may not be empty"
    for name in ("proxyAdminPort", "statusPort"):
        if not 1 <= int(config.get(name) or 0) <= _LAST_PORT:
            yield f"{name} {config.get(name)} is not a port from 1 to 65535"
    drain = str(config.get("drainDuration") or "0s").removesuffix("s")
    if not drain.isdecimal() or int(drain) < 1:
        yield "drainDuration has to be whole seconds, and at least one"
    for name, address in _addresses(config):
        if address and not _is_address(address):
            yield f"{name} `{address}` is not host:port"


def _addresses(config: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name in ("discoveryAddress", "statsdUdpAddress"):
        yield name, config.get(name)
    for name in ("envoyMetricsService", "envoyAccessLogService"):
        yield f"{name}.address", (config.get(name) or {}).get("address")
    for kind in ("lightstep", "zipkin"):
        yield f"tracing.{kind}.address", ((config.get("tracing") or {}).get(kind) or {}).get("address")


def _is_address(address: str) -> bool:
    """`host:port`, `[ip]:port` or a variable that is replaced at run time."""
    host, colon, port = address.rpartition(":")
    if not colon or not port.isdecimal() or not 1 <= int(port) <= _LAST_PORT:
        return address.startswith("$(")
    return bool(_HOST.fullmatch(host)) or host.startswith(("[", "$("))
