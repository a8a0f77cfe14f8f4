"""What `lint` judges: the worlds of a project or of loose files, which of their files are reported, and by which settings."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sailwright.diagnostics.finding import Finding, Skipped
from sailwright.diagnostics.report.places import from_here, placed
from sailwright.mesh.facts import NEWEST_ISTIO, Facts
from sailwright.mesh.world import World
from sailwright.runtime.cache import Cache
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass, replace
from sailwright.source import Document, Source, parse
from sailwright.source.files.files import PROJECT_FILE, named, read, standard_input
from sailwright.source.manifest import Manifest, manifests
from sailwright.source.source import MANIFEST_LIMIT, looks_like_service

if TYPE_CHECKING:
    from sailwright.lint.run import Answer
    from sailwright.source.files.checkout import Checkout
    from sailwright.workspace.worlds import LaidOut, Worlds


@dataclass(frozen=True, slots=True)
class Scope:
    """The flags that say what is judged, and as what. `project` is the folder that --project names, `jobs` how many processes."""

    paths: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    istio_version: str | None = None
    mesh_config_file: str | None = None
    compat: bool = False
    project: str | None = None
    stdin_filename: str | None = None
    cache: Cache = Cache(None)
    jobs: int = 1


@dataclass(frozen=True, slots=True)
class Subject:
    """What is judged.

    `sources` are the files that are reported and `whole` says that they are all there are; file names are relative to
    `root`. `document` is the project file, `problems` what reading and rendering found wrong; with `unread` the project
    file could not be worked with. `guests` are files that are not the project's own, judged in the worlds `beside`.
    """

    worlds: tuple[World, ...]
    sources: tuple[Source, ...]
    problems: tuple[Finding, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    document: Document | None = None
    root: str = "."
    guests: tuple[Source, ...] = ()
    beside: tuple[World, ...] = ()
    whole: bool = True
    unread: bool = False

    def shown(self, finding: Finding) -> Finding:
        """A finding with the names of files as the user sees them."""
        return placed(finding, self.root)

    def name(self, file: str) -> str:
        """A file of the project as the user sees it."""
        return from_here(file, self.root)


def subject(scope: Scope) -> Subject:
    """Read what is asked for: with the project around it as context, unless flags say to read none.

    Raises Failure for a path, project, environment or release that is not there.
    """
    from sailwright.source.files.discovery import find_project

    alone = scope.compat or scope.mesh_config_file is not None
    root = None if alone else find_project(scope.project)
    return _loose(scope) if root is None else _within(scope, root)


def _loose(scope: Scope) -> Subject:
    """Files without a project: together they are one world."""
    from sailwright.mesh.objects.mesh_file import read_mesh_config
    from sailwright.source.files.files import collect

    if scope.environments:
        raise Failure(f"--env {scope.environments[0]}: there is no {PROJECT_FILE} that declares environments")
    inputs = collect(scope.paths or (".",), stdin_name=scope.stdin_filename or "<stdin>")
    facts = Facts(
        istio_version=_release(scope.istio_version) if scope.istio_version else NEWEST_ISTIO,
        mesh_config=read_mesh_config(scope.mesh_config_file) if scope.mesh_config_file else {},
        compat=scope.compat,
    )
    if any(source.dialect == "service" for source in inputs.sources):
        from sailwright.workspace.standalone_files import loose_world

        loose = loose_world(inputs.sources, facts, scope.cache)
        return Subject((loose.world,), inputs.sources, loose.findings, inputs.skipped)
    world = World(tuple(found for source in inputs.sources for found in manifests(source)), facts)
    return Subject((world,), inputs.sources, (), inputs.skipped)


def _within(scope: Scope, root: str) -> Subject:
    """A project, and the files in question: its own, and others that are laid beside what it has."""
    from sailwright.workspace.compile import Unread, open_project
    from sailwright.workspace.worlds import worlds_together

    skipped: list[Skipped] = []
    names = named(scope.paths, skipped)
    checkout = _checkout(scope, names, root)
    opened = open_project(checkout, scope.environments)
    if isinstance(opened, Unread):
        return Subject((), opened.sources, opened.findings, root=root, unread=True)
    project = opened.project
    everything = whole_project(worlds_together(opened, scope.cache, scope.jobs), root)
    judged = tuple(_as_release(world, scope.istio_version) for world in everything.worlds)
    everything = replace(everything, worlds=judged)
    if not scope.paths:
        return everything
    own = {source.path: source for source in everything.sources}
    wanted = [_below(scope.stdin_filename or name if name == "-" else name, root) for name in names]
    guests = _guests(scope, [name for name in wanted if name not in own], checkout, project.output.path, skipped)
    return replace(
        everything,
        sources=(*(own[name] for name in wanted if name in own), *guests),
        guests=guests,
        beside=tuple(_beside(world, guests, project.output.path) for world in judged) if guests else (),
        skipped=tuple(skipped),
        whole=own.keys() <= set(wanted),
    )


def whole_project(found: Worlds | LaidOut, root: str) -> Subject:
    """Everything a project has: its worlds, its service files and hand-written manifests, and sailwright.yaml."""
    document = found.project.document
    own = {source.path: source for source in (*found.sources, document.source)}
    return Subject(found.worlds, tuple(own.values()), found.findings, (), document, root)


def _checkout(scope: Scope, names: Sequence[str], root: str) -> Checkout:
    """The project's files, one of them perhaps as an editor has it."""
    from sailwright.source.files.checkout import Disk, Edited

    if "-" not in names:
        return Disk(root)
    if scope.stdin_filename is None:
        raise Failure("`-` inside a project needs --stdin-filename FILE: which file of it is that?")
    return Edited(Disk(root), _below(scope.stdin_filename, root), standard_input())


def _guests(
    scope: Scope, names: Iterable[str], checkout: Checkout, output: str, skipped: list[Skipped]
) -> tuple[Source, ...]:
    """The files in question that are not the project's own. What was rendered is judged only where it is asked for by name."""
    from sailwright.source.files.checkout import Unreadable

    rendered = any(_is_below(_below(path, checkout.root), output) for path in scope.paths if path != "-")
    passed_over = 0
    guests: list[Source] = []
    for name in names:
        data = checkout.read(name, MANIFEST_LIMIT)
        if _is_below(name, output) and not rendered:
            passed_over += 1
        elif isinstance(data, Unreadable):
            guests.append(read(os.path.join(checkout.root, name), name))
        elif looks_like_service(data):
            skipped.append(Skipped(name, "a service file that `services` of sailwright.yaml does not name"))
        else:
            guests.append(parse(name, data, "manifest"))
    if passed_over:
        what = (
            "1 rendered file: judged where it comes"
            if passed_over == 1
            else f"{passed_over} rendered files: judged where they come"
        )
        skipped.append(Skipped(output, f"{what} from"))
    return tuple(guests)


def _beside(world: World, guests: Iterable[Source], output: str) -> World:
    """A world in which guests stand in the place of objects of the same name; rendered ones only in their own cluster."""
    from sailwright.project.service import Target
    from sailwright.render.rendering import folder_of

    folder = f"{output}/{folder_of(Target(world.environment, world.cluster))}"
    fitting = (source for source in guests if not _is_below(source.path, output) or _is_below(source.path, folder))
    laid = [manifest for source in fitting for manifest in manifests(source)]
    taken = {_identity(manifest) for manifest in laid}
    rest = (manifest for manifest in world.manifests if _identity(manifest) not in taken)
    return replace(world, manifests=(*laid, *rest))


def _identity(manifest: Manifest) -> tuple[str, str, str | None, str]:
    return manifest.group, manifest.kind, manifest.namespace, manifest.name


def _as_release(world: World, release: str | None) -> World:
    return replace(world, facts=replace(world.facts, istio_version=_release(release))) if release else world


def _release(text: str) -> str:
    from sailwright.mesh.values.releases import parse_release

    return str(parse_release(text))


def _below(path: str, root: str) -> str:
    """A path as the project sees it."""
    return os.path.relpath(os.path.realpath(path), os.path.realpath(root)).replace(os.sep, "/")


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")


def fixed_on_disk(answer: Answer, examined: Subject, refused: list[str]) -> int:
    """Make the safe changes that are proposed for reported files; how many problems that solves. `refused`: why not in some."""
    from sailwright.lint.fix import fixed
    from sailwright.runtime.atomic_file import replace as replace_file

    changed, solved = fixed(answer.found, answer.findings, examined.sources, refused)
    for source in changed:
        replace_file(os.path.join(examined.root, source.path), source.data)
    return solved
