"""A webhook that names the control plane by its IP address breaks when the address changes.

The certificate of an external istiod is for a host name, too.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.queries.webhooks import control_plane_webhooks
from sailwright.mesh.values.tracing_urls import url_address
from sailwright.mesh.world import World
from sailwright.source.untyped import get, text

ID = "webhook-url-address"
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


def check(world: World) -> Iterator[Problem]:
    """Look for addresses in the urls of the control plane's webhooks."""
    for webhook in control_plane_webhooks(world.index):
        url = text(get(webhook.value, "clientConfig", "url"))
        if url and url_address(url):
            path = () if world.facts.compat else (*webhook.path, "clientConfig", "url")
            message = f"the webhook {webhook.name} names the control plane by an address: {url}"
            yield Problem(webhook.manifest, path, message, "use its host name")
