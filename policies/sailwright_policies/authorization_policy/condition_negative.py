"""An object whose status says that it was refused does not do what it says.

Controllers report in `status.conditions` that a waypoint is missing, a policy cannot be enforced, or a route leads nowhere. A
status in a file is old news of some cluster, so this is decided under `--compat istioctl` alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import objects
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, get, text

ID = "condition-negative"
SEVERITY: Severity = "warning"
ALIASES = ("IST0171",)
BAD = Example(
    """
apiVersion: v1  # finding
kind: Service
metadata: {name: cart, namespace: shop}
spec: {ports: [{name: http, port: 80}]}
status:
  conditions:
    - {type: istio.io/WaypointBound, status: "False", reason: NoWaypoint, message: no waypoint}
""",
    Facts(compat=True),
)
GOOD = Example(BAD.text.replace("  # finding", "").replace('"False"', '"True"'), BAD.facts)

_GATEWAY_API = ("Accepted", "Programmed", "ResolvedRefs")
_NEGATIVE: Mapping[str, tuple[str, ...]] = {
    kinds.SERVICE: ("istio.io/WaypointBound",),
    kinds.SERVICE_ENTRY: ("istio.io/WaypointBound",),
    kinds.AUTHORIZATION_POLICY: ("WaypointAccepted", "ZtunnelAccepted"),
    kinds.KUBERNETES_GATEWAY: _GATEWAY_API,
    kinds.HTTP_ROUTE: _GATEWAY_API,
    kinds.GRPC_ROUTE: _GATEWAY_API,
}
"""The conditions whose `False` is bad news, by kind."""


KIND = objects(*_NEGATIVE)


def check(manifest: Manifest, mesh: World) -> Iterator[Problem]:
    """Read the conditions of a kind that has some."""
    kind = kinds.kind_of(manifest.api_version, manifest.kind)
    for condition in _conditions(manifest) if mesh.facts.compat else ():
        if _is_negative(condition, kind):
            told = f"{text(condition.get('reason'))}: {text(condition.get('message'))}"
            yield Problem(manifest, (), f"the condition {condition.get('type')} is negative: {told}")


def _conditions(manifest: Manifest) -> Iterator[Mapping[str, Any]]:
    status = manifest.value.get("status")
    for _, condition in entries(get(status, "conditions"), ()):
        yield condition
    for _, parent in entries(get(status, "parents"), ()):
        for _, condition in entries(parent.get("conditions"), ()):
            yield condition


def _is_negative(condition: Mapping[str, Any], kind: str) -> bool:
    if condition.get("type") in _NEGATIVE[kind] and condition.get("status") == "False":
        return True
    partly = condition.get("type") == "WaypointAccepted" and condition.get("reason") == "PartiallyInvalid"
    return kind == kinds.AUTHORIZATION_POLICY and partly
