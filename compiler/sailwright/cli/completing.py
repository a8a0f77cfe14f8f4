"""What can stand for the arguments of our commands while they are typed. Each file is read; nothing is compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click


def services(context: click.Context, _parameter: click.Parameter, typed: str) -> list[str]:
    """The services of the project around here that begin so."""
    from sailwright.commands.edit.target_service import names
    from sailwright.project.reading import read_project
    from sailwright.runtime.errors import Failure
    from sailwright.source.files.checkout import Disk
    from sailwright.source.files.discovery import need_project

    try:
        project = read_project(Disk(need_project(context.params.get("project")))).project
        return sorted({name for name in names(project) if name.startswith(typed)}) if project else []
    except (Failure, OSError):
        return []


def rules(_context: click.Context, _parameter: click.Parameter, typed: str) -> list[str]:
    """The rules that begin so."""
    from sailwright.commands.rules import all_rules

    return [rule.ID for rule in all_rules() if rule.ID.startswith(typed)]
