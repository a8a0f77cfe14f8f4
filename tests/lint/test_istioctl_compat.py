"""Where `istioctl analyze` shows what rules find: under `--compat istioctl` a finding is there, else where the fault is."""

from __future__ import annotations

import pytest

from sailwright.diagnostics.finding import Path
from sailwright.lint.istioctl_compat import AT_OBJECT, ELSEWHERE, printed
from sailwright.lint.run_rules import EnabledRule, run_rules
from sailwright.mesh.facts import Facts
from sailwright.mesh.world import World
from sailwright.source.manifest import manifests
from sailwright.source.source import parse
from sailwright_policies import RULES

FILTER = """
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: {name: a, namespace: shop}
spec: {configPatches: [{applyTo: HTTP_ROUTE, patch: {operation: ADD%s}}]}
"""
ANNOTATION = """
apiVersion: v1
kind: Service
metadata: {name: a, namespace: shop, annotations: {sidecar.istio.io/proxyCPU: 100m}}
"""
SOURCES = """
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: a, namespace: shop}
spec: {rules: [{from: [{source: {%s}}]}]}
"""


def paths(rule: str, text: str, *, compat: bool = True) -> list[Path]:
    """The places at which a rule's findings are reported."""
    world = World(manifests(parse("example.yaml", text.encode())), Facts(compat=compat))
    chosen = EnabledRule(next(each for each in RULES if rule == each.ID))
    return [each.problem.path for each in printed(run_rules([world], [chosen]).found)]


def test_the_tables_name_rules() -> None:
    """None is misspelt, and none is in both."""
    assert AT_OBJECT | ELSEWHERE.keys() <= {rule.ID for rule in RULES}
    assert not AT_OBJECT & ELSEWHERE.keys()


def test_some_are_shown_at_the_whole_object() -> None:
    place = ("metadata", "annotations", "sidecar.istio.io/proxyCPU")
    assert paths("annotation-misplaced", ANNOTATION) == [()]
    assert paths("annotation-misplaced", ANNOTATION, compat=False) == [place]


def test_a_patch_is_shown_at_its_value_where_it_has_one() -> None:
    patch: Path = ("spec", "configPatches", 0, "patch")
    assert paths("envoy-filter-add", FILTER % ", value: {name: b}") == [(*patch, "value")]
    assert paths("envoy-filter-add", FILTER % "") == [()]
    assert paths("envoy-filter-add", FILTER % "", compat=False) == [(*patch, "operation")]


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("namespaces: [gone]", [("spec", "rules", 0, "from", 0, "source", "namespaces", 0)]),
        ("namespaces: ['*'], notNamespaces: [gone]", [("spec", "rules", 0, "from", 0, "source", "namespaces", 0)]),
        ("notNamespaces: [gone]", [()]),
    ],
)
def test_an_excluded_namespace_is_shown_among_the_others(source: str, shown: list[Path]) -> None:
    """At the same position, where one is there."""
    namespace = "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"
    assert paths("authorization-namespace-unknown", SOURCES % source + namespace) == shown
