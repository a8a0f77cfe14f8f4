"""Objects by their kind and name."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from sailwright.mesh.values import kinds
from sailwright.source.manifest import Manifest


class ByKind:
    """The objects of a world by kind (a name of `kinds`), in the order of the files; `unnamed` is where those without namespace lie."""

    def __init__(self, manifests: Sequence[Manifest], unnamed: str) -> None:
        self._unnamed = unnamed
        self._found: dict[str, list[Manifest]] = {}
        for manifest in manifests:
            self._found.setdefault(kinds.kind_of(manifest.api_version, manifest.kind), []).append(manifest)

    def of(self, *wanted: str) -> tuple[Manifest, ...]:
        """The objects of these kinds."""
        return tuple(manifest for kind in wanted for manifest in self._found.get(kind, ()))

    def find(self, kind: str, namespace: str, name: str) -> Manifest | None:
        """The object of this kind and name, the last of several; `namespace` is empty for cluster-scoped kinds."""
        return self._by_name.get((kind, namespace, name))

    @cached_property
    def _by_name(self) -> dict[tuple[str, str, str], Manifest]:
        return {
            (kind, "" if kind in kinds.CLUSTER_SCOPED else manifest.namespace or self._unnamed, manifest.name): manifest
            for kind, found in self._found.items()
            for manifest in found
        }
