"""`migrate`: compile the project as it is and as each service would be after the move, and report the plan. Writes nothing.

load      workspace/worlds.py     the project as it is
try       trial.py                the project with a service's line changed, compiled beside it
judge     gateway_api.py          what the Gateway API has no word for, and what `diff` says of the rest
          ambient.py              what needs a waypoint, callees first, and what is not enforced meanwhile
report    formats.py
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from sailwright.commands.migrate.ambient import ambient_plan
from sailwright.commands.migrate.gateway_api import gateway_api_plan
from sailwright.commands.migrate.plan import Plan
from sailwright.runtime.cache import Cache
from sailwright.runtime.errors import Failure
from sailwright.runtime.process_pool import can_fork
from sailwright.source.files.checkout import Checkout, Disk
from sailwright.workspace.parallel import large_project

PLANS: Final[Mapping[str, Callable[[Checkout, str | None, Cache], Plan]]] = {
    "gateway-api": gateway_api_plan,
    "ambient": ambient_plan,
}


def migrate(root: str, to: str, environment: str | None, cache: Cache) -> Plan:
    """The plan of a move of the project in the folder `root`. Raises Failure where the project is at fault."""
    plan = PLANS.get(to)
    if plan is None:
        raise Failure(f"--to {to}: one of {' and '.join(PLANS)}")
    if to == "gateway-api" and large_project(root) is not None and can_fork():
        from sailwright.commands.migrate.gateway_api_portions import gateway_api_in_portions

        if (found := gateway_api_in_portions(root, environment, cache)) is not None:
            return found
    return plan(Disk(root), environment, cache)
