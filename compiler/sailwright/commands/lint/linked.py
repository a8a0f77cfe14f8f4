"""The results of a lint after a change that others may see, from those of the last one: rules run again for what is linked to it.

The services that have changed, and those that they are linked to, over however many others, are a mesh by themselves: whatever a rule
asks about one of their objects, no other service has a part in the answer (see `lint.links`). What hangs on more is known of the last
run: the traits of the whole mesh, and which fields rules read for what is around all services. Where those change, all rules run.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from sailwright.commands.lint.change import Change, files_of, keep_renewed, suppresses_anew
from sailwright.commands.lint.links import keep_table, links_of, table_kept
from sailwright.commands.lint.results import LastRun
from sailwright.commands.lint.suppressions import names_of
from sailwright.commands.lint.units import places_of, seen_earlier
from sailwright.commands.rules import rule_of_module
from sailwright.lint.deduplicate import WorldFinding, resolve
from sailwright.lint.link_table import LinkTable, component
from sailwright.lint.links import Places, naming
from sailwright.lint.noted_fields import SERVICE_FILE, Noted, noting_worlds, same_object_but_for_unread, unread
from sailwright.lint.run_alone import NeedsMesh
from sailwright.lint.run_linked import LinkedRun, run_linked
from sailwright.lint.run_rules import EnabledRule, RuleRun, read_for
from sailwright.lint.suppression_audit import annotated
from sailwright.mesh.queries.traits import Traits, traits
from sailwright.mesh.world import World
from sailwright.runtime.records import replace
from sailwright.source.untyped import get
from sailwright.workspace.worlds import build_worlds

_MOST: Final = 500
"""Services that are linked to each other, and are judged by themselves."""
_NONE: Final = -1
_PART: Final = 2
"""Of so many services one: of more, all are judged."""


def after_linked_change(change: Change) -> LastRun | None:
    """What is known once rules have run for the changed services and for what is linked to them; None where more may be concerned."""
    last, known = change.last, change.last.known
    if not known.get("links") or suppresses_anew(change):
        return None
    former, current = change.former, change.part.packed
    if former is None or not _alike(former, current, set(map(tuple, known["around noted"]))):
        return None
    table = table_kept(last.store, last.name, known["links"])
    linked = _linked(change, table, former, current) if table is not None else None
    if table is None or linked is None:
        return None
    edges, nodes = linked
    rendered = change.kept.linked(change.part, nodes & known["services"].keys())
    if rendered is None:
        return None
    output = rendered.compilation.project.output.path
    own = {f"{output}/{file.path}" for each in rendered.files.values() for file in each if file.source in nodes}
    files = own | (nodes - known["services"].keys())
    noted = set(map(tuple, known["noted"]))
    worlds = noting_worlds(build_worlds(rendered, absent=known["around"][2]).worlds, noted, files)
    told = _told(known, worlds, files)
    if told is None or not files.isdisjoint(known["absent"]):
        return None
    noted_before = frozenset(noted)
    found = _judged(change, worlds, files, {*files, *(source.path for source in rendered.sources)}, noted)
    if found is None:
        return None
    seen, judged = found
    asking = replace(table, edges={number: each for number, each in edges.items() if each})
    began = judged.asked - frozenset(known["asked"])
    more = {
        "noted": sorted(noted_before | read_for(judged.reads, judged.asked)),
        "asked": sorted({*known["asked"], *began}),
        "rules": [each for each in known["rules"] if _id_of(each) not in began],
        "asking rules": [*known["asking rules"], *(each for each in known["rules"] if _id_of(each) in began)],
        "traits": [each.plain() for each in told],
        "links": keep_table(last.store, last.name, asking) if asking != table else known["links"],
    }
    return keep_renewed(change, seen, more)


def _id_of(plain: Sequence[Any]) -> str:
    """The ID of a rule, by the name of its module."""
    return str(plain[0]).rpartition(".")[2].replace("_", "-")


def _told(known: Mapping[str, Any], worlds: tuple[World, ...], files: set[str]) -> list[Traits] | None:
    """The traits of the whole mesh, where it is what it was; the worlds, which are parts of it, are told of them."""
    if [repr(world.index.mesh) for world in worlds] != known["around"][3]:
        return None
    told: list[Traits] = []
    for plain, world in zip(known["traits"], worlds, strict=True):
        whole, part = Traits(*plain), traits(world.index)
        if not whole.still(part, files):
            return None
        whole.tell(world.index)
        told.append(whole.after(part, files))
    return told


def _judged(
    change: Change, worlds: tuple[World, ...], files: set[str], linked: set[str], noted: Noted
) -> tuple[list[WorldFinding], RuleRun] | None:
    """What all rules find now, in whatever files, and the run of those for these files; None where that is not known without the others.

    `linked` are the files, and those that they come from.
    """
    known, ours = change.last.known, files_of(change)
    asked = frozenset(known["asked"])
    numbers = {rule: number for number, rule in enumerate(known["ids"])}
    names = names_of(known)
    seen = [
        each
        for each in seen_earlier(known, numbers, known["places"])
        if each.file not in (files if each.finding.rule in asked else ours)
    ]
    if any(
        each.finding.rule in asked and not (ours if each.file else linked).isdisjoint(each.finding.files)
        for each in seen
    ):
        return None
    run = LinkedRun(files, ours, asked, known["places"])
    try:
        judged = run_linked(worlds, _rules(known), run, noted)
    except Exception:  # noqa: BLE001 - whatever a rule does here, it is reported where all rules run
        return None
    ids = {id(world): number for number, world in enumerate(worlds)}
    seen += (
        WorldFinding(
            ids[id(each.world)],
            numbers[each.chosen.rule.ID],
            resolve(each),
            each.turn,
            each.file,
            annotated(each, names),
        )
        for each in judged.found
    )
    return seen, judged


def _rules(known: Mapping[str, Any]) -> Iterator[EnabledRule]:
    """The rules that have subjects: the objects are the same, so no others have any now."""
    for module, severity, parameters in (*known["rules"], *known["asking rules"]):
        rule = rule_of_module(module)
        if rule is None:
            raise NeedsMesh
        yield EnabledRule(rule, severity, parameters)


def _linked(
    change: Change, table: LinkTable, former: Mapping[str, bytes], current: Mapping[str, bytes]
) -> tuple[Mapping[int, tuple[int, ...]], frozenset[str]] | None:
    """The edges as they are now, and the services to which the changed ones are or were linked, with these.

    None where they offer others more or less than before, or are linked to too many.
    """
    numbers = table.numbers()
    edges, both = dict(table.edges), dict(table.edges)
    places = tuple(map(places_of, change.worlds))
    for path, data in current.items():
        old, new = links_of(former[path], places), links_of(data, places)
        if (
            path not in numbers
            or old.offered != new.offered
            or not _known(_names(data) - _names(former[path]), table, places)
        ):
            return None
        number = numbers[path]
        edges[number] = table.asked(number, new)
        both[number] = (*edges[number], *table.edges.get(number, ()))
    found = component(both, map(numbers.__getitem__, current), min(_MOST, len(numbers) // _PART + 1))
    if found is None:
        return None
    return edges, table.services(found)


def _known(names: Iterable[tuple[str, str]], table: LinkTable, places: tuple[Places, ...]) -> bool:
    """Whether some service has each of the names, in its namespace."""
    return all(table.asked(_NONE, naming(name, namespace, place)) for namespace, name in names for place in places)


def _alike(former: Mapping[str, bytes], current: Mapping[str, bytes], noted: Noted) -> bool:
    """Whether the services have the objects they had, of which nothing is another that was read for what is around them."""
    for path, data in current.items():
        (old_files, old_sources), (files, sources) = marshal.loads(former[path]), marshal.loads(data)  # noqa: S302
        if len(old_files) != len(files) or old_sources[1:] != sources[1:] or b"${" in sources[0][1]:
            return False
        (*_, before), (*_, after) = old_sources[0], sources[0]
        if len(before) != len(after) or not all(_same_keys(*pair, noted) for pair in zip(before, after, strict=True)):
            return False
        for (*old_place, old_objects, old_root), (*place, objects, root) in zip(old_files, files, strict=True):
            if old_place != place or old_root != root or len(old_objects) != len(objects):
                return False
            if not all(
                same_object_but_for_unread(old[0], new[0], noted) for old, new in zip(old_objects, objects, strict=True)
            ):
                return False
    return True


def _same_keys(old: Any, new: Any, noted: Noted) -> bool:
    """Whether two documents of a service file differ in no key that was read."""
    return isinstance(old, dict) and isinstance(new, dict) and unread(old, new, SERVICE_FILE, noted)


def _names(data: bytes) -> frozenset[tuple[str, str]]:
    """The texts by which the objects of a service name others, each with the namespace of the object."""
    files, _ = marshal.loads(data)  # noqa: S302  # what `pack` made
    values = [value for *_, objects, _ in files for value, _, _ in objects]
    return frozenset(
        (str(get(value, "metadata", "namespace")), name) for value in values for name in _named(value, named=False)
    )


def _named(value: Any, *, named: bool) -> Iterator[str]:
    if isinstance(value, dict):
        for key, found in value.items():
            yield from _named(found, named=named or key in _NAMING)
    elif isinstance(value, list):
        for found in value:
            yield from _named(found, named=named)
    elif named and isinstance(value, str):
        yield value


_NAMING: Final = frozenset(
    (
        "host", "hosts", "gateways", "delegate", "targetRef", "targetRefs", "parentRefs", "backendRef", "backendRefs", "hostnames",
        "serviceAccountName", "principals", "serviceAccounts", "namespaces", "exportTo", "sourceNamespace", "credentialName", "network",
    )
)  # fmt: skip
"""Keys below which an object names others: of what is in no file, any name of the mesh may be the one that was meant."""
