"""A condition on requests means something else on a TCP port: an ALLOW rule vanishes, a DENY rule hits every connection.

The proxy sees no methods, paths, hosts or tokens there. Istio drops an ALLOW rule that asks for them, so less is allowed than
it reads; of a DENY or AUDIT rule it drops only the condition, so more is denied, perhaps everything.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import AUTHORIZATION_POLICY
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.selectors import match_labels
from sailwright.mesh.queries.authorization_policies import of_requests, pod_ports, reason_if_tcp
from sailwright.mesh.queries.traffic_policies import tcp_governed
from sailwright.mesh.queries.waypoints import target_references
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import text

ID = "authorization-http-attribute"
KIND = AUTHORIZATION_POLICY
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()
REPLACES_AROUND = ("authorization-policy-doubtful",)

BAD = """
apiVersion: v1
kind: Service
metadata: {name: mysql, namespace: shop}
spec: {selector: {app: mysql}, ports: [{name: mysql, port: 3306}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: mysql, namespace: shop}
spec:
  template:
    metadata: {labels: {app: mysql}}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: mysql, namespace: shop}
spec:
  selector: {matchLabels: {app: mysql}}
  action: DENY
  rules:
    - to:
        - operation:
            methods: [POST]  # finding
"""

GOOD = """
apiVersion: v1
kind: Service
metadata: {name: mysql, namespace: shop}
spec: {selector: {app: mysql}, ports: [{name: mysql, port: 3306}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: mysql, namespace: shop}
spec:
  template:
    metadata: {labels: {app: mysql}}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: mysql, namespace: shop}
spec:
  selector: {matchLabels: {app: mysql}}
  action: DENY
  rules:
    - to: [{operation: {ports: ["3306"]}}]
"""


def check(policy: Manifest, mesh: World) -> Iterator[Problem]:
    """Operations, request principals and `request.` keys where the selected workloads, or the ports asked for, are TCP alone."""
    index, selector = mesh.index, match_labels(policy)
    asked = tuple(of_requests(policy))
    namespace = index.namespace_of(policy)
    attached = not selector and bool(target_references(policy))
    everywhere = "" if not asked else _tcp_alone(policy, mesh) if attached else tcp_governed(index, selector, namespace)
    targets = {} if everywhere or not selector or not asked else pod_ports(index, selector, namespace)
    allow = policy.spec.get("action", "ALLOW") == "ALLOW"
    effect = "so the rule is dropped and allows nothing" if allow else "so it is dropped and the rule hits more"
    for path, name, ports in asked:
        reason = everywhere or reason_if_tcp(targets, ports)
        if reason:
            yield Problem(
                policy,
                path,
                f"{name} cannot be seen on TCP, {effect}: {reason}",
                "use ports, principals, namespaces or ipBlocks, or declare the port as HTTP if it is",
                key=True,
            )


def _tcp_alone(policy: Manifest, mesh: World) -> str:
    """Why all ports are TCP of the Services that a policy is attached to by `targetRefs`; empty where one is not, or for a Gateway."""
    index = mesh.index
    named = {text(each.get("name")) for each in target_references(policy) if each.get("kind") == "Service"}
    if len(named) != len(target_references(policy)):
        return ""
    namespace = index.namespace_of(policy)
    services = [each for each in index.services if each.namespace == namespace and each.name in named]
    ports = [port for service in services for port in service.ports]
    if len(services) != len(named) or not all(port.protocol.is_tcp for port in ports):
        return ""
    return "; ".join(f"port {port.number} is {port.protocol.name}" for port in ports)
