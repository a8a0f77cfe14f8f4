"""Namespaces and what their labels say about injection, as Istio's webhooks read them.

Source: the namespaceSelector and objectSelector of manifests/charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.values.ambient import AMBIENT, DATAPLANE_MODE
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import labels

INJECTION_LABEL: Final = "istio-injection"
REVISION_LABEL: Final = "istio.io/rev"
DATAPLANE_LABEL: Final = DATAPLANE_MODE
NEVER_INJECTED: Final = frozenset(("kube-system", "kube-public", "kube-node-lease", "local-path-storage"))
"""The namespaces that the injector and the analyzers pass over (pkg/kube/inject IgnoredNamespaces)."""


@dataclass(frozen=True, slots=True)
class Namespace:
    """A namespace. `labels` is None where neither a manifest nor sailwright.yaml declares it: nothing can be said."""

    name: str
    labels: Mapping[str, str] | None = None
    manifest: Manifest | None = None

    @property
    def declared(self) -> bool:
        """Whether its labels are known."""
        return self.labels is not None

    @property
    def revision(self) -> str | None:
        """The control plane revision that injects here; None where nothing does or nothing is known."""
        own = self.labels or {}
        if INJECTION_LABEL in own:
            return "default" if own[INJECTION_LABEL] == "enabled" else None
        return own.get(REVISION_LABEL) or None

    @property
    def injected(self) -> bool | None:
        """Whether pods are injected unless they object; None where it cannot be decided."""
        if self.name in NEVER_INJECTED:
            return False
        return self.revision is not None if self.declared else None

    @property
    def ambient(self) -> bool:
        """Whether the namespace is in ambient mode; a sidecar label goes before it."""
        return (self.labels or {}).get(DATAPLANE_LABEL) == "ambient" and self.revision is None


def declared_namespaces(
    declared: Mapping[str, Mapping[str, str]], manifests: Iterable[Manifest]
) -> dict[str, Namespace]:
    """The namespaces of sailwright.yaml and of manifests, by name; the labels of sailwright.yaml go over those of a manifest."""
    found = {name: Namespace(name, dict(own)) for name, own in declared.items()}
    for manifest in manifests:
        over = found[manifest.name].labels if manifest.name in found else {}
        found[manifest.name] = Namespace(manifest.name, {**labels(manifest.labels), **(over or {})}, manifest)
    return found


def workload_injected(workload: Workload, namespace: Namespace) -> bool | None:
    """Whether the pods of a workload have a sidecar: baked in, or by the webhook. None where it cannot be decided."""
    if workload.proxy is not None and workload.proxy.image not in ("", "auto"):
        return True
    if workload.host_network or namespace.name in NEVER_INJECTED or workload.inject == "false":
        return False
    own = namespace.labels or {}
    if workload.inject == "true":
        return own.get(INJECTION_LABEL) != "disabled"
    if REVISION_LABEL in workload.labels and INJECTION_LABEL not in own and REVISION_LABEL not in own:
        return True  # the webhook rev.object of that revision; where the namespace says something, that goes before it
    return namespace.injected


def asks_for_ambient(workload: Workload, namespace: Namespace) -> bool | None:
    """Whether the labels of a workload's pods, else of its namespace, ask for ambient mode. None where they are not known."""
    own = workload.labels.get(DATAPLANE_LABEL)
    if workload.host_network or (own is not None and own != AMBIENT):
        return False
    if own is not None:
        return True
    return (namespace.labels or {}).get(DATAPLANE_LABEL) == AMBIENT if namespace.declared else None


def says_nothing(namespace: Manifest) -> bool:
    """Whether the labels of a Namespace leave injection open; istio-system is not asked."""
    own = labels(namespace.labels)
    silent = not own.get(INJECTION_LABEL) and REVISION_LABEL not in own and own.get(DATAPLANE_LABEL) != "ambient"
    return silent and namespace.name != "istio-system"
