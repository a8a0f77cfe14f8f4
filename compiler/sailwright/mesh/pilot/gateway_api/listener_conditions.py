"""What istiod writes into the status of a Gateway's listeners: whether each is accepted, whether its references resolve, and why not.

Source: Istio `pilot/pkg/config/kube/gateway` (conversion.go: buildListener, listenerProtocolToIstio; conditions.go: generateSupportedKinds).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from sailwright.diagnostics.finding import Path
from sailwright.mesh.pilot.gateway_api.conditions import ACCEPTED, GATEWAY, RESOLVED_REFS, Condition, RouteStatus
from sailwright.mesh.pilot.gateway_api.listeners import GatewayListener
from sailwright.mesh.values.kinds import KUBERNETES_GATEWAY, REFERENCE_GRANT, kind_of
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, get, text

UNSUPPORTED_PROTOCOL: Final = "UnsupportedProtocol"
INVALID_ROUTE_KINDS: Final = "InvalidRouteKinds"
REF_NOT_PERMITTED: Final = "RefNotPermitted"
PROTOCOLS: Final = ("HTTP", "HTTPS", "TLS", "TCP", "HBONE")
"""The protocols of listeners that istiod takes; HBONE is that of waypoints."""


@dataclass(frozen=True, slots=True)
class ListenerStatus:
    """The status of one listener: `routes` is how many routes hang on it, `path` leads to it in the Gateway."""

    gateway: Manifest
    section: str
    path: Path
    conditions: tuple[Condition, ...]
    routes: int

    @property
    def unmet(self) -> tuple[Condition, ...]:
        """The conditions that are not met."""
        return tuple(condition for condition in self.conditions if not condition.status)


def listener_statuses(
    manifests: Iterable[Manifest], listeners: Mapping[str, list[GatewayListener]], routes: Iterable[RouteStatus]
) -> list[ListenerStatus]:
    """The status of each listener of the Gateways that are Istio's."""
    manifests = tuple(manifests)
    attached: dict[tuple[str, str], int] = {}
    for status in routes:
        for parent in status.parents:
            for section in parent.listeners if parent.kind == GATEWAY else ():
                key = (f"{parent.namespace}/{parent.name}", section)
                attached[key] = attached.get(key, 0) + 1
    granted = set(secrets_granted(manifests))
    return [
        ListenerStatus(
            found, listener.section, path, tuple(_conditions(found, listener, given, path, granted)),
            attached.get((name, listener.section), 0),
        )
        for found in manifests
        if kind_of(found.api_version, found.kind) == KUBERNETES_GATEWAY
        for name in (f"{found.namespace or 'default'}/{found.name}",)
        for listener, (path, given) in zip(
            listeners.get(name, ()), entries(found.spec.get("listeners"), ("spec", "listeners")), strict=False
        )
    ]  # fmt: skip


Granted = tuple[str, str, str]
"""The namespace of Secrets, the namespace of the Gateways that may read them, and the Secret's name; empty for all."""


def secrets_granted(manifests: Iterable[Manifest]) -> Iterator[Granted]:
    """What ReferenceGrants let Gateways read."""
    for grant in manifests:
        if kind_of(grant.api_version, grant.kind) == REFERENCE_GRANT:
            for _, source in entries(grant.spec.get("from"), ()):
                for _, target in entries(grant.spec.get("to"), ()):
                    if (source.get("kind"), target.get("kind")) == ("Gateway", "Secret"):
                        yield grant.namespace or "default", text(source.get("namespace")), text(target.get("name"))


def _conditions(
    gateway: Manifest, listener: GatewayListener, given: Mapping[str, Any], path: Path, granted: set[Granted]
) -> Iterator[Condition]:
    if listener.protocol in PROTOCOLS:
        yield Condition(ACCEPTED, True, ACCEPTED)
    else:
        message = f"Istio has no listeners of protocol {listener.protocol or '(none)'}"
        yield Condition(ACCEPTED, False, UNSUPPORTED_PROTOCOL, message, (*path, "protocol"), "protocol")
    wanted = [text(kind.get("kind")) for _, kind in entries(get(given, "allowedRoutes", "kinds"), ())]
    taken = [kind.partition(".")[0] for kind in listener.kinds]
    if odd := [kind for kind in wanted if kind not in taken]:
        message = f"a listener of protocol {listener.protocol} takes no {', '.join(odd)}"
        yield Condition(RESOLVED_REFS, False, INVALID_ROUTE_KINDS, message, (*path, "allowedRoutes", "kinds"), "kinds")
        return
    own = gateway.namespace or "default"
    for place, reference in entries(get(given, "tls", "certificateRefs"), (*path, "tls", "certificateRefs")):
        namespace, name = text(reference.get("namespace")) or own, text(reference.get("name"))
        if namespace != own and granted.isdisjoint({(namespace, own, name), (namespace, own, "")}):
            message = f"no ReferenceGrant of namespace {namespace} lets Gateways of {own} read Secret {name}"
            yield Condition(RESOLVED_REFS, False, REF_NOT_PERMITTED, message, (*place, "namespace"), "namespace")
            return
    yield Condition(RESOLVED_REFS, True, RESOLVED_REFS)
