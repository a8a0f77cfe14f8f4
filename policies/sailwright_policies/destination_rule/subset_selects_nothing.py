"""A subset without pods answers every request that is routed to it with a 503.

The labels of a subset narrow the pods of the service. Where no pod template carries them, the version is not deployed,
or its label is written differently. A warning while nothing routes to the subset.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.objects.selectors import selector_text
from sailwright.mesh.queries.absence import no_pods
from sailwright.mesh.queries.istioctl_compat import subsets_without_pods
from sailwright.mesh.queries.possible_pods import subset_possible
from sailwright.mesh.world import World

ID = "subset-selects-nothing"
KIND = DESTINATION_RULE
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


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """Look for an endpoint of each subset."""
    index = mesh.index
    if index.facts.compat:
        for subset in subsets_without_pods(rule, index):
            yield Problem(rule.manifest, (), f"the subset `{subset.name}` selects no pod")
        return
    service = index.registry.service(rule.host, rule.namespace)
    for subset in rule.subsets if service and index.has_endpoints(service) else ():
        if service and not subset_possible(index, service, subset.labels):
            used = any(destination.subset == subset.name for _, destination in index.routed(rule.host))
            yield Problem(
                rule.manifest,
                subset.path,
                f"no pod behind `{rule.written_host}` has the labels {selector_text(subset.labels)}",
                "deploy the version or correct the labels" + ", or requests routed to it end in a 503" * used,
                severity="error" if used else "warning",
                absent=no_pods({**service.selector, **subset.labels}, service.namespace, service.selector),
            )
