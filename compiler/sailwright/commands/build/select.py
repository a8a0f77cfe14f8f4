"""The service files that PATHS of `build` name, and what is skipped of the other files in PATHS."""

from __future__ import annotations

from collections.abc import Iterable

from sailwright.commands.build.options import Request
from sailwright.diagnostics.finding import Skipped
from sailwright.project.model import Project
from sailwright.project.services import service_files
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass
from sailwright.source.files.checkout import Unreadable
from sailwright.source.files.files import PROJECT_FILE, named
from sailwright.source.source import MANIFEST_LIMIT, looks_like_service
from sailwright.workspace.extra_files import UNLISTED, below, is_below, rendered_files, unlisted_services

NO_SERVICE = "no service file: `build` takes it only where a service includes it"


@dataclass(frozen=True, slots=True)
class SelectedServices:
    """The service files to build (None: all), the skipped files, and for PATHS without a service file why nothing is built."""

    files: frozenset[str] | None
    skipped: tuple[Skipped, ...]
    refused: str = ""


def select_services(project: Project, request: Request) -> SelectedServices:
    """Raises Failure where the project has no services at all, and for a path that is not there."""
    files = service_files(project)
    if not files and not request.allow_empty:
        patterns = ", ".join(project.services)
        raise Failure(
            f"no file matches `services` of sailwright.yaml ({patterns}): `sailwright new NAME` adds a service"
        )
    if not request.paths:
        return SelectedServices(None, tuple(unlisted_services(project)))
    skipped: list[Skipped] = []
    names = {below(name, project.root) for name in named(request.paths, skipped)}
    skipped += _skipped(project, sorted(names.difference(files, (PROJECT_FILE,))))
    chosen: set[str] = set()
    for path in request.paths:
        inside = below(path, project.root)
        found = {file for file in files if inside == "." or is_below(file, inside)}
        if not found and not request.allow_empty:
            why = f"{path}: there is no service file of this project here; `services` in sailwright.yaml names them"
            skipped += [Skipped(name, NO_SERVICE) for name in names if name == PROJECT_FILE]
            return SelectedServices(None, tuple(skipped), why)
        chosen |= found
    return SelectedServices(frozenset(chosen), tuple(skipped))


def _skipped(project: Project, names: Iterable[str]) -> list[Skipped]:
    found: list[Skipped] = []
    rendered = 0
    for name in names:
        if is_below(name, project.output.path):
            rendered += 1
            continue
        data = project.checkout.read(name, MANIFEST_LIMIT)
        unlisted = not isinstance(data, Unreadable) and looks_like_service(data)
        found.append(Skipped(name, UNLISTED if unlisted else NO_SERVICE))
    return found + rendered_files(project.output.path, rendered)
