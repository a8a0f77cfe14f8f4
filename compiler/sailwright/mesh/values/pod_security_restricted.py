"""What the Pod Security level `restricted` refuses beyond `baseline` (k8s.io/pod-security-admission/policy, `*_restricted.go`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sailwright.diagnostics.finding import Path
from sailwright.mesh.values.pod_security_baseline import (
    Version,
    Violation,
    containers,
    in_user_namespace,
    proc_mount,
    safe_capability,
)
from sailwright.source.untyped import entries, get, mapping, text

_VOLUMES: Final = frozenset(
    (
        *("configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"),
        "image",
    )
)
_ONLY_BIND: Final = "NET_BIND_SERVICE"


def restricted(pod_template: Mapping[str, Any], version: Version | None = None) -> Iterator[Violation]:
    """What a version of `restricted` refuses in a pod or pod template that `baseline` takes."""
    spec = mapping(pod_template.get("spec"))
    windows = get(spec, "os", "name") == "windows" and _since(version, 25)
    for path, volume in entries(spec.get("volumes"), ("spec", "volumes")):
        for kind in sorted(map(str, volume.keys() - _VOLUMES - {"name", "hostPath"})):
            yield Violation("volumes", (*path, kind), f"the {kind} volume `{text(volume.get('name'))}`")
    pod = mapping(spec.get("securityContext"))
    userns = in_user_namespace(spec, version)
    if not userns:
        yield from _root(pod, spec, version)
    for path, container in containers(spec):
        if userns:
            yield from proc_mount(container, path)
        if not windows:
            yield from _confinement(container, path, pod, version)


def _root(pod: Mapping[str, Any], spec: Mapping[str, Any], version: Version | None) -> Iterator[Violation]:
    place: Path = ("spec", "securityContext")
    if pod.get("runAsNonRoot") is False:
        yield Violation("runAsNonRoot", (*place, "runAsNonRoot"), "the pod says `runAsNonRoot: false`")
    if _zero(pod) and _since(version, 23):
        yield Violation("runAsUser", (*place, "runAsUser"), "the pod runs as root")
    for path, container in containers(spec):
        name, context = text(container.get("name")), mapping(container.get("securityContext"))
        own = context.get("runAsNonRoot")
        if (pod.get("runAsNonRoot") if own is None else own) is not True:
            where = (*path, "securityContext") if context else path
            yield Violation("runAsNonRoot", where, f"the container `{name}` does not say `runAsNonRoot: true`")
        if _zero(context) and _since(version, 23):
            where = (*path, "securityContext", "runAsUser")
            yield Violation("runAsUser", where, f"the container `{name}` runs as root")


def _confinement(
    container: Mapping[str, Any], path: Path, pod: Mapping[str, Any], version: Version | None
) -> Iterator[Violation]:
    """What is asked of Linux alone."""
    name, context = text(container.get("name")), mapping(container.get("securityContext"))
    place = (*path, "securityContext") if context else path
    if context.get("allowPrivilegeEscalation") is not False and _since(version, 8):
        message = f"the container `{name}` does not say `allowPrivilegeEscalation: false`"
        yield Violation("allowPrivilegeEscalation", place, message)
    profiles = (context.get("seccompProfile"), pod.get("seccompProfile"))
    if not any(isinstance(profile, dict) for profile in profiles) and _since(version, 19):
        yield Violation("seccompProfile", place, f"the container `{name}` names no seccompProfile")
    if _since(version, 22):
        yield from _capabilities(context, place, name)


def _capabilities(context: Mapping[str, Any], place: Path, name: str) -> Iterator[Violation]:
    dropped, added = get(context, "capabilities", "drop"), get(context, "capabilities", "add")
    if "ALL" not in (dropped if isinstance(dropped, list) else ()):
        yield Violation("capabilities", place, f"the container `{name}` does not drop ALL capabilities")
    for index, capability in enumerate(added if isinstance(added, list) else ()):
        if isinstance(capability, str) and safe_capability(capability) and capability != _ONLY_BIND:
            message = f"the capability {capability} for the container `{name}`"
            yield Violation("capabilities", (*place, "capabilities", "add", index), message, capability)


def _zero(context: Mapping[str, Any]) -> bool:
    user = context.get("runAsUser")
    return isinstance(user, int) and not isinstance(user, bool) and user == 0


def _since(version: Version | None, minor: int) -> bool:
    """Whether a version of the level has what came with Kubernetes 1.`minor`."""
    return version is None or version >= (1, minor)
