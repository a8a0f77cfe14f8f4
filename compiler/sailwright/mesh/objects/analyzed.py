"""The objects that `istioctl analyze` looks at, for `--compat istioctl`. Source: pilot/pkg/config/file/store.go."""

from __future__ import annotations

from collections.abc import Iterable

from sailwright.mesh.objects.namespaces import NEVER_INJECTED
from sailwright.mesh.values.kinds import CLUSTER_SCOPED, NAMESPACE, kind_of
from sailwright.source.manifest import Manifest


def analysed(manifests: Iterable[Manifest]) -> tuple[Manifest, ...]:
    """The objects that the analyzers look at: of one name the last, and nothing of the namespaces they ignore."""
    found: dict[tuple[str, str, str], Manifest] = {}
    for manifest in manifests:
        if not _is_known(manifest):
            continue
        kind = kind_of(manifest.api_version, manifest.kind)
        namespace = "" if kind in CLUSTER_SCOPED else manifest.namespace or ""
        if (manifest.name if kind == NAMESPACE else namespace) not in NEVER_INJECTED:
            found[kind, namespace, manifest.name] = manifest
    return tuple(found.values())


def _is_known(manifest: Manifest) -> bool:
    """Kubernetes' own kinds are known in their version v1 alone."""
    group, _, version = manifest.api_version.rpartition("/")
    return version == "v1" or group.endswith(("istio.io", "gateway.networking.k8s.io"))
