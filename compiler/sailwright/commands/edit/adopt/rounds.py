"""Draft, compile, compare, and carry along what a draft does not keep, until every draft keeps everything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sailwright.commands.diff.traffic import TrafficChange
from sailwright.commands.edit.adopt.carried import Carried
from sailwright.commands.edit.adopt.groups import Group
from sailwright.commands.edit.adopt.inventory import Inventory, namespace_of
from sailwright.commands.edit.adopt.policies import KINDS
from sailwright.commands.edit.adopt.service_file import ServiceDraft
from sailwright.diagnostics.finding import Path
from sailwright.runtime.records import dataclass, field
from sailwright.source.manifest import Manifest

ROUNDS = 30
"""Rounds after which a group that still changes is refused: each carries at least one more object along."""
_ROUTES = frozenset(
    (
        "routes", "tcpRoutes", "tlsRoutes", "expose", "timeout", "retries", "fault", "mirror", "mirrors",
        "mirrorPercentage", "corsPolicy", "headers", "rewrite", "weight",
    )
)  # fmt: skip
_POLICY = frozenset(("trafficPolicy", "exportTo", "subset", "names"))
_ACCESS = frozenset(("accessPolicy", "mesh"))
_SERVICE = frozenset(("service", "ports", "additionalServices"))


@dataclass(frozen=True, slots=True)
class Refused:
    """A group that is not drafted: the kind of difference, where, and what it is."""

    kind: str
    manifest: Manifest
    message: str


@dataclass(slots=True)
class Refusals:
    """The groups that are not drafted, by their id; `accepted` are the kinds of difference that are meant."""

    accepted: frozenset[str] = frozenset()
    by_group: dict[int, list[Refused]] = field(default_factory=dict)

    def add(self, group: Group, kind: str, manifest: Manifest | None, message: str) -> None:
        """Refuse a group."""
        first = manifest or group.objects[0]
        self.by_group.setdefault(id(group), []).append(Refused(kind, first, message))


def carry_at(group: Group, draft: ServiceDraft, path: Path, reason: str, carried: Carried) -> bool:
    """Carry along what a place in a service file comes from; whether that is new."""
    words = {str(key) for key in path}
    kinds: tuple[str, ...] = ()
    if words & _ROUTES:
        kinds = ("VirtualService",)
    elif words & _POLICY:
        kinds = ("DestinationRule", "VirtualService")
    elif "autoscaling" in words:
        kinds = ("HorizontalPodAutoscaler",)
    elif "disruptionBudget" in words:
        kinds = ("PodDisruptionBudget",)
    elif words & _ACCESS:
        kinds = tuple(KINDS)
    elif "external" in words:
        return _carry([one for one in (group.entry,) if one], reason, carried)
    elif words & _SERVICE:
        kinds = ("Service", "DestinationRule", "VirtualService")
    elif words & {"versions", "defaults", "workload"}:
        return _carry(group.workloads, reason, carried) or carry_next(group, draft, reason, carried)
    return _carry_kinds(draft, kinds, reason, carried) or carry_next(group, draft, reason, carried)


def carry_next(group: Group, draft: ServiceDraft, reason: str, carried: Carried) -> bool:
    """Carry along one more layer of a group: its policies, its routing, then its workloads, then its Services."""
    layers = (tuple(KINDS), ("VirtualService", "DestinationRule"), ("HorizontalPodAutoscaler", "PodDisruptionBudget"))
    return (
        any(_carry_kinds(draft, kinds, reason, carried) for kinds in layers)
        or _carry(group.workloads, reason, carried)
        or _carry(group.services, reason, carried)
        or _carry([one for one in (group.entry,) if one], reason, carried)
    )


def _carry_kinds(draft: ServiceDraft, kinds: Sequence[str], reason: str, carried: Carried) -> bool:
    return _carry([one for one in draft.objects if one.kind in kinds], reason, carried)


def _carry(objects: Iterable[Manifest], reason: str, carried: Carried) -> bool:
    new = [manifest for manifest in objects if carried.add(manifest, reason)]
    return bool(new)


def group_of_traffic(change: TrafficChange, groups: Iterable[Group], found: Inventory) -> Group | None:
    """The group whose requests take another way: its own host, or one that its VirtualService is for."""
    known = list(groups)
    for group in known:
        if change.service in {f"{group.namespace}/{one.name}" for one in (*group.services, group.entry) if one}:
            return group
    for manifest in found.of("VirtualService"):
        if change.host in (manifest.spec.get("hosts") or ()):
            named = (namespace_of(manifest), manifest.name)
            return next((group for group in known if (group.namespace, group.name) == named), None)
    return None


def different(lines: Sequence[str]) -> str:
    """Why an object is carried along."""
    more = f" (and {len(lines) - 1} more)" if len(lines) > 1 else ""
    return f"service.yaml cannot keep {lines[0]}{more}"
