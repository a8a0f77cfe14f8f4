"""What is not linked to an object has no part in what a rule finds in it: shown by the examples of every rule.

Each example is put together with others whose objects have other names, and taken apart again by links. Rules find in each part, around
which there is nothing but what is around all, what they find in it in the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from random import Random
from typing import Any

import pytest

from sailwright.lint.link_table import Collected, LinkTable, by_hand, table_of
from sailwright.lint.linked_nodes import Linked
from sailwright.lint.links import Places
from sailwright.lint.rule import Example, examples
from sailwright.lint.run_alone import NeedsMesh
from sailwright.lint.run_linked import LinkedRun, run_linked
from sailwright.lint.run_rules import EnabledRule, WorldProblem, run_rules
from sailwright.lint.units import Units
from sailwright.lint.whole_mesh import asks_whole_mesh
from sailwright.mesh.queries.traits import traits
from sailwright.mesh.queries.uncertain import any_uncertain
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest, manifests
from sailwright.source.source import parse
from sailwright_policies import RULES

RULES_OF_A_KIND = [rule for rule in RULES if hasattr(rule, "KIND")]
EXAMPLES = {
    rule.ID: [each for each in (*examples(rule.BAD), *examples(rule.GOOD)) if each.base is None]
    for rule in RULES_OF_A_KIND
}
EVERY = [each for several in EXAMPLES.values() for each in several if not each.text.startswith("services:")]

BACKGROUND = """
apiVersion: v1
kind: Service
metadata: {name: clock, namespace: tower}
spec: {selector: {app: clock}, ports: [{name: http, port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: clock, namespace: tower}
spec: {template: {metadata: {labels: {app: clock}}, spec: {containers: [{name: clock, image: "example.com/clock:1"}]}}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: clock, namespace: tower}
spec: {host: clock}
"""
"""Objects that are around all others, so that a part of a mesh has what most meshes have."""

_KEPT = frozenset(("default", "http", "v1", "v2", "istio-system", "cluster", "local", "name", "app", "mesh", "istio"))


def words_of(text: str) -> list[str]:
    """The names of an example's objects, their namespaces and labels, the longest first."""
    words = {"shop", "cart", "reviews", "ratings", "front"}
    for manifest in manifests(parse("example.yaml", text.encode())):
        words |= {manifest.name, manifest.namespace or "", *manifest.labels.values()}
    plain = (word for word in words - _KEPT if re.fullmatch(r"[a-z][a-z0-9-]+", word))
    return sorted(plain, key=lambda word: (-len(word), word))


def renamed(text: str) -> str:
    """An example whose objects, labels and hosts have other names."""
    plain = words_of(text)
    changed = re.sub(rf"(?<![\w.-])({'|'.join(plain)})(?![\w-])(?!:)", r"\1-zq", text)
    return changed.replace("example.com", "example.org").replace("10.0.", "10.9.")


Files = Mapping[str, tuple[Manifest, ...]]


def files_of(text: str, prefix: str) -> Files:
    """Each object of an example in a file of its own."""
    pieces = re.split(r"^---.*$", text, flags=re.MULTILINE)
    parsed = {f"{prefix}{number}.yaml": piece for number, piece in enumerate(pieces) if piece.strip()}
    return {path: manifests(parse(path, piece.encode())) for path, piece in parsed.items()}


def is_around(manifest: Manifest) -> bool:
    """Whether an object is of no service: what is around, in most projects."""
    return manifest.kind in ("Namespace", "Gateway") or manifest.api_version.startswith("sailwright/")


class Mesh:
    """The worlds of some files, each file a service but for those that are around."""

    def __init__(self, worlds: Iterable[Files], example: Example, around: Iterable[str]) -> None:
        background = files_of(BACKGROUND, "background")
        self.files = [{**background, **files} for files in worlds]
        self.example = example
        self.services = {
            path: _unit(path)
            for files in self.files
            for path, found in files.items()
            if path not in background and path not in around and not any(map(is_around, found))
        }
        self.worlds = self.worlds_of(path for files in self.files for path in files)
        self.places = [
            Places(each.facts.cluster_domain, each.index.unnamed, each.index.mesh.root_namespace)
            for each in self.worlds
        ]
        clusters = [(world.manifests, places) for world, places in zip(self.worlds, self.places, strict=True)]
        self.services |= by_hand(clusters, self.services)
        collected = Collected()
        for found, places in clusters:
            collected.add(found, self.services, places)
        self.table: LinkTable = table_of(collected.table().plain())

    @property
    def present(self) -> frozenset[str]:
        """The files of no service: they are there, whatever the part."""
        return frozenset(path for files in self.files for path in files if self.services.get(path, path) == path)

    def worlds_of(self, paths: Iterable[str]) -> tuple[World, ...]:
        """The worlds of some of the files."""
        made: list[World] = []
        wanted = frozenset(paths)
        for files in self.files:
            found = chain.from_iterable(each for path, each in files.items() if path in wanted)
            made.append(World(tuple(found), self.example.facts, self.example.environment, siblings=tuple(made)))
        return tuple(made)

    def parts(self) -> Iterator[tuple[frozenset[str], tuple[World, ...]]]:
        """The files of services that are linked to each other, and the worlds of these and of all that is of no service."""
        done: set[int] = set()
        for number, node in enumerate(self.table.nodes):
            found = Linked(self.table.edges).component([number], len(self.table.nodes)) or set()
            if not node or number in done:
                continue
            done |= found
            nodes = {self.table.nodes[each] for each in found}
            files = frozenset(path for path, unit in self.services.items() if unit in nodes)
            if not self.present | files >= self.services.keys():
                yield files, self.worlds_of(files | self.present)


def _unit(path: str) -> str:
    """The clusters of an environment have the objects of one service in the files of one."""
    return f"unit of {path}"


def found_by(problems: Iterable[tuple[int, WorldProblem]], files: frozenset[str]) -> list[tuple[object, ...]]:
    """What was found in some files, in comparable form and in its order."""
    found: list[tuple[object, ...]] = []
    for number, each in problems:
        if each.file in files:
            problem = each.problem
            related = [(id(manifest), path, text) for manifest, path, text in problem.related]
            place = (number, each.file, each.turn[0], id(problem.manifest), problem.path)
            found.append((*place, problem.message, problem.help, problem.severity, related))
    return found


def compare(rule: Any, mesh: Mesh) -> int:
    """Compare what a rule finds in the parts of a mesh with what it finds in the whole; how many parts were compared."""
    if any(any_uncertain(world.index) for world in mesh.worlds):
        return 0
    chosen = [EnabledRule(rule, parameters=mesh.example.parameters)]
    places = [{path: f"{place:06}" for place, path in enumerate(files)} for files in mesh.files]
    units = Units(mesh.services, tuple(places))
    runs = [run_rules([world], chosen, units, number) for number, world in enumerate(mesh.worlds)]
    whole = [(number, each) for number, run in enumerate(runs) for each in run.found]
    absent = frozenset(path for run in runs for _, path in run.absent)
    compared = 0
    for files, worlds in mesh.parts():
        told = [traits(world.index) for world in mesh.worlds]
        if not all(each.still(traits(part.index), files) for each, part in zip(told, worlds, strict=True)):
            continue
        for each, part in zip(told, worlds, strict=True):
            each.tell(part.index)
        try:
            run = run_linked(worlds, chosen, LinkedRun(files, files, frozenset([rule.ID]), places), set())
        except NeedsMesh:
            continue
        if absent.isdisjoint(files) and not run.absent:
            numbers = {id(world): number for number, world in enumerate(worlds)}
            mine = [(numbers[id(each.world)], each) for each in run.found]
            assert found_by(mine, files) == found_by(whole, files), (sorted(files), mesh.table.edges)
            compared += 1
    return compared


def meshes(rule: Any) -> Iterator[Mesh]:
    """The examples of a rule, each put together with others."""
    chance = Random(rule.ID)
    for example in EXAMPLES[rule.ID]:
        own = files_of(example.text, "own")
        others = [example, chance.choice(EXAMPLES[rule.ID]), chance.choice(EVERY), chance.choice(EVERY)]
        beside = [files_of(renamed(other.text), f"other{number}-") for number, other in enumerate(others)]
        around = [path for path in own if chance.random() < 1 / 3]
        siblings = [files_of(example.sibling, "own")] if example.sibling else []
        yield Mesh([*siblings, own], example, ())
        yield Mesh([*siblings, own], example, around)
        for one, other in ((0, 1), (2, 3)):
            more = {**beside[one], **beside[other]}
            yield Mesh([*siblings, {**more, **own}], example, around if one else ())
            yield Mesh([*siblings, {**own, **more}], example, ())


@pytest.mark.parametrize("rule", RULES_OF_A_KIND, ids=lambda rule: rule.ID)
def test_what_is_not_linked_has_no_part_in_what_is_found(rule: Any) -> None:
    compared = sum(compare(rule, mesh) for mesh in meshes(rule))
    assert compared or asks_whole_mesh(rule) or rule.ID in NEVER_APART


NEVER_APART = frozenset(
    (
        # compare with another commit, of which a lint that knows the last run has none
        "selector-changed",
        "version-born-with-weight",
        # have examples about ambient mode
        "destination-rule-without-waypoint",
        "extension-at-ztunnel",
        "policy-at-ztunnel",
        "route-without-waypoint",
        "virtual-service-without-waypoint",
        "waypoint-bypassed",
        "waypoint-listener",
        "waypoint-unused",
        # have subjects that are linked to all, or that nothing can be put beside
        "authorization-star-inside",
        "gateway-api-stable-unserved",
        "lightstep-provider",
        "removed-istiod-flag",
        "webhook-url-address",
        "webhook-url-invalid",
    )
)
"""Rules whose examples are never judged in parts: what they find hangs on all of a mesh."""


def test_the_project_file_is_judged_with_the_whole_mesh() -> None:
    """Its rules ask about all workloads, so it is never one of the files that are judged with what they are linked to."""
    text = "apiVersion: sailwright/v1alpha1\nservices: [services/*/service.yaml]\n"
    files = {"sailwright.yaml": manifests(parse("sailwright.yaml", text.encode())), **files_of(BACKGROUND, "by-hand")}
    found = chain.from_iterable(files.values())
    assert set(by_hand([(tuple(found), Places())], {})) == {"by-hand0.yaml", "by-hand1.yaml", "by-hand2.yaml"}
