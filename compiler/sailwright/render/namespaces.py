"""Namespace objects, for the namespaces that sailwright.yaml asks to render."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final

from sailwright.project.model import Namespace
from sailwright.render.template_input import SOURCE, RenderedObject
from sailwright.runtime.errors import Failure
from sailwright.source.files.files import PROJECT_FILE
from sailwright.source.templating.templates import Templates
from sailwright.source.untyped import get, mapping

_LEVELS: Final = "pod-security.kubernetes.io/"


def namespace_objects(
    namespaces: Iterable[Namespace], inhabited: Collection[str], templates: Templates
) -> Iterator[RenderedObject]:
    """One for each namespace with `render: true` in which a service of the cluster lives."""
    for namespace in namespaces:
        if namespace.render and namespace.name in inhabited:
            metadata = {
                "name": namespace.name,
                "labels": {**namespace.labels, "app.kubernetes.io/managed-by": "sailwright"},
                "annotations": {SOURCE: PROJECT_FILE},
            }
            place = ("namespaces", namespace.name)
            value = templates.render("namespace", {"metadata": metadata})
            if "namespace" in templates.project:
                _hold(value, namespace)
            yield RenderedObject(
                value,
                {(): place, ("metadata", "labels"): (*place, "labels")},
            )


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
