"""`merge FACTS...`: the results of `check`, from the facts that several jobs found out about their shares of the services.

All service files are compared with the facts here, and the rules run over the whole mesh; what the jobs have rendered is not rendered
again. So the results are those of one run: a service whose questions have other answers in the whole project is rendered here.

portions  merge_in_portions.py    a large project: what was rendered goes to a temporary store, and is checked some services at a time
          check/in_portions.py
whole     check/whole.py          any other, and where portions are no way: all of it is loaded, then every part runs
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from itertools import chain
from os.path import join
from typing import TYPE_CHECKING

from sailwright.commands.build.built import Built, BuiltFile
from sailwright.commands.build.options import BuildResult, Request
from sailwright.commands.build.render_all import clashing, identities
from sailwright.commands.build.run import compared
from sailwright.commands.check.checked import Checked, Options
from sailwright.commands.check.parts import build_request
from sailwright.commands.check.whole import broken, check_workspace
from sailwright.commands.lint.results import last_run
from sailwright.commands.shards.merge_in_portions import keep_facts
from sailwright.commands.shards.shard import program_digest, project_digest
from sailwright.diagnostics.merge import merge_environments
from sailwright.project.services import ReadBefore
from sailwright.render.answers import answers
from sailwright.render.rendering import RenderedFile, file_of, folder_of
from sailwright.render.template_input import RenderedObject
from sailwright.runtime.cache import Cache, open_cache, temporary_cache
from sailwright.runtime.errors import Failure
from sailwright.runtime.pressed import Spool
from sailwright.runtime.process_pool import can_fork, elsewhere, processors
from sailwright.runtime.records import replace
from sailwright.source.files.checkout import Checkout, Disk
from sailwright.source.files.files import PROJECT_FILE
from sailwright.source.files.recorded import Recorded
from sailwright.source.source import MANIFEST_LIMIT, SERVICE_LIMIT, source_of_values
from sailwright.workspace.compile import Compilation, InvalidProject, LoadedProject, compile_loaded, load_project
from sailwright.workspace.facts_reading import ShardFacts, complete, read
from sailwright.workspace.kept_rendering import kept_rendering
from sailwright.workspace.load import project_workspace
from sailwright.workspace.parallel import is_large, render_alone
from sailwright.workspace.selection import Selection, Workspace
from sailwright.workspace.shard_facts import FileFacts, ServiceFacts
from sailwright.workspace.worlds import build_worlds

if TYPE_CHECKING:
    from sailwright.project.service.model import Service
    from sailwright.project.service.resolve import Target

_Place = tuple[int, str, str]
_Known = tuple[ShardFacts, ServiceFacts]
"""What one of the files has of a service."""


def merge(options: Options, files: Sequence[str]) -> Checked:
    """Check a project by the facts of all its shares. Raises Failure (status 2) where they are not all, or not of this project."""
    found = [read(path) for path in dict.fromkeys(files)]
    complete(found)
    loaded = load_project(Recorded(Disk(options.root)))
    if isinstance(loaded, InvalidProject):
        return broken(Workspace((), loaded.sources, loaded.findings, root=options.root, project_invalid=True))
    cache = open_cache(enabled=options.cached, project=options.root)
    _same_project(loaded, found, cache)
    if is_large(loaded.project) and (checked := _in_portions(options, found)) is not None:
        return checked
    return check_together(options, loaded, cache, found)


def _in_portions(options: Options, shards: Sequence[ShardFacts]) -> Checked | None:
    """Check a large project in portions, over a store of its own; None where that is no way to check it."""
    from sailwright.commands.check.gate import same_settings
    from sailwright.commands.check.in_portions import check_in_portions

    if options.workers is not None or not can_fork() or not same_settings(options.root, options.config_ref):
        return None
    request = build_request(options)  # by what this user's builds have noted
    with temporary_cache() as cache:
        built = elsewhere(lambda: _kept(request, cache, shards))
        last = last_run(Selection(project=options.root, cached=True), (), ())
        if built is None or last is None:
            return None
        return check_in_portions(replace(options, cached=True), last, built)


def _kept(request: Request, cache: Cache, shards: Sequence[ShardFacts]) -> BuildResult | None:
    """Put what shards have rendered into the store of a cache; what `build --check` says of it. None where that is no way to go on."""
    loaded, jobs = load_project(Recorded(Disk(request.root))), processors()
    kept = None if isinstance(loaded, InvalidProject) else kept_rendering(loaded, cache, injecting=True)
    if isinstance(loaded, InvalidProject) or kept is None:
        return None
    with Spool() as spool:
        spool.open(jobs)
        taken = keep_facts(loaded, cache, kept, shards, spool, jobs)
        if taken is None or clashing(taken[0]):
            return None
        rendered, findings = taken
        found = merge_environments(chain(findings, (finding for file in rendered for finding in file.findings)))
        built = compared(request, loaded.project, Built(tuple(rendered), found, (), {}, {}))
        return replace(built, rendered=())


def check_together(options: Options, loaded: LoadedProject, cache: Cache, found: Sequence[ShardFacts]) -> Checked:
    """Check a project with what is known of services; the others are read and rendered here."""
    files: dict[str, tuple[ShardFacts, FileFacts]] = {}
    known: dict[_Place, _Known] = {}
    for facts in found:
        for file in facts.files():
            files[file.path] = facts, replace(file, services=())
            known |= {each.place: (facts, each) for each in file.services}
    compilation = compile_loaded(loaded, cache, earlier=_Said(loaded.project.checkout, files).source)
    ready = _Ready(compilation, known)
    rendered = render_alone(compilation, ready.rendered)
    selection = Selection(project=options.root, cached=options.cached, recording=True)
    workspace = project_workspace(loaded, build_worlds(rendered), selection, options.root)
    return check_workspace(options, workspace, selection, ready.built)


def _same_project(loaded: LoadedProject, found: Sequence[ShardFacts], cache: Cache) -> None:
    """Raise Failure (status 2) where facts are of another program, project or commit."""
    here, digest = program_digest(cache, loaded.project.root), project_digest(loaded)
    for facts in found:
        if facts.program != here:
            raise Failure(f"{facts.path}: written by another build of Sailwright: run every job with the same one")
        if facts.project != digest:
            raise Failure(
                f"{facts.path}: of another project, or another commit of {PROJECT_FILE}: run every job on the same"
            )


class _Said:
    """What service files say in which shards have found nothing wrong; each file is compared with what is here, and given once."""

    def __init__(self, checkout: Checkout, found: dict[str, tuple[ShardFacts, FileFacts]]) -> None:
        self._checkout = checkout
        self._found = found

    def source(self, path: str) -> ReadBefore | None:
        """A service file; None where it is to be read here. Raises Failure (status 2) where its shard had another one."""
        found = self._found.pop(path, None)
        if found is None:
            return None
        facts, known = found
        data = self._checkout.read(path, SERVICE_LIMIT)
        if not isinstance(data, bytes) or sha256(data).hexdigest() != known.digest:
            raise Failure(f"{facts.path}: {path} differs there: run every job and merge on the same commit")
        values = facts.said(known.said) if known.sound else None
        return None if values is None else ReadBefore(source_of_values(path, data, "service", values))


class _Ready:
    """What jobs have rendered, by service. A service that is not there, or was told something else, is rendered here."""

    def __init__(self, compilation: Compilation, known: dict[_Place, _Known]) -> None:
        self._compilation = compilation
        self._known = known
        self._numbers = {target: number for number, target in enumerate(compilation.targets)}
        self.built: dict[str, BuiltFile] = {}
        """The files of the services that are taken from the facts, by path below the output folder."""

    def rendered(self, target: Target, service: Service) -> RenderedFile | None:
        """The file of a service, where the facts have it."""
        known = self._known.pop((self._numbers[target], service.namespace, service.name), None)
        if known is None:
            return None
        shard, facts = known
        rendering = self._compilation.renderings[target]
        if answers(rendering.context, facts.asked) != facts.answers:
            return None
        values = zip(shard.objects(facts.objects), facts.tables, strict=True)
        objects = tuple(RenderedObject(value, paths, None) for value, paths in values)
        path = file_of(self._compilation.project, target, service)
        file = RenderedFile(path, service.file, objects, facts.findings, service.written)
        data, named = self._data(file, facts), identities(file)
        proved = facts.proved
        self.built[file.path] = BuiltFile(folder_of(target), file.path, service.file, data, named, proved, facts.marks)
        return file

    def _data(self, file: RenderedFile, facts: ServiceFacts) -> bytes:
        """The bytes of a file: those on disk where they have its digest."""
        project = self._compilation.project
        stands = Disk(project.root).read(join(project.output.path, file.path), MANIFEST_LIMIT)
        return stands if isinstance(stands, bytes) and sha256(stands).hexdigest() == facts.digest else file.data()
