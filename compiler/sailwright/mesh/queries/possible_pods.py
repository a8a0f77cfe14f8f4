"""Whether a selector may find pods: those of the workloads, and those that an operator makes from another object.

Sources: Argo Rollouts (experiment templates, canaryMetadata and its siblings), Flagger (the `-primary` copy of the target),
Istio's deployment controller (the pods of a Kubernetes Gateway, files/kube-gateway.yaml).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from sailwright.mesh.objects.run_time_labels import is_added_later
from sailwright.mesh.objects.selectors import Labelled, selects
from sailwright.mesh.objects.services import Service
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.values import kinds
from sailwright.source.manifest import Manifest
from sailwright.source.placeholders import has_placeholder
from sailwright.source.untyped import entries, get, labels, mapping, text

if TYPE_CHECKING:
    from sailwright.mesh.index import Index

Labels = Mapping[str, str]

_NAME_LABELS: Final = ("app", "name", "app.kubernetes.io/name")
"""The labels of which Flagger rewrites one in the primary (its flag `-selector-labels`)."""


def may_select(index: Index, selector: Labels, namespace: str | None = None) -> bool:
    """Whether pods may carry these labels, in one namespace or (None) in all."""
    if index.selected(selector, namespace) or _made(index, selector, namespace):
        return True
    if index.facts.compat:
        return False
    return _may_once_placed(index, selector, namespace) or _may_once_filled_in(index.selected({}, namespace), selector)


def subset_possible(index: Index, service: Service, wanted: Labels) -> bool:
    """Whether an endpoint of the service may carry the labels of a subset, once its node and controllers have added theirs."""
    if any(index.carries(workload, wanted) for workload in index.backends(service)):
        return True
    if _may_once_filled_in(index.selected({}, service.namespace), {**service.selector, **wanted}):
        return True
    made = _made(index, service.selector, service.namespace) if service.selector else ()
    written = {key: value for key, value in wanted.items() if not is_added_later(key)}
    return any(selects(written, each) for each in (*index.machines(service), *made))


def _may_once_placed(index: Index, selector: Labels, namespace: str | None) -> bool:
    """Whether the pods are in the same namespace, or may be: a file that names none leaves it to the apply."""
    if namespace is None:
        return False
    return any(
        namespace == index.unnamed or workload.manifest.namespace is None for workload in index.selected(selector)
    )


def _may_once_filled_in(workloads: Iterable[Workload], selector: Labels) -> bool:
    """Whether labels may come to match when the placeholders in them are filled in."""
    if any(map(has_placeholder, selector.values())):
        return True
    return any(
        any(map(has_placeholder, own.values()))
        and all(own.get(key) == value or has_placeholder(own.get(key, "")) for key, value in selector.items())
        for own in (workload.labels for workload in workloads)
    )


def _made(index: Index, selector: Labels, namespace: str | None) -> tuple[Labels, ...]:
    """The labels of pods that operators make, of those that a selector finds."""
    if index.facts.compat:
        return ()
    groups = index.derived(_by_namespace)
    written = {
        key: value for key, value in selector.items() if not is_added_later(key) or key.startswith("service.istio")
    }
    places = groups.values() if namespace is None else filter(None, (groups.get(namespace),))
    return tuple(found for group in places for found in group.selected(written))


def _by_namespace(index: Index) -> Mapping[str, Labelled[Labels]]:
    found: dict[str, list[Labels]] = {}
    for kind, pods in (
        (kinds.ROLLOUT, _of_rollout),
        (kinds.CANARY, _of_canary),
        (kinds.KUBERNETES_GATEWAY, _of_gateway),
    ):
        for manifest in index.of(kind):
            found.setdefault(index.namespace_of(manifest), []).extend(pods(index, manifest))
    return {namespace: Labelled(pods, lambda each: each) for namespace, pods in found.items()}


def _of_rollout(index: Index, rollout: Manifest) -> Iterator[Labels]:
    """Experiment pods carry the labels of their template's metadata over those of the Rollout."""
    own = index.workload(rollout).labels
    strategy = mapping(rollout.spec.get("strategy"))
    for name in ("canary", "blueGreen"):
        for key in ("canaryMetadata", "stableMetadata", "activeMetadata", "previewMetadata"):
            added = labels(get(strategy, name, key, "labels"))
            if added:
                yield {**own, **added}
    for _, step in entries(get(strategy, "canary", "steps"), ()):
        for _, template in entries(get(step, "experiment", "templates"), ()):
            added = {**labels(get(template, "selector", "matchLabels")), **labels(get(template, "metadata", "labels"))}
            yield {**own, **added}


def _of_canary(index: Index, canary: Manifest) -> Iterator[Labels]:
    """Flagger copies the target as NAME-primary, with one of its name labels changed likewise."""
    target, namespace = text(get(canary.spec, "targetRef", "name")), index.namespace_of(canary)
    copied = [workload for workload in index.selected({}, namespace) if workload.name == target]
    for own in [workload.labels for workload in copied] or [{}]:
        for key in _NAME_LABELS:
            if key in own or not own:
                yield {**own, key: f"{own.get(key, target)}-primary"}


def _of_gateway(_: Index, gateway: Manifest) -> Iterator[Labels]:
    """The pods that istiod deploys for a Kubernetes Gateway."""
    class_name = text(gateway.spec.get("gatewayClassName"))
    yield {
        **labels(gateway.labels),
        **labels(get(gateway.spec, "infrastructure", "labels")),
        "gateway.networking.k8s.io/gateway-name": gateway.name,
        "gateway.networking.k8s.io/gateway-class-name": class_name,
        "istio.io/gateway-name": gateway.name,
        "service.istio.io/canonical-name": f"{gateway.name}-{class_name}",
        "service.istio.io/canonical-revision": "latest",
    }
