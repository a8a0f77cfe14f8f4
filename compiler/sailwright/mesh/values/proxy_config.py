"""ProxyConfig: its defaults, and what Istio refuses in one whose fields all have the right type: ports, addresses, durations, TLS settings.

Source: pkg/config/validation/agent/validation.go (ValidateMeshConfigProxyConfig).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.mesh.values.duration import SECOND, nanoseconds
from sailwright.mesh.values.names import is_ip
from sailwright.runtime.regex import regex

ProxyConfig = Mapping[str, Any]
"""A ProxyConfig in normal form: known fields only, durations in seconds, enums by name."""

DEFAULTS: ProxyConfig = {
    "configPath": "./etc/istio/proxy",
    "binaryPath": "/usr/local/bin/envoy",
    "serviceCluster": "istio-proxy",
    "drainDuration": "45s",
    "discoveryAddress": "istiod.istio-system.svc:15012",
    "proxyAdminPort": 15000,
    "controlPlaneAuthPolicy": "MUTUAL_TLS",
    "statNameLength": 189,
    "interceptionMode": "REDIRECT",
    "statusPort": 15020,
    "terminationDrainDuration": "5s",
}
"""The values that the agent assumes; PROXY_CONFIG leaves them out."""

_LABEL = regex(r"[A-Za-z0-9](?:[-A-Za-z0-9]{0,61}[A-Za-z0-9])?")
_LONGEST_NAME = 255
_HOST_IP = "$(HOST_IP)"
"""Stands for the node's address in the addresses of tracers."""


def proxy_config_fault(config: ProxyConfig) -> str:
    """What is wrong with a complete ProxyConfig, the field's place first; empty if nothing is."""
    return next(_faults(config), "")


def _faults(config: ProxyConfig) -> Iterator[str]:
    yield from _missing(config)
    yield from _ports(config)
    yield from _addresses(config)
    drain = nanoseconds(config["drainDuration"]) or 0
    if drain < SECOND or drain % SECOND:
        yield f"drainDuration: whole seconds, at least 1s, are needed, not `{config['drainDuration']}`"
    if config["controlPlaneAuthPolicy"] not in ("NONE", "MUTUAL_TLS"):
        yield f"controlPlaneAuthPolicy: NONE or MUTUAL_TLS is needed, not `{config['controlPlaneAuthPolicy']}`"
    tls = _tls_fault((config.get("tracing") or {}).get("tlsSettings") or {})
    if tls:
        yield f"tracing.tlsSettings: {tls}"
    provider = config.get("privateKeyProvider")
    if provider is not None and not any(_polls(provider.get(kind)) for kind in ("cryptomb", "qat")):
        yield "privateKeyProvider: cryptomb or qat with a pollDelay above 0s is needed"


def _missing(config: ProxyConfig) -> Iterator[str]:
    named = ("serviceCluster",) if "tracingServiceName" not in config else ()
    for field in ("configPath", "binaryPath", *named):
        if not config.get(field):
            yield f"{field}: it may not be empty"


def _ports(config: ProxyConfig) -> Iterator[str]:
    for field in ("proxyAdminPort", "statusPort"):
        if not 1 <= config[field] < 2**16:
            yield f"{field}: a port from 1 to 65535 is needed, not `{config[field]}`"


def _addresses(config: ProxyConfig) -> Iterator[str]:
    tracing = config.get("tracing") or {}
    given = {"discoveryAddress": config["discoveryAddress"]}
    given |= {"statsdUdpAddress": config["statsdUdpAddress"]} if config.get("statsdUdpAddress") else {}
    for service in ("envoyMetricsService", "envoyAccessLogService"):
        if address := (config.get(service) or {}).get("address"):
            given[f"{service}.address"] = address
    for tracer in ("lightstep", "zipkin", "datadog"):
        if tracer in tracing:
            address = tracing[tracer].get("address") or ""
            given[f"tracing.{tracer}.address"] = address if tracer == "lightstep" else _with_host(address)
    for field, address in given.items():
        if not _is_address(address):
            yield f"{field}: an address like istiod.istio-system.svc:15012 is needed, not `{address}`"
    if "lightstep" in tracing and not tracing["lightstep"].get("accessToken"):
        yield "tracing.lightstep.accessToken: it may not be empty"


def _with_host(address: str) -> str:
    return address.replace(_HOST_IP, "127.0.0.1", 1)


def _is_address(text: str) -> bool:
    """A host name or IP address, a colon, a port; an IPv6 address stands in brackets."""
    host, colon, port = text.rpartition(":")
    if (
        not colon
        or not port.isascii()
        or not port.isdecimal()
        or len(port) > len("65535")
        or not 1 <= int(port) < 2**16
    ):
        return False
    if host.startswith("[") and host.endswith("]"):
        return is_ip(host[1:-1])
    return _is_name(host) or (":" not in host and is_ip(host))


def _is_name(host: str) -> bool:
    labels = host.removesuffix(".").split(".")
    numeric = labels[-1].isascii() and labels[-1].isdecimal()
    return 0 < len(host) <= _LONGEST_NAME and not numeric and all(map(_LABEL.fullmatch, labels))


_VERIFYING: Mapping[str, tuple[str, ...]] = {
    "SIMPLE": ("caCertificates", "credentialName", "subjectAltNames"),
    "MUTUAL": ("caCertificates", "subjectAltNames"),
}


def _tls_fault(tls: Mapping[str, Any]) -> str:
    mode, files = tls.get("mode"), ("clientCertificate", "caCertificates", "privateKey", "caCrl")
    verifying = _VERIFYING.get(str(mode), ())
    if tls.get("insecureSkipVerify") and any(map(tls.get, verifying)):
        return f"insecureSkipVerify leaves no sense to {', '.join(verifying)}"
    if mode in ("SIMPLE", "MUTUAL") and tls.get("credentialName"):
        return "credentialName cannot be combined with certificate files" if any(map(tls.get, files)) else ""
    if mode == "MUTUAL" and not (tls.get("clientCertificate") and tls.get("privateKey")):
        return "mode MUTUAL needs clientCertificate and privateKey"
    return ""


def _polls(provider: Mapping[str, Any] | None) -> bool:
    return provider is not None and nanoseconds(provider.get("pollDelay") or "0s") != 0
