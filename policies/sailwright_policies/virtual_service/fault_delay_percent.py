"""`fault.delay.percent` is deprecated and will be dropped: the delay would then hit no request at all.

It takes whole numbers alone. `percentage.value` replaces it and goes before it where both are set.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Fix, Problem
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.world import World
from sailwright.source.edit import Remove, Set
from sailwright.source.untyped import get, mapping, number

ID = "fault-delay-percent"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "warning"
ALIASES = ("IST0002",)
BAD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - fault:
        delay:
          fixedDelay: 2s
          percent: 10  # finding
      route: [{destination: {host: reviews}}]
"""
GOOD = BAD.replace("percent: 10  # finding", "percentage: {value: 10}")


def check(virtual_service: VirtualService, _: World) -> Iterator[Problem]:
    """Look at the delays of http rules."""
    for path, rule in virtual_service.rules("http"):
        delay = mapping(get(rule, "fault", "delay"))
        percent = number(delay.get("percent"))
        if percent > 0:
            place = (*path, "fault", "delay", "percent")
            remedy = f"write percentage: {{value: {percent}}}"
            fix = _fix(place, percent) if delay.get("percentage") is None else None
            yield Problem(virtual_service.manifest, place, "fault.delay.percent is deprecated", remedy, fix=fix)


def _fix(place: Path, percent: int) -> Fix:
    newer = (*place[:-1], "percentage")
    return Fix("write it as percentage", (Set(newer, {"value": percent}), Remove(place)))
