"""The schemas of the Gateway API's kinds, bundle by bundle (written by tools/derive_gateway_api_schemas.py).

Which bundle a cluster has, a repository does not say: clusters are upgraded on their own, and a kind or a field may come with the
experimental channel. So an object is right where one of the bundles takes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

GROUP = "gateway.networking.k8s.io"
EXPERIMENTS = "gateway.networking.x-k8s.io"
"""The group of kinds that are only tried out."""

KINDS: Mapping[str, str] = {
    **dict.fromkeys(("BackendLBPolicy", "BackendTLSPolicy", "GRPCRoute", "Gateway", "GatewayClass"), GROUP),
    **dict.fromkeys(("HTTPRoute", "ListenerSet", "ReferenceGrant", "TCPRoute", "TLSRoute", "UDPRoute"), GROUP),
    **dict.fromkeys(("XBackend", "XBackendTrafficPolicy", "XListenerSet", "XMesh", "XTelemetryPolicy"), EXPERIMENTS),
}
"""The kinds of all bundles and the API group each belongs to."""

_STAGES = ("alpha", "beta")


def is_gateway_api(api_version: str, kind: str) -> bool:
    """Is this one of the Gateway API's kinds? (`Gateway` is also a kind of Istio's.)"""
    return KINDS.get(kind) == api_version.rpartition("/")[0]


def versions(kind: str) -> tuple[str, ...]:
    """The API versions in which a bundle serves a kind, the most stable first."""
    return tuple(sorted(_facts(kind)["versions"], key=_stability, reverse=True))


def is_newer(kind: str, version: str) -> bool:
    """Whether an API version of a kind may come with a bundle newer than those known here."""
    return _stability(version) > _stability(versions(kind)[0])


@cache
def bundles(kind: str, version: str) -> tuple[str, ...]:
    """The bundles that have a schema of their own for a version of a kind, as `1.6.3 experimental`, the newest first."""
    return tuple(_facts(kind)["versions"].get(version, ()))


@cache
def openapi_schema(kind: str, version: str, bundle: str) -> dict[str, Any]:
    """The OpenAPI v3 schema of the CustomResourceDefinition in one of the `bundles`."""
    from sailwright.validate.schemas.istio import expanded

    facts = _facts(kind)
    schema: dict[str, Any] = expanded(facts["versions"][version][bundle], facts["$defs"])
    return schema


def _stability(version: str) -> tuple[int, int, int]:
    """How Kubernetes ranks API versions: v1 before v1beta2, v1beta1 and v1alpha3; what is no version comes last."""
    import re

    found = re.fullmatch(r"v([0-9]{1,4})(?:(alpha|beta)([0-9]{1,4}))?", version)
    if found is None:
        return (-1, 0, 0)
    major, stage, minor = found.groups()
    return (_STAGES.index(stage) if stage else len(_STAGES), int(major), int(minor or 0))


@cache
def _facts(kind: str) -> dict[str, Any]:
    import json

    from sailwright.validate.schemas.files import text_of

    facts: dict[str, Any] = json.loads(text_of("gateway_api", f"{kind}.json"))
    return facts
