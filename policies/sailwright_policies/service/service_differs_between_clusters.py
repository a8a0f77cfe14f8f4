"""A Service that differs between the clusters of one mesh is called wrongly from one of them.

Istio merges the Services of one name and namespace. Where one cluster has it headless, of another type or with other
ports, clients elsewhere use what their own cluster says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import SERVICE
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.services import Service
from sailwright.mesh.world import World
from sailwright.source.untyped import items

ID = "service-differs-between-clusters"
KIND = SERVICE
SEVERITY: Severity = "warning"
ALIASES = ("IST0170",)
_HERE = """
apiVersion: v1
kind: Service
metadata:
  name: cart  # finding
  namespace: shop
spec: {selector: {app: cart}, ports: [{name: http, port: 80}]}
"""
BAD = Example(_HERE, sibling=_HERE.replace("port: 80", "port: 8080"))
GOOD = Example(_HERE.replace("  # finding", ""), sibling=_HERE)


def check(service: Service, mesh: World) -> Iterator[Problem]:
    """Compare each Service with its namesakes in the environment's other clusters."""
    for sibling in mesh.siblings:
        for other in sibling.index.derived(_named).get((service.namespace, service.name), ()):
            theirs = _compared(other)
            differing = [what for what, value in _compared(service).items() if value != theirs[what]]
            if differing:
                cluster = sibling.cluster or "another cluster"
                message = f"the Service {service.name} differs from that of {cluster} in {' and '.join(differing)}"
                related = ((other.manifest, ("metadata", "name"), f"the Service of {cluster}"),)
                yield Problem(service.manifest, ("metadata", "name"), message, "make them alike", related)


def _named(index: Index) -> Mapping[tuple[str, str], list[Service]]:
    """The Services by namespace and name."""
    found: dict[tuple[str, str], list[Service]] = {}
    for service in index.services:
        found.setdefault((service.namespace, service.name), []).append(service)
    return found


def _compared(service: Service) -> Mapping[str, Any]:
    ports = sorted(map(_port, items(service.spec.get("ports"))))
    return {"being headless": service.is_headless, "type": service.spec.get("type", "ClusterIP"), "ports": ports}


def _port(port: Any) -> tuple[str, ...]:
    """A port in comparable form, with the API server's defaults."""
    told = {"protocol": "TCP", **port} if isinstance(port, dict) else {}
    return tuple(f"{key}={value}" for key, value in sorted(told.items()))
