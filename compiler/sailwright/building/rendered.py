"""Render what was asked for, in as many processes as are worth it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from posixpath import basename

from sailwright.compilation import Compilation
from sailwright.finding import Finding, Related
from sailwright.forking import WORTH_A_FORK, processors, spread
from sailwright.output.layout import KUSTOMIZATION, NAMESPACE_FILE, service_file
from sailwright.render.rendering import RenderedFile, folder_of
from sailwright.service import Service, Target
from sailwright.service.reading import merged

Identity = tuple[str, str, str, str]
"""What makes a Kubernetes object one: API group, kind, namespace, name."""


@dataclass(frozen=True, slots=True)
class BuiltFile:
    """One rendered file, small enough to travel between processes."""

    path: str
    source: str
    data: bytes
    objects: tuple[Identity, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Built:
    """All rendered files of a build, and everything that is wrong."""

    files: tuple[BuiltFile, ...]
    findings: tuple[Finding, ...]

    @property
    def documents(self) -> int:
        """How many objects were rendered."""
        return sum(len(file.objects) for file in self.files)


def render_all(
    compilation: Compilation, sources: frozenset[str] | None, jobs: int | None, done: Callable[[int], None]
) -> Built:
    """Render the chosen sources (None: all) for every chosen cluster."""
    chosen = [
        (target, service)
        for target in compilation.targets
        for service in compilation.services.by_target[target]
        if sources is None or service.file in sources
    ]

    def render(item: tuple[Target, Service]) -> BuiltFile:
        target, service = item
        return _built(compilation.renderings[target].render(service))

    worth = processors() if len(chosen) >= WORTH_A_FORK else 1
    files = spread(chosen, render, jobs or worth, done)
    findings = list(compilation.findings)
    findings += [finding for file in files for finding in file.findings]
    findings += _twice(chosen, files)
    for target in compilation.targets:
        rendering = compilation.renderings[target]
        files += [_built(file) for file in rendering.namespaces(compilation.services.by_target[target])]
    findings += _reserved(compilation, chosen)
    return Built(tuple(files), merged(findings))


def _built(file: RenderedFile) -> BuiltFile:
    objects = []
    for piece in file.pieces:
        metadata = piece.value.get("metadata") or {}
        group = str(piece.value.get("apiVersion", "")).rpartition("/")[0]
        objects.append((group, piece.kind, str(metadata.get("namespace") or ""), piece.name))
    return BuiltFile(file.path, file.source, file.data(), tuple(objects), file.findings)


def _twice(chosen: Sequence[tuple[Target, Service]], files: Sequence[BuiltFile]) -> list[Finding]:
    """Objects that two services of one cluster render: the second would overwrite the first."""
    seen: dict[tuple[Target, Identity], Service] = {}
    findings = []
    for (target, service), file in zip(chosen, files, strict=True):
        for identity in file.objects:
            first = seen.setdefault((target, identity), service)
            if first is service and file.objects.count(identity) == 1:
                continue
            _, kind, namespace, name = identity
            whose = f"{first.file} renders it too" if first is not service else "it stands twice in this service"
            message = f"{kind} {namespace}/{name} is rendered from here, and {whose}"
            related = (Related("the other one", first.written(("name",)).location()),) if first is not service else ()
            location = service.written(("name",)).location()
            findings.append(
                Finding(
                    "duplicate-object",
                    "error",
                    message,
                    location,
                    "rename one of them",
                    path=("name",),
                    related=related,
                )
            )
    return findings


def _reserved(compilation: Compilation, chosen: Sequence[tuple[Target, Service]]) -> Iterator[Finding]:
    """Services whose file would be the kustomization.yaml of its folder, or the namespace.yaml."""
    layout = compilation.project.output.layout
    for target, service in chosen:
        namespace = compilation.project.namespaces.get(service.namespace)
        rendered = namespace is not None and namespace.render
        taken = {KUSTOMIZATION} | ({NAMESPACE_FILE} if rendered else set())
        if basename(service_file(layout, folder_of(target), service.namespace, service.name)) in taken:
            message = f"a service cannot be named `{service.name}` here: {service.name}.yaml is a file of its own"
            location = service.written(("name",)).location()
            yield Finding("name-reserved", "error", message, location, "choose another name", path=("name",))
