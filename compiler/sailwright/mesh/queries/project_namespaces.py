"""What sailwright.yaml says of namespaces, and where: their labels, and Istio as it is in one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sailwright.diagnostics.finding import Path
from sailwright.source.untyped import get, labels, mapping, text

if TYPE_CHECKING:
    from sailwright.mesh.world import World


def namespace_blocks(mesh: World) -> Iterator[tuple[str, Path]]:
    """Each namespace that the project file describes: its name and the path of the block."""
    if mesh.project is not None:
        for name in mapping(mesh.project.value.get("namespaces")):
            yield str(name), ("namespaces", str(name))


def namespace_istio(mesh: World, namespace: str) -> Mapping[str, Any]:
    """The `istio` block of a namespace, which goes before those of cluster, environment and project."""
    return mapping(get(mesh.project.value, "namespaces", namespace, "istio")) if mesh.project is not None else {}


def version_in(mesh: World, namespace: str) -> str:
    """The release that is baked for the services of a namespace that name none themselves."""
    return text(namespace_istio(mesh, namespace).get("version")) or mesh.facts.istio_version


def revision_in(mesh: World, namespace: str) -> str:
    """The revision of the services of a namespace that name none themselves."""
    return text(namespace_istio(mesh, namespace).get("revision")) or mesh.facts.revision


def control_planes_in(mesh: World, namespace: str) -> Mapping[str, str]:
    """The releases of the control planes by revision, as services of a namespace have them."""
    own = labels(namespace_istio(mesh, namespace).get("controlPlanes"))
    return {**mesh.facts.control_planes, **own} if own else mesh.facts.control_planes
