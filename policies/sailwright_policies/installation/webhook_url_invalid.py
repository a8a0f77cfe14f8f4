"""A webhook that leads to no control plane fails every object that it selects.

With an external istiod the webhook has a `url`; with one in the cluster, a `service`. One of them has to be there, and
the url has to be one.
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
from sailwright.source.untyped import mapping

ID = "webhook-url-invalid"
KIND = objects(kinds.VALIDATING_WEBHOOK, kinds.MUTATING_WEBHOOK)
SEVERITY: Severity = "warning"
ALIASES = ("IST0163",)
BAD = """
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: {name: istio-sidecar-injector-external-istiod}
webhooks:
  - name: rev.namespace.sidecar-injector.istio.io
    clientConfig:
      url: https://istiod.example.com:https/inject  # finding
"""
GOOD = BAD.replace(":https/inject  # finding", ":15017/inject")


def check(configuration: Manifest, _: World) -> Iterator[Problem]:
    """Look at where each webhook of the control plane leads."""
    from sailwright.mesh.values.urls import is_url

    for webhook in control_plane_webhooks(configuration):
        config = mapping(webhook.value.get("clientConfig"))
        url = config.get("url")
        if isinstance(url, str) and not is_url(url):
            fault = f"the url `{url}` cannot be read"
        elif url is None and not config.get("service"):
            fault = "it has neither url nor service"
        else:
            continue
        path = (*webhook.path, "clientConfig", "url")
        message = f"the webhook {webhook.name} leads nowhere: {fault}"
        yield Problem(configuration, path, message, "give it the url of istiod, or its Service")
