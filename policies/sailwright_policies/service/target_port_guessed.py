"""A named targetPort that no container has: on which number the application listens is anybody's guess.

`targetPort: web` names a container port. Where no container of the service file has a port of that name, the build can only take
the Service's own number for it, and nothing answers if the application listens elsewhere.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import SERVICE, SERVICE_FILE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.services import Service
from sailwright.mesh.objects.workloads import Workload, external_workload, template_path
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, mapping, text

ID = "target-port-guessed"
KIND = SERVICE_FILE | SERVICE
SEVERITY: Severity = "error"
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
    BAD.replace("versions:", "defaults: {ports: [{name: web, containerPort: 80}]}\nversions:").replace(
        "  # finding", ""
    ),
    BAD.replace("versions:", "workload: external\nversions:").replace("  # finding", ""),
)


def check(subject: Manifest | Service, mesh: World) -> Iterator[Problem]:
    """The named target ports of a service file that no container declares; of a rendered Service by what its pods come from."""
    if isinstance(subject, Service):
        if subject.manifest.origin is None or external_workload(subject.manifest):
            return
        for port in subject.ports:
            pods = mesh.index.backends(subject)
            guesses = [pod for pod in pods if isinstance(port.target, str) and _is_guess(port.target, port.number, pod)]
            if guesses:
                whose = "" if len(guesses) == len(pods) else f" of {guesses[0].manifest.name}"
                path = (*port.path, "targetPort")
                yield Problem(subject.manifest, path, _message(str(port.target), whose), _remedy(str(port.target)))
    elif subject.value.get("workload") != "external" and "external" not in subject.value:
        declared = _declared(subject.value)
        for path, entry in entries(subject.value.get("ports"), ("ports",)):
            target = entry.get("targetPort")
            if isinstance(target, str) and target not in declared:
                yield Problem(subject, (*path, "targetPort"), _message(target, ""), _remedy(target))


def _declared(service: Mapping[str, Any]) -> set[str]:
    """The names of container ports in a service file: of its defaults and versions, and of the containers beside the main one."""
    blocks = [mapping(service.get("defaults")), *(version for _, version in entries(service.get("versions"), ()))]
    containers = [*blocks, *(each for block in blocks for _, each in entries(block.get("containers"), ()))]
    return {text(port.get("name")) for container in containers for _, port in entries(container.get("ports"), ())}


def _message(target: str, whose: str) -> str:
    return f"no container{whose} has a port named `{target}`, so the number behind it is unknown"


def _remedy(target: str) -> str:
    if target.isdecimal():
        return f"write the number without quotes: `targetPort: {target}`"
    return (
        "write the number that the application listens on, as in `targetPort: 8080`, or name it under `defaults`: "
        f"`ports: [{{name: {target}, containerPort: 8080}}]`"
    )


def _is_guess(target: str, number: int, pod: Workload) -> bool:
    """Whether the container port of this name was made from the Service's port, not written by anybody."""
    template = template_path(pod.manifest)
    if pod.container_ports.get(target) != number or template is None:
        return False
    written = pod.manifest.written((*template, "spec", "containers", 0, "ports")).path
    return written[-1:] == ("ports",) and not {"defaults", "versions"} & set(written)
