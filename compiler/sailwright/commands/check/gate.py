"""What a change does to the gate that checks it, and with `--config-ref` the projects that a trusted commit has it checked by."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any

from sailwright.diagnostics.finding import Finding, Location
from sailwright.diagnostics.merge import merge
from sailwright.lint.engine_findings import engine_finding
from sailwright.project.trusted_settings import Trusted, patterns
from sailwright.project.unchecked_files import Unchecked, unchecked_files
from sailwright.runtime.errors import Failure
from sailwright.runtime.git import work_tree
from sailwright.runtime.records import dataclass, field, replace
from sailwright.source.files.checkout import Commit, Disk, resolve_commit
from sailwright.source.files.files import PROJECT_FILE
from sailwright.source.files.patterns import compiled
from sailwright.source.source import SERVICE_LIMIT, Document, Source, parse

if TYPE_CHECKING:
    from sailwright.lint.settings import Suppression
    from sailwright.workspace.selection import Selection, Workspace


@dataclass(frozen=True, slots=True)
class Gate:
    """What a change is checked by, and what it does to that: `workspaces` are the projects, each with all its findings counted."""

    workspaces: tuple[Workspace, ...]
    changes: tuple[Finding, ...] = ()


def gate(workspace: Workspace, selection: Selection, ref: str | None) -> Gate:
    """The projects to check a loaded one by: itself, or with a `ref` those that the commit's settings make of it.

    Raises Failure (status 2) where the commit's sailwright.yaml cannot be read: nothing can be checked by it.
    """
    if ref is None:
        return Gate((workspace,))
    commit = Commit(workspace.root, resolve_commit(workspace.root, ref))
    there = _project_file(commit, ref)
    at_hand = loaded_files(workspace)
    unchecked = _unchecked(at_hand, there, commit)
    changes = (
        *_changes(at_hand, there, commit, unchecked, ref),
        *_not_of_the_commit(workspace, there, commit, ref),
        *_projects_gone(workspace, commit, ref),
    )
    if workspace.project is None:
        return Gate((workspace,), changes)
    return Gate(_workspaces(workspace, selection, _value(there), commit, unchecked), changes)


@dataclass(frozen=True, slots=True)
class AtHand:
    """What the gate asks of the files on disk: the project file, the rendered files, and what suppresses findings.

    Of the `sources` only comments that suppress count; `annotations` are the suppressions that objects carry. `globs` has what patterns
    name, as far as that is known.
    """

    root: str
    document: Document | None
    rendered: AbstractSet[str]
    sources: Sequence[Source]
    annotations: Sequence[Suppression]
    globs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def base_changes(at_hand: AtHand, there: Document, commit: Commit, ref: str) -> tuple[Finding, ...]:
    """What a change does to the settings that it is checked by, which count already."""
    unchecked = _unchecked(at_hand, there, commit)
    return _changes(at_hand, there, commit, unchecked, ref, in_force=True)


def loaded_files(workspace: Workspace) -> AtHand:
    """What the gate asks of the files of a workspace."""
    from sailwright.lint.run import annotations_of

    rendered: set[str] = set()
    if workspace.compiled is not None:
        output = workspace.compiled.project.output.path
        files = (file for group in workspace.compiled.rendered.files.values() for file in group)
        rendered = {f"{output}/{file.path}" for file in files}
    annotations = tuple(each for *_, each in annotations_of(each.world for each in workspace.worlds))
    return AtHand(workspace.root, workspace.document, rendered, workspace.own, annotations)


def together(found: Sequence[Sequence[Finding]]) -> tuple[Finding, ...]:
    """The findings of several projects, each once."""
    if len(found) == 1:
        return tuple(found[0])
    common = set.intersection(*({_key(each) for each in group} for group in found))
    kept = (each for group in found for each in group if each.rule not in _UNUSED or _key(each) in common)
    return merge(kept)


_UNUSED = ("suppression-unused", "baseline-stale")


def _key(finding: Finding) -> tuple[object, ...]:
    return finding.rule, finding.location, finding.message


def _workspaces(
    workspace: Workspace, selection: Selection, there: Mapping[str, Any] | None, commit: Commit, unchecked: Unchecked
) -> tuple[Workspace, ...]:
    """The project with the settings that render as they are at hand, and where they differ, as the commit has them."""
    from sailwright.workspace.load import load

    document = workspace.document
    here = _value(document) or {}
    trusted = Trusted(there, commit, unchecked.services, unchecked.manifests)
    by_itself = Trusted(here, commit).merged(here)
    ways = [trusted] if trusted.merged(here) != by_itself else []
    strict = replace(trusted, as_rendered=False)
    if there is not None and (strict.merged(here) != trusted.merged(here) or _files_differ(strict, workspace)):
        ways = [trusted, strict]
    if not ways:
        return (workspace,)
    loaded = []
    for way in ways:
        found = load(replace(selection, trusted=way))
        if found.compiled is None:
            first = found.findings[0]
            raise Failure(
                f"the project cannot be checked by the settings of the commit: {first.location.file}: {first.message}"
            )
        loaded.append(found)
    return tuple(loaded)


def _files_differ(trusted: Trusted, workspace: Workspace) -> bool:
    """Whether a file that a setting of Istio names is not as in the commit."""
    from sailwright.project.trusted_settings import named_files

    disk = Disk(workspace.root)
    names = named_files(trusted.tree).values()
    return any(disk.read(name, SERVICE_LIMIT) != trusted.files.read(name, SERVICE_LIMIT) for name in names)


def _project_file(commit: Commit, ref: str) -> Document | None:
    """The commit's sailwright.yaml; None where it has none."""
    from sailwright.project.reading import read_project

    if PROJECT_FILE not in commit.paths:
        return None
    reading = read_project(commit)
    if reading.project is None:
        first = reading.findings[0]
        place = f"{first.location.file}:{first.location.line}"
        raise Failure(f"{ref}: nothing can be checked by the settings of this commit: {place}: {first.message}")
    return reading.project.document


def _unchecked(at_hand: AtHand, there: Document | None, commit: Commit) -> Unchecked:
    return unchecked_files(_value(at_hand.document), _value(there), commit, at_hand.rendered, at_hand.globs)


def _changes(
    at_hand: AtHand,
    there: Document | None,
    commit: Commit,
    unchecked: Unchecked,
    ref: str,
    *,
    in_force: bool = False,
) -> tuple[Finding, ...]:
    from sailwright.lint.config_changes import settings_changes
    from sailwright.lint.file_changes import named_file_changes, suppression_changes, unchecked_findings

    here, disk = at_hand.document, Disk(at_hand.root)
    named = named_file_changes(_value(here) or {}, _value(there) or {}, disk, commit, ref, in_force=in_force)
    settings = settings_changes(here, there, ref, in_force=in_force)
    if there is None and here is not None:
        settings = iter((_new_project(ref), *(each for each in settings if each.message.startswith("lint."))))
    return (
        *settings,
        *unchecked_findings(unchecked, ref, in_force=in_force),
        *(named if there is not None else ()),
        *(suppression_changes(at_hand.sources, at_hand.annotations, disk, commit, ref) if there is not None else ()),
    )


def _new_project(ref: str) -> Finding:
    """One finding in place of one for each setting."""
    message = (
        f"this project is new: there is no {PROJECT_FILE} in {ref}, and what this one allows counts once it is merged"
    )
    return engine_finding("gate-changed", message, "have the owners of the gate review it", Location(PROJECT_FILE))


def _not_of_the_commit(workspace: Workspace, there: Document | None, commit: Commit, ref: str) -> tuple[Finding, ...]:
    """An error where the commit has this folder checked by a project above it: a project file laid here would take it over."""
    if there is not None or workspace.project is None:
        return ()
    tree = work_tree(workspace.root)
    folder = tree.inside.rstrip("/")
    while folder:
        folder = os.path.dirname(folder)
        above = Commit(os.path.join(tree.top, folder), commit.commit)
        if PROJECT_FILE not in above.paths:
            continue
        document = _project_file(above, ref)
        inside = tree.inside.removeprefix(f"{folder}/" if folder else "")
        named = [compiled(pattern) for group in patterns(_value(document)) for pattern in group]
        paths = [inside + path for path in Disk(workspace.root).glob("**")]
        if any(pattern.fullmatch(path) for pattern in named for path in paths):
            message = (
                f"files here are checked by {folder or '.'}/{PROJECT_FILE} in {ref}, and this file takes them over"
            )
            remedy = "have the owners of the gate review it; it takes effect once it is merged"
            return (replace(engine_finding("gate-changed", message, remedy, Location(PROJECT_FILE)), severity="error"),)
        return ()
    return ()


def _projects_gone(workspace: Workspace, commit: Commit, ref: str) -> Iterator[Finding]:
    """An error for each project below this one whose sailwright.yaml is gone while files of it are there that nothing checks."""
    disk = Disk(workspace.root)
    checked: set[str] | None = None
    for path in sorted(commit.paths):
        folder, slash, name = path.rpartition("/")
        if name != PROJECT_FILE or not slash or os.path.lexists(os.path.join(workspace.root, path)):
            continue
        below = Commit(os.path.join(workspace.root, folder), commit.commit)
        data = below.read(PROJECT_FILE, SERVICE_LIMIT)
        documents = parse(PROJECT_FILE, data, "service").documents if isinstance(data, bytes) else ()
        named = [pattern for group in patterns(_value(next(iter(documents), None))) for pattern in group]
        if checked is None:
            own = [pattern for group in patterns(_value(workspace.document)) for pattern in group]
            checked = {each for pattern in own for each in disk.glob(pattern)}
        left = {f"{folder}/{each}" for pattern in named for each in Disk(below.root).glob(pattern)}
        if left - checked:
            message = f"this project is gone, and nothing checks {min(left - checked)}, which it had checked in {ref}"
            remedy = "remove its files too, or have another project check them"
            yield replace(engine_finding("gate-changed", message, remedy, Location(path)), severity="error")


def _value(document: Document | None) -> Mapping[str, Any] | None:
    value = document.value if document is not None else None
    return value if isinstance(value, dict) else None
