"""All services of a project, for the targets asked for, and what is wrong between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

from sailwright.diagnostics.finding import Finding, Location
from sailwright.diagnostics.suggestions import did_you_mean, listed
from sailwright.project.cross_service_checks import cross_service_checks
from sailwright.project.model import Project
from sailwright.project.service.model import Service
from sailwright.project.service.reading import SCHEMA_RULE, Reading, Trees, read_again, read_service
from sailwright.project.service.resolve import Target
from sailwright.runtime.errors import Failure
from sailwright.runtime.progress import counted
from sailwright.runtime.records import dataclass, replace
from sailwright.source.files.checkout import Unreadable
from sailwright.source.source import SERVICE_LIMIT, Source, parse


@dataclass(frozen=True, slots=True)
class Services:
    """The services of a project by target, the files they came from, and every finding about them."""

    sources: tuple[Source, ...]
    by_target: Mapping[Target, tuple[Service, ...]]
    findings: tuple[Finding, ...]


def choose_targets(
    project: Project, environments: Sequence[str] = (), clusters: Sequence[str] = ()
) -> tuple[Target, ...]:
    """The targets that `--env` and `--cluster` select; all where neither is given. Raises Failure for an unknown name."""
    _known("--env", environments, project.environments)
    _known("--cluster", clusters, {name for names in project.clusters().values() for name in names})
    chosen = tuple(
        target
        for target in project.targets
        if (not environments or target.environment in environments) and (not clusters or target.cluster in clusters)
    )
    if not chosen:
        raise Failure(f"no cluster {listed(clusters)} is declared in {listed(environments, 'and')}")
    return chosen


def _known(flag: str, names: Iterable[str], declared: Iterable[str]) -> None:
    known = list(declared)
    for name in names:
        if name not in known:
            remedy = did_you_mean(name, known) or (
                f"declared: {listed(known)}" if known else "sailwright.yaml declares none"
            )
            raise Failure(f"{flag} {name}: sailwright.yaml knows no such name; {remedy}")


def service_files(project: Project) -> tuple[str, ...]:
    """The service files of a project, sorted; each once, whatever number of patterns names it."""
    found: dict[str, None] = {}
    for pattern in project.services:
        found.update(dict.fromkeys(project.checkout.glob(pattern)))
    return tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class ReadBefore:
    """A file that was read before, with no finding in it, and the resolved trees of its services where they were kept."""

    source: Source
    trees: Trees | None = None


Earlier = Callable[[str], ReadBefore | None]
"""A file that was read before, by its path; None for one that must be read."""


def not_earlier(_path: str) -> ReadBefore | None:
    """Nothing was read before."""
    return None


def read_services(
    project: Project,
    targets: Sequence[Target],
    files: Iterable[str] | None = None,
    earlier: Earlier = not_earlier,
) -> Services:
    """Read the project's service files (or just `files`) for the given targets. `earlier` has files that were read before."""
    sources: list[Source] = []
    before: dict[str, Trees | None] = {}
    unreadable: list[Finding] = []
    for path in counted(service_files(project) if files is None else files, "reading"):
        if (known := earlier(path)) is not None:
            sources.append(known.source)
            before[path] = known.trees
            continue
        data = project.checkout.read(path, SERVICE_LIMIT)
        if isinstance(data, Unreadable):
            unreadable.append(Finding("unreadable-file", "error", data.reason, Location(path)))
        else:
            sources.append(parse(path, data, "service"))
    services = build_services(project, targets, sources, project.clusters(), before)
    return replace(services, findings=(*unreadable, *services.findings))


def without_findings(services: Services) -> frozenset[str]:
    """The files in which nothing was found, by path; none where something was in the project's defaults: any file may have these."""
    files = frozenset(source.path for source in services.sources)
    reported = frozenset(finding.location.file for finding in services.findings)
    return files - reported if reported <= files else frozenset()


def build_services(
    project: Project,
    targets: Sequence[Target],
    sources: Sequence[Source],
    clusters: Mapping[str, tuple[str, ...]] | None = None,
    before: Mapping[str, Trees | None] = MappingProxyType({}),
) -> Services:
    """The services in files that were read. `clusters` are the declared environments with theirs; None: any name goes.

    Files that were read `before` had no finding; with them are the resolved trees of their services, where they were kept.
    """
    readings: list[Reading] = []
    findings: list[Finding] = []
    for source in sources:
        findings += source.problems
        documents = [document for document in source.documents if document.value is not None]
        if not documents and not source.problems:
            message, remedy = "the file is empty", "write a service, or delete the file"
            findings.append(Finding("service-schema", "error", message, Location(source.path), remedy))
        if source.path in before:
            trees = before[source.path]
            readings += (read_again(document, targets, project.defaults, trees) for document in documents)
            continue
        for document in documents:
            reading = read_service(document, targets, project.defaults, clusters)
            readings.append(reading)
            broken = {problem.location.line for problem in source.problems}
            findings += [
                each for each in reading.findings if each.rule != SCHEMA_RULE or each.location.line not in broken
            ]
    by_target: dict[Target, list[Service]] = {target: [] for target in targets}
    for reading in readings:
        for service in reading.services:
            by_target[Target(service.environment, service.cluster)].append(service)
    grouped = {
        target: tuple(sorted(services, key=lambda s: (s.namespace, s.name))) for target, services in by_target.items()
    }
    findings += cross_service_checks(project, grouped)
    return Services(tuple(sources), grouped, tuple(findings))
