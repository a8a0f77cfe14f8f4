"""The application's probes and hooks go through the agent, since the kubelet has no mesh certificate."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeVar

from sailwright.render.injection import go_json, names
from sailwright.render.injection.pod import Container, Pod

_T = TypeVar("_T")

PROBES = {"readinessProbe": "readyz", "livenessProbe": "livez", "startupProbe": "startupz"}
HOOKS = {"preStop": "prestopz", "postStart": "poststartz"}
"""The fields of a container (and of its `lifecycle`), and how the agent's paths end for them."""

_HTTP_FIELDS = ("path", "port", "host", "scheme", "httpHeaders")
_HANDLERS = ("httpGet", "tcpSocket", "grpc")
HANDLERS = frozenset((*_HANDLERS, "exec", "sleep"))
"""The kinds of handler: a probe or hook has one of them. Those above are what the agent takes over."""


def agent_path(container: str, field: str) -> str:
    """Where the agent answers for a probe or hook of a container."""
    if field in PROBES:
        return f"/app-health/{container}/{PROBES[field]}"
    return f"/app-lifecycle/{container}/{HOOKS[field]}"


def probers(pod: Pod, agent_port: int, differences: frozenset[str]) -> str:
    """ISTIO_KUBE_APP_PROBERS: what the agent asks the application instead. Empty where there is nothing to ask."""
    found = {}
    for container in [*pod.init_containers(), *pod.containers()]:
        if container["name"] != names.PROXY:
            for field, prober, asked in _in_common(_probers, container, agent_port, differences):
                path = agent_path(container["name"], field)
                if asked != path:
                    found[path] = prober
    return go_json.entries({path: found[path] for path in sorted(found)}) if found else ""


def _probers(
    container: Container, agent_port: int, differences: frozenset[str]
) -> Iterator[tuple[str, str, str | None]]:
    """The probes and hooks that the agent takes over: the field, what it asks as JSON, and the path that is asked already."""
    for field, handler in _handlers(container, differences):
        if prober := _prober(handler, container, agent_port):
            yield field, go_json.dumps(prober), (handler.get("httpGet") or {}).get("path")


def _in_common(
    make: Callable[[Container, int, frozenset[str]], Iterable[_T]],
    container: Container,
    port: int,
    differences: frozenset[str],
) -> Iterable[_T]:
    """What is made of a container's ports, probes and hooks: once for all containers that have the same, whatever their names are."""
    read = {field: container[field] for field in (*PROBES, "lifecycle", "ports") if field in container}
    try:
        packed = marshal.dumps(read, 2)
    except ValueError:  # nested very deeply, or no plain data
        return make(read, port, differences)
    return _made(make, packed, port, differences)


@lru_cache(maxsize=512)
def _made(
    make: Callable[[Container, int, frozenset[str]], Iterable[_T]],
    packed: bytes,
    port: int,
    differences: frozenset[str],
) -> tuple[_T, ...]:
    return tuple(make(marshal.loads(packed), port, differences))  # noqa: S302  # packed above


def rewritten(pod: Pod, status_port: int, differences: frozenset[str]) -> Pod:
    """The pod with its probes and hooks asking the agent; commands stay, and so do timings, host and headers."""
    inits = [_rewritten_container(container, status_port, differences) for container in pod.init_containers()]
    containers = [_rewritten_container(container, status_port, differences) for container in pod.containers()]
    return pod.with_spec(containers=containers, **({"initContainers": inits} if inits else {}))


def unresolved_ports(container: Container, differences: frozenset[str]) -> list[tuple[str, str]]:
    """The probes and hooks whose named port this container does not have: the agent cannot answer for them."""
    found = []
    for field, handler in _handlers(container, differences):
        action = handler.get("httpGet") or handler.get("tcpSocket") or {}
        port = action.get("port")
        if isinstance(port, str) and port not in _named_ports(container):
            found.append((field, port))
    return found


def _handlers(container: Container, differences: frozenset[str]) -> list[tuple[str, Mapping[str, Any]]]:
    found = [(field, container[field]) for field in PROBES if container.get(field)]
    lifecycle = container.get("lifecycle")
    if lifecycle and "hooks-rewritten" in differences:
        found += [(field, lifecycle[field]) for field in HOOKS if lifecycle.get(field)]
    return found


def _named_ports(container: Container) -> dict[str, int]:
    return {port["name"]: port.get("containerPort", 0) for port in container.get("ports") or [] if port.get("name")}


def _prober(handler: Mapping[str, Any], container: Container, agent_port: int) -> dict[str, Any] | None:
    """What the agent asks; None where a named port is unknown, or the agent's own port is asked already."""
    if grpc := handler.get("grpc"):
        prober: dict[str, Any] = {"grpc": {"port": grpc.get("port", 0), "service": grpc.get("service")}}
    else:
        kind = "httpGet" if handler.get("httpGet") else "tcpSocket"
        action = handler.get(kind)
        port = action.get("port", 0) if action else 0
        port = _named_ports(container).get(port) if isinstance(port, str) else None if port == agent_port else port
        if not action or port is None:
            return None
        prober = {kind: _http({**action, "port": port}) if kind == "httpGet" else _tcp(action, port)}
    timeout = handler.get("timeoutSeconds")
    return {**prober, "timeoutSeconds": timeout} if timeout else prober


def _http(action: Mapping[str, Any]) -> dict[str, Any]:
    given = {field: action.get(field) for field in _HTTP_FIELDS if field == "port" or action.get(field)}
    if headers := given.get("httpHeaders"):
        given["httpHeaders"] = [
            {"name": header.get("name") or "", "value": header.get("value") or ""} for header in headers
        ]
    return given


def _tcp(action: Mapping[str, Any], port: int) -> dict[str, Any]:
    return {"port": port, "host": action["host"]} if action.get("host") else {"port": port}


def _rewritten_container(container: Container, status_port: int, differences: frozenset[str]) -> Container:
    if container["name"] == names.PROXY:
        return container
    changed = dict(container)
    for field, handler, action in _in_common(_asking_agent, container, status_port, differences):
        if action is not None:
            handler = {**handler, "httpGet": {"path": agent_path(container["name"], field), **action}}
        if field in PROBES:
            changed[field] = handler
        else:
            changed["lifecycle"] = {**changed["lifecycle"], field: handler}
    return changed


def _asking_agent(
    container: Container, status_port: int, differences: frozenset[str]
) -> Iterator[tuple[str, dict[str, Any], dict[str, Any] | None]]:
    """The probes and hooks as they ask the agent: the field, the handler, and how it asks beside the path (None: the agent is not asked)."""
    for field, handler in _handlers(container, differences):
        kind = next((kind for kind in _HANDLERS if handler.get(kind)), None)
        action: dict[str, Any] = {"port": status_port}
        if kind == "httpGet":
            action = _http({**handler[kind], "path": None, **action})
            if action.get("scheme") == "HTTPS":
                action["scheme"] = "HTTP"
        asking = {("httpGet" if key == kind else key): (None if key == kind else item) for key, item in handler.items()}
        yield field, asking, action if kind else None


def without_zero_delay(container: Container) -> Container:
    """The container with no `initialDelaySeconds: 0` at its probes; itself where it has none."""
    delayed = {
        field: {key: value for key, value in probe.items() if key != "initialDelaySeconds"}
        for field in PROBES
        if isinstance(probe := container.get(field), dict) and probe.get("initialDelaySeconds") == 0
    }
    return {**container, **delayed} if delayed else container
