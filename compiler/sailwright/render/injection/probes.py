"""The application's probes and hooks go through the agent, since the kubelet has no mesh certificate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sailwright.render.injection import go_json, names
from sailwright.render.injection.pod import Container, Pod

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
            for field, handler in _handlers(container, differences):
                prober = _prober(handler, container, agent_port)
                path = agent_path(container["name"], field)
                if prober and (handler.get("httpGet") or {}).get("path") != path:
                    found[path] = go_json.dumps(prober)
    return go_json.entries({path: found[path] for path in sorted(found)}) if found else ""


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
    handlers = _handlers(container, differences)
    if not handlers:
        return container
    changed = dict(container)
    for field, handler in handlers:
        asking = _asking_agent(handler, agent_path(container["name"], field), status_port)
        if field in PROBES:
            changed[field] = asking
        else:
            changed["lifecycle"] = {**changed["lifecycle"], field: asking}
    return changed


def _asking_agent(handler: Mapping[str, Any], path: str, status_port: int) -> dict[str, Any]:
    kind = next((kind for kind in _HANDLERS if handler.get(kind)), None)
    if kind is None:
        return dict(handler)
    asked: dict[str, Any] = {"path": path, "port": status_port}
    if kind == "httpGet":
        asked = _http({**handler[kind], **asked})
        if asked.get("scheme") == "HTTPS":
            asked["scheme"] = "HTTP"
    return {("httpGet" if key == kind else key): (asked if key == kind else item) for key, item in handler.items()}


def without_zero_delay(container: Container) -> Container:
    """The container with no `initialDelaySeconds: 0` at its probes; itself where it has none."""
    delayed = {
        field: {key: value for key, value in probe.items() if key != "initialDelaySeconds"}
        for field in PROBES
        if isinstance(probe := container.get(field), dict) and probe.get("initialDelaySeconds") == 0
    }
    return {**container, **delayed} if delayed else container
