"""Whether what is said of one object hangs on what is not known of another: a placeholder in it, or the namespace it is put in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sailwright.mesh.queries.absence import Absent, absence_known, is_placed
from sailwright.source.manifest import Manifest
from sailwright.source.placeholders import holds_placeholder
from sailwright.source.untyped import text, texts

if TYPE_CHECKING:
    from sailwright.mesh.index import Index

_DEFINING = frozenset(("Service", "ServiceEntry", "DestinationRule", "Gateway", "Sidecar", "VirtualService"))
"""Kinds whose objects others look for by name or host."""


def hangs_on_another(index: Index, manifest: Manifest, absent: Absent | None, message: str) -> bool:
    """Whether a message about an object names another that holds placeholders, or reports as absent what one may turn out to be.

    An object whose file names no namespace may turn out to be in any, so it is no absence where it has the name.
    """
    words = frozenset(re.findall(r"[\w*-]+", message))
    if _names_uncertain(index, manifest, words):
        return True
    if absent is None:
        return False
    return not absence_known(index, manifest, absent) or _absent_for_its_place_alone(index, manifest, words)


def any_uncertain(index: Index) -> bool:
    """Whether any object holds placeholders where others look."""
    return bool(index.derived(_uncertain))


def know_certain(index: Index) -> None:
    """Take as known that no object holds placeholders where others look."""
    nothing: Mapping[str, tuple[Manifest, ...]] = {}
    index.know(_uncertain, nothing)


def _names_uncertain(index: Index, manifest: Manifest, words: frozenset[str]) -> bool:
    uncertain = index.derived(_uncertain)
    return any(found is not manifest for word in words for found in uncertain.get(word, ())) if uncertain else False


def _absent_for_its_place_alone(index: Index, manifest: Manifest, words: frozenset[str]) -> bool:
    """Whether something of one of these names is there, and either it or the object names no namespace while the other does."""
    called = index.derived(_called)
    placed = is_placed(manifest)
    return any(
        (found.namespace is not None) != placed for word in words - {manifest.name} for found in called.get(word, ())
    ) or any(
        (found.namespace is not None) != placed and found.kind in _DEFINING and found.kind != manifest.kind
        for found in (called.get(manifest.name, ()) if manifest.name in words else ())
    )


def _called(index: Index) -> Mapping[str, list[Manifest]]:
    found: dict[str, list[Manifest]] = {}
    for manifest in index.manifests:
        if manifest.kind in _DEFINING:
            for name in _names(manifest):
                found.setdefault(name.partition(".")[0], []).append(manifest)
    return found


def _uncertain(index: Index) -> Mapping[str, tuple[Manifest, ...]]:
    """The objects that hold placeholders where others look, or are changed by what cannot be read, by the names they are called by.

    Of an object its name, namespace and spec; of a workload the labels of its pods and their ports: its image and settings say
    nothing of who selects it.
    """
    by_name: dict[str, tuple[Manifest, ...]] = {}
    for manifest in index.manifests:
        if manifest.kind in _DEFINING and (
            manifest.opaque or holds_placeholder([manifest.name, manifest.namespace or "", manifest.spec])
        ):
            _add(by_name, manifest)
    for workload in index.workloads:
        ports = [container.value.get("ports") for container in workload.containers]
        if workload.manifest.opaque or holds_placeholder([workload.labels, ports]):
            _add(by_name, workload.manifest)
    return by_name


def _add(by_name: dict[str, tuple[Manifest, ...]], manifest: Manifest) -> None:
    for name in _names(manifest):
        first = name.partition(".")[0]
        by_name[first] = (*by_name.get(first, ()), manifest)


def _names(manifest: Manifest) -> Iterator[str]:
    """What other objects call this one: its name and its hosts."""
    yield manifest.name
    yield text(manifest.spec.get("host"))
    yield from texts(manifest.spec.get("hosts"))
