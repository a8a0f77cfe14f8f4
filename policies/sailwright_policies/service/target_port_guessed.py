"""A named targetPort does not say on which number the application listens: the Service's own is taken for it.

`targetPort: web` names a container port; a service file says no number for it, so the container gets `containerPort: 80` where
the Service has 80. If the application listens elsewhere, nothing answers.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import SERVICE, SERVICE_FILE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.services import Service
from sailwright.mesh.objects.workloads import Workload, external_workload
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, number

ID = "target-port-guessed"
KIND = SERVICE_FILE | SERVICE
SEVERITY: Severity = "info"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: sailwright/v1alpha1
name: shop
namespace: web
ports:
  - {name: http, port: 80, targetPort: web, appProtocol: http}  # finding
versions: [{name: v1, image: "example.com/shop:1.0"}]
"""
GOOD = (
    BAD.replace("targetPort: web", "targetPort: 8080").replace("  # finding", ""),
    BAD.replace("targetPort: web, ", "").replace("  # finding", ""),
    BAD.replace("versions:", "workload: external\nversions:").replace("  # finding", ""),
)


def check(subject: Manifest | Service, mesh: World) -> Iterator[Problem]:
    """The ports of a service file by name; of a rendered Service those whose container port is the Service's number."""
    if isinstance(subject, Service):
        if subject.manifest.origin is None or external_workload(subject.manifest):
            return
        for port in subject.ports:
            pods = mesh.index.backends(subject)
            if isinstance(port.target, str) and pods and all(_is_guess(port.target, port.number, pod) for pod in pods):
                path = (*port.path, "targetPort")
                yield Problem(subject.manifest, path, _message(port.target, port.number), _REMEDY)
    elif subject.value.get("workload") != "external":
        for path, entry in entries(subject.value.get("ports"), ("ports",)):
            target = entry.get("targetPort")
            if isinstance(target, str) and not target.isdecimal():
                yield Problem(subject, (*path, "targetPort"), _message(target, number(entry.get("port"))), _REMEDY)


_REMEDY = "write the number that the application listens on"


def _message(target: str, number: int) -> str:
    return f"targetPort `{target}` says no number, so the container port is guessed: {number}, the Service's own"


def _is_guess(target: str, number: int, pod: Workload) -> bool:
    return pod.container_ports.get(target) == number
