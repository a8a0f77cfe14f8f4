"""Read sailwright.yaml: judged by its schema, its files read, and everything that is wrong with it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sailwright import __version__
from sailwright.diagnostics.finding import Finding, Location, Path, any_error
from sailwright.diagnostics.suggestions import did_you_mean, listed
from sailwright.project.istio import Layer
from sailwright.project.model import (
    DEFAULT_OUTPUT,
    DEFAULT_SERVICES,
    Cluster,
    Environment,
    ManifestSet,
    Namespace,
    Output,
    Project,
)
from sailwright.project.schema.judge import problems
from sailwright.project.service.overlay import Traced
from sailwright.project.service.trace import Spot, Trace
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass, field, replace
from sailwright.source.files.checkout import Checkout, Unreadable
from sailwright.source.files.discovery import PROJECT_FILE
from sailwright.source.files.patterns import fixed_folder
from sailwright.source.files.private import OURS, among_git_files, among_ours
from sailwright.source.source import SERVICE_LIMIT, Document, parse

if TYPE_CHECKING:
    from sailwright.project.trusted_settings import Trusted

RULE = "project-schema"
_FILES = ("values", "meshConfig")
_NOT_DEFAULTS = ("apiVersion", "name", "environments")


@dataclass(frozen=True, slots=True)
class ProjectReading:
    """A project file that was read: with an error among the findings, there is no project to work with."""

    project: Project | None
    findings: tuple[Finding, ...]


def read_project(checkout: Checkout, shown: str = PROJECT_FILE, trusted: Trusted | None = None) -> ProjectReading:
    """Read the project file of a checkout; `shown` is the path that messages print. `trusted` says which settings count instead.

    Raises Failure (status 2) where another version of sailwright is required.
    """
    data = checkout.read(PROJECT_FILE, SERVICE_LIMIT)
    if isinstance(data, Unreadable):
        return ProjectReading(None, (Finding("unreadable-file", "error", data.reason, Location(shown)),))
    source = parse(shown, data, "service")
    if len(source.documents) != 1:
        message = "the file holds several documents" if source.documents else "the file is empty"
        extra = Finding(
            RULE, "error", message, Location(shown), "write one map, from `apiVersion: sailwright/v1alpha1` on"
        )
        return ProjectReading(None, source.problems or (extra,))
    found = list(source.problems)
    document = source.documents[0]
    tree = document.value
    if not isinstance(tree, dict):
        help_ = "start with `apiVersion: sailwright/v1alpha1`"
        found.append(Finding(RULE, "error", "expected a map of settings", Location(shown), help_))
        return ProjectReading(None, tuple(found))
    if trusted is not None and not problems("project", tree):
        tree = trusted.merged(tree)
        document = replace(document, value=tree)
    _hold_version(tree.get("requires"))
    if wrong := problems("project", tree):
        from sailwright.project.key_hints import reworded_project

        found += [Spot(document, problem.path).finding(problem, RULE) for problem in reworded_project(wrong, tree)]
        return ProjectReading(None, _in_order(found))
    reader = _Reader(document, checkout, trusted)
    project = reader.project(tree)
    found += [*reader.findings, *_disagreements(project, document)]
    broken = any_error(found)
    return ProjectReading(None if broken else project, _in_order(found))


def _names(items: Iterable[Any]) -> tuple[str, ...]:
    """The names of declared facts; a gateway may be a map that says more. Each once."""
    return tuple(dict.fromkeys(item["name"] if isinstance(item, dict) else item for item in items))


def _in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: finding.location))


def _hold_version(requires: Any) -> None:
    if not isinstance(requires, str):
        return
    from sailwright.project.requires import allows

    if not allows(requires, __version__):
        raise Failure(
            f"{PROJECT_FILE} requires sailwright {requires} and this is {__version__}: install such a version from your copy of"
            " sailwright's repository (no package registry has one)"
        )


@dataclass(slots=True)
class _Reader:
    """Makes the typed parts of one document and collects what is wrong with the files it names."""

    document: Document
    checkout: Checkout
    trusted: Trusted | None = None
    findings: list[Finding] = field(default_factory=list)

    def project(self, tree: Mapping[str, Any]) -> Project:
        output = tree.get("output") or {}
        return Project(
            document=self.document,
            checkout=self.checkout,
            services=tuple(tree.get("services") or DEFAULT_SERVICES),
            output=Output(
                path=_folder(output.get("path", DEFAULT_OUTPUT)),
                layout=output.get("layout", "namespace"),
                sync_waves=output.get("syncWaves", True),
                extra_kinds=tuple(output.get("extraKinds", ())),
            ),
            istio=self._layer(tree, ()),
            kubernetes=_versions(tree),
            environments={
                name: self._environment(name, value or {}) for name, value in (tree.get("environments") or {}).items()
            },
            namespaces={name: self._namespace(name, value) for name, value in (tree.get("namespaces") or {}).items()},
            manifests=tuple(_manifests(item) for item in tree.get("manifests") or ()),
            known={key: _names(items) for key, items in (tree.get("known") or {}).items()},
            defaults=self._defaults(tree.get("defaults")),
            lint=tree.get("lint") or {},
            validate=tree.get("validate") or {},
            routing=tree.get("routing") or {},
            gateway=tree.get("gateway"),
        )

    def _environment(self, name: str, value: Mapping[str, Any]) -> Environment:
        path: Path = ("environments", name)
        clusters = {
            cluster: self._cluster(cluster, settings or {}, (*path, "clusters", cluster))
            for cluster, settings in (value.get("clusters") or {}).items()
        }
        istio, routing = self._layer(value, path), value.get("routing") or {}
        return Environment(name, clusters, istio, _versions(value), routing, value.get("gateway"))

    def _cluster(self, name: str, value: Mapping[str, Any], path: Path) -> Cluster:
        own = {key: value[key] for key in ("clusterId", "network") if key in value}
        istio, routing = {**own, **self._layer(value, path)}, value.get("routing") or {}
        return Cluster(name, istio, _versions(value), routing, value.get("gateway"))

    def _namespace(self, name: str, value: Mapping[str, Any]) -> Namespace:
        services = tuple(value["services"]) if "services" in value else None
        istio = self._layer(value, ("namespaces", name))
        return Namespace(
            name,
            value.get("labels") or {},
            services,
            value.get("render", False),
            istio,
            tuple(value.get("allow") or ()),
            value.get("routing") or {},
            value.get("waypoint", ""),
        )

    def _layer(self, value: Mapping[str, Any], path: Path) -> Layer:
        """An `istio:` block with the files it names read in."""
        block = dict(value.get("istio") or {})
        for key in _FILES:
            if isinstance(block.get(key), str):
                block[key] = self._file(block[key], (*path, "istio", key))
        return block

    def _file(self, name: str, path: Path) -> Mapping[str, Any]:
        ours = Unreadable(f"{OURS} is for editors, no content") if among_ours(name) else None
        data = ours or self._settings(name)
        if isinstance(data, Unreadable):
            self._complain(path, f"{name}: {data.reason}", "name a file inside the repository")
            return {}
        source = parse(name, data, "manifest")
        self.findings += source.problems
        value = source.documents[0].value if source.documents else None
        if not isinstance(value, dict):
            if not source.problems:
                self._complain(path, f"{name}: expected a map", "write Istio's keys at its top")
            return {}
        return value

    def _settings(self, name: str) -> bytes | Unreadable:
        if self.trusted is None:
            return self.checkout.read(name, SERVICE_LIMIT)
        return self.trusted.read(name, SERVICE_LIMIT, self.checkout)

    def _defaults(self, value: Mapping[str, Any] | None) -> Traced | None:
        if not value:
            return None
        from sailwright.project.service.key_hints import reworded

        spot = Spot(self.document, ("defaults",))
        for key in _NOT_DEFAULTS:
            if key in value:
                self._complain((*spot.path, key), f"`{key}` cannot have a default", "write it in each service file")
        sample = {
            "apiVersion": "sailwright/v1alpha1",
            "name": "x",
            **{k: v for k, v in value.items() if k not in _NOT_DEFAULTS},
        }
        for problem in reworded(problems("service", sample, complete=False), sample):
            self.findings.append(spot.below(*problem.path).finding(problem, RULE))
        return Traced(value, Trace(spot.document, spot.path))

    def _complain(self, path: Path, message: str, remedy: str) -> None:
        location = self.document.locate(path)
        self.findings.append(Finding(RULE, "error", message, location, remedy, path=path))


def _folder(path: str) -> str:
    return path.removeprefix("./").rstrip("/")


def _versions(value: Mapping[str, Any]) -> tuple[str, ...]:
    version = (value.get("kubernetes") or {}).get("version", ())
    return (version,) if isinstance(version, str) else tuple(version)


def _manifests(value: Mapping[str, Any]) -> ManifestSet:
    environments, clusters = value.get("environments"), value.get("clusters")
    return ManifestSet(
        tuple(value["paths"]),
        tuple(environments) if environments is not None else None,
        tuple(clusters) if clusters is not None else None,
    )


def _patterns(project: Project) -> Iterator[tuple[Path, str]]:
    """The patterns that name files, and where each is written."""
    yield from ((("services", at), pattern) for at, pattern in enumerate(project.services))
    for index, item in enumerate(project.manifests):
        yield from ((("manifests", index, "paths", at), pattern) for at, pattern in enumerate(item.paths))
    for at, pattern in enumerate(project.validate.get("schemas") or ()):
        yield ("validate", "schemas", at), pattern


def _unfit_output(project: Project) -> str:
    """Why a build could not have the output folder for itself; empty where it can."""
    path = project.output.path
    parts = path.split("/")
    if not path.isprintable() or "\\" in path:
        return "has characters that no folder here should have in its name"
    if among_git_files(path):
        return "lies among git's own files"
    if path.startswith("/") or ".." in parts or set(parts) <= {"", "."}:
        return "does not lie below the project"
    folder = posixpath.normpath(path).casefold()
    if folder.split("/")[0] == OURS:
        return "is the one that `init` makes for editors"
    services = (fixed_folder(pattern).removeprefix("./").rstrip("/") for pattern in project.services)
    if any(_overlap(folder, source.casefold()) for source in (*services, "templates")):
        return "holds the project's own sources"
    return ""


def _overlap(output: str, source: str) -> bool:
    """Whether sources that lie in `source` lie in the output folder too."""
    return source == output or source.startswith(f"{output}/")


def _disagreements(project: Project, document: Document) -> Iterator[Finding]:
    """Names that the file uses and does not declare, and an output folder that cannot be one."""
    for index, item in enumerate(project.manifests):
        for key, names, known in (
            ("environments", item.environments, list(project.environments)),
            ("clusters", item.clusters, [name for group in project.clusters().values() for name in group]),
        ):
            for at, name in enumerate(names or ()):
                if name not in known:
                    path: Path = ("manifests", index, key, at)
                    remedy = did_you_mean(name, known) or (
                        f"declared: {listed(known)}" if known else f"no {key} are declared"
                    )
                    message = f"no {key[:-1]} `{name}` is declared"
                    yield Finding(f"{key[:-1]}-unknown", "error", message, document.locate(path), remedy, path=path)
    for path, pattern in _patterns(project):
        if pattern.startswith("/") or not project.checkout.holds(f"{fixed_folder(pattern)}any"):
            message = f"`{pattern}` leads out of the repository"
            remedy = "name files inside it, relative to the project file"
            yield Finding(RULE, "error", message, document.locate(path), remedy, path=path)
    if reason := _unfit_output(project):
        message = f"the output folder `{project.output.path}` {reason}"
        location = document.locate(("output", "path"))
        yield Finding(RULE, "error", message, location, "name a folder such as `rendered`", path=("output", "path"))
    revision = project.istio.get("revision", "default")
    planes = project.istio.get("controlPlanes")
    if planes and revision not in planes:
        message = f"revision `{revision}` has no control plane"
        path = ("istio", "revision") if "revision" in project.istio else ("istio", "controlPlanes")
        yield Finding(RULE, "error", message, document.locate(path), f"declared: {listed(planes)}", path=path)
