"""What is linked to an object over more than two others has no part in what a rule finds in it: shown by the examples of every rule.

Each object is a service by itself, so that what is near it is less than in any project. Only rules that follow calls look further.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.lint.test_links import NEVER_APART, RULES_OF_A_KIND, Mesh, found_by, meshes

from sailwright.lint.linked_nodes import REACH, Linked
from sailwright.lint.run_alone import NeedsMesh
from sailwright.lint.run_linked import LinkedRun, run_linked
from sailwright.lint.run_rules import EnabledRule, run_rules
from sailwright.lint.units import Units
from sailwright.lint.whole_mesh import FOLLOWS_CALLS, asks_whole_mesh
from sailwright.mesh.queries.traits import traits
from sailwright.mesh.queries.uncertain import any_uncertain
from sailwright.mesh.world import World

LOOKING_NEAR = [rule for rule in RULES_OF_A_KIND if not asks_whole_mesh(rule) and rule.ID not in FOLLOWS_CALLS]


def near(mesh: Mesh) -> Iterator[tuple[frozenset[str], frozenset[str], tuple[World, ...]]]:
    """The files of each service, those of the services that are near it, and the worlds of these and of all that is of no service."""
    edges, nodes = Linked(mesh.table.edges), mesh.table.nodes
    written = {
        number for number, path in enumerate(nodes) if path not in mesh.services.values() or path in mesh.services
    }
    for number, node in enumerate(nodes):
        found = edges.near({number}, REACH, written, len(nodes))
        if not node or found is None:
            continue
        units = {nodes[each] for each in found}
        files = frozenset(path for path, unit in mesh.services.items() if unit in units)
        if not mesh.present | files >= mesh.services.keys():
            own = frozenset(path for path in files if mesh.services[path] == node)
            yield own, files, mesh.worlds_of(files | mesh.present)


def compare(rule: Any, mesh: Mesh) -> int:
    """Compare what a rule finds in each service beside what is near it with what it finds in the whole; how many were compared."""
    if any(any_uncertain(world.index) for world in mesh.worlds):
        return 0
    chosen = [EnabledRule(rule, parameters=mesh.example.parameters)]
    places = [{path: f"{place:06}" for place, path in enumerate(files)} for files in mesh.files]
    units = Units(mesh.services, tuple(places))
    runs = [run_rules([world], chosen, units, number) for number, world in enumerate(mesh.worlds)]
    whole = [(number, each) for number, run in enumerate(runs) for each in run.found]
    absent = frozenset(path for run in runs for _, path in run.absent)
    told = [traits(world.index) for world in mesh.worlds]
    compared = 0
    for own, files, worlds in near(mesh):
        if not all(each.still(traits(part.index), files) for each, part in zip(told, worlds, strict=True)):
            continue
        for each, part in zip(told, worlds, strict=True):
            each.tell(part.index)
        try:
            run = run_linked(worlds, chosen, LinkedRun(own, own, frozenset([rule.ID]), places), set())
        except NeedsMesh:
            continue
        if absent.isdisjoint(own) and not run.absent:
            numbers = {id(world): number for number, world in enumerate(worlds)}
            mine = [(numbers[id(each.world)], each) for each in run.found]
            assert found_by(mine, own) == found_by(whole, own), (sorted(own), sorted(files))
            compared += 1
    return compared


@pytest.mark.parametrize("rule", LOOKING_NEAR, ids=lambda rule: rule.ID)
def test_a_rule_looks_no_further_than_what_is_near(rule: Any) -> None:
    compared = sum(compare(rule, mesh) for mesh in meshes(rule))
    assert compared or rule.ID in NEVER_APART


def test_rules_look_further_than_one_step() -> None:
    """Of what is over one object only, less is seen: the comparison can fail."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.lint.test_reach.REACH", 1)
        (rule,) = (each for each in LOOKING_NEAR if each.ID == "peer-authentication-conflict")
        with pytest.raises(AssertionError):
            [compare(rule, mesh) for mesh in meshes(rule)]
