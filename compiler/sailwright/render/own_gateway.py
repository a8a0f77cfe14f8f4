"""The project's own Kubernetes Gateway (`gateway` of sailwright.yaml)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from sailwright.diagnostics.finding import Path
from sailwright.project.routing import OwnGateway
from sailwright.render.template_input import SOURCE, RenderedObject
from sailwright.runtime.errors import Failure
from sailwright.source.files.files import PROJECT_FILE
from sailwright.source.templating.templates import Templates
from sailwright.source.untyped import get

TEMPLATE: Final = "kubernetes-gateway"
_NAME_LABEL: Final = "kubernetes.io/metadata.name"
"""The label with its name that Kubernetes gives every namespace."""


def gateway_object(gateway: OwnGateway, users: Collection[str], templates: Templates) -> RenderedObject:
    """The Gateway. `users` are the namespaces whose services name it: a listener that says nothing of routes takes theirs.

    Raises Failure where the project's own template makes something else of it.
    """
    variables = {
        "metadata": {
            "name": gateway.name,
            "namespace": gateway.namespace,
            "labels": {**gateway.labels, "app.kubernetes.io/managed-by": "sailwright"},
            "annotations": {SOURCE: PROJECT_FILE, **gateway.annotations},
        },
        "class": gateway.class_name,
        "listeners": [dict(_listener(listener, gateway.namespace, users)) for listener in gateway.listeners],
    }
    value = templates.render(TEMPLATE, variables)
    if (get(value, "kind"), get(value, "metadata", "name")) != ("Gateway", gateway.name):
        raise Failure(f"templates/{TEMPLATE}.yaml.j2 must render the Gateway {gateway.name} and nothing else")
    paths: dict[Path, Path] = {
        (): gateway.path,
        ("metadata", "name"): (*gateway.path, "name"),
        ("metadata", "labels"): (*gateway.path, "labels"),
        ("metadata", "annotations"): (*gateway.path, "annotations"),
        ("spec", "gatewayClassName"): (*gateway.path, "class"),
        ("spec", "listeners"): (*gateway.path, "listeners"),
    }
    return RenderedObject(value, paths, template=TEMPLATE if TEMPLATE in templates.project else None)


def _listener(listener: Mapping[str, Any], own: str, users: Collection[str]) -> Iterator[tuple[str, Any]]:
    """The fields of a listener, in Kubernetes' order."""
    for key in ("name", "hostname", "port", "protocol", "tls", "allowedRoutes"):
        if key in listener:
            yield key, listener[key]
    if "allowedRoutes" not in listener and not set(users) <= {own}:
        expression = {"key": _NAME_LABEL, "operator": "In", "values": sorted(users)}
        yield "allowedRoutes", {"namespaces": {"from": "Selector", "selector": {"matchExpressions": [expression]}}}
