"""Findings: what is wrong, where, and what to do. They are values; all of a run's findings are collected."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from sailwright.runtime.records import dataclass

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("info", "warning", "error")

Path = tuple[str | int, ...]
"""Keys and list indices from the root of one YAML document to a value."""


def pointer(path: Path) -> str:
    """Write a path as a JSON pointer (RFC 6901): `("spec", "http", 0)` is `/spec/http/0`."""
    return "".join(f"/{str(key).replace('~', '~0').replace('/', '~1')}" for key in path)


def parse_pointer(text: str) -> Path:
    """Read a JSON pointer; segments of digits become list indices."""
    keys = (part.replace("~1", "/").replace("~0", "~") for part in text.split("/")[1:])
    return tuple(int(key) if key.isdecimal() else key for key in keys)


def value_at(tree: Any, path: Path) -> Any:
    """The value at a path of plain data; None where there is none."""
    for key in path:
        if isinstance(tree, dict):
            tree = tree.get(key)
        elif isinstance(tree, list) and isinstance(key, int) and key < len(tree):
            tree = tree[key]
        else:
            return None
    return tree


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A span of a file. Lines and columns count from 1; the end column is the first one after the span."""

    file: str
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1


@dataclass(frozen=True, slots=True)
class ObjectRef:
    """The Kubernetes object a finding is about; `namespace` is None where the file names none."""

    api_version: str
    kind: str
    namespace: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that belongs to a finding, and what it has to do with it."""

    message: str
    location: Location


@dataclass(frozen=True, slots=True)
class Rendered:
    """Where a fault shows in our own output: the rendered file, its line (from 1) and the JSON pointer there."""

    file: str
    line: int
    path: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `location` is the place its author owns; `path` leads there inside that file.

    `fingerprint` names the finding from run to run: fingerprint.py makes it. `fix` says what `lint --fix` would do about it.
    """

    rule: str
    severity: Severity
    message: str
    location: Location
    help: str = ""
    aliases: tuple[str, ...] = ()
    url: str = ""
    environments: tuple[str, ...] = ()
    object: ObjectRef | None = None
    path: Path = ()
    rendered: Rendered | None = None
    related: tuple[Related, ...] = ()
    fingerprint: str = ""
    fix: str = ""

    @property
    def files(self) -> tuple[str, ...]:
        """The files that it names."""
        rendered = (self.rendered.file,) if self.rendered is not None else ()
        return self.location.file, *rendered, *(each.location.file for each in self.related)


def any_error(findings: Iterable[Finding]) -> bool:
    """Whether one of them is an error."""
    return any(finding.severity == "error" for finding in findings)


@dataclass(frozen=True, slots=True)
class Skipped:
    """An input that was not judged, and why."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run looked at: nothing is skipped in silence."""

    files: int = 0
    documents: int = 0
    skipped: tuple[Skipped, ...] = ()
    suppressed: int = 0
