"""What the rules that compare with the base find after a change that others may see: they run again for what is linked to it.

Of both meshes, that of the files on disk and that of the base, only the services that have changed are taken and those that they are
linked to in either, over however many others. What is around all services must be the same in both.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from sailwright.commands.lint.links import edges_besides, keep_table, table_kept
from sailwright.commands.lint.units import places_of, plain_seen, rendered_from_services, seen_earlier
from sailwright.commands.rules import rule_of_module
from sailwright.commands.traces import Trace, part_digest, trace_of
from sailwright.lint.compared import run_compared
from sailwright.lint.link_table import Collected, by_hand, component, leads_on
from sailwright.lint.links import Links, Places, add_links
from sailwright.lint.noted_fields import Noted, noting_worlds
from sailwright.lint.run_rules import EnabledRule
from sailwright.mesh.queries.uncertain import any_uncertain
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.runtime.records import dataclass, replace
from sailwright.source.manifest import Manifest
from sailwright.workspace.kept_commit import packed_commit
from sailwright.workspace.packed_services import packed_objects
from sailwright.workspace.parallel import with_packed
from sailwright.workspace.worlds import build_worlds

if TYPE_CHECKING:
    from sailwright.lint.suppression_audit import Names
    from sailwright.runtime.store import Store
    from sailwright.workspace.compile import Compilation
    from sailwright.workspace.selection import WorldSet

KIND = "compared links"
"""Of the entry that has who is linked to whom in either mesh."""

_MOST: Final = 100
"""Services that are linked to each other, and are compared by themselves."""
_PART: Final = 4
"""Of so many services one: of more, all are compared."""


def keep_both(store: Store, name: str, after: WorldSet, before: WorldSet | None) -> dict[str, Any]:
    """Keep who is linked to whom in either mesh; what to know of it. Nothing where what is around all services differs."""
    if before is None or not _same_around(after, before):
        return {"links": None}
    collected = Collected()
    services = rendered_from_services(after)
    written = by_hand(((world.manifests, places_of(world)) for world in after.worlds), services)
    for world in after.worlds:
        collected.add(world.manifests, services | written, places_of(world))
    services = rendered_from_services(before)
    for world in before.worlds:
        own = (each for each in world.manifests if each.document.source.path in services)
        collected.add(own, services, places_of(world))
    places = [places_of(world).plain() for world in after.worlds]
    return {"links": keep_table(store, name, collected.table(), KIND), "places": places}


def _same_around(after: WorldSet, before: WorldSet) -> bool:
    sides = [[(world.environment, world.cluster, world.facts) for world in each.worlds] for each in (after, before)]
    return sides[0] == sides[1] and _around(after) == _around(before)


def _around(found: WorldSet) -> list[Any]:
    services = rendered_from_services(found)
    return [
        [
            (each.document.source.path, each.value)
            for each in world.manifests
            if each.document.source.path not in services
        ]
        for world in found.worlds
    ]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was found in the last comparison with the base of this `tree` (`found`), and what is rendered now.

    `known` is what is known of the lint, `names` what those in suppressions mean; `compiled` gives what was read of changed services.
    """

    store: Store
    name: str
    rendering: str
    tree: str
    found: Mapping[str, Any]
    known: Mapping[str, Any]
    names: Names | None
    packed: Callable[[frozenset[str]], Mapping[str, bytes] | None]
    compiled: Callable[[], Compilation | None]

    def again(self, trace: Trace) -> dict[str, Any] | None:
        """What is found now, to be kept; None where that is not known without all services."""
        services: Mapping[str, str] = self.known["services"]
        changed = frozenset(path for path, digest in services.items() if trace.services.get(path) != digest)
        now, compilation = self.packed(changed), self.compiled()
        if services.keys() != trace.services.keys() or now is None or compilation is None:
            return None
        linked = self._linked(now)
        if linked is None:
            return None
        current = self.packed(linked & services.keys())
        former = packed_commit(self.store, self.rendering, self.tree, linked)
        if current is None or former is None:
            return None
        rendered = with_packed(compilation, dict.fromkeys(compilation.targets, ()), current, (), None)
        output = compilation.project.output.path
        files = {f"{output}/{file.path}" for each in rendered.files.values() for file in each if file.source in linked}
        noted = set(trace.noted)
        whole = build_worlds(rendered).worlds
        written = {each.document.source.path for world in whole for each in world.manifests} - files
        if not linked - services.keys() <= written:
            return None
        worlds = [part_of(world, files | linked) for world in whole]
        bases = [world_at_base(world, number, former, output, files) for number, world in enumerate(worlds)]
        if any(any_uncertain(world.index) for world in (*worlds, *bases)):
            return None
        found = run_compared(noting_worlds(tuple(worlds), noted, files), bases, [*self._rules()], self.names)
        renewed = self._renewed(trace, now, noted)
        if found is None or renewed is None:
            return None
        paths = (
            files | {path for data in (*current.values(), *former.values()) for path in _paths(data, output)} | linked
        )
        ids = {rule: number for number, rule in enumerate(self.known["ids"])}
        others = seen_earlier({"seen": self.found["seen"]}, ids, self.known["places"])
        kept = [each for each in others if paths.isdisjoint(each.finding.files)]
        chosen = [each.rule.ID for each in self._rules()]
        seen = [plain_seen(each, self.known["ids"]) for each in kept] + [plain_seen(each, chosen) for each in found]
        return {**self.found, "trace": renewed.plain(), "seen": seen}

    def _renewed(self, trace: Trace, now: Mapping[str, bytes], noted: Noted) -> Trace | None:
        """The trace of what is found now; where more was read than before, that of all services. None where these are not there."""
        services: Mapping[str, str] = self.known["services"]
        if noted == trace.noted:
            parts = {path: part_digest(data, noted) for path, data in now.items()}
            return replace(trace, services=services, parts={**trace.parts, **parts})
        packed = self.packed(frozenset(services))
        return trace_of(services, packed, noted) if packed is not None else None

    def _rules(self) -> Iterator[EnabledRule]:
        for module, severity, parameters in self.found["rules"]:
            rule = rule_of_module(module)
            if rule is not None:
                yield EnabledRule(rule, severity, parameters)

    def _linked(self, now: Mapping[str, bytes]) -> frozenset[str] | None:
        """The services that have changed, with those that they are linked to; None where these are many, or offer others more now."""
        digest = self.found.get("links")
        table = table_kept(self.store, self.name, digest, KIND) if digest is not None else None
        if table is None:
            return None
        places = tuple(Places(*each) for each in self.found["places"])
        edges = edges_besides(table, table.edges, now, places)
        if edges is None:
            return None
        numbers = table.numbers()
        most = min(_MOST, len(numbers) // _PART + 1)
        found = component(edges, (numbers[path] for path in now), most)
        if found is None or any(not table.nodes[number] for number in found):
            return None
        return frozenset(table.nodes[number] for number in found)


def part_of(world: World, files: set[str]) -> World:
    """A world without hand-written objects that nothing links to its services."""
    places = places_of(world)
    kept = (each for each in world.manifests if each.document.source.path in files or not _leads_on(each, places))
    return replace(world, manifests=tuple(kept), siblings=())


def _leads_on(manifest: Manifest, places: Places) -> bool:
    add_links(links := Links(), manifest.value, places)
    return leads_on(kinds.kind_of(manifest.api_version, manifest.kind), links)


def world_at_base(world: World, number: int, former: Mapping[str, bytes], output: str, files: set[str]) -> World:
    """What the same services were at the base, among what is around them now: that is the same."""
    around = (each for each in world.manifests if each.document.source.path not in files)
    return replace(world, manifests=(*packed_objects(former, number, output), *around), siblings=())


def _paths(data: bytes, output: str) -> Iterator[str]:
    """The files of a service: those it comes from, and those it is rendered to."""
    files, sources = marshal.loads(data)  # noqa: S302  # sealed: this user's own program wrote it
    yield from (path for path, *_ in sources)
    yield from (f"{output}/{path}" for _, _, path, *_ in files)
