"""Which lines of a service file the parts of its baked proxies come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.mesh.objects.workloads import PROXY
from sailwright.mesh.values.kinds import template_of_kind
from sailwright.project.service.model import Service
from sailwright.source.untyped import entries, get, text


def proxy_places(service: Service, value: Mapping[str, Any]) -> dict[Path, Path]:
    """The places of an object's proxy and of its revision that the service itself sets, each to its key there."""
    template = template_of_kind(text(value.get("apiVersion")), text(value.get("kind")))
    if template is None:
        return {}
    places: dict[Path, Path] = {}
    if service.mesh.istio.get("revision"):
        for part in ("labels", "annotations"):
            places[*template, "metadata", part, "istio.io/rev"] = ("mesh", "istio", "revision")
    cause = _cause(service)
    if cause:
        places |= {(*template, "spec", *path, "image"): cause for path in _proxies(get(value, *template, "spec"))}
    return places


def _cause(service: Service) -> Path:
    """What a service says of its proxy's image: all of it, or the release; empty where it says neither."""
    if service.mesh.sidecar.get("image"):
        return ("mesh", "sidecar", "image")
    return ("mesh", "istio", "version") if service.mesh.istio.get("version") else ()


def _proxies(spec: Any) -> Iterator[Path]:
    for key in ("initContainers", "containers"):
        for path, container in entries(get(spec, key), (key,)):
            if container.get("name") == PROXY:
                yield path
