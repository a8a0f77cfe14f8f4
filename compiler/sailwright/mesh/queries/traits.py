"""What is true of a mesh as a whole, on which answers about single objects hang that nothing else links.

Each is either so of every object, or of some object: where a part of the mesh has the traits of all of it, before and after a change of
that part, the mesh has them still.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from sailwright.mesh.queries.pod_proxies import in_ambient_mode
from sailwright.mesh.queries.proxies import baked_proxy
from sailwright.mesh.queries.same_view import seen_alike
from sailwright.mesh.queries.waypoints import is_waypoint
from sailwright.mesh.values import kinds
from sailwright.runtime.records import dataclass, replace

if TYPE_CHECKING:
    from sailwright.mesh.index import Index
    from sailwright.source.manifest import Manifest


_FEW = 8
"""Of the files where something is not so, as many are noted as will do to know that it still is not so of one."""


@dataclass(frozen=True, slots=True)
class Traits:
    """The traits of a mesh.

    `alike`: every caller sees the same of it. `ambient`: some workload is in ambient mode, or there is a waypoint. `undeclared` are files of which a
    workload has no Sidecar that says what it calls, some of them, and `declared`: there is none. `ruling` are files with a
    DestinationRule, some of them. `releases` are those of the proxies in each namespace, and `workloads` says how
    many there are in it. Where not every caller sees the same, `callers` says how many there are in each group (see `group_sizes`).
    """

    alike: bool
    ambient: bool
    declared: bool
    undeclared: list[str]
    ruling: list[str]
    releases: dict[str, list[str]]
    workloads: dict[str, int]
    callers: dict[str, int]

    def plain(self) -> tuple[object, ...]:
        """As data that marshal takes; `Traits(*plain)` are the traits again."""
        return (
            self.alike,
            self.ambient,
            self.declared,
            self.undeclared,
            self.ruling,
            self.releases,
            self.workloads,
            self.callers,
        )

    def still(self, part: Traits, files: Collection[str]) -> bool:
        """Whether the mesh has the same traits after a change of the `part` that has these now, in these `files`.

        And whether they are such that nothing in the part hangs on the rest of the mesh.
        """
        if (self.alike and not part.alike) or self.ambient or part.ambient:
            return False
        if self.declared != part.declared and (self.declared or all(file in files for file in self.undeclared)):
            return False
        if bool(self.ruling) != bool(part.ruling) and all(file in files for file in self.ruling):
            return False
        return all(
            len(found) == 1 and found == self.releases.get(place, found) for place, found in part.releases.items()
        )

    @property
    def divisible(self) -> bool:
        """Whether nothing about a service hangs on others than those it is linked to."""
        return not self.ambient and all(len(found) == 1 for found in self.releases.values())

    def same_for_others(self, former: Traits) -> bool:
        """Whether these say the same as the former ones of whoever did not change: of a namespace that had a release, or has none now."""
        both = self.releases.keys() & former.releases.keys()
        return (self.alike, self.ambient, self.declared, not self.ruling, self.callers.keys()) == (
            former.alike,
            former.ambient,
            former.declared,
            not former.ruling,
            former.callers.keys(),
        ) and all(self.releases[place] == former.releases[place] for place in both)

    def after(
        self, part: Traits, files: Collection[str], workloads: Mapping[str, int], callers: Mapping[str, int]
    ) -> Traits:
        """The traits of the mesh as they are known after a change of a part, where it has them still. There are so many more workloads in a
        namespace now, and callers in a group, or less.
        """
        undeclared, ruling = (
            [*(file for file in former if file not in files), *now][: 2 * _FEW]
            for former, now in ((self.undeclared, part.undeclared), (self.ruling, part.ruling))
        )
        return replace(
            self,
            undeclared=undeclared,
            ruling=ruling,
            releases=self.releases | part.releases,
            workloads=_added(self.workloads, workloads),
            callers=_added(self.callers, callers),
        )

    def populated_anew(self, former: Traits) -> frozenset[str]:
        """The namespaces that have workloads for the first time, or none any more."""
        return frozenset(self.workloads.keys() ^ former.workloads.keys())

    def tell(self, index: Index) -> None:
        """Have a part of the mesh answer as all of it would."""
        index.know(seen_alike, self.alike)
        if not self.alike:
            from sailwright.mesh.queries.known_callers import told_sizes

            index.know(told_sizes, self.callers)
        index.know(every_call_declared, self.declared)
        index.know(any_rule, bool(self.ruling))
        index.know(populated, frozenset(self.workloads))


def _added(counts: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    found = {key: counts.get(key, 0) + more.get(key, 0) for key in counts.keys() | more.keys()}
    return {key: count for key, count in found.items() if count}


def traits(index: Index) -> Traits:
    """The traits of a mesh."""
    releases: dict[str, set[str]] = {}
    counts: Counter[str] = Counter()
    ambient = any(map(is_waypoint, index.of(kinds.KUBERNETES_GATEWAY)))
    for workload in index.each_workload():
        counts[workload.namespace] += 1
        if proxy := baked_proxy(workload):
            releases.setdefault(workload.namespace, set()).add(".".join(map(str, proxy.release)))
        ambient = ambient or bool(in_ambient_mode(index, workload))
    return Traits(
        index.derived(seen_alike),
        ambient,
        every_call_declared(index),
        _some_files(_undeclared(index)),
        _some_files(rule.manifest for rule in index.destination_rules),
        {place: sorted(found) for place, found in releases.items()},
        dict(counts),
        {} if index.derived(seen_alike) else _callers(index),
    )


def _callers(index: Index) -> dict[str, int]:
    from sailwright.mesh.queries.known_callers import group_sizes

    return dict(group_sizes(index))


def populated(index: Index) -> frozenset[str]:
    """The namespaces that have workloads: `index.derived(populated)`. Where one has none, its pods may be in another repository."""
    return frozenset(workload.namespace for workload in index.each_workload())


def _some_files(manifests: Iterable[Manifest]) -> list[str]:
    found = [*dict.fromkeys(each.document.source.path for each in manifests)]
    return found[:_FEW] + found[-_FEW:]


def any_rule(index: Index) -> bool:
    """Whether there is any DestinationRule: `index.derived(any_rule)`."""
    return bool(index.destination_rules)


def every_call_declared(index: Index) -> bool:
    """Whether there are workloads, each with a Sidecar that says what it calls: `index.derived(every_call_declared)`."""
    return any(True for _ in index.each_workload()) and not any(True for _ in _undeclared(index))


def _undeclared(index: Index) -> Iterator[Manifest]:
    """The Sidecars that do not say what is called, and the workloads that have none: of their own, of their namespace, or of the mesh."""
    sidecars = index.sidecars.all
    yield from (sidecar.manifest for sidecar in sidecars if not sidecar.egress)
    defaults = {sidecar.namespace for sidecar in sidecars if not sidecar.selector}
    if index.mesh.root_namespace in defaults:
        return
    own = {
        workload.manifest
        for sidecar in sidecars
        if sidecar.selector
        for workload in index.selected(sidecar.selector, sidecar.namespace)
    }
    for workload in index.each_workload():
        if workload.namespace not in defaults and workload.manifest not in own:
            yield workload.manifest
