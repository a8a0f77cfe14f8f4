"""Whether the calls from service to service, and what each may take, are the same after a change: rules that follow them find what they did.

Such rules (see `lint.whole_mesh.FOLLOWS_CALLS`) look at services that are far away. What they ask about a service on the way is which calls
it makes, and how long each may take and how often it is tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, Final

from sailwright.commands.lint.change import Change
from sailwright.mesh.queries.call_hops import Hop, hops, own_routes
from sailwright.mesh.world import World
from sailwright.runtime.records import replace
from sailwright.source.manifest import Manifest
from sailwright.workspace.packed_services import packed_objects

_SETTINGS: Final = (("timeout",), ("retries", "perTryTimeout"), ("retries", "attempts"))
BUDGETS: Final = "call-budget-exceeded"


def same_calls(change: Change, worlds: Sequence[World]) -> bool:
    """Whether the services that have changed make the calls, and take those, that they did: `worlds` have them and those near them."""
    if BUDGETS in change.last.known["asked"] or any(
        isinstance(document.value, dict) and "budget" in document.value
        for source in change.part.compilation.services.sources
        for document in source.documents
    ):
        return False
    return all(
        _calls(world) == _calls(replace(world, manifests=(*_former(change, number, world),), siblings=()))
        for number, world in enumerate(worlds)
    )


def _former(change: Change, number: int, world: World) -> Iterator[Manifest]:
    """The objects of a world as they were before the change, each in its place."""
    output = change.part.compilation.project.output.path
    former: dict[str, list[Manifest]] = {}
    for manifest in packed_objects(change.former or {}, number, output):
        former.setdefault(manifest.document.source.path, []).append(manifest)
    for path, own in groupby(world.manifests, lambda each: each.document.source.path):
        yield from former.get(path, own)


def _calls(world: World) -> list[tuple[Any, ...]]:
    """The calls of a world, and those to services that call others, as plain data."""
    found = world.index.derived(hops)
    calling = {hop.caller for hop in found if hop.caller}
    inwards = (hop for hop in (*found, *own_routes(world.index)) if hop.caller or hop.callee in calling)
    return [*_plain(inwards)]


def _plain(found: Iterable[Hop]) -> Iterator[tuple[Any, ...]]:
    for hop in found:
        yield (
            hop.caller,
            hop.callee,
            hop.manifest.document.source.path,
            hop.manifest.document.index,
            hop.path,
            hop.timeout,
            hop.per_try,
            hop.retries,
            hop.retries_written,
            hop.routed,
            hop.first_wait,
            *(hop.setting(*each) for each in _SETTINGS),
        )
