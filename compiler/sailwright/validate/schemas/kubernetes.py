"""The schemas of Kubernetes' own kinds, from the package kubernetes-validate: the strict ones, one set a minor version."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from typing import Any

from sailwright.runtime.errors import Failure

#: Kubernetes' own API groups: what is not in their schemas, the API server does not know.
_GROUPS = frozenset(("", "apps", "autoscaling", "batch", "extensions", "policy")) | frozenset(
    f"{name}.k8s.io"
    for name in [
        "admissionregistration",
        "apiextensions",
        "apiregistration",
        "authentication",
        "authorization",
        "certificates",
        "coordination",
        "discovery",
        "events",
        "flowcontrol.apiserver",
        "internal.apiserver",
        "networking",
        "node",
        "rbac.authorization",
        "resource",
        "scheduling",
        "storage",
        "storagemigration",
    ]
)
_FOLDER = re.compile(r"v(1\.[0-9]+)\.0-local-strict")
_VERSION = re.compile(r"v?(1\.[0-9]+)(?:\.[0-9]+)?")
NEWEST = "1.37"
"""The newest minor version that this release of sailwright knows, and the one that decides where nobody names one.

A newer kubernetes-validate may bring schemas of a later one: they would change verdicts, and wait for a release of ours.
"""
DEFINITIONS = "https://kubernetes.io/api/_definitions.json"
"""The address under which every schema refers to what they share."""


def is_builtin(api_version: str) -> bool:
    """Does the API group belong to Kubernetes itself?"""
    return api_version.rpartition("/")[0] in _GROUPS


def versions() -> tuple[str, ...]:
    """The known minor versions, the oldest first."""
    found = (match[1] for match in map(_FOLDER.fullmatch, os.listdir(_root())) if match)
    return tuple(sorted((each for each in found if _minor(each) <= _minor(NEWEST)), key=_minor))


def _minor(version: str) -> int:
    return int(version.split(".")[1])


def known_version(text: str) -> str:
    """The minor version that judges for `text` (1.34, 1.34.2, v1.34). Raises Failure naming the known ones."""
    if fault := version_fault(text):
        raise Failure(": ".join(fault))
    return nearest_version(text)


def version_fault(text: str) -> tuple[str, str] | None:
    """What is wrong with a version that is none of the known ones, and the remedy."""
    match = _VERSION.fullmatch(text)
    known = versions()
    if match is not None and match[1] in known:
        return None
    return f"Kubernetes {text} is not known", f"use a version from {known[0]} to {known[-1]}"


def nearest_version(text: str) -> str:
    """The known minor version that is nearest to `text`: there are schemas for so many only."""
    known = versions()
    match = _VERSION.fullmatch(text)
    if match is None or match[1] in known:
        return match[1] if match else NEWEST
    return known[0] if _minor(match[1]) < _minor(known[0]) else known[-1]


@cache
def schema(version: str, api_version: str, kind: str) -> dict[str, Any] | None:
    """The strict schema of a kind in a minor version, None where the version has no such kind."""
    name = file_name(api_version, kind)
    path = os.path.join(folder(version), f"{name}.json")
    if name is None or not os.path.isfile(path):
        return None
    with open(path, "rb") as file:
        found: dict[str, Any] = json.load(file)
    served = found.get("properties", {}).get("apiVersion", {}).get("enum", [api_version])
    return found if api_version in served else None


@cache
def definitions(version: str) -> dict[str, Any]:
    """What the schemas of a version share."""
    with open(os.path.join(folder(version), "_definitions.json"), "rb") as file:
        found: dict[str, Any] = json.load(file)
    return found


def expanded(version: str, found: Mapping[str, Any]) -> dict[str, Any]:
    """A schema with the definitions it refers to, for looking fields up."""
    return {**found, "$defs": definitions(version)["$defs"]}


def folder(version: str) -> str:
    return os.path.join(_root(), f"v{version}.0-local-strict")


@cache
def _root() -> str:
    found = find_spec("kubernetes_validate")
    if found is None or not found.submodule_search_locations:
        raise Failure("the package kubernetes-validate, which holds the schemas, is not installed", 3)
    return os.path.join(found.submodule_search_locations[0], "kubernetes-json-schema")


def file_name(api_version: str, kind: str) -> str | None:
    """The schemas are named KIND-GROUP-VERSION, by the first label of the group; what comes from a file is no path."""
    group, _, version = api_version.rpartition("/")
    parts = [kind.lower(), *([group.partition(".")[0]] if group else ()), version]
    return "-".join(parts) if all(re.fullmatch(r"[a-z0-9]+", part) for part in parts) else None


def served(version: str, kind: str) -> tuple[str, ...]:
    """The API versions in which a minor version has a kind, the most stable first."""
    prefix = f"{kind.lower()}-"
    files = sorted(name for name in os.listdir(folder(version)) if name.startswith(prefix))
    found = {each for name in files for each in _api_versions(os.path.join(folder(version), name))}
    return tuple(
        sorted(
            (each for each in found if schema(version, each, kind) is not None),
            key=lambda each: (_maturity(each), each),
        )
    )


def kinds(version: str, api_version: str) -> tuple[str, ...]:
    """The kinds of an API version, for naming near ones."""
    group, _, number = api_version.rpartition("/")
    suffix = f"-{group.partition('.')[0]}-{number}.json" if group else f"-{number}.json"
    names = (name for name in os.listdir(folder(version)) if name.endswith(suffix))
    paths = (os.path.join(folder(version), name) for name in names if name.count("-") == suffix.count("-"))
    return tuple(sorted({kind for path in paths for kind in _enumerated(path, "kind")}))


def _api_versions(path: str) -> tuple[str, ...]:
    """The file's name has the first label of a group only; the schema in it has the whole."""
    return _enumerated(path, "apiVersion")


def _enumerated(path: str, name: str) -> tuple[str, ...]:
    with open(path, "rb") as file:
        found = json.load(file)
    return tuple(found.get("properties", {}).get(name, {}).get("enum", ()))


def _maturity(api_version: str) -> int:
    return next((rank for rank, word in ((2, "alpha"), (1, "beta")) if word in api_version.rpartition("/")[2]), 0)
