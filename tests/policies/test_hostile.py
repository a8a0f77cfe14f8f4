"""Rules go on with what there is: no shape of a manifest makes one crash."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

import pytest

from sailwright.lint.judge import Chosen, judge
from sailwright.manifest import Manifest
from sailwright.mesh.world import World
from sailwright.rule import Rule, examples
from sailwright.source import parse
from sailwright_policies import RULES

WRONG: tuple[Any, ...] = (
    None,
    0,
    -1,
    2**70,
    1.5,
    True,
    "",
    "x",
    "*",
    "$",
    [],
    ["x", None, 3],
    {},
    {"x": 1},
    [{"x": []}],
)


def places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a tree: the collection and the key or index in it."""
    if isinstance(tree, dict | list):
        for key in list(tree) if isinstance(tree, dict) else range(len(tree)):
            yield tree, key
            yield from places(tree[key])


def broken(tree: Any, chance: random.Random) -> Any:
    """The tree with one or two of its values replaced by something else."""
    tree = copy.deepcopy(tree)
    for _ in range(chance.randint(1, 2)):
        found = list(places(tree))
        if found:
            holder, key = chance.choice(found)
            holder[key] = copy.deepcopy(chance.choice(WRONG))
    return tree


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.ID)
def test_no_shape_makes_a_rule_crash(rule: Rule) -> None:
    """Its own examples with values of any other type in any place."""
    chance = random.Random(rule.ID)
    for example in (*examples(rule.BAD), *examples(rule.GOOD)):
        documents = parse("example.yaml", example.text.encode()).documents
        for _ in range(8):
            manifests = [Manifest(broken(found.value, chance), found) for found in documents]
            world = World(tuple(each for each in manifests if isinstance(each.value, dict)), example.facts)
            judgement = judge([world], [Chosen(rule, parameters=example.parameters)])
            assert not judgement.crashes, (judgement.crashes, [each.value for each in world.manifests])
