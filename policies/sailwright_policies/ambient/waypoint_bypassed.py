"""Callers with a sidecar bypass the waypoint: its policies are not enforced for them.

A sidecar sends its requests straight to the pods, where ztunnel checks only the caller's identity and the port. Let ztunnel admit only
the waypoint: an AuthorizationPolicy with a selector and the waypoint's identity refuses every caller that bypasses it. Reported for
callers that are known to have a sidecar, that see the service, and that ztunnel lets in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import AUTHORIZATION_POLICY
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.services import Service
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.client_tls import ClientTls
from sailwright.mesh.queries.inbound import decision, reception
from sailwright.mesh.queries.peers import Peer, trust_domains
from sailwright.mesh.queries.pod_proxies import has_sidecar, in_ambient_mode
from sailwright.mesh.queries.policy_matches import Call
from sailwright.mesh.queries.receptions import DRY_RUN, Refusal
from sailwright.mesh.queries.waypoints import Waypoint, served_by, target_references, waypoint_of
from sailwright.mesh.queries.ztunnel_policies import asks_for_http
from sailwright.mesh.values.hosts import service_host
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, text

ID = "waypoint-bypassed"
KIND = AUTHORIZATION_POLICY
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

MOST = 20
"""Callers that are asked about one service."""

BAD = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint}}
---
apiVersion: v1
kind: Namespace
metadata: {name: old, labels: {istio-injection: enabled}}
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: cart}, ports: [{name: http, port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  template:
    metadata: {labels: {app: cart}}
    spec: {containers: [{name: cart, image: "example.com/cart:1.0"}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: front, namespace: old}
spec:
  template:
    metadata: {labels: {app: front}}
    spec: {containers: [{name: front, image: "example.com/front:1.0"}]}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: cart, namespace: shop}
spec:
  targetRefs:
    - kind: Service
      group: ""
      name: cart  # finding
  rules: [{to: [{operation: {methods: [GET]}}]}]
"""
GOOD = (
    BAD.replace("  # finding", "")
    + """---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: cart-pods, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
  rules: [{from: [{source: {principals: [cluster.local/ns/shop/sa/waypoint]}}]}]
""",
    BAD.replace("  # finding", "").replace("istio-injection: enabled", "istio.io/dataplane-mode: ambient"),
)


def check(policy: Manifest, mesh: World) -> Iterator[Problem]:
    """Policies that a waypoint enforces; one finding for each target whose pods let a caller with a sidecar in."""
    if policy.annotations.get(DRY_RUN) == "true":
        return
    references = list(entries(policy.spec.get("targetRefs"), ("spec", "targetRefs")))
    places: list[tuple[Path, Mapping[str, Any]]] = [((*path, "name"), each) for path, each in references]
    if not places and target_references(policy):
        places = [(("spec", "targetRef", "name"), target_references(policy)[0])]
    for service, waypoint in _served(mesh.index, policy):
        for path, reference in places:
            if reference.get("kind") in ("Service", "ServiceEntry") and reference.get("name") != service.name:
                continue
            caller = _past(mesh.index, policy, service)
            if caller is not None:
                yield Problem(
                    policy,
                    path,
                    f"{caller.kind} {caller.namespace}/{caller.name} has a sidecar: its calls bypass waypoint {waypoint.title}, "
                    f"and this policy of Service {service.name} is not enforced for them",
                    f"let ztunnel admit the waypoint alone (principals: [.../ns/{waypoint.namespace}/sa/{waypoint.name}] "
                    "by selector), or move the caller to ambient mode",
                    related=((caller.manifest, ("metadata", "name"), "the caller"),),
                )
                return


def _served(index: Index, policy: Manifest) -> Iterator[tuple[Service, Waypoint]]:
    """The services in ambient mode on whose calls a waypoint enforces a policy."""
    for service in _named(index, policy):
        waypoint = waypoint_of(index, service)
        pods = index.backends(service) if waypoint is not None else ()
        if waypoint is not None and pods and all(in_ambient_mode(index, each) for each in pods):
            yield service, waypoint


def _named(index: Index, policy: Manifest) -> Iterator[Service]:
    """The services that a policy is attached to: itself, or by their waypoint."""
    namespace = index.namespace_of(policy)
    for reference in target_references(policy):
        name = text(reference.get("name"))
        if reference.get("kind") == "Gateway":
            yield from served_by(index, (namespace, name))
        elif reference.get("kind") == "Service":
            service = index.registry.service(service_host(name, namespace, index.domain))
            yield from (service,) if service is not None else ()


def _past(index: Index, policy: Manifest, service: Service) -> Workload | None:
    """A workload with a sidecar that sees a service and that ztunnel lets in, and whom the policy at the waypoint would check."""
    for caller in index.derived(_sidecars)[:MOST]:
        peer = Peer(caller.namespace, caller.service_account, trust_domains(index))
        seen = service.exports.visible_in(caller.namespace) and index.sidecars.sees(
            caller.namespace, caller.labels, service.hosts[0], service.namespace
        )
        if seen and _checks(policy, service, peer) and _let_in(index, service, peer):
            return caller
    return None


def _sidecars(index: Index) -> tuple[Workload, ...]:
    """Workloads that surely have a sidecar, gateways left out: one of each service account."""
    found: dict[tuple[str, str], Workload] = {}
    for each in index.workloads:
        if not each.is_gateway and has_sidecar(index, each):
            found.setdefault((each.namespace, each.service_account), each)
    return tuple(found.values())


def _checks(policy: Manifest, service: Service, peer: Peer) -> bool:
    """Whether a policy would refuse some request of a caller: for who it is, or for what it asks."""
    rules = [rule for _, rule in entries(policy.spec.get("rules"), ())]
    if policy.spec.get("action") in ("DENY", "CUSTOM"):
        return bool(rules)
    if policy.spec.get("action") == "AUDIT":
        return False
    call = Call(service.ports[0].number if service.ports else None, "ANY", "/any", "any")
    return any(asks_for_http(rule) for rule in rules) or isinstance(decision([policy], call, peer), Refusal)


def _let_in(index: Index, service: Service, peer: Peer) -> bool:
    """Whether ztunnel lets a caller with a sidecar in at some pod and port of a service."""
    return any(
        reception(index, pod, Call(pod.port_number(port.on_pod)), (peer,), ClientTls()) is None
        for pod in index.backends(service)
        for port in service.ports
    )
