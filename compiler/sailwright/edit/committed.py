"""A service as the last commit has it."""

from __future__ import annotations

from sailwright.edit.chosen import Chosen, choose
from sailwright.errors import Failure
from sailwright.records import replace
from sailwright.source.checkout import Commit, resolve_commit


def committed(chosen: Chosen) -> Chosen | None:
    """The chosen service at HEAD; None where there is no repository, no commit, or the service is new."""
    try:
        checkout = Commit(chosen.project.root, resolve_commit(chosen.project.root, "HEAD"))
        return choose(replace(chosen.project, checkout=checkout), chosen.service.key, chosen.environment)
    except Failure:
        return None
