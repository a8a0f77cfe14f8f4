"""A listener terminates TLS but names no certificate: clients fail in the TLS handshake.

HTTPS always terminates TLS, and so does TLS unless its mode is Passthrough. Options of the implementation may bring the certificate, and
controllers other than Istio's may find it by themselves. A Secret of another namespace needs a ReferenceGrant there; that is checked where
the files have the Secret.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.diagnostics.suggestions import did_you_mean
from sailwright.lint.kinds import KUBERNETES_GATEWAY
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.pilot.gateway_api.listener_conditions import Granted, secrets_granted
from sailwright.mesh.queries.absence import no_object
from sailwright.mesh.queries.gateway_listeners import is_istios
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, items, mapping, text

ID = "listener-certificate-missing"
KIND = KUBERNETES_GATEWAY
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: ingress}
spec:
  gatewayClassName: istio
  listeners:
    - {name: http, port: 80, protocol: HTTP}
    - name: https  # finding
      port: 443
      protocol: HTTPS
"""

GOOD = BAD.replace("  # finding", "").replace(
    "protocol: HTTPS", "protocol: HTTPS\n      tls: {certificateRefs: [{name: shop-tls}]}"
)


def check(gateway: Manifest, mesh: World) -> Iterator[Problem]:
    """The listeners of each Gateway that istiod serves."""
    if not is_istios(gateway, mesh.index):
        return
    for path, listener in entries(gateway.spec.get("listeners"), ("spec", "listeners")):
        tls = mapping(listener.get("tls"))
        ends = text(listener.get("protocol")) in ("HTTPS", "TLS") and text(tls.get("mode")) != "Passthrough"
        if ends and not items(tls.get("certificateRefs")) and not mapping(tls.get("options")):
            name = text(listener.get("name"))
            yield Problem(
                gateway,
                (*path, "name"),
                f"listener `{name}` terminates TLS but names no certificate",
                "name a Secret: `tls: {certificateRefs: [{name: SECRET}]}`",
            )
        for place, reference in entries(tls.get("certificateRefs"), (*path, "tls", "certificateRefs")):
            if ends and reference.get("kind", "Secret") == "Secret":
                yield from _at_secret(
                    gateway, place, text(reference.get("namespace")), text(reference.get("name")), mesh.index
                )


def _at_secret(gateway: Manifest, path: Path, given: str, name: str, index: Index) -> Iterator[Problem]:
    """A Secret that another one of the files was in all likelihood meant for, or that the Gateway may not read."""
    own = index.namespace_of(gateway)
    namespace = given or own
    if index.find(kinds.SECRET, namespace, name) is None:
        names = [each.name for each in index.of(kinds.SECRET) if index.namespace_of(each) == namespace]
        absent = no_object(kinds.SECRET, namespace, name, names)
        message = f"there is no Secret {name} in namespace {namespace}"
        yield Problem(gateway, (*path, "name"), message, did_you_mean(name, names, "correct the name"), absent=absent)
    elif namespace != own and index.derived(_granted).isdisjoint({(namespace, own, name), (namespace, own, "")}):
        message = f"namespace {namespace} does not let Gateways of {own} read its Secrets"
        remedy = f"add a ReferenceGrant in {namespace}: from Gateway in {own}, to Secret"
        absent = no_object(kinds.REFERENCE_GRANT, namespace, "")
        yield Problem(gateway, (*path, "namespace"), message, remedy, absent=absent)


def _granted(index: Index) -> frozenset[Granted]:
    """The Secrets that ReferenceGrants let Gateways read."""
    return frozenset(secrets_granted(index.manifests))
