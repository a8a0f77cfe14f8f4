"""The schemas of Argo Rollouts' and Flagger's kinds (written by tools/derive_rollout_schemas.py)."""

from __future__ import annotations

from functools import cache
from typing import Any

GROUPS = ("argoproj.io", "flagger.app")
"""The API groups of these kinds; argoproj.io has those of other programs too."""


def versions(api_version: str, kind: str) -> tuple[str, ...]:
    """The API versions (with their group) that serve a kind of these groups; none for a kind that is not known."""
    group = api_version.rpartition("/")[0]
    named = (key.partition(" ") for key in _facts()["kinds"]) if group in GROUPS else ()
    return tuple(served for served, _, name in named if name == kind and served.rpartition("/")[0] == group)


@cache
def openapi_schema(api_version: str, kind: str) -> dict[str, Any] | None:
    """The OpenAPI v3 schema of the CustomResourceDefinition; None for another kind or version."""
    from sailwright.validate.schemas.istio import expanded

    found = _facts()["kinds"].get(f"{api_version} {kind}")
    schema: dict[str, Any] | None = found and expanded(found, _facts()["$defs"])
    return schema


@cache
def _facts() -> dict[str, Any]:
    import json

    from sailwright.validate.schemas.files import text_of

    facts: dict[str, Any] = json.loads(text_of("rollouts.json"))
    return facts
