"""A service as the last commit has it."""

from __future__ import annotations

from sailwright.commands.edit.target_service import Chosen, choose
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import replace
from sailwright.source.files.checkout import Commit, resolve_commit


def committed(chosen: Chosen) -> Chosen | None:
    """The chosen service at HEAD; None where there is no repository, no commit, or the service is new."""
    try:
        checkout = Commit(chosen.project.root, resolve_commit(chosen.project.root, "HEAD"))
        return choose(replace(chosen.project, checkout=checkout), chosen.service.key, chosen.environment)
    except Failure as failure:
        if failure.no_answer:
            raise
        return None
