"""A star in `exact` or `prefix` is the character itself: `/static/*` takes no path but those with a star in it.

Envoy compares both byte for byte. A prefix needs no star: `/static/` takes everything below. For anything else there is `regex`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.world import World
from sailwright.source.untyped import mapping, text

ID = "match-star-literal"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()
REPLACES_AROUND = ("match-never-true",)

BAD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: shop}
spec:
  hosts: [shop]
  http:
    - match:
        - uri: {prefix: "/static/*"}  # finding
        - uri: {exact: "/img/*.png"}  # finding
        - authority: {exact: "*.example.com"}  # finding
      route: [{destination: {host: static}}]
    - match: [{uri: {prefix: /old/}}]
      rewrite: {uri: "/new/*"}  # finding
      route: [{destination: {host: shop}}]
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: shop}
spec:
  hosts: [shop]
  http:
    - match:
        - uri: {prefix: /static/}
        - uri: {regex: "/img/.*[.]png"}
        - headers: {accept: {exact: "*/*"}}
      route: [{destination: {host: static}}]
    - route: [{destination: {host: shop}}]
"""


def check(virtual_service: VirtualService, _: World) -> Iterator[Problem]:
    """Paths and authorities of http rules: in their matches, rewrites and redirects. Header values may hold a star."""
    for place, match in virtual_service.matches("http"):
        for key in ("uri", "authority"):
            for path, written in _literals(mapping(match.get(key)), "exact", "prefix"):
                message = f"the `*` in `{written}` is an ordinary character: {path[0]} compares byte for byte"
                yield Problem(virtual_service.manifest, (*place, key, *path), message, _remedy(written))
    for place, rule in virtual_service.rules("http"):
        for key, names in (("rewrite", ("uri",)), ("redirect", ("uri", "prefixRewrite"))):
            for path, written in _literals(mapping(rule.get(key)), *names):
                message = f"the `*` in `{written}` is an ordinary character: it is written into the path"
                yield Problem(virtual_service.manifest, (*place, key, *path), message, "leave the star out")


def _literals(holder: Mapping[str, Any], *keys: str) -> Iterator[tuple[Path, str]]:
    for key in keys:
        written = text(holder.get(key))
        if "*" in written:
            yield (key,), written


def _remedy(written: str) -> str:
    stem = written.removesuffix("*")
    if stem.startswith("/") and "*" not in stem:
        return f"write `prefix: {stem}`"
    return "write a regex"
