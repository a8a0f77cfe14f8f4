"""Whether what is said of one object hangs on a placeholder in another: a Service whose port is filled in later, for example."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest
from sailwright.source.placeholders import has_placeholder, holds_placeholder
from sailwright.source.untyped import text, texts

if TYPE_CHECKING:
    from sailwright.mesh.index import Index

_OF_ABSENCE = re.compile(r"(unknown|missing|nothing|unreachable|undefined|not-found)$")
"""The ends of IDs of rules that report what is not there."""


@dataclass(frozen=True, slots=True)
class _Uncertain:
    """The objects that hold placeholders, by the names they are called by; and whether one of them may be called anything."""

    by_name: dict[str, tuple[Manifest, ...]]
    any_name: bool


def hangs_on_another(index: Index, manifest: Manifest, rule: str, message: str) -> bool:
    """Whether a message about an object names another that holds placeholders, or reports as absent what one may turn out to be."""
    uncertain = index.derived(_uncertain)
    if uncertain.any_name and _OF_ABSENCE.search(rule):
        return True
    return any(
        found is not manifest
        for word in (re.findall(r"[\w*-]+", message) if uncertain.by_name else ())
        for found in uncertain.by_name.get(word, ())
    )


def _uncertain(index: Index) -> _Uncertain:
    by_name: dict[str, tuple[Manifest, ...]] = {}
    any_name = False
    for manifest in index.manifests:
        if not holds_placeholder(manifest.value):
            continue
        for name in _names(manifest):
            any_name = any_name or has_placeholder(name)
            first = name.partition(".")[0]
            by_name[first] = (*by_name.get(first, ()), manifest)
    return _Uncertain(by_name, any_name)


def _names(manifest: Manifest) -> Iterator[str]:
    """What other objects call this one: its name, its namespace where that is to be filled in, its hosts."""
    yield manifest.name
    if manifest.namespace and has_placeholder(manifest.namespace):
        yield manifest.namespace
    yield text(manifest.spec.get("host"))
    yield from texts(manifest.spec.get("hosts"))
