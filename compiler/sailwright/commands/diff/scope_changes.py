"""What a changed Sidecar does to the calls of the workloads it selects, and which hosts a changed Gateway decides about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sailwright.mesh.index import Index
from sailwright.mesh.pilot.egress_listeners import Listener
from sailwright.mesh.pilot.gateway_api.listeners import owner_of
from sailwright.mesh.pilot.gateway_names import MESH
from sailwright.mesh.pilot.gateway_workloads import gateway_workload
from sailwright.mesh.pilot.push_context import PushContext
from sailwright.mesh.pilot.sidecar_scope import Caller, Scope, sidecar_of
from sailwright.mesh.queries.data_plane import why_ambient
from sailwright.mesh.queries.pod_proxies import why_plain
from sailwright.mesh.queries.push_context import push_context_of
from sailwright.mesh.queries.routed_callers import targets
from sailwright.mesh.values.kinds import GATEWAY, SIDECAR, VIRTUAL_SERVICE, kind_of
from sailwright.route.simulator import Simulator
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, labels, mapping, texts

MOST = 12
"""Workloads on whose behalf a changed Sidecar is compared."""
NOT_SIMULATED = {
    "ingress": "what its own listeners do with the requests that arrive",
    "inboundConnectionPool": "how many requests its workloads take",
}
TLS_SIMULATED = ("mode", "httpsRedirect")


@dataclass(frozen=True, slots=True)
class NarrowedCaller:
    """A caller whose Sidecar changes, what to call it, and the hosts about which its Sidecars may differ."""

    title: str
    caller: Caller
    hosts: tuple[str, ...]


def narrowed_callers(
    before: Simulator, after: Simulator, objects: Iterable[Manifest]
) -> tuple[list[NarrowedCaller], int]:
    """The callers for whom another Sidecar holds than before, or one that says something else; and how many were not looked at.

    Who comes or goes with its Sidecar has no calls that change.
    """
    settled = (each for each in objects if not comes_or_goes(each, before.index, after.index))
    candidates = list(_candidates(after, settled).items())
    found = []
    for title, caller in candidates[:MOST]:
        one, other = (sidecar_of(side.push_context, caller) for side in (before, after))
        if (one.spec if one else None) != (other.spec if other else None):
            found.append(NarrowedCaller(title, caller, _differing(before.scope(caller), after.scope(caller))))
    return found, max(0, len(candidates) - MOST)


def comes_or_goes(sidecar: Manifest, before: Index, after: Index) -> bool:
    """Whether a Sidecar is on one side only, and so are all workloads that it selects, at least one."""
    selector = labels(mapping(sidecar.spec.get("workloadSelector")).get("labels"))
    if kind_of(sidecar.api_version, sidecar.kind) != SIDECAR or not selector:
        return False
    namespace, sides = sidecar.namespace or "default", (before, after)
    known = (index.derived(push_context_of).sidecars_in(namespace) for index in sides)
    if all(any(each.name == sidecar.name for each in found) for found in known):
        return False
    old, new = ({(each.kind, each.name) for each in index.selected(selector, namespace)} for index in sides)
    return bool(old or new) and old.isdisjoint(new)


def _candidates(after: Simulator, objects: Iterable[Manifest]) -> dict[str, Caller]:
    """Those whom a Sidecar may be for: its workloads, and any pod of its namespace; in the root namespace of all."""
    found: dict[str, Caller] = {}
    root = after.push_context.root_namespace
    for sidecar in (found for found in objects if kind_of(found.api_version, found.kind) == SIDECAR):
        namespace = sidecar.namespace or "default"
        selector = labels(mapping(sidecar.spec.get("workloadSelector")).get("labels"))
        places = sorted(after.push_context.namespaces) if namespace == root and not selector else [namespace]
        for place in places:
            if not selector:
                found.setdefault(f"namespace {place}", Caller(place))
            found.update(_workloads(after, place, selector))
        if selector and not any(caller.namespace == namespace for caller in found.values()):
            carried = tuple(sorted(selector.items()))
            written = ",".join(f"{key}={value}" for key, value in carried)
            found.setdefault(f"{written} in {namespace}", Caller(namespace, carried))
    return found


def _workloads(side: Simulator, namespace: str, selector: Mapping[str, str]) -> Iterator[tuple[str, Caller]]:
    """The workloads of a namespace that a Sidecar with a selector takes."""
    if not selector:
        return
    for workload in side.index.selected(selector, namespace):
        carried = tuple(sorted(workload.labels.items()))
        if not why_plain(side.index, namespace, carried) and not why_ambient(side.index, namespace, carried):
            yield f"{namespace}/{workload.name}", Caller(namespace, carried)


def _differing(before: Scope, after: Scope) -> tuple[str, ...]:
    """The hosts that two scopes may treat otherwise: all where their listeners differ, else those that only one of them has."""
    routes = {each for scope in (before, after) for found in scope.listeners for each in found.virtual_services}
    if _listeners(before) != _listeners(after):
        found = {*before.services, *after.services, *(host for each in routes for host in each.hosts)}
    else:
        found = {host for host, _ in _imported(before) ^ _imported(after)}
        found |= {host for each in routes if found & {target.host for target in targets(each)} for host in each.hosts}
    one, other = before.push_context.by_host, after.push_context.by_host
    return tuple(sorted(host for host in found if bool(one(host)) == bool(other(host))))


def _listeners(scope: Scope) -> list[tuple[object, ...]]:
    """What decides how connections are taken, whatever is imported."""
    return [(each.port, each.bind, each.proxy, str(each.protocol), scope.egress_proxy) for each in scope.listeners]


def _imported(scope: Scope) -> set[tuple[str, tuple[object, ...]]]:
    """Each host with what the listeners have for it."""
    found: set[tuple[str, tuple[object, ...]]] = {
        (host, ("cluster", each.namespace)) for host, each in scope.services.items()
    }
    for number, listener in enumerate(scope.listeners):
        found |= set(_of_listener(listener, number))
    return found


def _of_listener(listener: Listener, number: int) -> Iterator[tuple[str, tuple[object, ...]]]:
    yield from ((service.host, ("service", number, service.namespace)) for service in listener.services)
    for host, owner in listener.owners.items():
        yield host, ("owner", number, owner.namespace, owner.name)
    for found in listener.virtual_services:
        yield from ((host, ("routes", number, found.namespace, found.name)) for host in found.hosts)


# -- gateways ------------------------------------------------------------------------------------------------------------


def gateway_hosts(objects: Iterable[Manifest], push_contexts: tuple[PushContext, ...]) -> Iterator[str]:
    """The hosts that changed Gateways decide about: of the VirtualServices at every Gateway of the same workload."""
    changed = [found for found in objects if kind_of(found.api_version, found.kind) == GATEWAY]
    for gateway in dict.fromkeys(f"{found.namespace or 'default'}/{found.name}" for found in changed):
        for push_context in push_contexts:
            for name in _neighbours(push_context, gateway):
                for bound in push_context.bound_to(name):
                    yield from bound.hosts


def _neighbours(push_context: PushContext, gateway: str) -> list[str]:
    """The Gateways that the workload of one serves, that one included."""
    if gateway not in push_context.gateways:
        return []
    own = gateway_workload(push_context, gateway)
    found = ((name, gateway_workload(push_context, name)) for name in push_context.gateways)
    return [name for name, other in found if (other.namespace, other.labels) == (own.namespace, own.labels)]


def undeclared_gateways(
    objects: Iterable[Manifest], push_contexts: tuple[PushContext, ...]
) -> Iterator[tuple[str, str]]:
    """The gateways that changed VirtualServices are bound to and that neither side describes, with a sentence for each."""
    changed = {
        (found.namespace or "default", found.name)
        for found in objects
        if kind_of(found.api_version, found.kind) == VIRTUAL_SERVICE
    }
    missing: dict[str, None] = {}
    for push_context in push_contexts:
        for found in push_context.virtual_services:
            sources = {(rule.manifest.namespace or "default", rule.manifest.name) for rule in found.rules}
            if changed & {(found.namespace, found.name), *sources}:
                missing.update(dict.fromkeys(map(owner_of, found.gateways)))
    for name in missing:
        if name != MESH and not any(push_context.has_gateway(name) for push_context in push_contexts):
            hint = f"{{name: {name}, hosts: [...], port: 443, protocol: HTTPS}}"
            yield (
                name,
                f"requests at Gateway {name} are not compared: its servers are not known; add {hint} to known.gateways",
            )


# -- what is not simulated -----------------------------------------------------------------------------------------------


def not_simulated(before: Manifest | None, after: Manifest | None) -> Iterator[str]:
    """What changes in a Sidecar or a Gateway that no answer of the simulated mesh depends on, a line each."""
    manifest = after or before
    if manifest is None:
        return
    title = f"{manifest.kind} {manifest.namespace or 'default'}/{manifest.name}"
    specs = [found.spec if found else {} for found in (before, after)]
    kind = kind_of(manifest.api_version, manifest.kind)
    if kind == SIDECAR:
        for key, what in NOT_SIMULATED.items():
            if specs[0].get(key) != specs[1].get(key):
                yield f"{title} changes {key}: {what} is not compared"
    elif kind == GATEWAY:
        old, new = map(_handshakes, specs)
        if any(old[key] != new[key] for key in old.keys() & new.keys()):
            yield f"{title} changes tls of its servers: certificates and handshakes are not compared"


def _handshakes(spec: Mapping[str, Any]) -> dict[object, object]:
    """What the servers of a Gateway say of TLS beyond what decides routes, by port and hosts."""
    found: dict[object, object] = {}
    for _, server in entries(spec.get("servers"), ()):
        tls = mapping(server.get("tls"))
        asked = tls.get("mode") in ("MUTUAL", "OPTIONAL_MUTUAL", "ISTIO_MUTUAL") and tls.get("mode")
        rest = {key: value for key, value in tls.items() if key not in TLS_SIMULATED}
        found[str(mapping(server.get("port")).get("number")), tuple(texts(server.get("hosts")))] = (rest, asked)
    return found
