"""A pod as injection sees it, and the reading of one from plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.runtime.records import dataclass

Container = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pod:
    """Labels, annotations and spec of a pod or pod template. Treated as immutable: steps return new ones."""

    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    spec: Mapping[str, Any]

    def containers(self) -> list[Container]:
        """`spec.containers`."""
        return self.spec.get("containers") or []

    def init_containers(self) -> list[Container]:
        """`spec.initContainers`."""
        return self.spec.get("initContainers") or []

    def with_spec(self, **changes: Any) -> Pod:
        """A pod with some fields of its spec replaced; None removes a field."""
        spec = {**self.spec, **changes}
        return Pod(self.labels, self.annotations, {key: value for key, value in spec.items() if value is not None})


def named(containers: list[Container], name: str) -> Container | None:
    """The first container of that name."""
    for container in containers:
        if container.get("name") == name:
            return container
    return None


def read_pod(metadata: Mapping[str, Any], spec: Mapping[str, Any]) -> Pod:
    """The pod of metadata and spec that `misshapen` finds nothing wrong with."""
    return Pod(metadata.get("labels") or {}, metadata.get("annotations") or {}, spec)


_TEXT, _NUMBER, _BOOLEAN, _PORT, _MAP, _TEXTS = (
    "text",
    "a number",
    "true or false",
    "a port",
    "a mapping",
    "text values",
)

_TYPES: Mapping[str, type | tuple[type, ...]] = {
    _TEXT: str,
    _NUMBER: int,
    _BOOLEAN: bool,
    _PORT: (int, str),
    _MAP: dict,
}

_HTTP = {"port": _PORT, "path": _TEXT, "host": _TEXT, "scheme": _TEXT, "httpHeaders": [{"name": _TEXT, "value": _TEXT}]}
_HANDLER = {"httpGet": _HTTP, "tcpSocket": {"port": _PORT, "host": _TEXT}}
_PROBE = {**_HANDLER, "grpc": {"port": _NUMBER, "service": _TEXT}, "timeoutSeconds": _NUMBER}
_CONTAINER = {
    "name": _TEXT,
    "image": _TEXT,
    "args": [_TEXT],
    "env": [{"name": _TEXT, "value": _TEXT}],
    "ports": [{"name": _TEXT, "containerPort": _NUMBER, "hostPort": _NUMBER, "protocol": _TEXT, "hostIP": _TEXT}],
    "volumeMounts": [{"mountPath": _TEXT}],
    "livenessProbe": _PROBE,
    "readinessProbe": _PROBE,
    "startupProbe": _PROBE,
    "lifecycle": {"preStop": _HANDLER, "postStart": _HANDLER},
    "resources": {"limits": _MAP, "requests": _MAP},
    "securityContext": {"runAsUser": _NUMBER, "runAsGroup": _NUMBER},
}
_METADATA = {"name": _TEXT, "namespace": _TEXT, "labels": _TEXTS, "annotations": _TEXTS}
_SPEC = {
    "containers": [_CONTAINER],
    "initContainers": [_CONTAINER],
    "volumes": [{"name": _TEXT}],
    "imagePullSecrets": [{"name": _TEXT}],
    "hostNetwork": _BOOLEAN,
    "serviceAccountName": _TEXT,
}


@dataclass(frozen=True, slots=True)
class _Form:
    """A shape to look at quickly: the types of scalars, maps and lists of maps by their own form (None: of texts)."""

    scalars: Mapping[str, tuple[type, ...]]
    maps: Mapping[str, _Form | None]
    lists: Mapping[str, _Form | None]


def _form(shape: Mapping[str, Any]) -> _Form:
    lists = {key: None if inner[0] == _TEXT else _form(inner[0]) for key, inner in shape.items() if type(inner) is list}
    maps = {key: _form(inner) for key, inner in shape.items() if type(inner) is dict}
    named = {key: _TYPES[inner] for key, inner in shape.items() if type(inner) is str and inner != _TEXTS}
    scalars = {key: types if isinstance(types, tuple) else (types,) for key, types in named.items()}
    return _Form(scalars, {**maps, **{key: None for key, inner in shape.items() if inner == _TEXTS}}, lists)


_METADATA_FORM, _SPEC_FORM = _form(_METADATA), _form(_SPEC)


def misshapen_metadata(metadata: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Where the metadata that injection reads has another shape than Kubernetes gives it."""
    return iter(()) if _is_map_of(metadata, _METADATA_FORM) else _misshapen(metadata, _METADATA, path)


def misshapen_spec(spec: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Where the parts of a pod spec that injection reads have another shape than Kubernetes gives them."""
    if not _is_map_of(spec, _SPEC_FORM):
        yield from _misshapen(spec, _SPEC, path)
    if spec is None or (isinstance(spec, dict) and not spec.get("containers")):
        yield path, "a pod needs `containers`"
    for field in ("containers", "initContainers"):
        found = spec.get(field) if isinstance(spec, dict) else None
        for index, container in enumerate(found if isinstance(found, list) else []):
            if isinstance(container, dict) and not container.get("name"):
                yield (*path, field, index), "a container needs a `name`"


def _is_map_of(value: Any, form: _Form | None) -> bool:
    """Whether `_misshapen` surely has nothing to say, which is nearly always so, and found out much faster without a path at hand."""
    if type(value) is not dict:
        return False
    if form is None:
        return _TEXT_ALONE.issuperset(map(type, value.values()))
    scalars, maps, lists = form.scalars, form.maps, form.lists
    for key, item in value.items():
        if key in scalars:
            if type(item) not in scalars[key]:
                return False
        elif key in lists:
            inner, items = lists[key], item if type(item) is list else [None]
            if not (
                all(_is_map_of(each, inner) for each in items) if inner else _TEXT_ALONE.issuperset(map(type, items))
            ):
                return False
        elif key in maps and not _is_map_of(item, maps[key]):
            return False
    return True


_TEXT_ALONE = frozenset((str,))


def _misshapen(value: Any, shape: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if value is None:
        return
    if isinstance(shape, list):
        if not isinstance(value, list):
            yield path, f"a list is needed, not {_shown(value)}"
            return
        for index, item in enumerate(value):
            if item is None:
                yield (*path, index), "an entry of this list is empty"
            yield from _misshapen(item, shape[0], (*path, index))
    elif isinstance(shape, dict):
        if not isinstance(value, dict):
            yield path, f"a mapping is needed, not {_shown(value)}"
            return
        for key, inner in shape.items():
            if key in value:
                yield from _misshapen(value[key], inner, (*path, key))
    else:
        yield from _mistyped(value, shape, path)


def _mistyped(value: Any, kind: str, path: Path) -> Iterator[tuple[Path, str]]:
    if kind == _TEXTS:
        if not isinstance(value, dict):
            yield path, f"a mapping is needed, not {_shown(value)}"
            return
        for key, item in value.items():
            if not isinstance(item, str):
                yield (*path, key), f"text is needed, not {_shown(item)}: put the value in quotes"
        return
    if not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind != _BOOLEAN):
        quotes = ": put the value in quotes" if kind == _TEXT and isinstance(value, (int, float, bool)) else ""
        yield path, f"{kind} is needed, not {_shown(value)}{quotes}"


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return "a list" if isinstance(value, list) else "nothing" if value is None else f"`{str(value)[:60]}`"
