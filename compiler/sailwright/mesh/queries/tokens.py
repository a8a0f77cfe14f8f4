"""Where a request may carry a JWT: what the RequestAuthentications of a mesh name, and where Istio looks by default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sailwright.mesh.values.kinds import REQUEST_AUTHENTICATION
from sailwright.source.untyped import entries, text, texts

if TYPE_CHECKING:
    from sailwright.mesh.index import Index

HEADERS = frozenset({"authorization", "cookie"})
PARAMETER = "access_token"


def token_places(index: Index) -> tuple[frozenset[str], frozenset[str]]:
    """The headers (in lower case) and the query parameters in which some proxy looks for a token; ask with `index.derived`."""
    headers, parameters = set(HEADERS), {PARAMETER}
    for manifest in index.of(REQUEST_AUTHENTICATION):
        for _, rule in entries(manifest.spec.get("jwtRules"), ()):
            headers |= {text(found.get("name")).lower() for _, found in entries(rule.get("fromHeaders"), ())}
            parameters |= set(texts(rule.get("fromParams")))
    return frozenset(headers), frozenset(parameters)


def has_token(index: Index, headers: Mapping[str, str], path: str) -> bool:
    """Whether a request with these headers (by lower-case name) and this path may carry a token."""
    names, parameters = index.derived(token_places)
    query = path.partition("?")[2]
    return any(name in names for name in headers) or any(f"{name}=" in query for name in parameters)
