"""Kinds whose subjects are not simply the objects of a kind: places with annotations, and what makes pods."""

from __future__ import annotations

from sailwright.lint.kinds import ANNOTATED, POD_MAKER, WORKLOAD
from sailwright.mesh.facts import Facts
from sailwright.mesh.world import World
from sailwright.source.manifest import manifests
from sailwright.source.source import parse

TEXT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop, annotations: {a: b}}
spec: {template: {metadata: {annotations: {c: d}}}}
---
apiVersion: v1
kind: Pod
metadata: {name: ratings, namespace: shop}
"""


def mesh(*, compat: bool = False) -> World:
    """The mesh of the text."""
    return World(manifests(parse("example.yaml", TEXT.encode())), Facts(compat=compat))


def test_annotations_are_asked_of_objects_and_of_the_pods_they_make() -> None:
    """A Pod is its own template."""
    places = [(place.manifest.name, place.kind, dict(place.annotations)) for place in ANNOTATED.listed(mesh())]
    assert places == [("reviews", "Deployment", {"a": "b"}), ("reviews", "Pod", {"c": "d"}), ("ratings", "Pod", {})]


def test_to_the_analyzers_deployments_make_pods_and_are_no_workloads() -> None:
    assert [each.name for each in POD_MAKER.listed(mesh())] == ["reviews", "ratings"]
    assert [each.name for each in POD_MAKER.listed(mesh(compat=True))] == ["ratings", "reviews"]
    assert [each.name for each in WORKLOAD.listed(mesh(compat=True))] == ["ratings"]
