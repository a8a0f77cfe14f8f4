"""Namespace objects, for the namespaces that sailwright.yaml asks to render."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from sailwright.project.model import Namespace
from sailwright.render.template_input import SOURCE, RenderedObject
from sailwright.source.files.files import PROJECT_FILE
from sailwright.source.templating.templates import Templates


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
            yield RenderedObject(
                templates.render("namespace", {"metadata": metadata}),
                {(): place, ("metadata", "labels"): (*place, "labels")},
            )
