"""A star inside of a value is a letter: the value matches nothing but itself.

Paths, hosts, principals and headers are compared as `abc`, `abc*`, `*abc` or `*`; a path may also hold the templates `{*}` (one
segment) and `{**}` (any number). An ALLOW rule with `/api/*/items` allows no request, a DENY rule denies none. Regular
expressions are not known either: `/api/.*` is the prefix `/api/.`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import AUTHORIZATION_POLICY
from sailwright.lint.rule import Problem
from sailwright.mesh.queries.authorization_policies import conditions, operations, sources
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import items, text

ID = "authorization-star-inside"
KIND = AUTHORIZATION_POLICY
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: echo, namespace: shop}
spec:
  action: DENY
  rules:
    - to: [{operation: {paths: [/admin, /api/*/admin]}}]  # finding
    - from: [{source: {principals: [cluster.local/ns/*/sa/web]}}]  # finding
"""
GOOD = """
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: echo, namespace: shop}
spec:
  action: DENY
  rules:
    - to: [{operation: {paths: [/admin, "/api/{*}/admin", "*/admin", "/admin/*"]}}]
    - from: [{source: {principals: [cluster.local/ns/shop/*], namespaces: ["team-*-web"]}}]
"""

_OPERATION = ("paths", "notPaths", "hosts", "notHosts", "methods", "notMethods")
_SOURCE = ("principals", "notPrincipals")
_KEYS = ("source.principal", "connection.sni", "request.headers")


def check(policy: Manifest, _: World) -> Iterator[Problem]:
    """Values that are compared as text. Namespaces are not: there a star stands for anything, wherever it is."""
    for path, written in _compared(policy):
        inside = written[1:] if written.startswith("*") else written.removesuffix("*")
        is_path = "aths" in str(path[-2])
        if "*" in inside and not (is_path and "{" in written):
            remedy = (
                "use `{*}` for one segment or `{**}` for any number"
                if is_path
                else "list the values, or cut at the star"
            )
            yield Problem(policy, path, f"the star inside of `{written}` is a letter: it matches nothing else", remedy)
        elif is_path and inside != written and inside.endswith("/."):
            message = f"`{written}` is the prefix `{inside}`, with a dot: this is no regular expression"
            yield Problem(policy, path, message, f"write {inside[:-1]}*")


def _compared(policy: Manifest) -> Iterator[tuple[Path, str]]:
    """The values of a policy that are compared as text."""
    holders: list[tuple[Path, Mapping[str, Any], tuple[str, ...]]] = []
    holders += [(path, operation, _OPERATION) for path, operation in operations(policy)]
    holders += [(path, source, _SOURCE) for path, source in sources(policy)]
    for path, condition in conditions(policy):
        if text(condition.get("key")).partition("[")[0] in _KEYS:
            holders.append((path, condition, ("values", "notValues")))
    for path, holder, keys in holders:
        for key in keys:
            for position, written in enumerate(items(holder.get(key))):
                if isinstance(written, str):
                    yield (*path, key, position), written
