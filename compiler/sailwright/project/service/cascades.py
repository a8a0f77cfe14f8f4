"""Which mistakes of a service file explain others: of those only the cause is reported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sailwright.diagnostics.finding import value_at
from sailwright.diagnostics.problem import Problem
from sailwright.project.service.model import Service
from sailwright.runtime.records import replace
from sailwright.runtime.regex import regex

_CORE = frozenset(
    ("name", "namespace", "ports", "versions", "defaults", "workload", "external", "mesh", "serviceAccount")
)
"""Sections without which nothing sensible can be said about the others."""
_MEANT = regex(r"(?:did you mean|write) `(\w+)")
_STANDS_FOR_CORE = tuple(
    f"{verb} `{section}"
    for verb in ("did you mean", "write")
    for section in ("ports", "versions", "workload", "external")
)


def is_misnamed(problem: Problem, tree: Mapping[str, Any]) -> bool:
    """Whether an unknown key is one that we recognise: its value is missing where it belongs, so more would follow from it.

    Nothing is missing where the key that is meant is there too. An entry of `accessPolicy` has one key only, and nothing is
    left without it.
    """
    from sailwright.diagnostics.schema_error import UNKNOWN

    if problem.rule != UNKNOWN or not problem.path:
        return False
    meant = _MEANT.match(problem.help)
    beside = value_at(tree, problem.path[:-1])
    missing = meant is not None and isinstance(beside, dict) and meant[1] not in beside
    return (missing and (len(problem.path) > 1 or is_core(problem))) or problem.path[0] == "accessPolicy"


def is_core(problem: Problem) -> bool:
    """Whether without the section that is wrong, or that a key stands for, little can be said about the others."""
    from sailwright.diagnostics.schema_error import UNKNOWN

    if problem.path[0] in _CORE:
        return True
    top = problem.rule == UNKNOWN and len(problem.path) == 1
    return top and problem.help.startswith(_STANDS_FOR_CORE)


def with_distinct_versions(service: Service) -> Service:
    """The service with one version of each name, so that a version written twice is no split in what is checked next."""
    names = {version.name: version for version in reversed(service.versions)}
    if len(names) == len(service.versions):
        return service
    return replace(service, versions=tuple(version for version in service.versions if names[version.name] is version))


def manifest_for_service(tree: Mapping[str, Any]) -> Problem | None:
    """The one problem of a file that is a Kubernetes manifest, or another program's, where a service file is expected."""
    version, kind = tree.get("apiVersion"), tree.get("kind")
    if tree and version is None and kind is None and "name" not in tree and "versions" not in tree:
        message = "this is no service file: it has neither `apiVersion` nor `name`"
        remedy = (
            "begin it with `apiVersion: sailwright/v1alpha1`, `name: NAME` and `namespace: NAMESPACE`, or leave it out of"
            " `services` in sailwright.yaml"
        )
        return Problem((), message, remedy)
    if not isinstance(kind, str) or (isinstance(version, str) and version.startswith("sailwright/")):
        return None
    if not isinstance(version, str) and not isinstance(tree.get("metadata"), dict):
        return None
    message = f"this is a Kubernetes manifest ({kind}), not a service file"
    remedy = "draft a service file from it with `sailwright init --from FILE`, or list it under `manifests` in sailwright.yaml"
    return Problem(("kind",), message, remedy, key=True)
