"""The schemas of Kubernetes' own kinds, minor version by minor version (written by tools/derive_kubernetes_schemas.py)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

from sailwright.runtime.errors import Failure
from sailwright.runtime.regex import regex
from sailwright.validate.schemas.files import bytes_of, names_in, text_of

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
_REFERENCE = regex(r'"\$ref":"#/\$defs/([^"]+)"')
_VERSION = regex(r"v?(1\.[0-9]+)(?:\.[0-9]+)?")
NEWEST = "1.37"
"""The newest minor version that this release of sailwright knows, and the one that decides where nobody names one."""


def is_builtin(api_version: str) -> bool:
    """Does the API group belong to Kubernetes itself?"""
    return api_version.rpartition("/")[0] in _GROUPS


@cache
def versions() -> tuple[str, ...]:
    """The known minor versions, the oldest first."""
    names = names_in("kubernetes")
    return tuple(sorted((name.removesuffix(".json") for name in names if name.startswith("1.")), key=_minor))


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


def has(version: str, api_version: str, kind: str) -> bool:
    """Whether a minor version has a kind."""
    return kind in _index(version)["kinds"].get(api_version, ())


@cache
def schema(version: str, api_version: str, kind: str) -> dict[str, Any] | None:
    """The strict JSON Schema of a kind in a minor version, with the definitions it needs; None where there is no such kind."""
    if not has(version, api_version, kind):
        return None
    own = own_schema(version, api_version, kind)
    name = _index(version)["kinds"][api_version][kind]
    return {**own, "$defs": {each: definition(version, each) for each in _needed(version, name) if each != name}}


@cache
def own_schema(version: str, api_version: str, kind: str) -> dict[str, Any]:
    """The same of a kind that there is, without the definitions, each of which `referred` has."""
    own = definition(version, _index(version)["kinds"][api_version][kind])
    fixed = {"apiVersion": {"enum": [api_version]}, "kind": {"enum": [kind]}}
    return {**own, "properties": {**own["properties"], **fixed}}


def referred(version: str, reference: str) -> dict[str, Any]:
    """The definition that a `$ref` in a schema of a minor version names."""
    return definition(version, reference.removeprefix("#/$defs/"))


@cache
def definition(version: str, name: str) -> dict[str, Any]:
    """A definition of a minor version, by its name."""
    found: dict[str, Any] = json.loads(_line(version, name))
    return found


def served(version: str, kind: str) -> tuple[str, ...]:
    """The API versions in which a minor version has a kind, the most stable first."""
    found = (api_version for api_version, named in _index(version)["kinds"].items() if kind in named)
    return tuple(sorted(found, key=lambda each: (_maturity(each), each)))


def kinds(version: str, api_version: str) -> tuple[str, ...]:
    """The kinds of an API version, for naming near ones."""
    return tuple(_index(version)["kinds"].get(api_version, ()))


def _needed(version: str, name: str) -> Iterable[str]:
    """A definition and all that it refers to, by name."""
    found: dict[str, None] = {}
    pending = [name]
    while pending:
        if (each := pending.pop()) not in found:
            found[each] = None
            pending += _REFERENCE.findall(_line(version, each))
    return found


def _line(version: str, name: str) -> str:
    number: int = _index(version)["definitions"][name]
    return _definitions()[number].decode()


@cache
def _index(version: str) -> dict[str, Any]:
    """`kinds`: API version to kind to definition. `definitions`: the line of each by name."""
    found: dict[str, Any] = json.loads(_read(f"{version}.json"))
    return found


@cache
def _definitions() -> list[bytes]:
    """One definition a line, as JSON. Few of the thousands are ever decoded."""
    return bytes_of("kubernetes", "definitions.jsonl").split(b"\n")


def _read(name: str) -> str:
    return text_of("kubernetes", name)


def _maturity(api_version: str) -> int:
    return next((rank for rank, word in ((2, "alpha"), (1, "beta")) if word in api_version.rpartition("/")[2]), 0)
