"""The worlds of a project for the workers of an executor: what is rendered, and the files that its places are found in.

A worker gets them once, however many of its rules it runs over them.
"""

from __future__ import annotations

from collections.abc import Mapping

from sailwright import __version__
from sailwright.project.service.resolve import Target
from sailwright.runtime.records import dataclass, field, replace
from sailwright.source.files.given import Answers, Noted
from sailwright.source.source import MANIFEST_LIMIT, Source
from sailwright.workspace.compile import Compilation, ServiceExports, compiling, end_of
from sailwright.workspace.packed_services import Keyed, pack, packed_sources
from sailwright.workspace.parallel import with_packed
from sailwright.workspace.remote import Job, project_answers
from sailwright.workspace.selection import WorldSet
from sailwright.workspace.worlds import build_worlds, manifest_files


@dataclass(frozen=True, slots=True)
class SentWorlds:
    """What worlds are made of. `services` is what is rendered of each service file, packed; `hand_written` are the manifests that sailwright.yaml lists, as they were read here."""

    job: Job
    known: ServiceExports
    services: Mapping[str, bytes] = field(repr=False)
    hand_written: Mapping[str, Source] = field(repr=False)

    def worlds(self) -> tuple[WorldSet, list[str]]:
        """In a worker: the worlds, and the names that it asks for and was not sent, now and later."""
        answers = self.job.answers
        files = {path: data for packed in self.services.values() for path, data in packed_sources(packed).items()}
        loaded, given = replace(
            self.job, answers=Answers({**answers.files, **files}, answers.globs, answers.held)
        ).loaded()
        reading = compiling(loaded, self.job.cache, (), injecting=self.job.injecting)
        next(reading)
        compilation = end_of(reading, self.known)
        none_here: dict[Target, Keyed] = dict.fromkeys(compilation.targets, ())
        rendered = with_packed(compilation, none_here, self.services, (), None)
        return build_worlds(rendered, dict(self.hand_written)), given.missing


def sent(found: WorldSet) -> SentWorlds | None:
    """The worlds, to be sent. None where a service includes files: places in those are found by rendering it again, which needs the disk."""
    rendered = found.rendered
    if any(
        rendered_object.written is not None
        for group in rendered.files.values()
        for file in group
        for rendered_object in file.rendered_objects
    ):
        return None
    compilation = rendered.compilation
    answers = _answers(compilation)
    listed = {path for target in compilation.targets for path in manifest_files(compilation.project, target)}
    hand_written = {source.path: source for source in found.sources if source.path in listed}
    noted = Noted(compilation.project.checkout, answers)
    for path in listed - hand_written.keys():
        noted.read(path, MANIFEST_LIMIT)
    rendering = next(iter(compilation.renderings.values()))
    job = Job(
        __version__,
        compilation.project.root,
        answers,
        (),
        compilation.targets,
        rendering.injecting,
        rendering.cache.directory is not None,
    )
    known = ServiceExports(
        {target: each.context.neighbours.values for target, each in compilation.renderings.items()},
        frozenset(rendering.context.everywhere.values),
        {},
    )
    return SentWorlds(job, known, {**rendered.packed, **pack(compilation, rendered.here)}, hand_written)


def _answers(compilation: Compilation) -> Answers:
    """What reading the project asks, the patterns of manifests included."""
    answers = project_answers(compilation.project.checkout)
    noted = Noted(compilation.project.checkout, answers)
    for group in compilation.project.manifests:
        for pattern in group.paths:
            noted.glob(pattern)
    return answers
