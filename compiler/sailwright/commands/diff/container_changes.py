"""Changes that no request can notice: those of what runs in the containers of an application, and of comments in its file.

The simulated mesh reads the names, ports and probes of such containers, never what this names; a test notes what is read while
meshes are compared. The proxy's own containers are read as a whole.
"""

from __future__ import annotations

import marshal
from typing import Any, Final

from sailwright.mesh.objects.sidecar_containers import INJECTED_CONTAINERS
from sailwright.mesh.values.kinds import template_of_kind

UNREAD: Final = frozenset({
    "args", "command", "env", "envFrom", "image", "imagePullPolicy", "resources", "volumeMounts", "workingDir",
})  # fmt: skip
"""Fields of a container (https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.33/#container-v1-core)."""

_LISTS: Final = ("containers", "initContainers")


def same_for_requests(old: bytes, new: bytes) -> bool:
    """Whether two renderings of a service file, as `packed_services` packs them, differ in nothing else."""
    files, now = (marshal.loads(data)[0] for data in (old, new))  # noqa: S302  # sealed, or our own
    return len(files) == len(now) and all(_same_file(*pair) for pair in zip(files, now, strict=True))


def _same_file(old: Any, new: Any) -> bool:
    (*place, objects, _), (*current, now, _) = old, new
    return place == current and len(objects) == len(now) and all(map(_same_object, objects, now))


def _same_object(old: Any, new: Any) -> bool:
    (value, _, included), (now, _, current) = old, new
    return included == current and (_same(value, now) or _same(_as_read(value), _as_read(now)))


def _as_read(value: dict[str, Any]) -> dict[str, Any]:
    """An object without what is not read of its containers; as it is where it makes no pods."""
    path = template_of_kind(str(value.get("apiVersion")), str(value.get("kind")))
    whole = here = dict(value)
    for key in () if path is None else (*path, "spec"):
        if not isinstance(here.get(key), dict):
            return value
        here[key] = here = dict(here[key])
    for name in _LISTS if path is not None else ():
        if isinstance(here.get(name), list):
            here[name] = [_container_as_read(each) for each in here[name]]
    return whole


def _container_as_read(container: Any) -> Any:
    if not isinstance(container, dict) or container.get("name") in INJECTED_CONTAINERS:
        return container
    return {key: value for key, value in container.items() if key not in UNREAD}


def _same(old: Any, new: Any) -> bool:
    """Whether plain data is the same to the letter: 1 is not True, and the order of keys counts."""
    return bool(old == new) and marshal.dumps(old, 2) == marshal.dumps(new, 2)
