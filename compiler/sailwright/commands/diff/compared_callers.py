"""The callers on whose behalf a host is asked on both sides: kinds of callers, those that policies name, and plain ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from sailwright.mesh.index import Index
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.pilot.sidecar_scope import Caller
from sailwright.mesh.queries.peers import Peer, trust_domains
from sailwright.mesh.queries.pod_proxies import why_plain
from sailwright.route.callers import gateway_caller, workload_caller
from sailwright.route.classes.policy_values import OTHER, Identity
from sailwright.route.classes.representative_callers import gateways, representative_callers
from sailwright.route.simulator import Simulator
from sailwright.runtime.records import dataclass

MOST = 40
"""Callers that are asked about one host."""
PLAIN = "callers without a proxy"
AMBIENT = "callers in ambient mode"
SAME_ACCOUNT = 3
"""Workloads of one service account that a title names."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A caller of one side, and the identities it may have there; none: those of its workloads."""

    caller: Caller
    peers: tuple[Peer, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparedCaller:
    """A caller on both sides, and what to call it."""

    title: str
    before: Asking
    after: Asking

    @property
    def is_plain(self) -> bool:
        """Whether it has no proxy on either side."""
        return bool(self.before.caller.plain and self.after.caller.plain)


class ComparedCallers:
    """The callers of two sides. `changed` are workloads that are others to a callee than they were."""

    def __init__(self, before: Simulator, after: Simulator, changed: Sequence[tuple[Workload, Workload]]) -> None:
        self._before, self._after = before, after
        self._changed = [self._workload(one, other) for one, other in changed]
        self._by_identity: dict[Identity, list[Workload]] = {}
        own = {each.title for each in self._changed}  # they are asked about as what they were and what they are
        for workload in after.index.workloads:
            if f"{workload.namespace}/{workload.name}" in own:
                continue
            self._by_identity.setdefault((workload.namespace, workload.service_account), []).append(workload)
        self._plain = after.index.derived(plain_caller)
        self._ambient = ambient_caller(after.index) or ambient_caller(before.index)

    def of(self, host: str, identities: Iterable[Identity]) -> tuple[list[ComparedCaller], int]:
        """The callers of a host, and how many are left out. `identities` are those that policies name."""
        found: dict[str, ComparedCaller] = {}
        for each in self._all(host, identities):
            found.setdefault(each.title, each)
        kept = list(found.values())
        return kept[:MOST], max(0, len(kept) - MOST)

    def _all(self, host: str, identities: Iterable[Identity]) -> Iterator[ComparedCaller]:
        push_contexts = (self._before.push_context, self._after.push_context)
        if self._plain is not None and any(each.by_host(host) for each in push_contexts):
            yield ComparedCaller(PLAIN, Asking(self._plain), Asking(self._plain))
        if self._ambient is not None and any(each.by_host(host) for each in push_contexts):
            yield self._identified(AMBIENT, self._ambient, OTHER)
        for found in representative_callers(push_contexts, host):
            yield self._identified(found.title, found.caller, OTHER)
        for name in gateways(push_contexts, host):
            if all(each.has_gateway(name) for each in push_contexts):
                sides = (Asking(gateway_caller(each, name)) for each in push_contexts)
                yield ComparedCaller(f"gateway {name}", *sides)
        yield from self._changed
        for namespace, account in identities:
            yield self._named(namespace, account)

    def _named(self, namespace: str, account: str) -> ComparedCaller:
        """The caller of an identity; it is called by the workloads that have it, and a proxy to show it."""
        index = self._after.index
        accounted = self._by_identity.get((namespace, account), ())
        known = [each for each in accounted if not why_plain(index, each.namespace, each.labels.items())]
        if not known:
            title = f"namespace {namespace}" if account == OTHER else f"service account {namespace}/{account}"
            return self._identified(title, Caller(namespace), account)
        names = [f"{each.namespace}/{each.name}" for each in known[:SAME_ACCOUNT]]
        title = ", ".join([*names, *(["others"] if len(known) > SAME_ACCOUNT else [])])
        return self._identified(title, workload_caller(index, namespace, known[0].labels), account)

    def _identified(self, title: str, caller: Caller, account: str) -> ComparedCaller:
        sides = (
            Asking(caller, (Peer(caller.namespace, account, trust_domains(each.index)),))
            for each in (self._before, self._after)
        )
        return ComparedCaller(title, *sides)

    def _workload(self, one: Workload, other: Workload) -> ComparedCaller:
        pairs = ((self._before.index, one), (self._after.index, other))
        return ComparedCaller(f"{other.namespace}/{other.name}", *(_asking(index, each) for index, each in pairs))


def _asking(index: Index, workload: Workload) -> Asking:
    caller = workload_caller(index, workload.namespace, workload.labels)
    return Asking(caller, (Peer(workload.namespace, workload.service_account, trust_domains(index)),))


def plain_caller(index: Index, within: Collection[str] | None = None) -> Caller | None:
    """A caller that is known to have no proxy; all such callers get the same answers. None where the mesh has none.

    `index.derived(plain_caller)`: a part of a mesh is told who that is in the whole. `within` are the namespaces to look at, else all.
    """
    for workload in index.workloads:
        if within is not None and workload.namespace not in within:
            continue
        why = why_plain(index, workload.namespace, workload.labels.items())
        if why:
            return Caller(workload.namespace, tuple(sorted(workload.labels.items())), plain=why)
    return None


def ambient_caller(index: Index) -> Caller | None:
    """A caller in ambient mode; all such callers get the same answers, but for what policies ask of who they are."""
    for workload in index.workloads:
        caller = workload_caller(index, workload.namespace, workload.labels)
        if caller.ambient:
            return caller
    return None
