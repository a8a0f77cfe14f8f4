"""An injection webhook whose Service does not exist fails every pod that it selects, or lets them in without a proxy.

Which of the two its failurePolicy decides. After a revision was removed, its webhook has to go too.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import objects
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts, Known
from sailwright.mesh.queries.absence import no_object
from sailwright.mesh.queries.webhooks import injecting
from sailwright.mesh.values import kinds
from sailwright.mesh.values.hosts import service_host
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import get, text

ID = "webhook-service-missing"
KIND = objects(kinds.MUTATING_WEBHOOK)
SEVERITY: Severity = "error"
ALIASES = ("IST0139",)
_WEBHOOK = """
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: {name: istio-sidecar-injector-canary, labels: {istio.io/rev: canary}}
webhooks:
  - name: rev.namespace.sidecar-injector.istio.io
    clientConfig:
      service: {name: istiod-canary, namespace: istio-system}  # finding
"""
_SERVICE = """
---
apiVersion: v1
kind: Service
metadata: {name: istiod-canary, namespace: istio-system}
spec: {ports: [{name: https-webhook, port: 443}]}
"""
BAD = Example(_WEBHOOK, Facts(known=Known(hosts=())))
GOOD = Example(_WEBHOOK.replace("  # finding", "") + _SERVICE, Facts(known=Known(hosts=())))


def check(configuration: Manifest, mesh: World) -> Iterator[Problem]:
    """Look the Service of each injection webhook up."""
    index = mesh.index
    for webhook in injecting(configuration):
        service = get(webhook.value, "clientConfig", "service")
        if not isinstance(service, dict):
            continue
        namespace, name = text(service.get("namespace")), text(service.get("name"))
        if index.facts.compat:
            missing = index.find(kinds.SERVICE, namespace, name) is None
        else:
            missing = index.registry.decide(service_host(name, namespace, index.domain)) == "unknown"
        if missing:
            path = (*webhook.path, "clientConfig", "service")
            message = f"the injector's Service {namespace}/{name} does not exist"
            remedy = "install that control plane, or remove the webhook"
            yield Problem(configuration, path, message, remedy, absent=no_object(kinds.SERVICE, namespace, name))
