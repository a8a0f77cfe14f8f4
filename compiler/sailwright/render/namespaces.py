"""What is rendered once per namespace: the Namespace where sailwright.yaml asks for it, and waypoints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sailwright.diagnostics.finding import Path
from sailwright.mesh.objects.namespaces import INJECTION_LABEL, REVISION_LABEL
from sailwright.mesh.values.ambient import AMBIENT, DATAPLANE_MODE, USE_WAYPOINT
from sailwright.project.model import Namespace
from sailwright.render.template_input import SOURCE, RenderedObject
from sailwright.render.waypoints import labels_for
from sailwright.runtime.errors import Failure
from sailwright.source.files.files import PROJECT_FILE
from sailwright.source.templating.templates import Templates
from sailwright.source.untyped import get, mapping

_LEVELS: Final = "pod-security.kubernetes.io/"


def namespace_object(namespace: Namespace, templates: Templates, *, ambient: bool) -> RenderedObject:
    """The Namespace; with the label of ambient mode where all its pods are `ambient` and it says nothing else."""
    labels = dict(namespace.labels)
    if ambient and not labels.keys() & {DATAPLANE_MODE, INJECTION_LABEL, REVISION_LABEL}:
        labels[DATAPLANE_MODE] = AMBIENT
    metadata = {
        "name": namespace.name,
        "labels": {
            **labels,
            **labels_for(namespace.name, namespace.waypoint),
            "app.kubernetes.io/managed-by": "sailwright",
        },
        "annotations": {SOURCE: PROJECT_FILE},
    }
    place = ("namespaces", namespace.name)
    value = templates.render("namespace", {"metadata": metadata})
    if "namespace" in templates.project:
        _hold(value, namespace)
    paths: dict[Path, Path] = {(): place, ("metadata", "labels"): (*place, "labels")}
    if namespace.waypoint:
        paths["metadata", "labels", USE_WAYPOINT] = (*place, "waypoint")
    return RenderedObject(value, paths)


def waypoint_object(variables: Mapping[str, Any], templates: Templates) -> RenderedObject:
    """The Gateway of a waypoint."""
    metadata = {**variables["metadata"], "annotations": {SOURCE: PROJECT_FILE}}
    value = templates.render("waypoint", {**variables, "metadata": metadata})
    if "waypoint" in templates.project:
        made = mapping(mapping(value).get("metadata"))
        named = (get(value, "kind"), made.get("namespace"), made.get("name"), get(value, "spec", "gatewayClassName"))
        wanted = ("Gateway", metadata["namespace"], metadata["name"], variables["gatewayClassName"])
        if named != wanted:
            raise Failure("templates/waypoint.yaml.j2 must render the waypoint and nothing else")
    return RenderedObject(value, {(): ("namespaces", metadata["namespace"], "waypoint")})


def _hold(value: Any, namespace: Namespace) -> None:
    """Failure where the project's own template makes another object, or other labels of Pod Security: the project file says those."""
    metadata = mapping(mapping(value).get("metadata"))
    named = (get(value, "apiVersion"), get(value, "kind"), metadata.get("name"))
    if named != ("v1", "Namespace", namespace.name):
        raise Failure(
            f"templates/namespace.yaml.j2 does not yield the Namespace {namespace.name}: it may yield nothing else"
        )
    levels, declared = (
        {key: item for key, item in mapping(labels).items() if str(key).startswith(_LEVELS)}
        for labels in (metadata.get("labels"), namespace.labels)
    )
    if levels != declared:
        raise Failure(
            f"templates/namespace.yaml.j2 changes the Pod Security labels of {namespace.name}: write them in sailwright.yaml"
        )
