"""A change tried out: the project compiled with other lines in some files, which are not written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sailwright.commands.diff.calls import call_changes
from sailwright.commands.diff.traffic import traffic_changes
from sailwright.commands.edit.adopt.drafted_checkout import DraftedCheckout
from sailwright.commands.lint.run import LintOptions, lint_request
from sailwright.commands.migrate.plan import Reason
from sailwright.commands.test.run_cases import run_tests
from sailwright.diagnostics.finding import Finding, Location, Path
from sailwright.lint.run import lint
from sailwright.mesh.world import World
from sailwright.project.service.model import Service
from sailwright.runtime.cache import Cache
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass, replace
from sailwright.source.edit import Add, Edit, Set
from sailwright.source.emit import emit
from sailwright.source.files.checkout import Checkout
from sailwright.source.source import Document
from sailwright.source.splice import edited
from sailwright.workspace.selection import Selection, Workspace, WorldSet
from sailwright.workspace.worlds import checkout_worlds

if TYPE_CHECKING:
    from sailwright.source.manifest import Manifest
    from sailwright.source.source import Source


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be written into one document: the values by their paths."""

    document: Document
    values: Mapping[Path, Any]


@dataclass(frozen=True)
class Side:
    """The project as it is, or as it would be, for the chosen environments."""

    found: WorldSet

    @property
    def worlds(self) -> tuple[World, ...]:
        """What its clusters see."""
        return self.found.worlds

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What compiling, lint and the tests find."""
        return _findings(self.found)


@dataclass(frozen=True, slots=True)
class Trial:
    """Both sides of a change."""

    before: Side
    after: Side

    def moves(self) -> dict[str, dict[str, list[str]]]:
        """The lines of `diff` about requests, by service and line, with the environments of each."""
        found: dict[str, dict[str, list[str]]] = {}
        for old, new in _pairs(self):
            for change in (*traffic_changes(old, new), *call_changes(old, new)):
                found.setdefault(change.service, {}).setdefault(change.line, []).append(new.environment or "")
        return found

    def new_findings(self) -> tuple[Finding, ...]:
        """What is found after the change and not before it."""
        return self._new(self.after.findings)

    def new_errors(self) -> tuple[Finding, ...]:
        """The errors among them."""
        return self._new(each for each in self.after.findings if each.severity == "error")

    def _new(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Those that are not found before the change. Where there are none, nobody looks at what was before."""
        found = tuple(findings)
        known = set(map(same, self.before.findings)) if found else ()
        return tuple(each for each in found if same(each) not in known)


def compiled(checkout: Checkout, environments: Sequence[str], cache: Cache) -> WorldSet:
    """The worlds of a project. Raises Failure where its files are at fault."""
    found = checkout_worlds(checkout, cache, environments)
    errors = [finding for finding in found.findings if finding.severity == "error"]
    if not isinstance(found, WorldSet) or errors:
        first = (errors or list(found.findings))[0]
        raise Failure(f"{first.location.file}:{first.location.line}: {first.message}: correct it, then ask again")
    return found


def can_be_written(wanted: Wanted) -> bool:
    """Whether the values can be written into a document without touching more of it."""
    return written(wanted.document.source, wanted) is not None


def written(source: Source, wanted: Wanted) -> Source | None:
    """The file of a document, as edited so far, with the values in it."""
    index = wanted.document.index
    for path, value in wanted.values.items():
        tree = next(found.value for found in source.documents if found.index == index)
        changed = edited(source, index, [edit_of(tree, path, value)])
        if changed is None:
            return None
        source = changed
    return source


def tried(before: WorldSet, wanted: Sequence[Wanted], environments: Sequence[str], cache: Cache) -> WorldSet:
    """The project with other values in some documents; errors are among its findings. All of them can be written."""
    drafts: dict[str, Source] = {}
    for each in wanted:
        path = each.document.source.path
        drafts[path] = written(drafts.get(path, each.document.source), each) or each.document.source
    texts = {path: source.text for path, source in drafts.items()}
    found = checkout_worlds(DraftedCheckout(before.project.checkout, texts), cache, environments)
    if not isinstance(found, WorldSet):
        raise Failure(f"{found.findings[0].message}: correct sailwright.yaml, then ask again")
    return found


def edit_of(tree: Any, path: Path, value: Any) -> Edit:
    """The edit that writes a value into a document, whatever of the way to it is there already."""
    here = tree
    for depth, key in enumerate(path):
        if not isinstance(here, dict) or key not in here or (here[key] is None and depth < len(path) - 1):
            below = value
            for inner in reversed(path[depth + 1 :]):
                below = {inner: below}
            known = isinstance(here, dict) and key in here
            return Set(path[: depth + 1], below) if known else Add(path[: depth + 1], below)
        here = here[key]
    return Set(path, value)


def _pairs(trial: Trial) -> list[tuple[World, World]]:
    twins = {(world.environment, world.cluster): world for world in trial.before.worlds}
    return [(twins[key], world) for world in trial.after.worlds if (key := (world.environment, world.cluster)) in twins]


def _findings(side: WorldSet) -> tuple[Finding, ...]:
    project = side.project
    workspace = Workspace(
        side.compiled_worlds, side.sources, side.findings, project=project, root=project.root, compiled=side
    )
    request = replace(lint_request(workspace, LintOptions(Selection())), baseline=None)
    return (*lint(request).findings, *run_tests(side.compiled_worlds).findings)


def same(finding: Finding) -> tuple[str, str, str, str]:
    """What makes a finding the same before and after the change, which may move lines."""
    return finding.rule, finding.location.file, finding.message, str(finding.object)


def place_of(manifest: Manifest, path: Path) -> Location:
    """Where its author wrote a value of an object. Nobody looks for its line in what is rendered."""
    written = manifest.written(path)
    return written.document.locate(written.path)


def service_file(manifest: Manifest) -> str:
    """The service file that an object is rendered from; empty for a hand-written one. Its lines are not looked for."""
    return manifest.written(()).document.source.path if manifest.origin is not None else ""


def path_of(environment: str | None, *keys: str) -> Path:
    """Where a service file says something for one environment, or for all."""
    return ("environments", environment, *keys) if environment else keys


def lines_of(path: Path, value: Any) -> tuple[str, ...]:
    """What is written into a file, as a block of YAML from its top."""
    for key in reversed(path):
        value = {key: value}
    return tuple(emit(value).splitlines())


def by_service(findings: Sequence[Finding], services: Mapping[str, Service]) -> dict[str, list[Finding]]:
    files = {service.file: key for key, service in services.items()}
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.location.file in files:
            found.setdefault(files[finding.location.file], []).append(finding)
    return found


def reason_of(finding: Finding) -> Reason:
    """A finding as a reason."""
    return Reason(f"{finding.message} [{finding.rule}]", finding.help, finding.location, finding.environments)
