"""A condition on requests means something else on a TCP port: an ALLOW rule vanishes, a DENY rule hits every connection.

The proxy sees no methods, paths, hosts or tokens there. Istio drops an ALLOW rule that asks for them, so less is allowed than
it reads; of a DENY or AUDIT rule it drops only the condition, so more is denied, perhaps everything.
"""

from collections.abc import Iterator

from sailwright.finding import Path, Severity
from sailwright.manifest import Manifest
from sailwright.mesh import kinds
from sailwright.mesh.policies import tcp_only
from sailwright.mesh.shape import entries, get, labels, mapping, text
from sailwright.mesh.world import World
from sailwright.rule import Problem

ID = "authorization-http-attribute"
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


def check(world: World) -> Iterator[Problem]:
    """Operations, request principals and `request.` keys of policies that select workloads with TCP ports alone."""
    for manifest in world.index.of(kinds.AUTHORIZATION_POLICY):
        selector = labels(get(manifest.spec, "selector", "matchLabels"))
        if not selector:
            continue
        reason = tcp_only(world.index.services_behind(selector, world.index.namespace_of(manifest)))
        if not reason:
            continue
        allow = manifest.spec.get("action", "ALLOW") == "ALLOW"
        effect = "so the rule is dropped and allows nothing" if allow else "so it is dropped and the rule hits more"
        for path, name in _conditions(manifest):
            yield Problem(
                manifest,
                path,
                f"{name} cannot be seen on TCP, {effect}: {reason}",
                "use ports, principals, namespaces or ipBlocks, or declare the port as HTTP if it is",
                key=True,
            )


def _conditions(manifest: Manifest) -> Iterator[tuple[Path, str]]:
    for rule_path, rule in entries(manifest.spec.get("rules"), ("spec", "rules")):
        for path, to in entries(rule.get("to"), (*rule_path, "to")):
            found = mapping(to.get("operation"))
            yield from (((*path, "operation", key), key) for key in HTTP_ONLY if key in found)
        for path, source in entries(rule.get("from"), (*rule_path, "from")):
            found = mapping(source.get("source"))
            keys = (key for key in ("requestPrincipals", "notRequestPrincipals") if key in found)
            yield from (((*path, "source", key), key) for key in keys)
        for path, condition in entries(rule.get("when"), (*rule_path, "when")):
            key = text(condition.get("key"))
            if key.startswith("request."):
                yield (*path, "key"), key
