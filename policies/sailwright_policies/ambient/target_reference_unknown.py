"""A policy is not enforced if its `targetRefs` name an object that does not exist, or one that enforces no policies.

Istio attaches policies to a Kubernetes Gateway, to a Service or ServiceEntry of the policy's own namespace that has a waypoint, and, in
the root namespace, to the GatewayClass of waypoints. The `group` must be that of the kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sailwright.diagnostics.finding import Path, Severity
from sailwright.diagnostics.suggestions import did_you_mean
from sailwright.lint.kinds import objects
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.queries.absence import no_object
from sailwright.mesh.queries.waypoints import no_waypoint
from sailwright.mesh.values import kinds
from sailwright.mesh.values.hosts import service_host
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, text

ID = "target-reference-unknown"
KIND = objects(kinds.AUTHORIZATION_POLICY, kinds.REQUEST_AUTHENTICATION, kinds.WASM_PLUGIN, kinds.TELEMETRY)
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()

GROUPS: Final[Mapping[str, str]] = {
    "Gateway": "gateway.networking.k8s.io",
    "GatewayClass": "gateway.networking.k8s.io",
    "Service": "",
    "ServiceEntry": "networking.istio.io",
}
"""The kinds that Istio attaches policies to, and their API groups."""
_KINDS: Final[Mapping[str, str]] = {
    "Gateway": kinds.KUBERNETES_GATEWAY,
    "Service": kinds.SERVICE,
    "ServiceEntry": kinds.SERVICE_ENTRY,
}

_MESH = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: cart}, ports: [{name: http, port: 80}]}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: cart, namespace: shop}
spec:
  targetRefs:
    - kind: Service
      group: ""
      name: cart
  rules: [{to: [{operation: {methods: [GET]}}]}]
"""
BAD = (
    _MESH.replace("      name: cart", "      name: cart  # finding"),
    _MESH.replace("      name: cart", "      name: crat  # finding"),
    _MESH.replace('group: ""', "group: apps  # finding"),
    _MESH.replace("kind: Service\n      group", "kind: Deployment  # finding\n      group"),
)
GOOD = _MESH.replace("mode: ambient}", "mode: ambient, istio.io/use-waypoint: waypoint}")


def check(policy: Manifest, mesh: World) -> Iterator[Problem]:
    """Each of `targetRefs`, and the older `targetRef`."""
    one = policy.spec.get("targetRef")
    references = list(entries(policy.spec.get("targetRefs"), ("spec", "targetRefs")))
    for path, reference in references or ([(("spec", "targetRef"), one)] if isinstance(one, dict) else []):
        kind = text(reference.get("kind"))
        if kind not in GROUPS:
            known = "Gateway, Service, ServiceEntry or GatewayClass"
            remedy = did_you_mean(kind, GROUPS, f"name a {known}")
            yield Problem(policy, (*path, "kind"), f"a policy cannot be attached to a {kind}", remedy)
        elif text(reference.get("group")) not in _groups(kind):
            remedy = f"write `group: {GROUPS[kind] or chr(34) * 2}`"
            yield Problem(policy, (*path, "group"), f"this is not the API group of {kind}", remedy)
        else:
            yield from _named(policy, path, reference, mesh.index)


def _groups(kind: str) -> tuple[str, ...]:
    """How the group of a kind may be written; that of Service is empty, and Istio takes `core` too."""
    return ("", "core") if kind == "Service" else (GROUPS[kind],)


def _named(policy: Manifest, path: Path, reference: Mapping[str, Any], index: Index) -> Iterator[Problem]:
    """Whether the object is there, and has a waypoint."""
    kind, name = text(reference.get("kind")), text(reference.get("name"))
    namespace = index.namespace_of(policy)
    place = (*path, "name")
    if kind == "GatewayClass":
        if namespace != index.mesh.root_namespace:
            message = "a policy for a GatewayClass applies in the root namespace only"
            yield Problem(
                policy, (*path, "kind"), message, f"move it to {index.mesh.root_namespace}, or name a Gateway"
            )
        return
    if reference.get("namespace") not in (None, "", namespace):
        message = "a policy can be attached only to objects of its own namespace"
        yield Problem(policy, (*path, "namespace"), message, f"move the policy to {reference.get('namespace')}")
        return
    if index.find(_KINDS[kind], namespace, name) is None:
        names = [each.name for each in index.of(_KINDS[kind]) if index.namespace_of(each) == namespace]
        absent = no_object(_KINDS[kind], namespace, name, names)
        message = f"there is no {kind} {name} in namespace {namespace}"
        yield Problem(policy, place, message, did_you_mean(name, names, "correct the name"), absent=absent)
        return
    entries_there = (each for each in index.service_entries if (each.namespace, each.name) == (namespace, name))
    host = service_host(name, namespace, index.domain)
    found = (
        index.registry.service(host) if kind == "Service" else next(entries_there, None) if kind != "Gateway" else None
    )
    if found is not None and no_waypoint(index, found):
        message = f"nothing enforces it: {kind} {namespace}/{name} has no waypoint"
        remedy = "give it one (the label istio.io/use-waypoint), or select the pods with `selector`"
        yield Problem(policy, place, message, remedy)
