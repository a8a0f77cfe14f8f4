"""What the commands that change service files share: the project, and the line that says what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sailwright.cli.notes import note, print_line
from sailwright.cli.options import Shared
from sailwright.runtime.errors import Failure

if TYPE_CHECKING:
    from sailwright.commands.edit.target_service import Chosen
    from sailwright.project.model import Project


def project_of(shared: Shared) -> Project:
    """The project around here. Raises Failure where there is none, or where its file is at fault."""
    from sailwright.project.reading import read_project
    from sailwright.source.files.checkout import Disk
    from sailwright.source.files.discovery import need_project

    reading = read_project(Disk(need_project(shared.project)))
    if reading.project is None:
        first = next(finding for finding in reading.findings if finding.severity == "error")
        raise Failure(f"{first.location.file}:{first.location.line}: {first.message}; correct this first")
    return reading.project


def said(chosen: Chosen, change: str, *, rendering: bool = False) -> None:
    """Print what changed; the result is the line, the next step goes to stderr."""
    if not change:
        print_line(f"{chosen.service.key}, {chosen.where}: nothing to change")
        return
    print_line(f"{chosen.service.key}, {chosen.where}: {change}")
    note(f"{chosen.file} is changed" if rendering else f"{chosen.file} is changed; `sailwright build` renders it")


def build_now(shared: Shared) -> int:
    """Run `sailwright build` on the project; its exit status."""
    from sailwright.cli.build import command

    status: int = click.get_current_context().invoke(command, project=shared.project, no_cache=shared.no_cache)
    return status
