"""Who is linked to whom in a large project of which that is not kept: found row by row, so that a question loads no more than it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sailwright.commands.linked.around import around_of
from sailwright.commands.linked.worlds import keep_links
from sailwright.commands.lint.units import places_of
from sailwright.commands.portions.mesh import KeptServices, open_services
from sailwright.lint.link_table import Collected, LinkTable
from sailwright.lint.links import Places
from sailwright.lint.new_links import Unanswered, tables
from sailwright.runtime.cache import Cache
from sailwright.runtime.memory import one_at_a_time
from sailwright.runtime.process_pool import can_fork, elsewhere, processors, results_of
from sailwright.runtime.records import replace
from sailwright.runtime.store import open_store
from sailwright.runtime.table import LostRow
from sailwright.source.files.files import PROJECT_FILE
from sailwright.workspace.packed_services import packed_objects
from sailwright.workspace.selection import Selection

_GATEWAY_API: Final = b"gateway.networking.k8s.io"


def keep_links_in_portions(root: str, selection: Selection) -> bool:
    """Keep who is linked to whom in a large project; False where that is not known of it."""
    if not can_fork():
        return False
    cache = selection.cache
    try:
        services = open_services(replace(selection, injecting=True), root, open_store(cache, root), processors())
        return services is not None and keep_links_of(services, {}, cache)
    except LostRow:
        return False


def keep_links_of(services: KeptServices, former: Mapping[str, bytes], cache: Cache) -> bool:
    """Keep who is linked to whom, now or as services were that were others before (`former`); False where that is not known.

    May raise LostRow.
    """
    linked = elsewhere(lambda: _tables(services, former))
    if linked is None:
        return False
    around = around_of(services.part, services.written)
    keep_links(services.around, services.kept.digests(services.part), around, linked, cache)
    return True


def _tables(services: KeptServices, former: Mapping[str, bytes]) -> tuple[LinkTable, Unanswered] | None:
    """Who is linked to whom, and what is asked for in vain; None where there is something of the Gateway API."""
    jobs, worlds = processors(), services.around.worlds
    places = [places_of(world) for world in worlds]
    parts = results_of(range(jobs), lambda job: _links(services, places, services.rows[job::jobs]))
    written = (source.data for source in services.written.values())
    if None in parts or any(_GATEWAY_API in data for data in (*written, *former.values())):
        return None
    collected, output = Collected(), services.part.compilation.project.output.path
    for each in filter(None, parts):
        collected.offered.update(each.offered)
        collected.asked.update(each.asked)
    shared = {path: PROJECT_FILE for paths in services.shared for path in paths}
    for number, (world, place) in enumerate(zip(worlds, places, strict=True)):
        collected.add(world.manifests, shared, place)
        _add(collected, former, number, place, output)
    return tables(collected)


def _links(services: KeptServices, places: Sequence[Places], rows: Sequence[Sequence[str]]) -> Collected | None:
    """The links of some rows of services; None where there is something of the Gateway API. May raise LostRow."""
    collected, output = Collected(), services.part.compilation.project.output.path
    for paths in one_at_a_time(rows):
        for path, data in services.packed(paths).items():
            if _GATEWAY_API in data:
                return None
            for number, place in enumerate(places):
                _add(collected, {path: data}, number, place, output)
    return collected


def _add(collected: Collected, packed: Mapping[str, bytes], number: int, place: Places, output: str) -> None:
    for path, data in packed.items():
        own = list(packed_objects({path: data}, number, output))
        collected.add(own, {each.document.source.path: path for each in own}, place)
