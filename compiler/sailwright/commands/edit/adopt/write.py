"""Adopt into a new repository, or into a project that is there; nothing is written unless everything can be."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from sailwright.commands.edit.adopt.adoption import Adoption, Site
from sailwright.commands.edit.adopt.draft import adopt
from sailwright.commands.edit.adopt.inputs import Read
from sailwright.commands.edit.scaffold import Written, place_of, start
from sailwright.project.model import Project
from sailwright.project.services import read_services
from sailwright.runtime.atomic_file import replace
from sailwright.runtime.cache import Cache
from sailwright.runtime.errors import Failure
from sailwright.source.files.files import PROJECT_FILE
from sailwright.workspace.compile import InvalidProject, compile_project
from sailwright.workspace.parallel import render_alone
from sailwright.workspace.worlds import build_worlds


def adopt_anew(read: Read, cache: Cache, accept: Iterable[str]) -> Adoption:
    """Draft a new repository."""
    return adopt(read.manifests, Site(cache=cache), accept)


def write_anew(folder: str, adoption: Adoption) -> Written:
    """Write a new repository with the drafts in it. Raises Failure where a drafted file already exists."""
    files = texts(adoption)
    _free(folder, (path for path in files if path != PROJECT_FILE))
    return start(folder, files)


def adopt_here(read: Read, project: Project, cache: Cache, accept: Iterable[str]) -> Adoption:
    """Draft services for a project that is there: those that it has already are passed over."""
    compilation = compile_project(project.checkout, cache, injecting=False)
    if isinstance(compilation, InvalidProject):
        raise Failure(f"{PROJECT_FILE}: {compilation.findings[0].message}; correct this first")
    services = read_services(project, project.targets)
    names = {(service.namespace, service.name) for group in services.by_target.values() for service in group}
    defaults = project.document.value.get("defaults") or {}
    site = Site(
        checkout=project.checkout,
        cache=cache,
        earlier=tuple(build_worlds(render_alone(compilation)).worlds),
        inject=(defaults.get("mesh") or {}).get("inject") != "namespace",
        hand_written=False,
        place=lambda name: place_of(project, name),
        taken=frozenset(source.path for source in services.sources),
        known=frozenset(names),
    )
    return adopt(read.manifests, site, accept)


def write_here(project: Project, adoption: Adoption) -> Written:
    """Write the drafts into a project. Raises Failure where a drafted file already exists."""
    files = texts(adoption)
    _free(project.root, files)
    for path, text in files.items():
        replace(os.path.join(project.root, path), text.encode(), make_folders=True)
    return Written(tuple(files), ())


def texts(adoption: Adoption) -> Mapping[str, str]:
    """All files of an adoption by path: what is carried along first, so that no service names a file that is missing."""
    services = {draft.path: draft.text for draft in adoption.drafts}
    project = {path: text for path, text in adoption.files.items() if path == PROJECT_FILE}
    beside = {path: text for path, text in adoption.files.items() if path != PROJECT_FILE}
    return {**project, **services, **dict(sorted(beside.items()))}


def _free(folder: str, paths: Iterable[str]) -> None:
    for path in paths:
        if os.path.lexists(os.path.join(folder, path)):
            raise Failure(f"{os.path.join(folder, path)} already exists: move it away, or adopt into another folder")
