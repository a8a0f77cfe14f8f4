"""Whether what a change does to calls hangs on nothing but the services that are linked to it, and on what is around all services.

Links (see `lint.links`) lead from a service to whatever names it or has what it names. What no link leads to is asked of the whole mesh:
a Namespace, a Gateway or a policy of a gateway that a service file has, pods whose calls pass their proxy, ambient mode, placeholders;
a change of Gateways, Namespaces, what istiod reads, or whom a Sidecar is for, and of labels and accounts of pods or whether they have a
proxy.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from collections.abc import Set as AbstractSet
from typing import Final

from sailwright.commands.diff.callee_changes import changed_objects, changed_workloads
from sailwright.commands.diff.compared_hosts import compared_hosts, gateway_policies, gateways_with_other_policies
from sailwright.commands.diff.missing_hosts import routed_alone
from sailwright.commands.diff.scope_changes import comes_or_goes
from sailwright.commands.linked.worlds import GATEWAY_API
from sailwright.mesh.index import Index
from sailwright.mesh.queries.pod_proxies import EXCLUDE_OUTBOUND, in_ambient_mode, why_plain
from sailwright.mesh.queries.push_context import push_context_of
from sailwright.mesh.queries.uncertain import any_uncertain
from sailwright.mesh.values import kinds
from sailwright.mesh.values.kinds import kind_of
from sailwright.mesh.world import World
from sailwright.route.classes.world_slice import changed, hosts_of
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import get, labels

_OF_THE_MESH: Final = GATEWAY_API | {kinds.GATEWAY, kinds.NAMESPACE}


def divisible(world: World, services: Collection[str]) -> bool:
    """Whether answers about a service of a mesh hang on no others than those it is linked to. `services` are the rendered files of services."""
    return not any(world.index.of(*GATEWAY_API)) and divisible_but_for_routes(world, services)


def divisible_but_for_routes(world: World, services: Collection[str]) -> bool:
    """The same where routes of the Gateway API are looked at besides."""
    index = world.index
    if any_uncertain(index):
        return False
    if any(EXCLUDE_OUTBOUND in each.annotations or in_ambient_mode(index, each) for each in index.each_workload()):
        return False
    if any(each.document.source.path in services for each in index.of(kinds.NAMESPACE)):
        return False  # whoever names a host in it is told that it is not there
    own = (
        each for each in index.of(kinds.GATEWAY, kinds.AUTHORIZATION_POLICY) if each.document.source.path in services
    )
    return not any(own) or not any(each.document.source.path in services for each in _at_gateways(index))


def _at_gateways(index: Index) -> Iterator[Manifest]:
    """The Gateways, and the policies of the proxies that serve them."""
    yield from index.of(kinds.GATEWAY)
    push_context = index.derived(push_context_of)
    for name in (*push_context.gateways, *push_context.known_gateways):
        if push_context.has_gateway(name):
            yield from gateway_policies(index, push_context, name)


def changes_alone(
    before: World, after: World, hosts: AbstractSet[str], complete: Collection[int], services: Collection[str]
) -> bool:
    """Whether a change that turns one part of a mesh into the other is seen by no callers and no hosts but those of the part.

    `hosts` are those to compare, `complete` ports of which all services are in the part, `services` the rendered files of services.
    """
    for kind, pair in _pairs(before, after):
        if kind == kinds.SIDECAR:
            if not _names_what_it_needs(*pair) and not any(
                each and comes_or_goes(each, before.index, after.index) for each in pair
            ):
                return False
        elif kind in _OF_THE_MESH or (kind == kinds.CONFIG_MAP and _of_istio(*pair)):
            return False
    old, new = before.index, after.index
    if changed_workloads(before, after) or _plain_workloads(old) != _plain_workloads(new):
        return False
    if gateways_with_other_policies(old, new) or _serve(old, new):
        return False
    return routed_alone(before, after, hosts, complete, services)


def hosts_to_compare(before: World, after: World) -> frozenset[str]:
    """The hosts whose routes or calls are compared, where callers do not change."""
    called = compared_hosts(before, after, callers_change=False)
    return frozenset((*called, *hosts_of(changed(before, after), (before, after))))


def _pairs(before: World, after: World) -> Iterator[tuple[str, tuple[Manifest | None, Manifest | None]]]:
    """The objects that are not the same, as they were and as they are, each with its kind."""
    found: dict[tuple[str, str, str], list[Manifest | None]] = {}
    for manifest, index in changed_objects(before, after):
        kind = kind_of(manifest.api_version, manifest.kind)
        pair = found.setdefault((kind, index.namespace_of(manifest), manifest.name), [None, None])
        pair[index is after.index] = manifest
    yield from ((kind, (old, new)) for (kind, _, _), (old, new) in found.items())


def _names_what_it_needs(old: Manifest | None, new: Manifest | None) -> bool:
    """Whether a Sidecar is on both sides for the same workloads of its namespace, some of them, and says on both which hosts these
    need: for others all hosts may change, and links lead to no more than what is named.
    """
    if old is None or new is None or not (old.spec.get("egress") and new.spec.get("egress")):
        return False
    selectors = [labels(get(each.spec, "workloadSelector", "labels")) for each in (old, new)]
    return bool(selectors[0]) and selectors[0] == selectors[1]


def _of_istio(*pair: Manifest | None) -> bool:
    """Whether a ConfigMap may be one that istiod reads: of whatever namespace, and whatever revision."""
    return any(each is not None and each.name.startswith("istio") for each in pair)


def _serve(old: Index, new: Index) -> bool:
    """Whether workloads that come or go serve a Gateway: no link leads to who uses that."""
    sides = [{(each.namespace, each.kind, each.name): each for each in index.workloads} for index in (old, new)]
    one_sided = sides[0].keys() ^ sides[1].keys()
    moved = [each for side in sides for key, each in side.items() if key in one_sided]
    gateways = (labels(each.spec.get("selector")) for index in (old, new) for each in index.of(kinds.GATEWAY))
    return any(selector and selector.items() <= each.labels.items() for selector in gateways for each in moved)


def _plain_workloads(index: Index) -> list[tuple[str, str, str, str]]:
    """The workloads without a proxy in their order, and why they have none."""
    found = (
        (each.namespace, each.kind, each.name, why_plain(index, each.namespace, each.labels.items()))
        for each in index.workloads
    )
    return [each for each in found if each[-1]]
