"""The probes of containers, as the kubelet asks them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

from sailwright.diagnostics.finding import Path
from sailwright.mesh.objects.workloads import Container, Workload
from sailwright.runtime.records import dataclass
from sailwright.source.untyped import get, text

Action = Literal["httpGet", "tcpSocket", "grpc"]
ACTIONS: Final[tuple[Action, ...]] = ("httpGet", "tcpSocket", "grpc")
PROBES: Final = ("startupProbe", "readinessProbe", "livenessProbe")
_OF_THE_AGENT: Final = (15020, 15021)
"""The ports of the agent that answers for the application, and of Envoy's own readiness."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A probe over the network. `path` is that of its action; `port` is None where the container has none of that name."""

    container: Container
    name: str
    action: Action
    path: Path
    port: int | None
    value: Mapping[str, Any]

    @property
    def host(self) -> str:
        """The address that the kubelet dials instead of the pod's; empty for the pod's."""
        return text(self.value.get("host"))

    @property
    def asks_the_agent(self) -> bool:
        """Whether injection has rewritten it already: the agent of the sidecar is asked."""
        return self.port in _OF_THE_AGENT


def probes(workload: Workload) -> tuple[Probe, ...]:
    """The network probes of the application containers; `exec` runs inside the container and is none. Several rules ask."""
    return workload.derived(_all_probes)


def _all_probes(workload: Workload) -> tuple[Probe, ...]:
    return tuple(_probes(workload))


def _probes(workload: Workload) -> Iterator[Probe]:
    for container in workload.applications:
        for name in PROBES:
            for action in ACTIONS:
                value = get(container.value, name, action)
                if isinstance(value, dict):
                    written = value.get("port")
                    port = written if isinstance(written, int) else _numbered(workload, text(written))
                    yield Probe(container, name, action, (*container.path, name, action), port, value)


def _numbered(workload: Workload, written: str) -> int | None:
    """A port that is written as text: a number all the same, or the name of a container's port."""
    decimal = written.isascii() and written.isdecimal()
    return int(written) if decimal else workload.container_ports.get(written)
