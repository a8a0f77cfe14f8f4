"""A subset without pods answers every request that is routed to it with a 503.

The labels of a subset narrow the pods of the service. Where no pod template carries them, the version is not deployed,
or its label is written differently. A warning while nothing routes to the subset.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import DestinationRule, Subset
from sailwright.mesh.objects.selectors import Labelled, selector_text, selects
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.istioctl_compat import scoped_hosts
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.untyped import labels, text

ID = "subset-selects-nothing"
SEVERITY: Severity = "error"
ALIASES = ("IST0173", "KIA0203")
BAD = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews-v1, namespace: shop}
spec: {template: {metadata: {labels: {app: reviews, version: v1}}}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  subsets:
    - {name: v1, labels: {version: v1}}
    - {name: v2, labels: {version: v2}}  # finding
"""
GOOD = BAD.replace("    - {name: v2, labels: {version: v2}}  # finding\n", "")

_AT_RUN_TIME = ("topology.istio.io/", "topology.kubernetes.io/", "kubernetes.io/hostname", "rollouts-pod-template-hash")
"""Labels that endpoints get from their node, their cluster or a rollout: no pod template has them."""
_TOPOLOGY = ("topology.kubernetes.io/region", "topology.kubernetes.io/zone", "topology.istio.io/subzone")


def check(world: World) -> Iterator[Problem]:
    """Look for an endpoint of each subset."""
    index = world.index
    if index.facts.compat:
        yield from _analysed(index)
        return
    routed = {(found.full_host, found.subset) for service in index.virtual_services for found in service.destinations}
    for rule in index.destination_rules:
        service = index.registry.service(rule.host, rule.namespace)
        endpoints = index.endpoints(service) if service else []
        for subset in rule.subsets if endpoints else ():
            wanted = {key: value for key, value in subset.labels.items() if not key.startswith(_AT_RUN_TIME)}
            if not any(selects(wanted, found) for found in endpoints):
                used = (rule.host, subset.name) in routed
                yield _problem(rule, subset, "error" if used else "warning", used=used)


def _problem(rule: DestinationRule, subset: Subset, severity: Severity, *, used: bool) -> Problem:
    message = f"no pod behind `{rule.written_host}` has the labels {selector_text(subset.labels)}"
    remedy = "deploy the version or correct the labels"
    if used:
        remedy += ", or requests routed to it end in a 503"
    return Problem(rule.manifest, subset.path, message, remedy, severity=severity)


def _analysed(index: Index) -> Iterator[Problem]:
    """Any pod of the mesh will do, with the topology labels of its node; of two subsets with one name the last counts."""
    pods = Labelled([_placed(index, pod) for pod in index.workloads], lambda found: found)
    for rule in index.destination_rules:
        service = index.derived(scoped_hosts).find(
            rule.written_host, rule.namespace, rule.manifest.spec.get("exportTo")
        )
        for subset in {subset.name: subset for subset in rule.subsets}.values() if service else ():
            own = service.selector if service and service.is_entry else {}
            if not pods.selected({**own, **subset.labels}):
                yield Problem(rule.manifest, (), f"the subset `{subset.name}` selects no pod")


def _placed(index: Index, pod: Workload) -> Mapping[str, str]:
    name = text(pod.spec.get("nodeName"))
    node = index.find(kinds.NODE, "", name) if name else None
    if node is None:
        return pod.labels
    of_node = {key: value for key, value in labels(node.labels).items() if key in _TOPOLOGY}
    return {**pod.labels, **of_node, "kubernetes.io/hostname": name}
