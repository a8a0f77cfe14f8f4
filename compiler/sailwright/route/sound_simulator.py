"""The simulated mesh of files that a user names: such that istiod would take, or a failure that says what is wrong."""

from __future__ import annotations

from sailwright.diagnostics.finding import pointer
from sailwright.mesh.world import World
from sailwright.route.simulator import Simulator
from sailwright.runtime.errors import Failure


def sound_simulator(world: World) -> Simulator:
    """The simulator of a world that istiod would accept. Raises Failure (status 2) with the first thing that is wrong."""
    simulator = Simulator(world)
    faults: list[str] = []
    for manifest, path, expected in simulator.push_context.broken:
        location = manifest.locate(path).location
        title = f"{manifest.kind} {manifest.namespace or 'default'}/{manifest.name}"
        faults.append(f"{location.file}:{location.line}: {title}: {pointer(path)} must be {expected}")
    if faults:
        more = f" (and {len(faults) - 1} more: see `sailwright validate`)" if len(faults) > 1 else ""
        raise Failure(f"{faults[0]}: correct it, then ask where requests go{more}")
    return simulator
