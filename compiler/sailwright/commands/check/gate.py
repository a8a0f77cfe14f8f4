"""What a change does to the gate that checks it, and with `--config-ref` the projects that a trusted commit has it checked by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from sailwright.commands.check.project_files import not_of_the_commit, project_file, projects_gone, tree_of
from sailwright.diagnostics.finding import Finding, Location
from sailwright.diagnostics.merge import merge
from sailwright.lint.engine_findings import engine_finding
from sailwright.project.trusted_settings import Trusted
from sailwright.project.unchecked_files import Unchecked, unchecked_files
from sailwright.runtime.errors import Failure
from sailwright.runtime.process_pool import can_fork, elsewhere
from sailwright.runtime.records import dataclass, field, replace
from sailwright.source.files.checkout import Commit, Disk, resolve_commit
from sailwright.source.files.discovery import PROJECT_FILE, find_project
from sailwright.source.source import MANIFEST_LIMIT, SERVICE_LIMIT, Document, Source
from sailwright.source.untyped import same

if TYPE_CHECKING:
    from sailwright.lint.settings import Suppression
    from sailwright.workspace.selection import Selection, Workspace


@dataclass(frozen=True, slots=True)
class Gate:
    """What a change is checked by, and what it does to that: `workspaces` are the projects, each with all its findings counted.

    `ref` is the commit whose settings count; None where they are those at hand.
    """

    workspaces: tuple[Workspace, ...]
    ref: str | None = None
    changes: tuple[Finding, ...] = ()


def gate(workspace: Workspace, selection: Selection, ref: str | None) -> Gate:
    """The projects to check a loaded one by: itself, or with a `ref` those that the commit's settings make of it.

    Raises Failure (status 2) where the commit's sailwright.yaml cannot be read: nothing can be checked by it.
    """
    if ref is None:
        return Gate((workspace,))
    by = _by_commit(loaded_files(workspace), ref)
    return Gate(_workspaces(workspace, selection, by.ways), None if by.as_at_hand else ref, by.changes)


def changes_by(at_hand: AtHand, ref: str) -> tuple[Finding, ...] | None:
    """What a change does to its own gate by a commit whose settings are those at hand; None where they are not, in any way."""
    by = _by_commit(at_hand, ref)
    return by.changes if by.as_at_hand else None


def same_settings(project: str | None, ref: str | None) -> bool:
    """Whether the settings at hand are those of a commit, found out in a process of its own: what it needs of a large repository is gone then.

    False as well where that is no way, and where one of the two cannot be read, which is reported by whoever loads them.
    """
    root = find_project(project)
    if ref is None or root is None:
        return ref is None
    return can_fork() and elsewhere(lambda: _as_at_hand(root, ref))


def _as_at_hand(root: str, ref: str) -> bool:
    from sailwright.project.reading import read_project

    try:
        here = read_project(Disk(root)).project
        return here is not None and _by_commit(AtHand(root, here.document, frozenset(), (), ()), ref).as_at_hand
    except Failure as failure:
        if failure.no_answer:
            raise
        return False


@dataclass(frozen=True, slots=True)
class _ByCommit:
    """What a commit says of the files at hand: what the change does to its gate, and the ways in which the commit's settings are others.

    `as_at_hand` says that there is none, and that all files that decide with them are those at hand.
    """

    changes: tuple[Finding, ...]
    ways: tuple[Trusted, ...]
    as_at_hand: bool


def _by_commit(at_hand: AtHand, ref: str) -> _ByCommit:
    commit = Commit(at_hand.root, resolve_commit(at_hand.root, ref))
    there = project_file(commit, ref)
    unchecked = _unchecked(at_hand, there, commit)
    changes = (
        *_changes(at_hand, there, commit, unchecked, ref),
        *not_of_the_commit(at_hand.root, at_hand.document, there, commit, ref),
        *projects_gone(at_hand.root, at_hand.document, commit, ref),
    )
    if at_hand.document is None:
        return _ByCommit(changes, (), as_at_hand=False)
    ways = _ways(at_hand.root, at_hand.document, there, commit, unchecked)
    as_at_hand = not ways and there is not None and _same_files(at_hand.root, (at_hand.document, there), commit)
    return _ByCommit(changes, ways, as_at_hand)


def _same_files(root: str, documents: Sequence[Document], commit: Commit) -> bool:
    """Whether each file that decides beside these project files is the commit's."""
    from sailwright.lint.file_changes import deciding_files

    disk = Disk(root)
    names = deciding_files([tree_of(each) or {} for each in documents], disk, commit)
    return all(disk.read(name, MANIFEST_LIMIT) == commit.read(name, MANIFEST_LIMIT) for name in names)


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


def _ways(
    root: str, document: Document, trusted_document: Document | None, commit: Commit, unchecked: Unchecked
) -> tuple[Trusted, ...]:
    """The settings to check by instead of those at hand: those that render as they are at hand, and where they differ, as the commit has
    them. None where the commit's make no other project.
    """
    here, there = tree_of(document) or {}, tree_of(trusted_document)
    trusted = Trusted(there, commit, unchecked.services, unchecked.manifests)
    by_itself = Trusted(here, commit).merged(here)
    ways = [trusted] if not same(trusted.merged(here), by_itself) else []
    strict = replace(trusted, as_rendered=False)
    if there is not None and (not same(strict.merged(here), trusted.merged(here)) or _files_differ(strict, root)):
        ways = [trusted, strict]
    return tuple(ways)


def _workspaces(workspace: Workspace, selection: Selection, ways: Sequence[Trusted]) -> tuple[Workspace, ...]:
    """The projects to check: the one at hand, or what other settings make of it. What is kept of that at hand says nothing of these."""
    from sailwright.workspace.load import load

    if not ways:
        return (workspace,)
    loaded = []
    for way in ways:
        found = load(replace(selection, trusted=way, reusing=False))
        if found.compiled is None:
            first = found.findings[0]
            raise Failure(
                f"the project cannot be checked by the settings of the commit: {first.location.file}: {first.message}"
            )
        loaded.append(found)
    return tuple(loaded)


def _files_differ(trusted: Trusted, root: str) -> bool:
    """Whether a file that a setting of Istio names is not as in the commit."""
    from sailwright.project.trusted_settings import named_files

    disk = Disk(root)
    names = named_files(trusted.tree).values()
    return any(disk.read(name, SERVICE_LIMIT) != trusted.files.read(name, SERVICE_LIMIT) for name in names)


def _unchecked(at_hand: AtHand, there: Document | None, commit: Commit) -> Unchecked:
    return unchecked_files(tree_of(at_hand.document), tree_of(there), commit, at_hand.rendered, at_hand.globs)


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
    named = named_file_changes(tree_of(here) or {}, tree_of(there) or {}, disk, commit, ref, in_force=in_force)
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
