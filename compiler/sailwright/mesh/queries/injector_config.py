"""The injector as its ConfigMaps describe it: `istio-sidecar-injector`, with a revision behind it for all but `default`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sailwright.mesh.objects.selectors import selects
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.values import kinds
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import get, labels, mapping, text

if TYPE_CHECKING:
    from sailwright.mesh.index import Index

_CONFIG_MAP = "istio-sidecar-injector"


def injector_name(revision: str) -> str:
    """The ConfigMap of a revision's injector."""
    return _CONFIG_MAP if revision in ("", "default") else f"{_CONFIG_MAP}-{revision}"


def injects_by_default(index: Index, revision: str) -> bool:
    """Whether the injector takes in namespaces that say nothing (`enableNamespacesByDefault`)."""
    told = _injector_values(index, revision)
    return any(get(values, "sidecarInjectorWebhook", "enableNamespacesByDefault") is True for values in told)


def rewrites_probes(index: Index, revision: str) -> bool:
    """Whether the injector sends the probes of pods that say nothing to the agent (`rewriteAppHTTPProbe`): unless it is told not to."""
    told = _injector_values(index, revision)
    return not any(get(values, "sidecarInjectorWebhook", "rewriteAppHTTPProbe") is False for values in told)


def _injector_values(index: Index, revision: str) -> list[Mapping[str, Any]]:
    """The values of a revision's injector: of its ConfigMap, else the project's."""
    told = index.derived(_values_by_name).get(injector_name(revision), [])
    return told if told or index.facts.compat else [index.facts.values]


def _values_by_name(index: Index) -> dict[str, list[Mapping[str, Any]]]:
    """The values of every injector, by the name of its ConfigMap, which several namespaces may have."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for manifest in index.of(kinds.CONFIG_MAP):
        if (name := manifest.name).startswith(_CONFIG_MAP):
            found.setdefault(name, []).append(_values(manifest))
    return found


def injector_images(index: Index) -> dict[str, str]:
    """The proxy image that each injector gives, by the name of its ConfigMap."""
    found = index.derived(_values_by_name)
    return {name: _image(mapping(told[-1].get("global"))) for name, told in found.items()}


def proxy_variant(index: Index, pod: Workload) -> str:
    """The image variant that mesh, namespace, workload and the pod's own annotation ask for; empty for the plain one.

    Source: pkg/config/analysis/analyzers/util/proxyconfig.go.
    """
    variant = index.mesh.proxy_image_type
    own: list[str] = []
    for manifest in index.of(kinds.PROXY_CONFIG):
        asked = text(get(manifest.spec, "image", "imageType"))
        place, selector = index.namespace_of(manifest), manifest.spec.get("selector")
        if place == index.mesh.root_namespace:
            variant = asked or variant
        elif place == pod.namespace and selector is None:
            own.insert(0, asked)
        elif selector is not None and _is_meant(index, place, labels(get(selector, "matchLabels")), pod):
            own.append(asked)
    variant = ([asked for asked in (variant, *own, _annotated(pod)) if asked] or [""])[-1]
    return "" if variant == "default" else variant


def _is_meant(index: Index, namespace: str, selector: Mapping[str, str], pod: Workload) -> bool:
    """The analyzers have it the wrong way round, the pod's labels in the selector, and compare names by their beginning."""
    if index.facts.compat:
        return namespace.startswith(pod.namespace) and selects(pod.labels, selector)
    return namespace == pod.namespace and selects(selector, pod.labels)


def _annotated(pod: Workload) -> str:
    annotation = pod.annotations.get("proxy.istio.io/config", "")
    if "imageType" not in annotation:
        return ""
    from sailwright.source.source import parse

    documents = parse("proxy.istio.io/config", annotation.encode(), "manifest").documents
    return text(get(documents[0].value, "image", "imageType")) if documents else ""


def _values(manifest: Manifest) -> Mapping[str, Any]:
    import json

    try:
        return mapping(json.loads(text(mapping(manifest.value.get("data")).get("values"))))
    except (ValueError, RecursionError):
        return {}


def _image(settings: Mapping[str, Any]) -> str:
    image = text(get(settings, "proxy", "image"))
    return image if "/" in image else f"{text(settings.get('hub'))}/{image}:{settings.get('tag', '')}"
