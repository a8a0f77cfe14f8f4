"""What the rules that compare with the base find after a change that others may see: they run again for what is linked to it.

Of both meshes, that of the files on disk and that of the base, only the services that have changed are taken and those that they are
linked to in either, over however many others. What is around all services must be the same in both.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any

from sailwright.commands.check.either_links import EitherLinks, links_kept
from sailwright.commands.lint.links import links_of
from sailwright.commands.lint.units import places_of, plain_seen, rendered_from_services, seen_earlier
from sailwright.commands.rules import rule_of_module
from sailwright.commands.traces import Trace, part_digest, trace_of
from sailwright.lint.compared import run_compared
from sailwright.lint.deduplicate import WorldFinding
from sailwright.lint.link_table import Collected, by_hand, leads_on
from sailwright.lint.links import Links, Places, add_links
from sailwright.lint.new_links import tables
from sailwright.lint.noted_fields import Noted, noting_worlds
from sailwright.lint.run_rules import EnabledRule
from sailwright.mesh.queries.uncertain import any_uncertain
from sailwright.mesh.values import kinds
from sailwright.mesh.values.hosts import overlap
from sailwright.mesh.world import World
from sailwright.runtime.records import dataclass, replace
from sailwright.source.manifest import Manifest
from sailwright.workspace.around_services import digest_around
from sailwright.workspace.kept_commit import packed_commit
from sailwright.workspace.packed_services import packed_objects
from sailwright.workspace.parallel import with_packed
from sailwright.workspace.service_change import namespaces_after
from sailwright.workspace.worlds import build_worlds

if TYPE_CHECKING:
    from sailwright.lint.suppression_audit import Names
    from sailwright.mesh.facts import Facts
    from sailwright.runtime.store import Pending, Store
    from sailwright.workspace.kept_rendering import Part
    from sailwright.workspace.selection import WorldSet


def keep_both(store: Store, name: str, after: WorldSet, before: WorldSet | None) -> dict[str, Any]:
    """Keep who is linked to whom in either mesh; what to know of it. Nothing where what is around all services differs."""
    if before is None or not _same_around(after, before):
        return {"links": None}
    collected, services = Collected(), rendered_from_services(after)
    written = by_hand(((world.manifests, places_of(world)) for world in after.worlds), services)
    for world in after.worlds:
        collected.add(world.manifests, services | written, places_of(world))
    services = rendered_from_services(before)
    for world in before.worlds:
        own = (each for each in world.manifests if each.document.source.path in services)
        collected.add(own, services, places_of(world))
    places = [places_of(world).plain() for world in after.worlds]
    return {"links": EitherLinks(*tables(collected)).keep(store, name), "places": places}


def _same_around(after: WorldSet, before: WorldSet) -> bool:
    sides = [[(world.environment, world.cluster, *_facts(world)) for world in each.worlds] for each in (after, before)]
    return sides[0] == sides[1] and _around(after) == _around(before)


def _facts(world: World) -> tuple[Facts, list[Any]]:
    """The facts of a world, and apart from them the Gateways that sailwright.yaml declares: objects are equal to themselves alone."""
    known = world.facts.known
    alone = replace(world.facts, known=replace(known, declared_gateways=()))
    return alone, [each.value for each in known.declared_gateways]


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

    `known` is what is known of the lint, `services` are the digests of what is rendered of each service file, `names` what those in suppressions mean; `since` gives what was read of services that have changed.
    What is kept is written by what is `pending`.
    """

    store: Store
    pending: Pending
    name: str
    rendering: str
    tree: str
    found: Mapping[str, Any]
    known: Mapping[str, Any]
    services: Mapping[str, str]
    names: Names | None
    packed: Callable[[frozenset[str]], Mapping[str, bytes] | None]
    since: Callable[[], Part | None]

    def alone(self, trace: Trace) -> dict[str, Any] | None:
        """What is known without a base, to be kept; None where that is not known. May raise LostRow."""
        since = self._since(trace)
        if since is None:
            return None
        now, gone, part = since
        renewed = self._renewed(trace, now, trace.noted)
        return {**self.found, **self._rendered(part, now, gone), "trace": renewed.plain()} if renewed else None

    def again(self, trace: Trace) -> dict[str, Any] | None:
        """What is found now, to be kept; None where that is not known without all services. May raise LostRow."""
        links, since = links_kept(self.store, self.name, self.found["links"]), self._since(trace)
        if links is None or since is None or self.known["uncertain"]:
            return None
        now, gone, part = since
        places = tuple(Places(*each) for each in self.found["places"])
        links = links.with_more({path: links_of(data, places) for path, data in now.items()}, len(trace.services))
        again = links.linked(now.keys() | gone, trace.services.keys() | now.keys()) if links is not None else None
        if links is None or again is None:
            return None
        compared, linked = again
        current = self.packed(linked & self.services.keys())
        former = packed_commit(self.store, self.rendering, self.tree, linked)
        if current is None or former is None:
            return None
        noted = set(trace.noted)
        found = self._compared(part, linked, current, former, noted)
        renewed = self._renewed(trace, now, noted)
        if found is None or renewed is None:
            return None
        ids = {rule: number for number, rule in enumerate(self.known["ids"])}
        others = seen_earlier({"seen": self.found["seen"]}, ids, self.known["places"])
        ours = self._files_of(linked, (current, former), part)
        kept = [each for each in others if ours.isdisjoint(each.finding.files)]
        if compared != linked:
            near = self._files_of(compared, (current, former), part)
            changed = self._files_of(now.keys() | gone, (current, former), part)
            kept = [each for each in others if _place(each) not in near]
            beside = [each for each in found if _place(each) not in near]
            if not all(changed.isdisjoint(each.finding.files) for each in (*kept, *beside)):
                return None
            found = [each for each in found if _place(each) in near]
        chosen = [each.rule.ID for each in self._rules()]
        seen = [plain_seen(each, self.known["ids"]) for each in kept] + [plain_seen(each, chosen) for each in found]
        more = {"trace": renewed.plain(), "seen": seen, "links": links.keep(self.pending, self.name)}
        return {**self.found, **self._rendered(part, now, gone), **more}

    def _since(self, trace: Trace) -> tuple[Mapping[str, bytes], AbstractSet[str], Part] | None:
        """What is rendered of the services that have changed or come since, those that are gone, and what was read of them.

        None where it is not there, or what is rendered around the services is another.
        """
        services = self.services
        changed = frozenset(path for path, digest in services.items() if trace.services.get(path) != digest)
        now, part = self.packed(changed), self.since()
        if now is None or part is None or digest_around(part) != self.found["rendered around"]:
            return None
        return now, trace.services.keys() - services.keys(), part

    def _files_of(
        self, services: AbstractSet[str], sides: Iterable[Mapping[str, bytes]], part: Part
    ) -> AbstractSet[str]:
        """The files of some services, what is rendered of them, and what was."""
        output = part.compilation.project.output.path
        found = {path for path, service in self.found["rendered"].items() if service in services} | services
        packed = (data for side in sides for service, data in side.items() if service in services)
        return found.union(*(_paths(data, output) for data in packed))

    def _rendered(self, part: Part, now: Mapping[str, bytes], gone: AbstractSet[str]) -> dict[str, Any]:
        """The rendered files, each with the file that it comes from."""
        output, former = part.compilation.project.output.path, self.found["rendered"]
        found = {path: service for path, service in former.items() if service not in now and service not in gone}
        for service, data in now.items():
            files, _ = marshal.loads(data)  # noqa: S302  # sealed: this user's own program wrote it
            found |= {f"{output}/{path}": service for _, _, path, *_ in files}
        return {"rendered": found}

    def _compared(
        self,
        part: Part,
        linked: frozenset[str],
        current: Mapping[str, bytes],
        former: Mapping[str, bytes],
        noted: Noted,
    ) -> Sequence[WorldFinding] | None:
        """What the rules find in the services that are `linked`: as they are on disk now, and as they were at the base. None where one of
        them crashes, or something hangs on what is not linked. The fields that are read are `noted`.
        """
        compilation, inhabited = part.compilation, namespaces_after(part.change, part.records)
        nothing = dict.fromkeys(compilation.targets, ())
        rendered = with_packed(compilation, nothing, current, (), None, inhabited)
        output = compilation.project.output.path
        files = {f"{output}/{file.path}" for each in rendered.files.values() for file in each if file.source in linked}
        whole = build_worlds(rendered, absent=self.known["around"][2]).worlds
        worlds = [part_of(world, files | linked) for world in whole]
        bases = [world_at_base(world, number, former, output, files) for number, world in enumerate(worlds)]
        if any(any_uncertain(world.index) for world in (*worlds, *bases)) or selected_at_large(worlds, bases):
            return None
        return run_compared(noting_worlds(tuple(worlds), noted, files), bases, [*self._rules()], self.names)

    def _renewed(self, trace: Trace, now: Mapping[str, bytes], noted: Noted) -> Trace | None:
        """The trace of what is found now; where more was read than before, that of all services. None where these are not there."""
        services = self.services
        if noted == trace.noted:
            parts = {path: each for path, each in trace.parts.items() if path in services}
            parts |= {path: part_digest(data, noted) for path, data in now.items()}
            return replace(trace, services=services, parts=parts)
        packed = self.packed(frozenset(services))
        return trace_of(services, packed, noted) if packed is not None else None

    def _rules(self) -> Iterator[EnabledRule]:
        for module, severity, parameters in self.found["rules"]:
            rule = rule_of_module(module)
            if rule is not None:
                yield EnabledRule(rule, severity, parameters)


def selected_at_large(worlds: Sequence[World], bases: Sequence[World]) -> bool:
    """Whether one side has subsets of a service that selects nothing: their pods may be any of its namespace, which nothing links to it."""
    for pair in zip(worlds, bases, strict=True):
        hosts = {rule.host for side in pair for rule in side.index.destination_rules if rule.subsets}
        services = (each for side in pair for each in (*side.index.services, *side.index.service_entries))
        unselecting = {host for each in services if not each.selector for host in each.hosts}
        wild = {host for host in hosts | unselecting if host.startswith("*")}
        others = ((one, other) for one in wild for other in (hosts if one in unselecting else unselecting))
        if not hosts.isdisjoint(unselecting) or any(overlap(*both) for both in others):
            return True
    return False


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


def _place(found: WorldFinding) -> str:
    """The file where a finding is: what is rendered, where it is about that."""
    return found.finding.rendered.file if found.finding.rendered is not None else found.finding.location.file


def _paths(data: bytes, output: str) -> Iterator[str]:
    """The files of a service: those it comes from, and those it is rendered to."""
    files, sources = marshal.loads(data)  # noqa: S302  # sealed: this user's own program wrote it
    yield from (path for path, *_ in sources)
    yield from (f"{output}/{path}" for _, _, path, *_ in files)
