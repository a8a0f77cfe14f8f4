"""Istio drops or rewrites this condition, so the rule takes other requests than its text says.

With `gateways` in a match, istiod looks at the gateway alone: `sourceLabels` and `sourceNamespace` beside it do nothing.
`ignoreUriCase` is for `exact` and `prefix`; a regex keeps its case. The regex `*` is no pattern: Istio takes it for "is present".
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.world import World
from sailwright.source.untyped import mapping

ID = "match-condition-ignored"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()
REPLACES = ("virtual-service-refused",)

BAD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  gateways: [mesh, edge/public]
  http:
    - match:
        - gateways: [mesh]
          sourceLabels: {app: web}  # finding
        - gateways: [mesh]
          sourceNamespace: shop  # finding
        - uri: {regex: "/Api/.*"}
          ignoreUriCase: true  # finding
        - headers: {x-canary: {regex: "*"}}  # finding
      route: [{destination: {host: reviews, subset: v2}}]
    - route: [{destination: {host: reviews, subset: v1}}]
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - match:
        - sourceLabels: {app: web}
          sourceNamespace: shop
        - uri: {regex: "(?i)/api/.*"}
        - headers: {x-canary: {}}
      route: [{destination: {host: reviews, subset: v2}}]
    - route: [{destination: {host: reviews, subset: v1}}]
"""

SOURCES = ("sourceLabels", "sourceNamespace")
MAPS = ("headers", "withoutHeaders", "queryParams")


def check(virtual_service: VirtualService, _: World) -> Iterator[Problem]:
    """The match entries of http rules."""
    for place, match in virtual_service.matches("http"):
        for below, message, remedy in _ignored(match):
            severity: Severity | None = "error" if below[-1] == "regex" else None
            yield Problem(virtual_service.manifest, (*place, *below), message, remedy, severity=severity)


def _ignored(match: Mapping[str, Any]) -> Iterator[tuple[Path, str, str]]:
    if match.get("gateways"):
        for key in SOURCES:
            if match.get(key):
                message = f"`{key}` is not looked at: with `gateways` in a match, istiod decides by the gateway alone"
                yield (key,), message, "remove `gateways` from this match, or name the callers in a rule of its own"
    if match.get("ignoreUriCase") is True and mapping(match.get("uri")).get("regex") is not None:
        message = "`ignoreUriCase` does nothing for a regex"
        yield ("ignoreUriCase",), message, "write (?i) at the beginning of the pattern"
    for key in MAPS:
        for name, wanted in mapping(match.get(key)).items():
            if mapping(wanted).get("regex") == "*":
                message = "the regex `*` is no pattern: Istio refuses it, or takes it for `is present`"
                yield (key, name, "regex"), message, "write {} to ask for the name alone, or a pattern such as .+"
