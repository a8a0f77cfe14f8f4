"""A service that was found right and is made again is the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sailwright.project.service.overlay import Traced
from sailwright.project.service.reading import read_again, read_service
from sailwright.project.service.resolve import Target
from sailwright.project.service.trace import Trace
from sailwright.source.source import parse

ROOT = Path(__file__).parents[2]
FILES = sorted([*ROOT.glob("services/*/service.yaml"), *ROOT.glob("examples/**/service.yaml")])
TARGETS = (Target("staging"), Target("prod", "eu1"), Target("prod", "us1"))
DEFAULTS = "defaults: {defaults: {replicas: 3}, disruptionBudget: {minAvailable: 1}}\n"


@pytest.mark.parametrize("defaults", ["", DEFAULTS], ids=["alone", "defaults of the project"])
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_it_is_the_same_service(file: Path, defaults: str) -> None:
    document = parse("service.yaml", file.read_bytes(), "service").documents[0]
    project = parse("sailwright.yaml", defaults.encode(), "service").documents
    of_project = Traced(project[0].value["defaults"], Trace(project[0])) if defaults else None
    first = read_service(document, TARGETS, of_project)
    again = read_again(document, TARGETS, of_project)
    assert not first.findings
    assert not again.findings
    assert [(each.environment, each.cluster) for each in again.services] == [
        (each.environment, each.cluster) for each in first.services
    ]
    assert [each.tree for each in again.services] == [each.tree for each in first.services]
    assert list(map(repr, again.services)) == list(map(repr, first.services))


@pytest.mark.parametrize("defaults", ["", DEFAULTS], ids=["alone", "defaults of the project"])
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_so_it_is_of_trees_that_were_kept(file: Path, defaults: str) -> None:
    document = parse("service.yaml", file.read_bytes(), "service").documents[0]
    project = parse("sailwright.yaml", defaults.encode(), "service").documents
    of_project = Traced(project[0].value["defaults"], Trace(project[0])) if defaults else None
    first = read_service(document, TARGETS, of_project).services
    numbers = {target: number for number, target in enumerate(TARGETS)}
    trees = {(0, numbers[Target(each.environment, each.cluster)]): each.tree for each in first}
    again = read_again(document, TARGETS, of_project, trees).services
    assert list(map(repr, again)) == list(map(repr, first))
    for one, other in zip(first, again, strict=True):
        assert one.tree == other.tree
        assert [one.written(path) for path in paths(one.tree)] == [other.written(path) for path in paths(one.tree)]


def paths(node: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place of a tree."""
    yield path
    for key in node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ():
        yield from paths(node[key], (*path, key))
