"""Merging of metrics: Prometheus asks the agent, and the agent asks the application where it asked to be scraped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from sailwright.render.injection import go_json, names
from sailwright.render.injection.annotations import FALSE
from sailwright.runtime.regex import regex

_UNSAFE = regex(r"[^A-Za-z0-9_]")
_PATH = "/stats/prometheus"
RESERVED = frozenset((15000, 15001, 15004, 15006, 15008, 15020, 15021, 15053, 15090))
"""Ports of the sidecar, which scrape targets may not name."""


def spelled(annotations: Mapping[str, str]) -> dict[str, str]:
    """The scrape, path and port annotations, however they are spelled: Prometheus takes every other character for `_`."""
    found = {}
    for name, value in annotations.items():
        kind = _kind(name)
        if kind:
            found[kind] = value
    return found


@lru_cache(maxsize=1024)
def _kind(name: str) -> str:
    safe = _UNSAFE.sub("_", name)
    return safe.removeprefix("prometheus_io_") if safe in _SPELLINGS else ""


_SPELLINGS = frozenset(("prometheus_io_scrape", "prometheus_io_path", "prometheus_io_port"))


def without_taken(annotations: Mapping[str, str], differences: frozenset[str]) -> dict[str, str]:
    """The annotations without those that the agent takes over: any spelling of the three, and the scrape targets."""
    targets = names.SCRAPE_TARGETS if "scrape-targets" in differences else ""
    return {name: value for name, value in annotations.items() if name != targets and not _kind(name)}


def without_spelled(annotations: Mapping[str, str]) -> dict[str, str]:
    """The annotations without the three, in any spelling."""
    return {name: value for name, value in annotations.items() if not _kind(name)}


def switched_off(annotations: Mapping[str, str]) -> bool:
    """Whether the pod asks not to be scraped, in any spelling."""
    return any(_kind(name) == "scrape" and value in FALSE for name, value in annotations.items())


def ours(port: int) -> dict[str, str]:
    """The annotations that send Prometheus to the agent."""
    return {"prometheus.io/port": str(port), "prometheus.io/path": _PATH, "prometheus.io/scrape": "true"}


def application_scrape(annotations: Mapping[str, str], differences: frozenset[str]) -> str:
    """ISTIO_PROMETHEUS_ANNOTATIONS: what the agent scrapes of the application. Empty where it asked for nothing."""
    asked = spelled(annotations)
    scrape: dict[str, Any] = {kind: asked.get(kind, "") for kind in ("scrape", "path", "port")}
    targets = scrape_targets(annotations) if "scrape-targets" in differences else []
    if targets:
        scrape |= {"path": targets[0]["path"], "port": targets[0]["port"], "targets": targets}
    return go_json.dumps(scrape) if any(scrape.values()) else ""


def scrape_targets(annotations: Mapping[str, str]) -> list[dict[str, str]]:
    """The targets of `prometheus.istio.io/scrape-targets`: `8080:/metrics,9100`."""
    targets = []
    for item in annotations.get(names.SCRAPE_TARGETS, "").split(","):
        port, _, path = item.strip().partition(":")
        if item.strip():
            targets.append({"port": port.strip(), "path": path.strip() or "/metrics"})
    return targets


def targets_text(targets: Any) -> str:
    """The annotation's text for targets as ISTIO_PROMETHEUS_ANNOTATIONS lists them; empty where it lists none."""
    listed = [target for target in targets if isinstance(target, dict)] if isinstance(targets, list) else []
    return ",".join(f"{target.get('port', '')}:{target.get('path', '')}" for target in listed)


def scrape_faults(annotations: Mapping[str, str], status_port: int) -> Iterator[tuple[str, str]]:
    """The annotations that send the agent to a port it cannot or may not scrape, and why."""
    targets = scrape_targets(annotations)
    fault = next(filter(None, (_port_fault(target["port"], status_port) for target in targets)), "")
    if fault:
        yield names.SCRAPE_TARGETS, fault
    for name, value in annotations.items() if not targets else ():
        if _kind(name) == "port" and _is_number(value) and (fault := _port_fault(value, status_port)):
            yield name, fault


def _port_fault(port: str, status_port: int) -> str:
    if not _is_number(port) or not 0 < int(port) < 2**16:
        return f"`{port}` is not a port: write targets like 8080:/metrics,9100"
    if int(port) in RESERVED or int(port) == status_port:
        return f"port {port} belongs to the sidecar: name a port of the application"
    return ""


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER


_LONGEST_NUMBER = 20
