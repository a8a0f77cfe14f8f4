"""What a change does to callers without a proxy: which Services answer them, and which refuse them now."""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.commands.diff.traffic import TrafficChange
from sailwright.mesh.pilot.service_registry import Service
from sailwright.mesh.pilot.sidecar_scope import Caller
from sailwright.mesh.queries.pod_proxies import why_plain
from sailwright.mesh.values.kinds import AUTHORIZATION_POLICY, PEER_AUTHENTICATION
from sailwright.mesh.world import World
from sailwright.route.envoy.actions import ROUTE
from sailwright.route.envoy.answers import Answer
from sailwright.route.request import HTTP, Request
from sailwright.route.simulator import Simulator
from sailwright.route.wording import outcome


def plain_changes(before: World, after: World) -> Iterator[TrafficChange]:
    """The Services whose answer to callers without a proxy changes; none where the repository has no such callers.

    They are asked with GET /, as such callers pass no rule that could tell other requests apart. A Service or port of one side
    only is not compared: that is told of all callers.
    """
    caller = _plain_caller(after)
    if caller is None or not (_policies(before) or _policies(after) or _scaled(before) != _scaled(after)):
        return
    old, new = Simulator(before), Simulator(after)
    for service in new.push_context.services:
        if not service.kubernetes or service.alias_of or not old.push_context.by_host(service.host):
            continue
        line = "; ".join(dict.fromkeys(_lines(old, new, caller, service)))
        if line:
            yield TrafficChange(service.host, f"{service.namespace}/{service.name}", f"callers without a proxy: {line}")


def _plain_caller(world: World) -> Caller | None:
    """A caller that is known to have no proxy; all such callers get the same answers."""
    for workload in world.index.workloads:
        why = why_plain(world.index, workload.namespace, workload.labels.items())
        if why:
            return Caller(workload.namespace, tuple(sorted(workload.labels.items())), plain=why)
    return None


def _policies(world: World) -> bool:
    return bool(world.index.of(PEER_AUTHENTICATION, AUTHORIZATION_POLICY))


def _scaled(world: World) -> set[tuple[str, str, bool]]:
    """The workloads, and whether their manifests leave them pods."""
    return {
        (workload.namespace, workload.name, workload.manifest.spec.get("replicas") == 0)
        for workload in world.index.workloads
    }


def _lines(old: Simulator, new: Simulator, caller: Caller, service: Service) -> Iterator[str]:
    before = next(iter(old.push_context.by_host(service.host)))
    for port in service.ports:
        if port.protocol.is_udp or before.port(port.number) is None:
            continue
        request = Request(port.number, service.host, scheme=HTTP if port.carries_http else "tcp")
        one, other = old.answer(caller, request), new.answer(caller, request)
        if _kind(one) != _kind(other):
            yield f"{_told(one)} -> {_told(other)}"


def _kind(answer: Answer) -> tuple[object, ...]:
    return answer["kind"], answer.get("status")


def _told(answer: Answer) -> str:
    return "answered by any ready pod" if answer["kind"] == ROUTE else outcome(answer)
