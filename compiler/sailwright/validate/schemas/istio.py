"""The schemas of Istio's own kinds, release line by release line (written by tools/derive_istio_schemas.py)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sailwright.mesh.values.releases import release_numbers

#: The kinds of Istio and the API group each belongs to.
GROUPS: Mapping[str, str] = {
    "VirtualService": "networking.istio.io",
    "DestinationRule": "networking.istio.io",
    "ServiceEntry": "networking.istio.io",
    "Gateway": "networking.istio.io",
    "Sidecar": "networking.istio.io",
    "WorkloadEntry": "networking.istio.io",
    "WorkloadGroup": "networking.istio.io",
    "EnvoyFilter": "networking.istio.io",
    "ProxyConfig": "networking.istio.io",
    "AuthorizationPolicy": "security.istio.io",
    "PeerAuthentication": "security.istio.io",
    "RequestAuthentication": "security.istio.io",
    "Telemetry": "telemetry.istio.io",
    "WasmPlugin": "extensions.istio.io",
    "TrafficExtension": "extensions.istio.io",
}


def is_istio(api_version: str, kind: str) -> bool:
    """Is this one of Istio's kinds? (`Gateway` is also a kind of the Gateway API.)"""
    return GROUPS.get(kind) == api_version.rpartition("/")[0]


def versions(kind: str) -> tuple[str, ...]:
    """The API versions in which a kind of Istio is served."""
    found: list[str] = _facts(kind)["versions"]
    return tuple(found)


def line(release: str) -> tuple[int, int]:
    """The release line of a release: 1.31.0 is of line (1, 31)."""
    major, minor = release_numbers(release)[:2]
    return major, minor


@cache
def openapi_schema(kind: str, release_line: tuple[int, int]) -> dict[str, Any] | None:
    """The OpenAPI v3 schema of the CustomResourceDefinition in a release line; None before the kind came."""
    facts = _facts(kind)
    lines = [text for text in facts["releases"] if line(text) <= release_line]
    return expanded(facts["releases"][lines[-1]], facts["$defs"]) if lines else None


@cache
def _facts(kind: str) -> dict[str, Any]:
    import json

    from sailwright.validate.schemas.files import text_of

    facts: dict[str, Any] = json.loads(text_of("istio", f"{kind}.json"))
    return facts


def expanded(schema: Any, definitions: Mapping[str, Any], known: dict[str, Any] | None = None) -> Any:
    """A schema as it was before its parts were shared: each `$ref` replaced by what it names, which is made once (`known`)."""
    known = {} if known is None else known
    if isinstance(schema, list):
        return [expanded(each, definitions, known) for each in schema]
    if not isinstance(schema, dict):
        return schema
    name = schema.get("$ref")
    if not isinstance(name, str):
        return {key: expanded(value, definitions, known) for key, value in schema.items()}
    if name not in known:
        known[name] = expanded(definitions[name.rpartition("/")[2]], definitions, known)
    return known[name]
