"""ztunnel sees connections, not requests: a policy with HTTP conditions allows no call there, or denies none.

In an ALLOW policy ztunnel ignores each rule with methods, paths, hosts, headers or tokens, so the policy allows less than it says, most
often nothing. A DENY rule that has only such conditions never applies, and lets every call in (istio/istio#61126). CUSTOM and AUDIT
are not supported. Attach such a policy to a waypoint by `targetRefs`; ztunnel enforces a policy with a selector even where there is a
waypoint.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import AUTHORIZATION_POLICY
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.waypoints import guarded_pods, target_references, waypoint_of
from sailwright.mesh.queries.ztunnel_policies import asks_for_http, denies_nothing, http_parts
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, text

ID = "policy-at-ztunnel"
KIND = AUTHORIZATION_POLICY
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ("KIA0109", "KIA0110", "KIA1317")

_PODS = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  template:
    metadata: {labels: {app: cart}}
    spec: {containers: [{name: cart, image: "example.com/cart:1.0"}]}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: cart, namespace: shop}
spec:
"""
BAD = (
    _PODS
    + """\
  selector: {matchLabels: {app: cart}}
  rules:
    - to:
        - operation:
            methods: [GET]  # finding
""",
    _PODS
    + """\
  selector: {matchLabels: {app: cart}}
  action: DENY
  rules:
    - from:
        - source:
            notRequestPrincipals: ["*"]  # finding
""",
    _PODS
    + """\
  selector: {matchLabels: {app: cart}}
  action: AUDIT  # finding
  rules: [{}]
""",
)
GOOD = (
    _PODS
    + """\
  selector: {matchLabels: {app: cart}}
  rules: [{from: [{source: {namespaces: [shop]}}], to: [{operation: {ports: ["8080"]}}]}]
""",
    _PODS
    + """\
  targetRefs: [{kind: Service, group: "", name: cart}]
  rules: [{to: [{operation: {methods: [GET]}}]}]
""",
)


def check(policy: Manifest, mesh: World) -> Iterator[Problem]:
    """Policies without `targetRefs` for workloads that are surely in ambient mode."""
    if target_references(policy):
        return
    action = text(policy.spec.get("action")) or "ALLOW"
    asked = list(_asked(policy, action))
    pods = guarded_pods(mesh.index, policy) if asked else ()
    if not pods:
        return
    remedy = _remedy(mesh, pods)
    for path, what in asked:
        yield Problem(policy, path, f"{_named(pods)} is in ambient mode, and ztunnel {what}", remedy)


def _asked(policy: Manifest, action: str) -> Iterator[tuple[Path, str]]:
    """The first place of each rule that ztunnel cannot check, and what becomes of it."""
    if action in ("CUSTOM", "AUDIT"):
        yield ("spec", "action"), f"does not support {action}: the policy does nothing"
        return
    rules = list(entries(policy.spec.get("rules"), ("spec", "rules")))
    left = [rule for _, rule in rules if not asks_for_http(rule)]
    for path, rule in rules:
        for place, key in list(http_parts(rule))[:1]:
            if action == "DENY":
                nothing = denies_nothing(rule)
                effect = "does not enforce this rule" if nothing else "ignores it and denies more than the rule says"
                yield (*path, *place), f"cannot check `{key}`: it {effect}"
            else:
                others = "only the other rules apply" if left else "the policy allows no call"
                yield (*path, *place), f"cannot check `{key}`: it ignores this rule, and {others}"


def _named(pods: tuple[Workload, ...]) -> str:
    first = f"{pods[0].kind} {pods[0].name}"
    return f"{first} (and {len(pods) - 1} more)" if len(pods) > 1 else first


def _remedy(mesh: World, pods: tuple[Workload, ...]) -> str:
    services = (service for pod in pods for service in mesh.index.services_of(pod))
    used = next((found for service in services if (found := waypoint_of(mesh.index, service))), None)
    if used is not None:
        return f"attach it to the Service with `targetRefs`: waypoint {used.title} takes its calls"
    return "give the service a waypoint and attach the policy with `targetRefs`, or use conditions on ports and identities only"
