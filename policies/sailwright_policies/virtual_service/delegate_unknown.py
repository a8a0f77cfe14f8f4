"""A rule whose delegate cannot be used is dropped: its requests go to the next rule that takes them, or get a 404.

A delegate is a VirtualService without hosts, in the root's own namespace unless `delegate.namespace` says another, and exported
to the root's namespace. istiod writes one line to its log where there is none such, and leaves out the rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sailwright.diagnostics.finding import Severity
from sailwright.diagnostics.suggestions import one_edit_keys
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Place, Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.queries.absence import no_object
from sailwright.mesh.queries.delegates import Delegation, delegations
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World

ID = "delegate-unknown"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()
BAD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: front, namespace: edge}
spec:
  hosts: [shop.example.com]
  gateways: [edge/public]
  http:
    - match: [{uri: {prefix: /cart}}]
      delegate: {name: catr, namespace: shop}  # finding
    - match: [{uri: {prefix: /books}}]
      delegate: {name: books}  # finding
    - match: [{uri: {prefix: /pay}}]
      delegate: {name: pay, namespace: shop}  # finding
    - match: [{uri: {prefix: /mail}}]
      delegate: {name: mail, namespace: shop}  # finding
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec: {http: [{route: [{destination: {host: cart}}]}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: books, namespace: shop}
spec: {http: [{route: [{destination: {host: books}}]}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: pay, namespace: shop}
spec: {exportTo: [.], http: [{route: [{destination: {host: pay}}]}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: mail, namespace: shop}
spec: {hosts: [mail], http: [{route: [{destination: {host: mail}}]}]}
"""
GOOD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: front, namespace: edge}
spec:
  hosts: [shop.example.com]
  gateways: [edge/public]
  http:
    - match: [{uri: {prefix: /cart}}]
      delegate: {name: cart, namespace: shop}
    - match: [{uri: {prefix: /books}}]
      delegate: {name: books, namespace: another-repository}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec: {exportTo: [edge], http: [{route: [{destination: {host: cart}}]}]}
"""


def check(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    """Look each delegate up as istiod does. One that is nowhere is reported where the repository has its namespace."""
    for use in delegations(mesh.index, virtual_service):
        if use.delegate is None:
            found = _unusable(use) if use.found is not None else _missing(mesh.index, use)
            if found is not None:
                message, remedy, related, severity = found
                message = f"{message}: istiod drops this rule"
                path = (*use.path, "delegate", "name")
                known = related or use.namespace in mesh.index.derived(_namespaces)
                absent = no_object(
                    kinds.VIRTUAL_SERVICE, use.namespace, use.name, None if known else (), meant=bool(related)
                )
                yield Problem(
                    virtual_service.manifest, path, message, remedy, related, severity=severity, absent=absent
                )


Words = tuple[str, str, tuple[Place, ...], Severity | None]
"""What is wrong, what to do, related places, and how bad it is where that is not the rule's own."""


def _unusable(use: Delegation) -> Words | None:
    """A VirtualService of the name that cannot be the delegate."""
    found = use.found
    if found is None or found.manifest.namespace is None or use.root.manifest.namespace is None:
        return None
    title = f"VirtualService {use.namespace}/{use.name}"
    if found.hosts:
        place: Place = (found.manifest, ("spec", "hosts"), "these hosts")
        return f"{title} has hosts, and a delegate has none", "name a VirtualService without hosts", (place,), None
    place = (found.manifest, ("spec", "exportTo"), "exported to these")
    message = f"{title} is not exported to the namespace `{use.root.namespace}`"
    return message, f"add {use.root.namespace} to its exportTo", (place,), None


def _missing(index: Index, use: Delegation) -> Words | None:
    """A name that no VirtualService has; whoever is likely to be meant is named."""
    delegates = index.derived(_delegates)
    if use.root.manifest.namespace is None or any(
        found.manifest.namespace is None for found in delegates.get(use.name, ())
    ):
        return None
    message = f"there is no VirtualService {use.namespace}/{use.name}"
    elsewhere = delegates.get(use.name, ())
    if elsewhere:
        place: Place = (elsewhere[0].manifest, ("metadata", "name"), "a delegate of this name")
        return message, f"add `namespace: {elsewhere[0].namespace}` to the delegate", (place,), None
    wanted = one_edit_keys(use.name)
    near = [
        each
        for found in delegates.values()
        for each in found
        if each.namespace == use.namespace and one_edit_keys(each.manifest.name) & wanted
    ]
    if near:
        place = (near[0].manifest, ("metadata", "name"), "defined here")
        return message, f"did you mean `{near[0].manifest.name}`?", (place,), None
    return message, "add it, or correct the name", (), "info"


def _delegates(index: Index) -> Mapping[str, list[VirtualService]]:
    """The VirtualServices without hosts, by name."""
    found: dict[str, list[VirtualService]] = {}
    for each in index.virtual_services:
        if not each.hosts:
            found.setdefault(each.manifest.name, []).append(each)
    return found


def _namespaces(index: Index) -> frozenset[str]:
    """The namespaces whose VirtualServices the repository holds."""
    return frozenset(each.namespace for each in index.virtual_services)
