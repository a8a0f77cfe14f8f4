"""The patches of EnvoyFilters, with the name each of them is known by.

Source: pkg/config/analysis/analyzers/envoyfilter/envoyfilter.go.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sailwright.diagnostics.finding import Path
from sailwright.mesh.values import kinds
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, get, mapping, number, text

if TYPE_CHECKING:
    from sailwright.mesh.index import Index


@dataclass(frozen=True, slots=True)
class Patch:
    """One entry of `configPatches`. `follows_version` tells that a patch of the same name was bound to a proxyVersion."""

    manifest: Manifest
    path: Path
    operation: str
    apply_to: str
    priority: int
    follows_version: bool

    @property
    def place(self) -> Path:
        """The path of its operation."""
        return (*self.path, "patch", "operation")

    @property
    def is_relative(self) -> bool:
        """Whether it needs something that is there already, and no priority says when it is applied."""
        if self.priority:
            return False
        if self.operation == "REMOVE":
            return self.apply_to not in _ROUTES
        if self.operation == "REPLACE":
            return self.apply_to in _REPLACED
        return self.operation in ("INSERT_BEFORE", "INSERT_AFTER")

    @property
    def replaces_wrongly(self) -> bool:
        """REPLACE works on filters and virtual hosts alone."""
        return self.operation == "REPLACE" and self.apply_to not in _REPLACED

    @property
    def on_routes(self) -> bool:
        """Whether it is for what ADD and REMOVE do not work on."""
        return self.apply_to in _ROUTES


_ROUTES = ("ROUTE_CONFIGURATION", "HTTP_ROUTE")
_REPLACED = ("NETWORK_FILTER", "HTTP_FILTER", "VIRTUAL_HOST")


def patches(envoy_filter: Manifest, index: Index) -> tuple[Patch, ...]:
    """The patches of an EnvoyFilter. It is read up to its first entry without a `patch`, as the analyzers do."""
    return index.derived(_patches).get(envoy_filter, ())


def _patches(index: Index) -> Mapping[Manifest, tuple[Patch, ...]]:
    """The patches of each EnvoyFilter, in the order of the files: some depend on those that went before."""
    versioned: set[tuple[str, str]] = set()
    return {manifest: tuple(_own_patches(manifest, versioned)) for manifest in index.of(kinds.ENVOY_FILTER)}


def _own_patches(manifest: Manifest, versioned: set[tuple[str, str]]) -> Iterator[Patch]:
    for path, entry in entries(manifest.spec.get("configPatches"), ("spec", "configPatches")):
        if not isinstance(entry.get("patch"), dict):
            break
        patch, name = entry["patch"], _name(entry)
        operation, apply_to = text(patch.get("operation")), text(entry.get("applyTo"))
        yield Patch(manifest, path, operation, apply_to, number(manifest.spec.get("priority")), name in versioned)
        if get(entry, "match", "proxy", "proxyVersion"):
            versioned.add(name)


def _name(entry: Mapping[str, Any]) -> tuple[str, str]:
    """What a patch is known by: the name in its value, else that of the filter it is matched on, else nothing."""
    value = mapping(mapping(entry.get("patch")).get("value"))
    if not value:
        return "", ""
    if value.get("name") is not None:
        return "value", str(value["name"])
    matched = text(get(entry, "match", "listener", "filterChain", "filter", "name"))
    return ("filter" if matched else ""), matched
