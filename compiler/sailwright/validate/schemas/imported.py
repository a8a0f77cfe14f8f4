"""Custom kinds from files: CustomResourceDefinitions as a cluster exports them or a chart ships them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from sailwright.diagnostics.finding import Finding
from sailwright.source.manifest import Manifest, manifests
from sailwright.source.source import Source, parse

if TYPE_CHECKING:
    from sailwright.runtime.cache import Cache
    from sailwright.validate.schemas.crd import CustomResource

_KIND = "CustomResourceDefinition"
_CACHE = "custom-resources"


def read_schemas(name: str, data: bytes, cache: Cache) -> tuple[tuple[CustomResource, ...], tuple[Finding, ...]]:
    """The custom kinds that a file defines, and what is wrong with the file. What was read once is kept by its digest."""
    from hashlib import sha256

    from sailwright.validate.schemas.crd import custom_resource

    digest = sha256(data).hexdigest()
    if kept := cache.load(_CACHE, digest):
        return tuple(custom_resource(*each) for each in json.loads(kept)), ()
    source = parse(name, data, "manifest")
    found = tuple(defined(manifests(source)))
    if found and not source.problems:
        cache.store(_CACHE, digest, json.dumps([_plain(each) for each in found]).encode())
    return found, source.problems or _empty(source, found)


def defined(objects: Iterable[Manifest]) -> Iterator[CustomResource]:
    """The custom kinds that objects define."""
    for manifest in objects:
        if manifest.kind == _KIND and manifest.group == "apiextensions.k8s.io":
            from sailwright.validate.schemas.crd import custom_resources

            yield from custom_resources(manifest.value)


def _plain(resource: CustomResource) -> list[Any]:
    return [resource.api_version, resource.kind, resource.openapi]


def _empty(source: Source, found: tuple[CustomResource, ...]) -> tuple[Finding, ...]:
    if found:
        return ()
    from sailwright.diagnostics.finding import Location

    message = f"the file defines no kind: it holds no {_KIND} of apiextensions.k8s.io/v1 with a schema"
    return (Finding("schema-import", "error", message, Location(source.path)),)
