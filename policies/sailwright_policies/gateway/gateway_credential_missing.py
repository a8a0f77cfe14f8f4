"""A server whose certificate is in no Secret refuses every TLS connection.

`credentialName` names a Secret in the namespace of the gateway's pods, not in that of the Gateway. Secrets are seldom in
a repository: those that exist are declared under `known.secrets` as `namespace/name`; without it nothing is reported.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.diagnostics.suggestions import did_you_mean
from sailwright.lint.kinds import GATEWAY
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts, Known
from sailwright.mesh.objects.routing import Gateway
from sailwright.mesh.queries.absence import no_object
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.untyped import text

ID = "gateway-credential-missing"
KIND = GATEWAY
SEVERITY: Severity = "error"
ALIASES = ("IST0101",)
BAD = Example(
    """
apiVersion: apps/v1
kind: Deployment
metadata: {name: ingressgateway, namespace: ingress}
spec: {template: {metadata: {labels: {istio: ingressgateway}}}}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec:
  selector: {istio: ingressgateway}
  servers:
    - port: {number: 443, name: https, protocol: HTTPS}
      hosts: [shop.example.com]
      tls:
        mode: SIMPLE
        credentialName: shop-cret  # finding
""",
    Facts(known=Known(secrets=("ingress/shop-cert",))),
)
GOOD = Example(BAD.text.replace("shop-cret  # finding", "shop-cert"), BAD.facts)


def check(gateway: Gateway, mesh: World) -> Iterator[Problem]:
    """Look each credential up beside the pods of its Gateway."""
    known, pods = mesh.facts.known.secrets, mesh.index.selected(gateway.selector)
    place = pods[0].namespace if pods else ""
    for server in gateway.servers if place else ():
        name = text((server.tls or {}).get("credentialName"))
        namespace, short = _full_name(name, place)
        full = f"{namespace}/{short}"
        if not name or mesh.index.find(kinds.SECRET, namespace, short):
            continue
        if not mesh.facts.compat and (known is None or full in known or ":" in name):
            continue
        path = (*server.path, "tls", "credentialName")
        remedy = did_you_mean(full, known or (), f"create the Secret in `{place}`, where the gateway's pods run")
        yield Problem(
            gateway.manifest,
            path,
            f"there is no Secret `{full}` for credentialName `{name}`",
            remedy,
            absent=no_object(kinds.SECRET, namespace, short),
        )


def _full_name(name: str, namespace: str) -> tuple[str, str]:
    place, slash, short = name.partition("/")
    return (place, short) if slash else (namespace, name)
