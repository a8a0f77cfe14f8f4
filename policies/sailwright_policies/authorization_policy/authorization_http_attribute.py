"""A condition on requests means something else on a TCP port: an ALLOW rule vanishes, a DENY rule hits every connection.

The proxy sees no methods, paths, hosts or tokens there. Istio drops an ALLOW rule that asks for them, so less is allowed than
it reads; of a DENY or AUDIT rule it drops only the condition, so more is denied, perhaps everything.
"""

from collections.abc import Iterator, Sequence

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.queries.traffic_policies import Governed, all_tcp, tcp_only
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, get, labels, mapping, text, texts

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
    """Operations, request principals and `request.` keys where the selected workloads, or the ports asked for, are TCP alone."""
    for manifest in world.index.of(kinds.AUTHORIZATION_POLICY):
        selector = labels(get(manifest.spec, "selector", "matchLabels"))
        conditions = tuple(_conditions(manifest)) if selector else ()
        if not conditions:
            continue
        namespace = world.index.namespace_of(manifest)
        everywhere = tcp_only(world.index.services_behind(selector, namespace))
        targets = {} if everywhere else _targets(world.index, selector, namespace)
        allow = manifest.spec.get("action", "ALLOW") == "ALLOW"
        effect = "so the rule is dropped and allows nothing" if allow else "so it is dropped and the rule hits more"
        for path, name, ports in conditions:
            reason = everywhere or _all_tcp(targets, ports)
            if reason:
                yield Problem(
                    manifest,
                    path,
                    f"{name} cannot be seen on TCP, {effect}: {reason}",
                    "use ports, principals, namespaces or ipBlocks, or declare the port as HTTP if it is",
                    key=True,
                )


def _targets(index: Index, selector: dict[str, str], namespace: str) -> dict[str, Governed]:
    """The pods' ports that Services lead to, as a policy writes them."""
    return {
        str(workload.port_number(port.target if port.target is not None else port.number)): Governed(
            service.hosts[0], service, port
        )
        for workload in index.selected(selector, namespace)
        for service in index.services_of(workload)
        for port in service.ports
    }


def _all_tcp(targets: dict[str, Governed], ports: Sequence[str]) -> str:
    found = tuple(targets[port] for port in ports if port in targets)
    return str(found[0]) if len(found) == len(ports) and all_tcp(found) else ""


def _conditions(manifest: Manifest) -> Iterator[tuple[Path, str, list[str]]]:
    """What only requests have, each with its name and the ports that its own operation asks for."""
    for rule_path, rule in entries(manifest.spec.get("rules"), ("spec", "rules")):
        for path, to in entries(rule.get("to"), (*rule_path, "to")):
            found = mapping(to.get("operation"))
            yield from (
                ((*path, "operation", key), key, texts(found.get("ports"))) for key in HTTP_ONLY if key in found
            )
        for path, source in entries(rule.get("from"), (*rule_path, "from")):
            found = mapping(source.get("source"))
            keys = (key for key in ("requestPrincipals", "notRequestPrincipals") if key in found)
            yield from (((*path, "source", key), key, []) for key in keys)
        for path, condition in entries(rule.get("when"), (*rule_path, "when")):
            key = text(condition.get("key"))
            if key.startswith("request."):
                yield (*path, "key"), key, []
