"""The checks of a resolved service, in the order in which they report."""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.problem import Problem
from sailwright.project.service.checks import access, alternatives, duplicates, routes, scaling, structure, words
from sailwright.project.service.model import Service
from sailwright.project.service.weights import sums

_CHECKS = (
    structure.parts,
    structure.workload,
    duplicates.names,
    sums,
    routes.targets,
    routes.families,
    routes.retired,
    scaling.replicas,
    scaling.budgets,
    access.exposed,
    access.exposed_hosts,
    access.tests,
    alternatives.alternatives,
    words.balancers,
    words.outside_the_mesh,
    words.in_ambient_mode,
)


def check(service: Service) -> Iterator[Problem]:
    """Everything that is wrong with one resolved service."""
    for check_part in _CHECKS:
        yield from check_part(service)
