"""What a change does to calls beyond their routes: who is refused now, who gets 503, for which requests.

Asked are callers of every kind, with requests that the routes and policies of either side can tell apart.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sailwright.commands.diff.call_outcomes import call_outcome, changed
from sailwright.commands.diff.callee_changes import changed_workloads, not_compared
from sailwright.commands.diff.compared_callers import AMBIENT, PLAIN, Asking, ComparedCaller, ComparedCallers
from sailwright.commands.diff.compared_hosts import compared_hosts, policies_of
from sailwright.commands.diff.traffic import MOST_LINES, TrafficChange, ports_of
from sailwright.mesh.pilot.service_registry import Port
from sailwright.mesh.pilot.sidecar_scope import Caller
from sailwright.mesh.world import World
from sailwright.route.classes.class_wording import EVERYBODY
from sailwright.route.classes.http_classes import Scene
from sailwright.route.classes.policy_values import PolicyValues, policy_values
from sailwright.route.classes.representative_callers import authority
from sailwright.route.classes.sample_requests import Sample, samples
from sailwright.route.classes.world_slice import narrowed
from sailwright.route.envoy.gateways import gateway_entrances
from sailwright.route.request import HTTP, TCP, TLS, Request
from sailwright.route.simulator import Simulator
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest

MOST_NAMED = 6
"""Classes of requests that a line names; the others are counted."""


def call_changes(before: World, after: World) -> Iterator[TrafficChange]:
    """What changes for the calls to every host of both sides that may be answered otherwise than it was."""
    yield from (TrafficChange(name, name, line) for name, line in dict.fromkeys(not_compared(before, after)))
    moved = changed_workloads(before, after)
    hosts = compared_hosts(before, after, callers_change=bool(moved))
    if not hosts:
        return
    old, new = (Simulator(narrowed(side, hosts), side.index) for side in (before, after))
    callers = ComparedCallers(old, new, moved)
    for host in hosts:
        one, other = (next(iter(side.push_context.by_host(host)), None) for side in (old, new))
        if (one is None) != (other is None):
            continue
        lines = list(HostComparison(old, new, host, callers).lines())
        if len(lines) > MOST_LINES:
            lines = [*lines[:MOST_LINES], f"{len(lines) - MOST_LINES} more changes"]
        title = f"{other.namespace}/{other.manifest.name}" if other else host
        yield from (TrafficChange(host, title, line) for line in lines)


@dataclass(frozen=True, slots=True)
class Entrance:
    """Where a caller meets a host: its port, and the scheme it speaks there."""

    port: int
    scheme: str


class HostComparison:
    """The calls to one host on both sides."""

    def __init__(self, old: Simulator, new: Simulator, host: str, callers: ComparedCallers) -> None:
        self._old, self._new, self._host = old, new, host
        policies = [policies_of(side, host) for side in (old, new)]
        self._values: PolicyValues = policy_values([*policies[0], *policies[1]])
        self._rules = [json.dumps([_said(each) for each in found], sort_keys=True, default=str) for found in policies]
        self._callers, self._left_out = callers.of(host, self._values.identities)

    def lines(self) -> Iterator[str]:
        """The lines about the host: equal changes once, with the callers and the requests that they concern."""
        found: dict[tuple[str, tuple[str, ...]], dict[str, None]] = {}
        proxied = [each.title for each in self._callers if not each.is_plain]
        plain_changes = False
        left_out = self._left_out if self._rules[0] != self._rules[1] else 0
        for caller in self._callers:
            for text, classes in self._changes(caller):
                found.setdefault((text, classes), {})[caller.title] = None
                plain_changes = plain_changes or caller.is_plain
        for (text, classes), titles in found.items():
            yield f"{_who(list(titles), proxied)}: {_which(classes)}{text}"
        if found and not plain_changes and len(proxied) < len(self._callers):
            yield f"{PLAIN}: unchanged"
        if left_out:
            yield f"{left_out} more callers that policies name were not compared"

    def _changes(self, caller: ComparedCaller) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Each change for a caller, and the classes of requests that it concerns; none where it concerns all."""
        entrances = self._entrances(caller)
        by_text: dict[str, dict[Entrance, tuple[str, ...]]] = {}
        for entrance in entrances:
            found, left_out = self._asked(caller, entrance)
            classes: dict[str, list[str]] = {}
            for sample in found:
                text = self._change(caller, entrance, sample)
                if text:
                    classes.setdefault(text, []).append(sample.title)
            for text, titles in classes.items():
                whole = len(titles) == len(found)
                by_text.setdefault(text, {})[entrance] = () if whole else tuple(dict.fromkeys(titles))
            if left_out and self._rules[0] != self._rules[1]:
                yield f"{left_out} more classes of requests were not compared", ()
        for text, at in by_text.items():
            if len(at) == len(entrances) and len(set(at.values())) == 1:
                yield text, next(iter(at.values()))
            else:
                yield from ((text, (f"port {each.port}", *titles)) for each, titles in at.items())

    def _change(self, caller: ComparedCaller, entrance: Entrance, sample: Sample) -> str:
        sides = (self._old, caller.before, self._rules[0]), (self._new, caller.after, self._rules[1])
        asked = [
            (side, Asking(side.at_port(asking.caller, entrance.port), asking.peers), rules)
            for side, asking, rules in sides
        ]
        one, other = (
            call_outcome(side, asking, self._scene(side, asking.caller, entrance), sample.request, rules)
            for side, asking, rules in asked
        )
        with_way = asked[0][1].caller != asked[1][1].caller or bool(caller.after.caller.ambient)
        return changed(one, other, sample.request, with_way=with_way)

    def _asked(self, caller: ComparedCaller, entrance: Entrance) -> tuple[list[Sample], int]:
        if entrance.scheme in (TCP, TLS):
            request = Request(entrance.port, authority(self._host), scheme=entrance.scheme)
            return [Sample(request, "")], 0
        pairs = ((self._old, caller.before.caller), (self._new, caller.after.caller))
        return samples([self._scene(side, each, entrance) for side, each in pairs], self._values)

    def _scene(self, side: Simulator, caller: Caller, entrance: Entrance) -> Scene:
        return Scene(side, caller, self._host, entrance.port, entrance.scheme)

    def _entrances(self, caller: ComparedCaller) -> list[Entrance]:
        push_contexts = (self._old.push_context, self._new.push_context)
        name = caller.after.caller.gateway
        if name is not None:
            ports = (found for each in push_contexts for found in gateway_entrances(each, name))
            return [Entrance(port, scheme) for port, scheme in dict.fromkeys(ports)]
        services = [service for each in push_contexts for service in each.by_host(self._host)]
        declared = {port.number: port for service in services for port in service.ports}
        return [Entrance(number, _scheme(declared.get(number))) for number in ports_of(push_contexts, self._host)]


def _said(policy: Manifest) -> dict[str, Any]:
    """The spec of an AuthorizationPolicy, without the action that its absence means."""
    return {key: entry for key, entry in policy.spec.items() if (key, entry) != ("action", "ALLOW")}


def _scheme(port: Port | None) -> str:
    if port is None or port.carries_http:
        return HTTP
    return TLS if port.protocol.is_tls else TCP


def _who(titles: Sequence[str], proxied: Sequence[str]) -> str:
    """The callers of a line: all that have a proxy, else those there are."""
    if len(titles) == 1 and titles[0] in (PLAIN, AMBIENT):
        return str(titles[0])
    rest = [title for title in titles if title != PLAIN]
    if set(rest) >= set(proxied):
        return "all callers"
    return f"calls from {', '.join(rest)}"


def _which(classes: Sequence[str]) -> str:
    """The requests of a line, after the port where that matters; empty for all of them."""
    port = [each for each in classes if each.startswith("port ")]
    named = [each or EVERYBODY for each in classes if each not in port]
    if len(named) > MOST_NAMED:
        named = [*named[:MOST_NAMED], f"{len(named) - MOST_NAMED} more classes of requests"]
    return "".join(f"{part}: " for part in (*port, "; ".join(named)) if part)
