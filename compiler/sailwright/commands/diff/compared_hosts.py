"""The hosts whose calls a diff compares: those whose routes or callees change, and those whose routes lead to such a callee."""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.commands.diff.callee_changes import changed_callees, concerned
from sailwright.mesh.index import Index
from sailwright.mesh.pilot.gateway_names import is_wildcard
from sailwright.mesh.pilot.push_context import PushContext
from sailwright.mesh.queries.authorization_policies import Authorization
from sailwright.mesh.queries.push_context import push_context_of
from sailwright.mesh.queries.receptions import policies_for
from sailwright.mesh.queries.routed_callers import targets
from sailwright.mesh.queries.waypoints import at_waypoint, waypoint_of
from sailwright.mesh.values.kinds import AUTHORIZATION_POLICY
from sailwright.mesh.world import World
from sailwright.route.callers import gateway_caller
from sailwright.route.classes.representative_callers import claims, gateways
from sailwright.route.classes.world_slice import changed, hosts_of
from sailwright.route.simulator import Simulator
from sailwright.source.manifest import Manifest


def compared_hosts(before: World, after: World, *, callers_change: bool) -> list[str]:
    """The hosts to compare. Where callers change, too, every host counts that has routes or policies."""
    sides = (before, after)
    found = set(changed_callees(before, after)) | set(hosts_of(changed(before, after), sides))
    push_contexts = [side.index.derived(push_context_of) for side in sides]
    for name in gateways_with_other_policies(before.index, after.index):
        found.update(host for side in push_contexts for each in side.bound_to(name) for host in each.hosts)
    for virtual_service in (each for side in push_contexts for each in side.virtual_services):
        if callers_change or found & {target.host for target in targets(virtual_service)}:
            found.update(virtual_service.hosts)
    if callers_change:
        guarded = (each for side in sides for each in _guarded(side.index))
        found.update(guarded)
    return sorted(host for host in found if not is_wildcard(host) or host in _claimed(push_contexts))


def _claimed(push_contexts: list[PushContext]) -> set[str]:
    return {host for side in push_contexts for each in side.virtual_services for host in each.hosts}


def _guarded(index: Index) -> Iterator[str]:
    """The hosts of the Services whose pods have an AuthorizationPolicy."""
    for policy in index.of(AUTHORIZATION_POLICY):
        for service in concerned(policy, index):
            yield from service.hosts


def gateways_with_other_policies(before: Index, after: Index) -> list[str]:
    """The gateways of both sides whose own policies change."""
    old, new = (index.derived(push_context_of) for index in (before, after))
    return [
        name
        for name in old.gateways
        if name in new.gateways and _own_policies(before, old, name) != _own_policies(after, new, name)
    ]


def _own_policies(index: Index, push_context: PushContext, name: str) -> list[object]:
    return [policy.spec for policy in gateway_policies(index, push_context, name)]


def gateway_policies(index: Index, push_context: PushContext, name: str) -> tuple[Manifest, ...]:
    """The AuthorizationPolicies of the proxy that serves a Gateway."""
    caller = gateway_caller(push_context, name)
    return index.derived(Authorization).for_pods(caller.namespace, caller.label_map)


def policies_of(side: Simulator, host: str) -> list[Manifest]:
    """The AuthorizationPolicies that have a say about calls to a host: of its pods, of those its routes lead to, of gateways."""
    index, push_context = side.index, side.push_context
    hosts = dict.fromkeys([host, *(target.host for claim in claims(push_context, host) for target in targets(claim))])
    services = [service for each in hosts if (service := index.registry.service(each))]
    pods = (workload for service in services for workload in index.backends(service))
    found = dict.fromkeys(policy for pod in pods for policy in policies_for(index, pod))
    for service in services:
        if waypoint := waypoint_of(index, service):
            found.update(dict.fromkeys(at_waypoint(index, AUTHORIZATION_POLICY, waypoint, service)))
    for name in gateways((push_context,), host):
        if push_context.has_gateway(name):
            found.update(dict.fromkeys(gateway_policies(index, push_context, name)))
    return list(found)
