"""What a pod may do to its node: the settings that only the author of the workload may grant, in plain sight."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_HOST_SETTINGS = ("hostNetwork", "hostPID", "hostIPC")
_CONTAINERS = ("initContainers", "containers", "ephemeralContainers")


def privileges(value: Any) -> frozenset[str]:
    """The privileges of every pod spec inside a rendered object, each said in words."""
    return frozenset(_privileges(value))


def _privileges(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _privileges(item)
    if not isinstance(value, dict):
        return
    if isinstance(value.get("containers"), list):
        yield from _of_pod(value)
    for child in value.values():
        yield from _privileges(child)


def _of_pod(spec: Mapping[str, Any]) -> Iterator[str]:
    yield from (setting for setting in _HOST_SETTINGS if spec.get(setting))
    for volume in _maps(spec.get("volumes")):
        if volume.get("hostPath"):
            yield f"the hostPath volume `{volume.get('name')}`"
    for kind in _CONTAINERS:
        for container in _maps(spec.get(kind)):
            yield from _of_container(container)


def _of_container(container: Mapping[str, Any]) -> Iterator[str]:
    context = container.get("securityContext")
    if not isinstance(context, dict):
        return
    name = container.get("name")
    if context.get("privileged"):
        yield f"`privileged` for the container `{name}`"
    added = context.get("capabilities")
    for capability in added.get("add") or () if isinstance(added, dict) else ():
        yield f"the capability {capability} for the container `{name}`"


def _maps(value: Any) -> Iterator[Mapping[str, Any]]:
    yield from (item for item in value if isinstance(item, dict)) if isinstance(value, list) else ()
