"""A call that the caller declares and the callee's policy does not allow is answered with 403.

The outbound list of one service (its Sidecar) and the inbound list of the other (its AuthorizationPolicy) are written by two
teams; one of them forgot the other.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.queries.callers import declared_calls
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, get, labels, mapping, texts

ID = "call-denied"
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: front, namespace: shop}
spec:
  workloadSelector: {labels: {app: front}}
  egress:
    - hosts:
        - shop/ratings.shop.svc.cluster.local  # finding
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: front, namespace: shop}
spec: {template: {metadata: {labels: {app: front}}, spec: {serviceAccountName: front}}}
---
apiVersion: v1
kind: Service
metadata: {name: ratings, namespace: shop}
spec: {selector: {app: ratings}, ports: [{name: http, port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ratings, namespace: shop}
spec: {template: {metadata: {labels: {app: ratings}}}}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: ratings, namespace: shop}
spec:
  selector: {matchLabels: {app: ratings}}
  rules: [{from: [{source: {principals: [cluster.local/ns/shop/sa/reviews]}}]}]
"""

GOOD = BAD.replace("  # finding", "").replace("sa/reviews", "sa/front")

_PRINCIPALS_ONLY = {"principals"}


def check(world: World) -> Iterator[Problem]:
    """Declared calls to Services whose pods have ALLOW policies, none of which can let the caller in."""
    index = world.index
    selecting, wide = _policies(index)
    for call in declared_calls(index) if selecting or wide else ():
        callees = index.backends(call.service)
        policies = [policy for callee in callees for policy in selecting.get(callee.manifest, ())]
        policies += [
            policy
            for place in dict.fromkeys((call.service.namespace, index.mesh.root_namespace))
            for policy in wide.get(place, ())
        ]
        allowing = [policy for policy in policies if policy.spec.get("action", "ALLOW") == "ALLOW"]
        identity = f"ns/{call.client.namespace}/sa/{call.client.service_account}"
        if callees and allowing and not any(_may_let_in(policy, identity) for policy in allowing):
            yield Problem(
                call.sidecar,
                call.path,
                f"{call.service.name} lets nobody in as {identity}, which {call.client.name} runs as",
                f"add {call.client.name} to the inbound callers of {call.service.name}, or remove the call",
                related=((allowing[0], ("metadata", "name"), "the callers that are let in"),),
            )


def _policies(index: Index) -> tuple[dict[Manifest, list[Manifest]], dict[str, list[Manifest]]]:
    """The policies that select a workload, by workload, and those of a whole namespace."""
    selecting: dict[Manifest, list[Manifest]] = {}
    wide: dict[str, list[Manifest]] = {}
    for policy in index.of(kinds.AUTHORIZATION_POLICY):
        namespace = index.namespace_of(policy)
        selector = labels(get(policy.spec, "selector", "matchLabels"))
        if not selector:
            wide.setdefault(namespace, []).append(policy)
            continue
        for workload in index.selected(selector, None if namespace == index.mesh.root_namespace else namespace):
            selecting.setdefault(workload.manifest, []).append(policy)
    return selecting, wide


def _may_let_in(policy: Manifest, identity: str) -> bool:
    """Whether some rule may match the caller: only lists of plain principals surely do not."""
    for _, rule in entries(policy.spec.get("rules"), ()):
        sources = [mapping(source.get("source")) for _, source in entries(rule.get("from"), ())]
        if not sources:
            return True
        for source in sources:
            if source.keys() != _PRINCIPALS_ONLY:
                return True
            if any("*" in name or name.partition("/")[2] == identity for name in texts(source["principals"])):
                return True
    return False
