"""The defaults of the API server that injection depends on. A webhook sees them filled in; a compiler must fill them in.

Without `timeoutSeconds` the agent is told a timeout of 0, and a gRPC probe always fails; without `protocol` the sidecar cannot
tell TCP ports from others.
"""

from __future__ import annotations

from typing import Any

from sailwright.render.injection.pod import Container, Pod
from sailwright.render.injection.probes import PROBES


def with_defaults(pod: Pod) -> Pod:
    """The pod with `timeoutSeconds: 1` on every probe and `protocol: TCP` on every port that does not say."""
    inits = [_container(container) for container in pod.init_containers()]
    containers = [_container(container) for container in pod.containers()]
    return pod.with_spec(containers=containers, **({"initContainers": inits} if inits else {}))


def _container(container: Container) -> Container:
    changed = dict(container)
    for field in PROBES:
        probe = container.get(field)
        if probe and not probe.get("timeoutSeconds"):
            changed[field] = {**probe, "timeoutSeconds": 1}
    if container.get("ports"):
        changed["ports"] = [_port(port) for port in container["ports"]]
    return changed


def _port(port: dict[str, Any]) -> dict[str, Any]:
    return port if port.get("protocol") else {**port, "protocol": "TCP"}
