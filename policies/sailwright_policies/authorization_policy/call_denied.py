"""A call that the caller declares and the callee's policy does not allow is answered with 403.

The outbound list of one service (its Sidecar) and the inbound list of the other (its AuthorizationPolicy) are written by two
teams; one of them forgot the other.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import objects
from sailwright.lint.rule import Problem
from sailwright.mesh.queries.authorization_policies import Authorization
from sailwright.mesh.queries.callers import calls_of
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, mapping, texts

ID = "call-denied"
KIND = objects(kinds.SIDECAR)
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


def check(sidecar: Manifest, mesh: World) -> Iterator[Problem]:
    """Declared calls to Services whose pods have ALLOW policies, none of which can let the caller in."""
    authorization = mesh.index.derived(Authorization)
    for call in calls_of(sidecar, mesh.index):
        callees = mesh.index.backends(call.service)
        policies = [policy for callee in callees for policy in authorization.selecting(callee)]
        policies += authorization.of_namespace(call.service.namespace)
        allowing = [policy for policy in policies if policy.spec.get("action", "ALLOW") == "ALLOW"]
        identity = f"ns/{call.client.namespace}/sa/{call.client.service_account}"
        if callees and allowing and not any(_may_let_in(policy, identity) for policy in allowing):
            yield Problem(
                sidecar,
                call.path,
                f"{call.service.name} lets nobody in as {identity}, which {call.client.name} runs as",
                f"add {call.client.name} to the inbound callers of {call.service.name}, or remove the call",
                related=((allowing[0], ("metadata", "name"), "the callers that are let in"),),
            )


def _may_let_in(policy: Manifest, identity: str) -> bool:
    """Whether some rule may match the caller: only lists of plain principals surely do not."""
    for _, rule in entries(policy.spec.get("rules"), ()):
        found = [mapping(source.get("source")) for _, source in entries(rule.get("from"), ())]
        if not found or any(source.keys() != _PRINCIPALS_ONLY for source in found):
            return True
        names = (name for source in found for name in texts(source["principals"]))
        if any("*" in name or name.partition("/")[2] == identity for name in names):
            return True
    return False
