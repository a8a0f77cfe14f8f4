"""A CORS policy on a rule that takes no OPTIONS never answers the browser's preflight.

Before a request that is not simple, as a POST of JSON, the browser sends an OPTIONS request. Envoy's CORS filter answers it with the
policy of the route that takes it. If the rule matches other methods only, the preflight goes to another route, or to none.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.values.re2 import compiled
from sailwright.mesh.world import World
from sailwright.source.untyped import entries, items, mapping, text

ID = "cors-without-options"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways: [edge/public]
  http:
    - match:
        - method: {exact: POST}
          uri: {prefix: /api}
      corsPolicy:  # finding
        allowOrigins: [{exact: "https://shop.example.com"}]
        allowMethods: [POST]
      route: [{destination: {host: shop}}]
    - match:
        - headers: {authorization: {prefix: Bearer}}
      corsPolicy:  # finding
        allowOrigins: [{exact: "https://shop.example.com"}]
      route: [{destination: {host: shop}}]
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways: [edge/public]
  http:
    - match: [{method: {regex: "POST|OPTIONS"}, uri: {prefix: /api}}]
      corsPolicy: {allowOrigins: [{exact: "https://shop.example.com"}], allowMethods: [POST]}
      route: [{destination: {host: shop}}]
    - match: [{method: {exact: GET}, uri: {prefix: /feed}}]
      corsPolicy: {allowOrigins: [{exact: "https://shop.example.com"}], allowMethods: [GET]}
      route: [{destination: {host: shop}}]
"""
SIMPLE = frozenset({"GET", "HEAD"})
"""Methods that browsers send without asking first, unless a header of its own is set."""


def check(virtual_service: VirtualService, _: World) -> Iterator[Problem]:
    """The rules with a CORS policy whose every match asks for other methods than OPTIONS, if no rule is there for OPTIONS."""
    rules = list(virtual_service.rules("http"))
    for path, rule in rules:
        policy = mapping(rule.get("corsPolicy"))
        matches = _matches(rule)
        if not policy or not matches or any(_takes_preflight(match) for match in matches):
            continue
        if _only_simple(policy, matches) or any(_answers_options(other) for _, other in rules):
            continue
        message = "this rule takes no OPTIONS request, so its CORS policy never answers the browser's preflight"
        remedy = 'let the match take OPTIONS too (method: {regex: "POST|OPTIONS"}), or leave the method out'
        if any(_takes(match, "OPTIONS") for match in matches):
            message = "a browser's preflight has no header of this match, so the CORS policy never answers it"
            remedy = "add a match for OPTIONS without the header"
        place: Path = (*path, "corsPolicy")
        yield Problem(virtual_service.manifest, place, message, remedy, key=True)


def _matches(rule: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [match for _, match in entries(rule.get("match"), ())]


def _takes_preflight(match: Mapping[str, Any]) -> bool:
    """Whether a preflight may meet a match: it is an OPTIONS request, and browsers send no cookies or credentials with it."""
    return _takes(match, "OPTIONS") and not any(name.lower() in _NEVER_SENT for name in mapping(match.get("headers")))


_NEVER_SENT = ("authorization", "cookie", "content-type")


def _takes(match: Mapping[str, Any], method: str) -> bool:
    wanted = mapping(match.get("method"))
    if not wanted:
        return True
    if text(wanted.get("regex")):
        pattern = compiled(text(wanted.get("regex")))
        return pattern is None or pattern.fullmatch(method) is not None
    exact = text(wanted.get("exact"))
    return exact == method if exact else method.startswith(text(wanted.get("prefix")))


def _only_simple(policy: Mapping[str, Any], matches: list[dict[str, Any]]) -> bool:
    """Whether no browser asks before these requests: GET and HEAD alone, and no headers or credentials are spoken of."""
    others = ("POST", "PUT", "PATCH", "DELETE")
    methods = {text(method).upper() for method in items(policy.get("allowMethods"))}
    plain = not any(_takes(match, method) for match in matches for method in others)
    return plain and methods <= SIMPLE and not policy.get("allowHeaders")


def _answers_options(rule: Mapping[str, Any]) -> bool:
    """Whether a rule is there for OPTIONS: it names the method, or has a CORS policy and takes any."""
    matches = _matches(rule)
    if any(match.get("method") and _takes_preflight(match) for match in matches):
        return True
    return bool(rule.get("corsPolicy")) and (not matches or any(_takes_preflight(match) for match in matches))
