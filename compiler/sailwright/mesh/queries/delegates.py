"""Rules of VirtualServices that hand over to a delegate, and what istiod drops of them with no more than a line in its log.

Source: Istio `pilot/pkg/model/virtualservice.go` (mergeVirtualServicesIfNeeded, mergeHTTPRoute).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sailwright.diagnostics.finding import Path
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.pilot.delegates import may_share_requests, unmatched
from sailwright.mesh.pilot.object_shapes import problems
from sailwright.mesh.pilot.virtual_services import with_full_names
from sailwright.mesh.values.kinds import VIRTUAL_SERVICE
from sailwright.runtime.records import dataclass
from sailwright.source.untyped import entries, mapping, text

if TYPE_CHECKING:
    from sailwright.mesh.index import Index


@dataclass(frozen=True, slots=True)
class Delegation:
    """A rule of `root` at `path` that hands over to the VirtualService `name` of `namespace`.

    `found` is the VirtualService of that name, whether it can be a delegate or not; None where the repository has none.
    """

    root: VirtualService
    path: Path
    rule: Mapping[str, Any]
    namespace: str
    name: str
    found: VirtualService | None

    @property
    def delegate(self) -> VirtualService | None:
        """The VirtualService that istiod merges in: it has no hosts, and the root's namespace sees it."""
        found = self.found
        visible = found is not None and not found.hosts and found.exports.visible_in(self.root.namespace)
        return found if visible else None


@dataclass(frozen=True, slots=True)
class DroppedRule:
    """A rule of a delegate that istiod drops under one rule of the root. `entry` is the match entry that fits nothing there.

    `shares`: a request could meet both, so that it goes elsewhere for the drop.
    """

    delegation: Delegation
    path: Path
    entry: int
    shares: bool


def delegations(index: Index, root: VirtualService) -> Iterator[Delegation]:
    """The rules of a VirtualService with hosts that hand over."""
    if not root.hosts:
        return
    named = index.derived(_by_name)
    for path, rule in root.rules("http"):
        reference = mapping(rule.get("delegate"))
        name, namespace = text(reference.get("name")), text(reference.get("namespace")) or root.namespace
        if name:
            yield Delegation(root, path, rule, namespace, name, named.get((namespace, name)))


def dropped_rules(index: Index, delegate: VirtualService) -> Iterator[DroppedRule]:
    """The rules of a delegate that istiod drops, once for each rule of a root under which it does.

    Where the conditions of both exclude each other nothing is lost, and it is left out, unless every root drops the rule.
    """
    uses = index.derived(_delegations_to).get((delegate.namespace, delegate.manifest.name), ())
    for path, rule in delegate.rules("http"):
        dropped = [found for use in uses if (found := _dropped(index, use, delegate, path, rule))]
        sharing = [found for found in dropped if found.shares]
        yield from sharing or (dropped if len(dropped) == len(uses) else ())


def _dropped(
    index: Index, use: Delegation, delegate: VirtualService, path: Path, rule: Mapping[str, Any]
) -> DroppedRule | None:
    root = with_full_names(use.rule, use.root.namespace, index.domain)
    leaf = with_full_names(rule, delegate.namespace, index.domain)
    entry = unmatched(root, leaf)
    return None if entry is None else DroppedRule(use, path, entry, may_share_requests(root, leaf))


def _by_name(index: Index) -> Mapping[tuple[str, str], VirtualService]:
    """The VirtualServices by namespace and name."""
    return {(found.namespace, found.manifest.name): found for found in index.virtual_services}


def _delegations_to(index: Index) -> Mapping[tuple[str, str], list[Delegation]]:
    """The rules that hand over to each delegate; VirtualServices of a wrong shape are left out."""
    found: dict[tuple[str, str], list[Delegation]] = {}
    for root in index.virtual_services:
        if not any("delegate" in rule for _, rule in entries(root.manifest.spec.get("http"), ())):
            continue
        for use in delegations(index, root) if _sound(root) else ():
            if use.delegate is not None and _sound(use.delegate):
                found.setdefault((use.namespace, use.name), []).append(use)
    return found


def _sound(virtual_service: VirtualService) -> bool:
    return next(problems(VIRTUAL_SERVICE, virtual_service.manifest.value), None) is None
