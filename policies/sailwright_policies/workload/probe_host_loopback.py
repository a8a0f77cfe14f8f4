"""A probe or hook with `host: localhost` asks the node, not the pod: the kubelet dials it from where it runs.

Injection rewrites the port and path of an HTTP probe and keeps the host, so behind a sidecar too the node is asked. The pod is
never ready, or killed once the probe has failed often enough. With `hostNetwork` the node is the right one to ask.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.probes import probes
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World
from sailwright.source.untyped import get, text

ID = "probe-host-loopback"
KIND = WORKLOAD
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  template:
    spec:
      containers:
        - name: cart
          image: example.com/cart:1.0
          readinessProbe:
            httpGet: {path: /ready, port: 8080, host: localhost}  # finding
          lifecycle:
            preStop:
              httpGet: {path: /drain, port: 8080, host: 127.0.0.1}  # finding
"""
GOOD = (
    BAD.replace(", host: localhost}  # finding", "}").replace(", host: 127.0.0.1}  # finding", "}"),
    BAD.replace("  # finding", "").replace("    spec:\n", "    spec:\n      hostNetwork: true\n"),
)

_HOOKS = ("postStart", "preStop")


def check(workload: Workload, mesh: World) -> Iterator[Problem]:
    """HTTP probes and hooks; TCP probes of pods without a sidecar (injection drops their host)."""
    for path, host in _hosts(workload, mesh) if not workload.host_network else ():
        if host == "localhost" or host.startswith("127.") or host in ("::1", "[::1]", "0.0.0.0"):  # noqa: S104
            yield Problem(
                workload.manifest,
                path,
                f"the kubelet dials {host} from the node: this asks the node, not the pod",
                "remove host: the kubelet then asks the pod's own address",
            )


def _hosts(workload: Workload, mesh: World) -> Iterator[tuple[Path, str]]:
    plain = mesh.index.injected(workload) is False
    for probe in probes(workload):
        if probe.action == "httpGet" or (probe.action == "tcpSocket" and plain):
            yield (*probe.path, "host"), probe.host
    for container in workload.applications:
        for hook in _HOOKS:
            host = text(get(container.value, "lifecycle", hook, "httpGet", "host"))
            yield (*container.path, "lifecycle", hook, "httpGet", "host"), host
