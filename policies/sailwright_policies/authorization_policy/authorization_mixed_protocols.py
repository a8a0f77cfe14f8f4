"""A rule for HTTP and TCP at once does not do on the TCP port what it says: there an ALLOW vanishes, a DENY hits everything.

Istio compiles each rule twice. For a TCP port it drops an ALLOW rule as a whole when anything in it asks for methods, paths,
hosts, tokens or headers, also when another operation of the same rule names the port. Of a DENY rule it drops only what cannot
be seen: an operation with nothing left fits every connection.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import AUTHORIZATION_POLICY
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.selectors import match_labels
from sailwright.mesh.queries.authorization_policies import HTTP_ONLY, pod_ports, reason_if_tcp
from sailwright.mesh.queries.traffic_policies import Governed, tcp_governed
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, mapping, text, texts

ID = "authorization-mixed-protocols"
KIND = AUTHORIZATION_POLICY
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()
REPLACES = ("authorization-policy-doubtful",)

_ECHO = """
apiVersion: v1
kind: Service
metadata: {name: echo, namespace: shop}
spec: {selector: {app: echo}, ports: [{name: http, port: 80, targetPort: 8080}, {name: tcp, port: 9090}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: echo, namespace: shop}
spec:
  template:
    metadata: {labels: {app: echo, sidecar.istio.io/inject: "true"}}
    spec: {containers: [{name: echo, image: "example.com/echo:1.0", ports: [{containerPort: 8080}, {containerPort: 9090}]}]}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: echo, namespace: shop}
spec:
  selector: {matchLabels: {app: echo}}
"""
_EVERY_POD = _ECHO.replace("  selector: {matchLabels: {app: echo}}\n", "")
BAD = (
    f"""{_ECHO}
  rules:
    - to:
        - operation: {{ports: ["8080"], methods: [GET]}}
        - operation:
            ports: ["9090"]  # finding
""",
    f"""{_ECHO}
  action: DENY
  rules:
    - to:  # finding
        - operation: {{methods: [POST]}}
    - from:  # finding
        - source: {{notRequestPrincipals: ["*"]}}
""",
    f"""{_ECHO}
  rules:
    - from: [{{source: {{requestPrincipals: ["*"]}}}}]
      to:
        - operation:
            ports: ["8080", "9090"]  # finding
""",
    f"""{_EVERY_POD}
  action: DENY
  rules:
    - to:  # finding
        - operation: {{methods: [POST]}}
""",
)
GOOD = (
    f"""{_ECHO}
  rules:
    - to: [{{operation: {{ports: ["8080"], methods: [GET]}}}}]
    - to: [{{operation: {{ports: ["9090"]}}}}]
""",
    f"""{_ECHO}
  action: DENY
  rules:
    - to: [{{operation: {{ports: ["8080"], methods: [POST]}}}}]
""",
)


def check(policy: Manifest, mesh: World) -> Iterator[Problem]:
    """Each rule against the ports that Services lead to. Workloads of TCP alone are another rule's.

    A policy without a selector is for all pods of its namespace; that of the root namespace is for more than is known here.
    """
    index, selector = mesh.index, match_labels(policy)
    namespace, action = index.namespace_of(policy), policy.spec.get("action", "ALLOW")
    elsewhere = policy.spec.get("targetRefs") or policy.spec.get("targetRef") or namespace == mesh.facts.root_namespace
    if action not in ("ALLOW", "DENY") or (not selector and elsewhere):
        return
    if tcp_governed(index, selector, namespace):
        return
    targets = pod_ports(index, selector, namespace)
    for path, rule in entries(policy.spec.get("rules"), ("spec", "rules")):
        if action == "ALLOW":
            yield from _vanishing(policy, path, rule, targets)
        else:
            yield from _denying_all(policy, path, rule, targets)


def _vanishing(
    policy: Manifest, path: Path, rule: Mapping[str, Any], targets: dict[str, Governed]
) -> Iterator[Problem]:
    """Operations of an ALLOW rule that ask for TCP ports alone, beside something that only requests have."""
    asked = next(_http_parts(rule), "")
    for place, operation in _operations(rule, path) if asked else ():
        ports = texts(operation.get("ports"))
        lost = [port for port in ports if reason_if_tcp(targets, [port])]
        some = len(lost) < len(ports)
        if lost and (some or not any(key in operation for key in HTTP_ONLY)):
            where, reason = f" on port {', '.join(lost)}" if some else "", reason_if_tcp(targets, lost)
            yield Problem(
                policy,
                (*place, "ports"),
                f"this allows nothing{where}: on TCP Istio drops the whole rule, because {asked} asks for what only HTTP has "
                f"({reason})",
                "write a rule of its own for the TCP port",
                key=True,
            )


def _denying_all(
    policy: Manifest, path: Path, rule: Mapping[str, Any], targets: dict[str, Governed]
) -> Iterator[Problem]:
    """A DENY rule with an operation of which nothing is left on a TCP port, and no source or condition that narrows it."""
    opened = [port for port in targets if reason_if_tcp(targets, [port])]
    if not opened or any(_narrows(source) for _, source in _inner(rule, path, "from", "source")):
        return
    if any(not text(when.get("key")).startswith("request.") for _, when in entries(rule.get("when"), ())):
        return
    asked = [source for _, source in _inner(rule, path, "from", "source") if source]
    if asked and not rule.get("to"):
        yield _denied(policy, path, min(asked[0]), opened, targets)
        return
    for _, operation in _operations(rule, path):
        lost = [key for key in HTTP_ONLY if operation.get(key)]
        if lost and not operation.get("ports") and not operation.get("notPorts"):
            yield _denied(policy, path, lost[0], opened, targets)
            return


def _denied(policy: Manifest, place: Path, lost: str, opened: list[str], targets: dict[str, Governed]) -> Problem:
    return Problem(
        policy,
        place,
        f"this denies every connection to port {', '.join(opened)}: {lost} cannot be seen on TCP, "
        f"and nothing else is asked ({targets[opened[0]]})",
        "add `ports` with the HTTP ports of the pods to the rule's operations",
    )


def _narrows(source: Mapping[str, Any]) -> bool:
    return any(source.get(key) for key in source if key not in ("requestPrincipals", "notRequestPrincipals"))


def _http_parts(rule: Mapping[str, Any]) -> Iterator[str]:
    """The names of what a rule asks of requests."""
    for _, operation in _operations(rule, ()):
        yield from (key for key in HTTP_ONLY if operation.get(key))
    for _, source in _inner(rule, (), "from", "source"):
        yield from (key for key in ("requestPrincipals", "notRequestPrincipals") if source.get(key))
    for _, when in entries(rule.get("when"), ()):
        if text(when.get("key")).startswith("request."):
            yield text(when.get("key"))


def _operations(rule: Mapping[str, Any], path: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    return _inner(rule, path, "to", "operation")


def _inner(rule: Mapping[str, Any], path: Path, key: str, inner: str) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for place, entry in entries(rule.get(key), (*path, key)):
        yield (*place, inner), mapping(entry.get(inner))
