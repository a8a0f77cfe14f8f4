"""A probe of a port name that the container does not have never succeeds: behind a sidecar the agent answers it with 400.

Injection rewrites probes to the agent and looks the name up in the container's own ports. Without a sidecar the kubelet fails
in the same way.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.diagnostics.suggestions import did_you_mean
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.probes import probes
from sailwright.mesh.objects.sidecar_containers import baked, embedded, proxy_environment
from sailwright.mesh.objects.workloads import Container, Workload
from sailwright.mesh.world import World
from sailwright.source.untyped import entries, get, text

ID = "probe-port-unknown"
KIND = WORKLOAD
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    spec:
      containers:
        - name: reviews
          image: reviews:1.0.0
          ports: [{name: http, containerPort: 9080}]
          readinessProbe:
            httpGet: {path: /health, port: web}  # finding
"""

GOOD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    spec:
      containers:
        - name: reviews
          image: reviews:1.0.0
          ports: [{name: http, containerPort: 9080}]
          readinessProbe:
            httpGet: {path: /health, port: http}
"""


_AGENT = "/app-health/"
_PROBERS = "ISTIO_KUBE_APP_PROBERS"
"""The variable that lists what the agent of a sidecar asks for each rewritten probe; without an entry it answers 404."""


def check(workload: Workload, _: World) -> Iterator[Problem]:
    """Named ports of the application containers' probes; a number may be right without being declared."""
    yield from _unanswered(workload)
    for container in workload.applications:
        names = _port_names(container)
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            for action in ("httpGet", "tcpSocket"):
                port = get(container.value, probe, action, "port")
                if isinstance(port, str) and not port.isdecimal() and port not in names:
                    yield Problem(
                        workload.manifest,
                        (*container.path, probe, action, "port"),
                        f"container {container.name} has no port named {port}",
                        did_you_mean(port, names, "name one of its ports so, or write the number"),
                    )


def _unanswered(workload: Workload) -> Iterator[Problem]:
    """The probes of a baked pod that are rewritten to the agent, which was given no port for them."""
    if workload.proxy is None or not baked(workload.proxy):
        return
    listed = embedded(proxy_environment(workload).get(_PROBERS, ("", ()))[0])
    for probe in probes(workload):
        asked = text(probe.value.get("path"))
        if probe.action == "httpGet" and asked.startswith(_AGENT) and asked not in listed and probe.asks_the_agent:
            names = _port_names(probe.container)
            yield Problem(
                workload.manifest,
                probe.path[:-1],
                f"container {probe.container.name} has no port of the name that this {probe.name} asks for: "
                "the sidecar's agent does not know it and fails the probe",
                f"name one of its ports ({', '.join(names)}), or write the number" if names else "write the number",
            )


def _port_names(container: Container) -> list[str]:
    return [text(port.get("name")) for _, port in entries(container.value.get("ports"), ()) if port.get("name")]
