"""The service that a command names, its file, and the edited file written back."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from sailwright.diagnostics.finding import Finding
from sailwright.diagnostics.suggestions import did_you_mean, listed
from sailwright.project.model import Project
from sailwright.project.service.model import Service
from sailwright.project.service.reading import read_service
from sailwright.project.service.resolve import Target
from sailwright.project.services import choose_targets, service_files
from sailwright.runtime.atomic_file import replace
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass
from sailwright.runtime.regex import regex
from sailwright.source.edit import Edit
from sailwright.source.edit_proof import prove
from sailwright.source.files.checkout import Checkout, Unreadable
from sailwright.source.source import SERVICE_LIMIT, Document, parse
from sailwright.source.splice import edited

_NAME = regex(rb"""^name:[ \t]*["']?([^\s"'#]*)""", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Chosen:
    """One service of a project and its document.

    `service` is what the edited layer alone says: the base, or the environment without its clusters. `reached` is the service
    in every cluster that an edit there is meant to reach.
    """

    project: Project
    document: Document
    environment: str | None
    service: Service
    reached: tuple[Service, ...]

    @property
    def file(self) -> str:
        """Its service.yaml."""
        return self.document.source.path

    @property
    def where(self) -> str:
        """What the command edits, in words."""
        return f"environment {self.environment}" if self.environment else "the base"


def choose(project: Project, name: str, environment: str | None) -> Chosen:
    """The service called NAME or NAMESPACE/NAME. Raises Failure where there is none, or several, or it is at fault."""
    choose_targets(project, (environment,) if environment else ())
    found = list(_named(project, name, environment))
    if not found:
        near = did_you_mean(name.rpartition("/")[2], names(project))
        raise Failure(
            f"{name}: the project has no such service; {near or 'its files are named by `services` of sailwright.yaml'}"
        )
    if len(found) > 1:
        raise Failure(
            f"{name}: several services are called so; write NAMESPACE/NAME ({', '.join(c.service.key for c in found)})"
        )
    return found[0]


def _named(project: Project, name: str, environment: str | None) -> Iterable[Chosen]:
    namespace, _, bare = name.rpartition("/")
    for path in service_files(project):
        data = _read(project.checkout, path)
        if bare.encode() not in {found[1] for found in _NAME.finditer(data)}:
            continue
        source = parse(path, data, "service")
        _refuse(source.problems, "correct this first")
        for document in source.documents:
            if isinstance(document.value, dict) and document.value.get("name") == bare:
                chosen = _read_all(project, document, environment, "correct this first")
                if namespace in ("", chosen.service.namespace):
                    yield chosen


def _read_all(project: Project, document: Document, environment: str | None, remedy: str) -> Chosen:
    targets = choose_targets(project, (environment,) if environment else ())
    reached = read_service(document, targets, project.defaults, project.clusters())
    _refuse(reached.findings, remedy)
    layer = read_service(document, (Target(environment),), project.defaults, project.clusters())
    start = (*layer.services, *reached.services)
    if not start:
        name = document.value.get("name")
        raise Failure(f"{name}: the service is not enabled in {environment or 'any environment'}")
    return Chosen(project, document, environment, start[0], reached.services)


def _read(checkout: Checkout, path: str) -> bytes:
    data = checkout.read(path, SERVICE_LIMIT)
    if isinstance(data, Unreadable):
        raise Failure(f"{path}: {data.reason}")
    return data


def names(project: Project) -> list[str]:
    """The names of the services of a project, as their files have them."""
    files = (_read(project.checkout, path) for path in service_files(project))
    return [found[1].decode("utf-8", "replace") for data in files for found in _NAME.finditer(data)]


def _refuse(findings: Iterable[Finding], remedy: str) -> None:
    for finding in findings:
        if finding.severity == "error":
            raise Failure(f"{finding.location.file}:{finding.location.line}: {finding.message}; {remedy}")


def require_version(service: Service, name: str) -> None:
    """Raise Failure where the service has no version of that name."""
    if service.version(name) is None:
        known = [version.name for version in service.versions]
        all_known = f"its versions are {listed(known, 'and')}" if known else "it has no versions"
        raise Failure(f"{name}: {service.name} has no such version; {did_you_mean(name, known) or all_known}")


def apply(chosen: Chosen, edits: Iterable[Edit]) -> Chosen:
    """The service after the edits, one upon the other. Raises Failure where the result would be at fault; writes nothing."""
    source, index = chosen.document.source, chosen.document.index
    before, made = source.data, list[tuple[int, Edit]]()
    for edit in edits:
        changed = edited(source, index, [edit])
        if changed is None:
            raise Failure(
                f"{chosen.file}: the change cannot be made at that line without touching more; edit the file by hand"
            )
        source = changed
        made.append((index, edit))
    prove(chosen.file, before, source.data, made)
    document = next(document for document in source.documents if document.index == index)
    return _read_all(chosen.project, document, chosen.environment, "that is after the change, so nothing was written")


def write(chosen: Chosen) -> None:
    """Put the edited file in place of the old one, whole or not at all."""
    source = chosen.document.source
    replace(os.path.join(chosen.project.root, source.path), source.data)
