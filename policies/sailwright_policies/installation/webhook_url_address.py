"""A webhook that names the control plane by its IP address breaks when the address changes.

The certificate of an external istiod is for a host name, too.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import objects
from sailwright.lint.rule import Problem
from sailwright.mesh.queries.webhooks import control_plane_webhooks
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import get, text

ID = "webhook-url-address"
KIND = objects(kinds.VALIDATING_WEBHOOK, kinds.MUTATING_WEBHOOK)
SEVERITY: Severity = "info"
ALIASES = ("IST0164",)
BAD = """
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: {name: istio-sidecar-injector-external-istiod}
webhooks:
  - name: rev.namespace.sidecar-injector.istio.io
    clientConfig:
      url: https://10.0.0.7:15017/inject  # finding
"""
GOOD = BAD.replace("10.0.0.7:15017/inject  # finding", "istiod.example.com:15017/inject")


def check(configuration: Manifest, _: World) -> Iterator[Problem]:
    """Look for addresses in the urls of the control plane's webhooks."""
    from sailwright.mesh.values.urls import url_address

    for webhook in control_plane_webhooks(configuration):
        url = text(get(webhook.value, "clientConfig", "url"))
        if url and url_address(url):
            path = (*webhook.path, "clientConfig", "url")
            message = f"the webhook {webhook.name} names the control plane by an address: {url}"
            yield Problem(configuration, path, message, "use its host name")
