"""A condition on requests means something else on a TCP port: an ALLOW rule vanishes, a DENY rule hits every connection.

The proxy sees no methods, paths, hosts or tokens there. Istio drops an ALLOW rule that asks for them, so less is allowed than
it reads; of a DENY or AUDIT rule it drops only the condition, so more is denied, perhaps everything.
"""

from collections.abc import Iterator, Sequence

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import AUTHORIZATION_POLICY
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.selectors import match_labels
from sailwright.mesh.queries.authorization_policies import conditions, operations, sources
from sailwright.mesh.queries.traffic_policies import Governed, all_tcp, tcp_only
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import text, texts

ID = "authorization-http-attribute"
KIND = AUTHORIZATION_POLICY
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

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

HTTP_ONLY = ("methods", "notMethods", "paths", "notPaths", "hosts", "notHosts")


def check(policy: Manifest, mesh: World) -> Iterator[Problem]:
    """Operations, request principals and `request.` keys where the selected workloads, or the ports asked for, are TCP alone."""
    selector = match_labels(policy)
    asked = tuple(_of_requests(policy)) if selector else ()
    if not asked:
        return
    namespace = mesh.index.namespace_of(policy)
    everywhere = tcp_only(mesh.index.services_behind(selector, namespace))
    targets = {} if everywhere else _targets(mesh.index, selector, namespace)
    allow = policy.spec.get("action", "ALLOW") == "ALLOW"
    effect = "so the rule is dropped and allows nothing" if allow else "so it is dropped and the rule hits more"
    for path, name, ports in asked:
        reason = everywhere or _all_tcp(targets, ports)
        if reason:
            yield Problem(
                policy,
                path,
                f"{name} cannot be seen on TCP, {effect}: {reason}",
                "use ports, principals, namespaces or ipBlocks, or declare the port as HTTP if it is",
                key=True,
            )


def _targets(index: Index, selector: dict[str, str], namespace: str) -> dict[str, Governed]:
    """The pods' ports that Services lead to, as a policy writes them."""
    return {
        str(workload.port_number(port.on_pod)): Governed(service.hosts[0], service, port)
        for workload in index.selected(selector, namespace)
        for service in index.services_of(workload)
        for port in service.ports
    }


def _all_tcp(targets: dict[str, Governed], ports: Sequence[str]) -> str:
    found = tuple(targets[port] for port in ports if port in targets)
    return str(found[0]) if len(found) == len(ports) and all_tcp(found) else ""


def _of_requests(policy: Manifest) -> Iterator[tuple[Path, str, list[str]]]:
    """What only requests have, each with its name and the ports that its own operation asks for."""
    for path, operation in operations(policy):
        yield from (((*path, key), key, texts(operation.get("ports"))) for key in HTTP_ONLY if key in operation)
    for path, source in sources(policy):
        keys = (key for key in ("requestPrincipals", "notRequestPrincipals") if key in source)
        yield from (((*path, key), key, []) for key in keys)
    for path, condition in conditions(policy):
        key = text(condition.get("key"))
        if key.startswith("request."):
            yield (*path, "key"), key, []
