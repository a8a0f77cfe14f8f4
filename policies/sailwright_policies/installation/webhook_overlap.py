"""Two injection webhooks that select one pod inject it twice.

Each adds a proxy. After an upgrade by revisions the old injector has to exclude what the new one takes, and the other way
round, for every combination of namespace and pod labels.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import MESH
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.namespaces import INJECTION_LABEL, REVISION_LABEL
from sailwright.mesh.objects.selectors import label_selector_selects
from sailwright.mesh.objects.workloads import INJECT
from sailwright.mesh.queries.webhooks import Webhook, injection_webhooks, revisions
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

ID = "webhook-overlap"
KIND = MESH
SEVERITY: Severity = "error"
ALIASES = ("IST0139",)
BAD = """
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata:
  name: istio-sidecar-injector
webhooks:
  - name: namespace.sidecar-injector.istio.io  # finding
    namespaceSelector: {matchLabels: {istio-injection: enabled}}
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata:
  name: istio-sidecar-injector-canary
  labels: {istio.io/rev: canary}
webhooks:
  - name: rev.namespace.sidecar-injector.istio.io  # finding
    namespaceSelector: {matchExpressions: [{key: istio-injection, operator: Exists}]}
"""
GOOD = BAD.replace("  # finding", "").replace(
    "key: istio-injection, operator: Exists",
    "key: istio.io/rev, operator: In, values: [canary]}, {key: istio-injection, operator: DoesNotExist",
)


def check(_: None, mesh: World) -> Iterator[Problem]:
    """Try every combination of injection labels and revisions: at most one webhook may select it."""
    webhooks = tuple(injection_webhooks(mesh.index))
    told: set[tuple[Manifest, Path, str]] = set()
    for namespace, pod in product(
        _labels(INJECTION_LABEL, ("enabled", "disabled"), webhooks), _labels(INJECT, ("true", "false"), webhooks)
    ):
        selecting = [
            webhook
            for webhook in webhooks
            if label_selector_selects(webhook.value.get("namespaceSelector"), namespace)
            and label_selector_selects(webhook.value.get("objectSelector"), pod)
        ]
        names = {webhook.full_name for webhook in selecting}
        for webhook in selecting if len(names) > 1 else ():
            others = ", ".join(sorted(names - {webhook.full_name}))
            if (webhook.manifest, webhook.path, others) not in told:
                told.add((webhook.manifest, webhook.path, others))
                message = f"this webhook and {others} select the same pods: they are injected twice"
                yield Problem(webhook.manifest, (*webhook.path, "name"), message, "make their selectors disjoint")


def _labels(key: str, values: tuple[str, ...], webhooks: tuple[Webhook, ...]) -> list[dict[str, str]]:
    """The label sets to try: the key absent and with each value, each without a revision and with every known one."""
    plain: list[dict[str, str]] = [{}, *({key: value} for value in values)]
    known = dict.fromkeys(revision for webhook in webhooks for revision in revisions(webhook.manifest))
    return plain + [{**labels, REVISION_LABEL: revision} for revision in known for labels in plain]
