"""Whether a listener takes a route, and the reason that istiod writes into the route's status where it does not.

Source: Istio `pilot/pkg/config/kube/gateway` (conversion.go: referenceAllowed; conditions.go: the reasons and their rank).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sailwright.mesh.pilot.gateway_api.listeners import GatewayListener
from sailwright.mesh.values.hosts import overlap
from sailwright.mesh.values.kinds import kind_of
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import number

NO_MATCHING_PARENT: Final = "NoMatchingParent"
NOT_ALLOWED: Final = "NotAllowedByListeners"
NO_HOSTNAME: Final = "NoMatchingListenerHostname"
RANK: Final = (NOT_ALLOWED, NO_HOSTNAME, NO_MATCHING_PARENT)
"""Of several listeners that deny a route the first of these reasons is reported."""


@dataclass(frozen=True, slots=True)
class Denial:
    """Why a listener does not take a route. `about` is the field of the route that decides: port, sectionName, hostnames, namespace or kind."""

    reason: str
    message: str
    about: str


def denial(
    route: Manifest, listener: GatewayListener, reference: Mapping[str, Any], hosts: Sequence[str]
) -> Denial | None:
    """Why a listener does not take a route for these hosts; None where it does. Section and port come first, as istiod asks them."""
    if reference.get("port") and number(reference["port"]) != listener.port:
        return Denial(NO_MATCHING_PARENT, f"no listener has port {reference['port']}", "port")
    if reference.get("sectionName") and reference["sectionName"] != listener.section:
        return Denial(NO_MATCHING_PARENT, f"no listener is called {reference['sectionName']}", "sectionName")
    pairs = [host.partition("/") for host in listener.hosts]
    own = route.namespace or "default"
    met = [owner for owner, _, name in pairs if any(overlap(name, host) for host in hosts)]
    if not met:
        message = f"none of its hostnames matches {listener.hostname or '*'} of listener {listener.section}"
        return Denial(NO_HOSTNAME, message, "hostnames")
    if not {"*", own}.intersection(met):
        return Denial(NOT_ALLOWED, f"listener {listener.section} takes no routes of namespace {own}", "namespace")
    if kind_of(route.api_version, route.kind) not in listener.kinds:
        taken = ", ".join(kind.partition(".")[0] for kind in listener.kinds) or "no kind of route"
        return Denial(NOT_ALLOWED, f"listener {listener.section} takes {taken}, not {route.kind}", "kind")
    return None
