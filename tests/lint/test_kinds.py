"""What a rule is asked about: objects one after the other, objects of several kinds, groups that share a key."""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.lint.kinds import ANNOTATED, DESTINATION_RULE, POD_MAKER, TELEMETRY, VIRTUAL_SERVICE, WORKLOAD
from sailwright.mesh.facts import Facts
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.world import World
from sailwright.source import parse
from sailwright.source.manifest import manifests

TEXT = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: one, namespace: shop}
spec: {host: reviews, subsets: [{name: v1}, {name: v2}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: two, namespace: shop}
spec: {hosts: [reviews]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: three, namespace: shop}
spec: {host: ratings, subsets: [{name: v2}, {name: v2}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: four, namespace: shop, annotations: {a: b}}
spec: {template: {metadata: {annotations: {c: d}}}}
---
apiVersion: v1
kind: Pod
metadata: {name: five, namespace: shop}
"""


def mesh(*, compat: bool = False) -> World:
    """The mesh of the text."""
    return World(manifests(parse("example.yaml", TEXT.encode())), Facts(compat=compat))


def test_subjects_are_listed_in_the_order_of_the_files() -> None:
    assert [rule.manifest.name for rule in DESTINATION_RULE.listed(mesh())] == ["one", "three"]
    assert list(TELEMETRY.listed(mesh())) == []


def test_a_rule_may_be_asked_about_several_kinds() -> None:
    """One kind after the other, each subject as what it is."""
    found = [subject.manifest.name for subject in (VIRTUAL_SERVICE | DESTINATION_RULE).listed(mesh())]
    assert found == ["two", "one", "three"]


def test_a_group_has_all_subjects_of_a_key() -> None:
    """A subject is in the group of each of its keys, and once in each; one without a key is in none."""

    def names(rule: DestinationRule, _: World) -> Iterator[str]:
        yield from (subset.name for subset in rule.subsets)

    groups = DESTINATION_RULE.grouped_by(names).listed(mesh())
    assert [[rule.manifest.name for rule in group] for group in groups] == [["one"], ["one", "three"]]
    assert list(DESTINATION_RULE.grouped_by(lambda _rule, _mesh: ()).listed(mesh())) == []


def test_annotations_are_asked_of_objects_and_of_the_pods_they_make() -> None:
    """A Pod is its own template."""
    places = [(place.manifest.name, place.kind, dict(place.annotations)) for place in ANNOTATED.listed(mesh())]
    assert places == [("four", "Deployment", {"a": "b"}), ("four", "Pod", {"c": "d"}), ("five", "Pod", {})]


def test_to_the_analyzers_deployments_make_pods_and_are_no_workloads() -> None:
    assert [each.name for each in WORKLOAD.listed(mesh(compat=True))] == ["five"]
    assert [each.name for each in POD_MAKER.listed(mesh(compat=True))] == ["five", "four"]
    assert [each.name for each in POD_MAKER.listed(mesh())] == ["four", "five"]
