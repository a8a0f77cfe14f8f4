"""What is wrong between the services of a project: one name twice, two ways of injection, a namespace that is not theirs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sailwright.diagnostics.finding import Finding, Path, Related, Severity
from sailwright.project.model import Project
from sailwright.project.service.model import Service
from sailwright.project.service.resolve import Target
from sailwright.source.files.patterns import matches

_KUBERNETES = "kube-"
"""How the namespaces of Kubernetes itself begin."""


def cross_service_checks(project: Project, services: Mapping[Target, tuple[Service, ...]]) -> list[Finding]:
    """Findings about services that are fine each by itself, each finding once with all its environments."""
    found: dict[tuple[str, str, str], Finding] = {}
    for target, group in services.items():
        for finding in (*_twice(group), *_injected_twice(group), *_foreign(project, target, group)):
            key = (finding.rule, finding.message, finding.location.file)
            names = (*found[key].environments, target.environment) if key in found else (target.environment,)
            environments = tuple(dict.fromkeys(name for name in names if name))
            found[key] = Finding(
                finding.rule, finding.severity, finding.message, finding.location, finding.help,
                environments=environments, path=finding.path, related=finding.related,
            )  # fmt: skip
    return list(found.values())


def guarded(namespace: str, root: str = "istio-system") -> bool:
    """Whether nothing is rendered into a namespace unless the project says so: Kubernetes' own, and Istio's root namespace."""
    return namespace.startswith(_KUBERNETES) or namespace == root


def _twice(services: Iterable[Service]) -> Iterator[Finding]:
    seen: dict[str, Service] = {}
    for service in services:
        first = seen.setdefault(service.key, service)
        if first is not service:
            message = f"{first.file} is named {service.key} too: two services cannot have one name and namespace"
            related = (Related("the other one", first.written(("name",)).location()),)
            yield _finding("duplicate-service", service, ("name",), message, "rename one, or delete it", related)


def _injected_twice(services: Iterable[Service]) -> Iterator[Finding]:
    """A namespace either has the webhook or sidecars from the build: with both, baked pods are injected again."""
    baked: dict[str, Service] = {}
    hooked: dict[str, Service] = {}
    for service in services:
        if service.external is None and not service.workload.external:
            if service.mesh.inject == "build":
                baked.setdefault(service.namespace, service)
            elif service.mesh.inject == "webhook":
                hooked.setdefault(service.namespace, service)
    for namespace in baked.keys() & hooked.keys():
        one, other = hooked[namespace], baked[namespace]
        message = (
            f"namespace {namespace} would have `inject: webhook` ({one.file}) and `inject: build` ({other.file}): "
            "the webhook would inject the baked pods again"
        )
        related = (Related("baked here", other.written(("mesh", "inject")).location()),)
        yield _finding(
            "injection-mixed", one, ("mesh", "inject"), message, "choose one of them for the namespace", related
        )


def _foreign(project: Project, target: Target, services: Iterable[Service]) -> Iterator[Finding]:
    root = str(project.istio_for(target).mesh_config.get("rootNamespace") or "istio-system")
    for service in services:
        declared = project.namespaces.get(service.namespace)
        allowed = declared.services if declared else None
        if allowed is not None:
            if not any(matches(pattern, service.file) for pattern in allowed):
                message = f"this file may not render into namespace {service.namespace}: its `services` do not name it"
                remedy = (
                    f"add it to namespaces.{service.namespace}.services in sailwright.yaml, or choose another namespace"
                )
                yield _finding("namespace-not-allowed", service, ("namespace",), message, remedy)
        elif guarded(service.namespace, root):
            whose = "Istio's root namespace" if service.namespace == root else "a namespace of Kubernetes itself"
            message = f"{service.namespace} is {whose}: nothing is rendered into it unless the project says so"
            remedy = f"choose another namespace, or list this file under namespaces.{service.namespace}.services"
            yield _finding("namespace-not-allowed", service, ("namespace",), message, remedy)


def _finding(
    rule: str, service: Service, path: Path, message: str, remedy: str, related: tuple[Related, ...] = ()
) -> Finding:
    spot = service.written(path)
    severity: Severity = "error"
    return Finding(rule, severity, message, spot.location(), remedy, path=spot.path, related=related)
