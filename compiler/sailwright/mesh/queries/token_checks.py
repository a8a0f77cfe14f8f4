"""What RequestAuthentications make of a request: without a token it passes, and one that is no JWT is refused.

Source: istio.io RequestAuthentication; Envoy's jwt_authn filter with `allow_missing`.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sailwright.mesh.objects.selectors import match_labels
from sailwright.mesh.queries.policy_matches import Call
from sailwright.mesh.values.kinds import REQUEST_AUTHENTICATION
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, text, texts

if TYPE_CHECKING:
    from sailwright.mesh.index import Index

PARTS = 3
"""Header, payload and signature of a JWT."""
BEARER = ({"name": "authorization", "prefix": "Bearer "},)
PARAMETERS = ("access_token",)


def token_check(index: Index, namespace: str, labels: Mapping[str, str], call: Call) -> tuple[Manifest, bool] | None:
    """The RequestAuthentication of a proxy that looks at a token of the request; True with it where the token is no JWT.

    Whether a JWT is valid is for its issuer's keys and the clock to say. None where the request carries none.
    """
    own = (namespace, index.mesh.root_namespace)
    return token_checked(
        [
            manifest
            for manifest in (index.of(REQUEST_AUTHENTICATION) if call.method is not None else ())
            if index.namespace_of(manifest) in own
            and not (manifest.spec.get("targetRefs") or manifest.spec.get("targetRef"))
            and match_labels(manifest).items() <= labels.items()
        ],
        call,
    )


def token_checked(manifests: Iterable[Manifest], call: Call) -> tuple[Manifest, bool] | None:
    """As `token_check`, where these RequestAuthentications are a proxy's."""
    found: tuple[Manifest, bool] | None = None
    for manifest in manifests:
        for token in _tokens(manifest, call):
            if not _is_jwt(token):
                return manifest, True
            found = found or (manifest, False)
    return found


def _tokens(manifest: Manifest, call: Call) -> Iterator[str]:
    """What the rules of a RequestAuthentication take for tokens in a request."""
    for _, rule in entries(manifest.spec.get("jwtRules"), ()):
        yield from _of_rule(rule, call)


def _of_rule(rule: Mapping[str, Any], call: Call) -> Iterator[str]:
    written = [found for _, found in entries(rule.get("fromHeaders"), ())]
    parameters, cookies = texts(rule.get("fromParams")), texts(rule.get("fromCookies"))
    default = not written and not parameters and not cookies
    for found in BEARER if default else written:
        value, prefix = call.headers.get(text(found.get("name")).lower()), text(found.get("prefix"))
        if value is not None and value.startswith(prefix):
            yield value[len(prefix) :].strip()
    yield from _values(call.query, "&", PARAMETERS if default else parameters)
    yield from _values(call.headers.get("cookie", ""), ";", cookies)


def _values(joined: str, separator: str, names: tuple[str, ...] | list[str]) -> Iterator[str]:
    """The values of `name=value` pairs by these names."""
    pairs = (part.strip().partition("=") for part in joined.split(separator))
    yield from (value for name, equals, value in pairs if equals and name in names)


def _is_jwt(token: str) -> bool:
    """Whether a token has the form of a signed JWT."""
    parts = token.split(".")
    return len(parts) == PARTS and all(part and _decodes(part) for part in parts)


def _decodes(part: str) -> bool:
    try:
        urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except (binascii.Error, ValueError):
        return False
    return True
