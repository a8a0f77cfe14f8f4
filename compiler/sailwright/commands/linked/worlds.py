"""The part of a project's worlds that answers a question about some hosts and namespaces: what these are linked to, and nothing else.

Who is linked to whom (see `lint.link_table`) is kept as of a run that saw the whole worlds, where they are sound and have nothing of the
Gateway API: of that, routes count that share no more than a Gateway.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from sailwright.commands.linked.around import Around, around_files, around_of
from sailwright.commands.lint.links import links_of
from sailwright.commands.lint.units import places_of, rendered_from_services
from sailwright.diagnostics.finding import any_error
from sailwright.lint.link_table import Collected, LinkTable, table_of
from sailwright.lint.linked_nodes import Linked as LinkedNodes
from sailwright.lint.links import Links, Places, add_links
from sailwright.lint.new_links import Unanswered, tables
from sailwright.mesh.values import kinds
from sailwright.runtime.records import dataclass, replace
from sailwright.runtime.store import open_store
from sailwright.runtime.table import LostRow
from sailwright.source.source import Source
from sailwright.workspace.kept_rendering import KeptRendering, Part, kept_rendering
from sailwright.workspace.program import program
from sailwright.workspace.service_rows import name_of
from sailwright.workspace.worlds import build_worlds, hand_written, manifest_files

if TYPE_CHECKING:
    from sailwright.runtime.cache import Cache
    from sailwright.workspace.compile import LoadedProject
    from sailwright.workspace.selection import WorldSet

_KIND = "linked services"
MOST: Final = 500
PART: Final = 2
"""Of so many services one: where more are linked, the whole worlds are asked."""
_NONE: Final = -1
GATEWAY_API: Final = frozenset(
    (
        kinds.KUBERNETES_GATEWAY,
        kinds.HTTP_ROUTE,
        kinds.GRPC_ROUTE,
        kinds.TCP_ROUTE,
        kinds.TLS_ROUTE,
        kinds.REFERENCE_GRANT,
    )
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question is about: names of hosts as they are written, each with the namespace of who writes it, and namespaces as a whole."""

    hosts: tuple[tuple[str, str], ...]
    namespaces: frozenset[str]


def keep_linked_services(found: WorldSet, cache: Cache) -> None:
    """Keep who is linked to whom in worlds that are sound and of which most comes from the store."""
    rendered, compilation = found.rendered, found.rendered.compilation
    store = open_store(cache, compilation.project.checkout.root)
    if store.path is None or not rendered.digests or rendered.records is None:
        return
    if any(
        kinds.kind_of(each.api_version, each.kind) in GATEWAY_API for world in found.worlds for each in world.manifests
    ):
        return
    collected, services = Collected(), rendered_from_services(found)
    for world in found.worlds:
        collected.add(world.manifests, services, places_of(world))
    paths = {path for target in compilation.targets for path in manifest_files(compilation.project, target)}
    written = {source.path: source for source in found.sources if source.path in paths}
    files = {path for record in rendered.records.values() for path in record.reads}
    around = around_files(compilation.project.checkout, files, written)
    keep_links(found, rendered.digests, around, tables(collected), cache)


def keep_links(
    found: WorldSet, digests: Mapping[str, str], around: Around, linked: tuple[LinkTable, Unanswered], cache: Cache
) -> None:
    """Keep who is `linked` to whom, and what is asked for in vain. `digests` are those of what is rendered of services, and `around` tells
    apart all else that was read.
    """
    compilation = found.rendered.compilation
    store = open_store(cache, compilation.project.checkout.root)
    table, unanswered = linked
    known = {
        "program": program(store),
        "around": around.others,
        "written": dict(around.written),
        "services": dict(digests),
        "places": [places_of(world).plain() for world in found.worlds],
        "table": table.plain(),
        "unanswered": unanswered.plain(),
    }
    store.keep(_KIND, name_of(compilation.targets), marshal.dumps(known))


@dataclass(frozen=True, slots=True)
class Linked:
    """The part of the worlds that a question is about; None where none is, or more than a part. `known` says whether links are known."""

    worlds: WorldSet | None = None
    known: bool = False


def linked_worlds(loaded: LoadedProject, asked: Asked, cache: Cache) -> Linked:
    """The part of the worlds that a question is about."""
    kept = kept_rendering(loaded, cache, injecting=True)
    known = kept.store.load_mapping(_KIND, kept.name) if kept is not None else {}
    if kept is None or known.get("program") != program(kept.store):
        return Linked()
    try:
        return _linked_worlds(loaded, asked, cache, kept, known)
    except LostRow:
        return Linked()


def _linked_worlds(
    loaded: LoadedProject, asked: Asked, cache: Cache, kept: KeptRendering, known: Mapping[str, Any]
) -> Linked:
    part = kept.part(loaded, cache)
    if part is None:
        return Linked()
    kept.recall(part)
    written = hand_written(part.compilation)
    sources = {path: each for path, each in written.items() if isinstance(each, Source)}
    findings = [*part.findings, *(problem for each in sources.values() for problem in each.problems)]
    if len(sources) < len(written) or any_error(findings):
        return Linked()
    around = around_of(part, sources)
    if (known["around"], known["written"]) != (around.others, around.written):
        return Linked()
    links = _links_now(kept, part, known)
    if links is None:
        return Linked()
    services = _linked(part, *links, asked)
    rendered = kept.linked(part, services) if services is not None else None
    return Linked(build_worlds(rendered, sources) if rendered is not None else None, known=True)


def known_links(kept: KeptRendering, part: Part, written: Mapping[str, Source]) -> Mapping[str, Any] | None:
    """What is known of links among whatever services and files by hand, where all else around them is the same."""
    known = kept.store.load_mapping(_KIND, kept.name)
    if known.get("program") != program(kept.store):
        return None
    return known if known["around"] == around_of(part, written).others else None


def _links_now(kept: KeptRendering, part: Part, known: Mapping[str, Any]) -> tuple[LinkTable, list[Places]] | None:
    """Who is linked to whom now. None where a service came or went, or a change since offers others more or less."""
    here = part.packed
    now, former = kept.digests(part), known["services"]
    if now.keys() != former.keys():
        return None
    changed = frozenset(path for path, each in now.items() if former[path] != each)
    packed = kept.others(part, changed - here.keys())
    if packed is None:
        return None
    table, places = table_of(known["table"]), [Places(*each) for each in known["places"]]
    numbers = table.numbers()
    edges = dict(table.edges)
    packed |= here
    for path in changed:
        links = links_of(packed[path], places)
        if path not in numbers or links.offered != _offered(table, numbers[path]):
            return None
        edges[numbers[path]] = table.asked(numbers[path], links)
    return replace(table, edges=edges), places


def _linked(part: Part, table: LinkTable, places: list[Places], asked: Asked) -> frozenset[str] | None:
    """The services that are linked to what is asked about; None where there are many, or a host is no service's."""
    numbers = table.numbers()
    first = _first(part, table, numbers, places, asked)
    found = LinkedNodes(table.edges).component(first, min(MOST, len(numbers) // PART)) if first is not None else None
    return table.services(found) if found is not None else None


def _first(
    part: Part, table: LinkTable, numbers: Mapping[str, int], places: Iterable[Places], asked: Asked
) -> set[int] | None:
    """The services of the namespaces, those whose hosts these are, and what speaks of these hosts; None where one is no service's."""
    found: set[int] = set()
    named = {(host, namespace): {*_full(host, namespace, place)} for host, namespace in asked.hosts for place in places}
    missing = set(named)
    for path, record in part.each_record():
        for _, key, hosts, *_ in record.exports:
            if key.partition("/")[0] in asked.namespaces:
                found.add(numbers[path])
            for each, full in named.items():
                if not full.isdisjoint(hosts):
                    found.add(numbers[path])
                    missing.discard(each)
    if missing:
        return None
    for host, namespace in asked.hosts:
        for place in places:
            links = Links()
            add_links(links, _naming(host, namespace), place)
            found.update(table.asked(_NONE, links))
    return found


def _full(host: str, namespace: str, place: Places) -> tuple[str, ...]:
    """The hosts that a caller may mean by a name."""
    domain = f"svc.{place.domain}"
    return host, f"{host}.{namespace}.{domain}", f"{host}.{domain}", f"{host}.{place.domain}"


def _naming(host: str, namespace: str) -> dict[str, Any]:
    """An object that names a host: its links are those of the name."""
    route = {"route": [{"destination": {"host": host}}]}
    metadata = {"name": "-", "namespace": namespace}
    return {
        "apiVersion": "networking.istio.io/v1", "kind": "VirtualService", "metadata": metadata, "spec": {"http": [route]},
    }  # fmt: skip


def _offered(table: LinkTable, number: int) -> set[int]:
    """What a node offers."""
    return {link for link, owner in zip(table.offered, table.owners, strict=True) if owner == number}
