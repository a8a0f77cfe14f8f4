"""A Rollout whose route lacks its stable or canary destination becomes InvalidSpec: no canary step ever runs.

Argo Rollouts writes the weights of two destinations, the stable and the canary one: both have to be in the route, by the Services
or by the subsets that the Rollout names. Routes that a step makes (`setHeaderRoute`, `setMirrorRoute`) have to be listed under
`managedRoutes`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path, Severity
from sailwright.diagnostics.suggestions import is_slip
from sailwright.lint.kinds import objects
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.queries.rollouts import Steered, destination_rule_of, steered
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, get, mapping, text

ID = "rollout-route-mismatch"
KIND = objects(kinds.ROLLOUT)
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()

_ROUTE = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  hosts: [cart]
  http:
    - name: primary
      route:
        - {destination: {host: cart}, weight: 100}
        - {destination: {host: cart-canary}, weight: 0}
---
"""
_ROLLOUT = """
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: cart, namespace: shop}
spec:
  strategy:
    canary:
      stableService: cart
      canaryService: cart-canary
      trafficRouting:
        managedRoutes: [{name: testers}]
        istio:
          virtualService:
            name: cart
            routes: [primary]
      steps:
        - setHeaderRoute: {name: testers, match: [{headerName: x-test, headerValue: {exact: "yes"}}]}
"""
BAD = (
    _ROUTE.replace("        - {destination: {host: cart-canary}, weight: 0}\n", "")
    + _ROLLOUT.replace("[primary]", "[primary]  # finding"),
    _ROUTE + _ROLLOUT.replace("{name: testers}", "{name: others}").replace('"yes"}}]}', '"yes"}}]}  # finding'),
)
GOOD = (_ROUTE + _ROLLOUT, _ROLLOUT)
_CANARY = ("spec", "strategy", "canary")


def check(rollout: Manifest, mesh: World) -> Iterator[Problem]:
    """The http routes that a Rollout steers, of VirtualServices that are here, and the routes its steps name.

    A name that is a slip of the hand is `rollout-reference-unknown`'s.
    """
    for reference in steered(rollout, mesh.index):
        found = mesh.index.derived(_by_name).get((reference.namespace, reference.name))
        if found is not None:
            yield from _routes(rollout, reference, found)
    managed = {
        text(each.get("name"))
        for _, each in entries(get(rollout.value, *_CANARY, "trafficRouting", "managedRoutes"), ())
    }
    for path, step in entries(get(rollout.value, *_CANARY, "steps"), (*_CANARY, "steps")):
        for key in ("setHeaderRoute", "setMirrorRoute"):
            name = text(get(step, key, "name"))
            if name and name not in managed:
                message = (
                    f"{key} makes the route {name}, which managedRoutes does not list: the Rollout becomes InvalidSpec"
                )
                remedy = f"add {{name: {name}}} to trafficRouting.managedRoutes"
                yield Problem(rollout, (*path, key, "name"), message, remedy)


def _routes(rollout: Manifest, reference: Steered, found: VirtualService) -> Iterator[Problem]:
    rules = [rule for _, rule in found.rules("http")]
    chosen: list[tuple[Path, Mapping[str, Any]]] = [
        ((*reference.path, "routes", position), rule)
        for position, name in enumerate(reference.routes)
        for rule in rules
        if text(rule.get("name")) == name
    ]
    if not reference.routes and len(rules) == 1:
        chosen.append(((*reference.path, "name"), rules[0]))
    for path, rule in chosen:
        present = _destinations(rule, rollout)
        lacking = [
            name for name in _wanted(rollout) if not any(name == each or is_slip(name, each) for each in present)
        ]
        if lacking:
            what = "subset" if _by_subset(rollout) else "Service"
            message = (
                f"the route has no destination with the {what} {' and '.join(lacking)}: the Rollout becomes InvalidSpec"
            )
            related = ((found.manifest, ("metadata", "name"), "the VirtualService"),)
            yield Problem(rollout, path, message, "add the destination to the route, with weight 0", related)


def _by_subset(rollout: Manifest) -> bool:
    return bool(destination_rule_of(rollout)[1])


def _wanted(rollout: Manifest) -> list[str]:
    """The subsets, or else the Services, of which a route has to have both."""
    block = destination_rule_of(rollout)[1]
    keys = ("stableSubsetName", "canarySubsetName") if block else ("stableService", "canaryService")
    holder = block or mapping(get(rollout.value, *_CANARY))
    return [name for key in keys if (name := text(holder.get(key)))]


def _destinations(rule: Mapping[str, Any], rollout: Manifest) -> set[str]:
    """What a route's destinations are called: by subset, or by the first label of the host, as Argo Rollouts compares it."""
    found = [mapping(entry.get("destination")) for _, entry in entries(rule.get("route"), ())]
    if _by_subset(rollout):
        return {text(each.get("subset")) for each in found}
    return {text(each.get("host")).partition(".")[0] for each in found}


def _by_name(index: Index) -> Mapping[tuple[str, str], VirtualService]:
    return {(found.namespace, found.manifest.name): found for found in index.virtual_services}
