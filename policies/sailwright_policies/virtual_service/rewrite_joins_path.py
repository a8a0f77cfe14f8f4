"""A rewrite takes the place of the matched prefix, letter by letter: a slash more or less on one side doubles or eats one.

`prefix: /common` with `rewrite: {uri: /}` turns `/common/api` into `//api`, and `prefix: /api/` with `rewrite: {uri: /v2}` turns
`/api/cart` into `/v2cart`. Without a match of the path the prefix is `/`. Where prefix and rewrite both end in a slash, or
neither does, all is well; a path that is matched by `exact` or `regex` is replaced as a whole.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.world import World
from sailwright.source.untyped import entries, get, mapping, text

ID = "rewrite-joins-path"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: shop}
spec:
  hosts: [shop]
  http:
    - match: [{uri: {prefix: /common}}]
      rewrite: {uri: /}  # finding
      route: [{destination: {host: shop}}]
    - match: [{uri: {prefix: /api/}}]
      rewrite: {uri: /v2}  # finding
      route: [{destination: {host: shop}}]
    - match: [{uri: {prefix: /moved}}]
      redirect: {prefixRewrite: /}  # finding
    - rewrite: {uri: /shop}  # finding
      route: [{destination: {host: shop}}]
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: shop}
spec:
  hosts: [shop]
  http:
    - match: [{uri: {prefix: /common/}}, {uri: {prefix: /common}}]
      rewrite: {uri: /}
      route: [{destination: {host: shop}}]
    - match: [{uri: {prefix: /api}}]
      rewrite: {uri: /v2}
      route: [{destination: {host: shop}}]
    - match: [{uri: {exact: /health}}]
      rewrite: {uri: /}
      route: [{destination: {host: shop}}]
    - rewrite: {uri: /shop/}
      route: [{destination: {host: shop}}]
"""
MERGED = frozenset({"MERGE_SLASHES", "DECODE_AND_MERGE_SLASHES"})
"""Under these path normalisations the next proxy makes one slash of two."""


def check(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    """Compare the end of each rewrite with those of the prefixes it replaces; one that an earlier entry serves is left out."""
    merges = text(get(mesh.index.mesh.config, "pathNormalization", "normalization")) in MERGED
    earlier: set[str] = set()
    for path, rule in virtual_service.rules("http"):
        written = next(((*path, *keys) for keys in _REWRITES if text(get(rule, *keys))), None)
        new = next((text(get(rule, *keys)) for keys in _REWRITES if text(get(rule, *keys))), "")
        for prefix in _prefixes(rule):
            arrives = _joined(prefix, new, merges=merges) if written else ""
            if written and arrives and f"{prefix}/" not in earlier:
                message = f"the prefix `{prefix}` becomes `{new}`, so `{_below(prefix)}` arrives as `{arrives}`"
                yield Problem(virtual_service.manifest, written, message, _remedy(prefix, new))
                break
            earlier.add(prefix)


_REWRITES = (("rewrite", "uri"), ("redirect", "prefixRewrite"))


def _prefixes(rule: Mapping[str, Any]) -> Iterator[str]:
    matches = [match for _, match in entries(rule.get("match"), ())] or [{}]
    for match in matches:
        uri = mapping(match.get("uri"))
        if not any(text(uri.get(key)) for key in ("exact", "regex")):
            yield text(uri.get("prefix")) or "/"


def _below(prefix: str) -> str:
    return f"{prefix}x" if prefix.endswith("/") else f"{prefix}/x"


def _joined(prefix: str, new: str, *, merges: bool) -> str:
    """How a path below the prefix arrives, where that is not as it was meant; empty where it is.

    A rewrite with a star is another mistake (match-star-literal).
    """
    if "*" in new:
        return ""
    if prefix.endswith("/") == new.endswith("/") or (new.endswith("/") and merges):
        return ""
    return new + _below(prefix)[len(prefix) :]


def _remedy(prefix: str, new: str) -> str:
    if prefix == "/":
        return f"write `{new}/`"
    if prefix.endswith("/"):
        return f"write `{new}/`, or match `{prefix.rstrip('/')}`"
    if new == "/":
        return f"match `{prefix}/` first, and `{prefix}` after it in the same rule"
    return f"write `{new.rstrip('/')}`, or match `{prefix}/`"
