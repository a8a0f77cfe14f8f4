"""What the controllers of Argo Rollouts and Flagger manage: the VirtualServices whose weights a Rollout sets, and its targets.

Source: argo-rollouts utils/istio (a name may be `NAME.NAMESPACE`); flagger's `targetRef`, which it scales to zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sailwright.diagnostics.finding import Path
from sailwright.mesh.values import kinds
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, get, mapping, text, texts

if TYPE_CHECKING:
    from sailwright.mesh.index import Index

_ISTIO = ("spec", "strategy", "canary", "trafficRouting", "istio")


@dataclass(frozen=True, slots=True)
class Steered:
    """A VirtualService that a Rollout names, and the routes of it (none: its only one). `path` is that of the reference."""

    path: Path
    namespace: str
    name: str
    routes: tuple[str, ...]
    has_routes_of_tls: bool


def steered(rollout: Manifest, index: Index) -> Iterator[Steered]:
    """The VirtualServices whose weights a Rollout sets."""
    istio = mapping(get(rollout.value, *_ISTIO))
    found = [*entries(istio.get("virtualServices"), (*_ISTIO, "virtualServices"))]
    if isinstance(istio.get("virtualService"), dict):
        found.insert(0, ((*_ISTIO, "virtualService"), istio["virtualService"]))
    for path, value in found:
        name, dot, namespace = text(value.get("name")).partition(".")
        place = namespace if dot else index.namespace_of(rollout)
        other = bool(value.get("tlsRoutes") or value.get("tcpRoutes"))
        yield Steered(path, place, name, tuple(texts(value.get("routes"))), other)


def destination_rule_of(rollout: Manifest) -> tuple[Path, dict[str, Any]]:
    """The block of a Rollout that names a DestinationRule and its subsets, and its path; empty where there is none."""
    path = (*_ISTIO, "destinationRule")
    return path, mapping(get(rollout.value, *path))


def steered_names(index: Index) -> frozenset[tuple[str, str]]:
    """Namespace and name of every VirtualService whose weights a Rollout sets, or that a Canary writes.

    Flagger's has the name of the Canary's Service, which is that of its target unless `service.name` says otherwise.
    """
    rollouts = {(each.namespace, each.name) for rollout in index.of(kinds.ROLLOUT) for each in steered(rollout, index)}
    canaries = {
        (
            index.namespace_of(found),
            text(get(found.spec, "service", "name")) or text(get(found.spec, "targetRef", "name")),
        )
        for found in index.of(kinds.CANARY)
    }
    return frozenset(rollouts | canaries)


def scaled_by_controllers(index: Index) -> frozenset[tuple[str, str, str]]:
    """Namespace, kind and name of the workloads that a Rollout or Canary takes over, and scales to zero itself."""
    return frozenset(
        (index.namespace_of(found), text(reference.get("kind")), text(reference.get("name")))
        for kind, key in ((kinds.ROLLOUT, "workloadRef"), (kinds.CANARY, "targetRef"))
        for found in index.of(kind)
        for reference in (mapping(found.spec.get(key)),)
    )
