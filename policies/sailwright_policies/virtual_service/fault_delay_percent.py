"""`fault.delay.percent` is deprecated and will be dropped: the delay would then hit no request at all.

It takes whole numbers alone. `percentage.value` replaces it and goes before it where both are set.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.rule import Fix, Problem
from sailwright.mesh.world import World
from sailwright.source.edit import Remove, Set
from sailwright.source.untyped import get, number

ID = "fault-delay-percent"
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


def check(world: World) -> Iterator[Problem]:
    """Look at the delays of http rules."""
    for service in world.index.virtual_services:
        for path, rule in service.rules("http"):
            percent = number(get(rule, "fault", "delay", "percent"))
            if percent > 0:
                place = (*path, "fault", "delay", "percent")
                message = "fault.delay.percent is deprecated"
                remedy = f"write percentage: {{value: {percent}}}"
                newer = get(rule, "fault", "delay", "percentage") is not None
                fix = None if newer else _fix(place, percent)
                yield Problem(service.manifest, () if world.facts.compat else place, message, remedy, fix=fix)


def _fix(place: Path, percent: int) -> Fix:
    newer = (*place[:-1], "percentage")
    return Fix("write it as percentage", (Set(newer, {"value": percent}), Remove(place)))
