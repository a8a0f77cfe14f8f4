"""A rule is asked about one object at a time, and what it reports depends on that object and on the mesh alone."""

from __future__ import annotations

from typing import Any

import pytest

from sailwright.lint.kinds import SERVICE, SERVICE_ENTRY, SIDECAR, VIRTUAL_SERVICE
from sailwright.lint.rule import Example, Rule, examples
from sailwright.lint.run_rules import EnabledRule, run_rules
from sailwright.mesh.facts import Facts
from sailwright.mesh.world import World
from sailwright.source.manifest import manifests
from sailwright.source.source import parse
from sailwright_policies import RULES, istioctl_analyzers
from sailwright_policies.virtual_service import destination_host_unknown

RULES_OF_A_KIND = [rule for rule in RULES if hasattr(rule, "KIND")]

OBJECTS = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: payments, namespace: shop}
spec: {hosts: [payments.example.com]}
---
apiVersion: v1
kind: Service
metadata: {name: ratings, namespace: shop}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec: {hosts: [reviews], http: [{route: [{destination: {host: reviwes}}]}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: both, namespace: shop}
spec: {hosts: [ratings, reviews]}
"""


def mesh_of(text: str, facts: Facts | None = None, **more: Any) -> World:
    """The mesh of a text."""
    return World(manifests(parse("example.yaml", text.encode())), facts or Facts(), **more)


def mesh_of_example(example: Example) -> World:
    """The mesh of an example, with its base commit and its other cluster."""
    base = mesh_of(example.base, example.facts) if example.base else None
    siblings = (mesh_of(example.sibling, example.facts),) if example.sibling else ()
    return mesh_of(example.text, example.facts, environment=example.environment, base=base, siblings=siblings)


def reported(rule: Any, subject: object, mesh: World, example: Example) -> list[tuple[object, ...]]:
    """What a rule reports of one subject, in comparable form."""
    problems = rule.check(subject, mesh, **example.parameters)
    return [(problem.manifest, problem.path, problem.message, problem.help) for problem in problems]


@pytest.mark.parametrize("rule", RULES_OF_A_KIND, ids=lambda rule: rule.ID)
def test_a_rule_keeps_nothing_from_one_object_to_the_next(rule: Any) -> None:
    """Asked in the other order, or of one object alone in a mesh that nobody asked before, it reports the same of each."""
    for example in (*examples(rule.BAD), *examples(rule.GOOD)):
        mesh = mesh_of_example(example)
        subjects = list(rule.KIND.listed(mesh))
        forward = [reported(rule, subject, mesh, example) for subject in subjects]
        backward = [reported(rule, subject, mesh, example) for subject in reversed(subjects)]
        assert forward == backward[::-1]
        for position, expected in enumerate(forward):
            fresh = World(mesh.manifests, mesh.facts, mesh.environment, base=mesh.base, siblings=mesh.siblings)
            assert reported(rule, list(rule.KIND.listed(fresh))[position], fresh, example) == expected


def test_a_kind_lists_its_objects_in_the_order_of_the_files() -> None:
    """A kind that is either of two lists first those of the one, then those of the other."""
    mesh = mesh_of(OBJECTS)
    assert [service.name for service in SERVICE.listed(mesh)] == ["reviews", "ratings"]
    assert [service.name for service in (SERVICE | SERVICE_ENTRY).listed(mesh)] == ["reviews", "ratings", "payments"]
    assert list(SIDECAR.listed(mesh)) == []


def test_a_group_has_what_shares_a_key() -> None:
    """An object with several keys is in a group for each; one without a key is in none."""
    by_host = VIRTUAL_SERVICE.grouped_by(lambda virtual_service, _: virtual_service.hosts)
    groups = [[each.manifest.name for each in group] for group in by_host.listed(mesh_of(OBJECTS))]
    assert groups == [["reviews", "both"], ["both"]]
    assert list(VIRTUAL_SERVICE.grouped_by(lambda _virtual_service, _mesh: ()).listed(mesh_of(OBJECTS))) == []


def test_the_analyzer_of_istioctl_is_asked_instead_of_the_rule() -> None:
    """Only under `--compat istioctl`, and only where the rule has one."""
    rule: Rule = destination_host_unknown
    assert destination_host_unknown.COMPAT is istioctl_analyzers.DESTINATION_HOST
    (ours,) = run_rules([mesh_of(OBJECTS)], [EnabledRule(rule)]).found
    (theirs,) = run_rules([mesh_of(OBJECTS, Facts(compat=True))], [EnabledRule(rule)]).found
    assert ours.problem.help == "did you mean `reviews`?"
    assert theirs.problem.message == "the host `reviwes` is not found"
