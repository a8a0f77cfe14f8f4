"""Write again what the last build made, where its output is gone or changed and nothing that it read has."""

from __future__ import annotations

import os
from functools import partial

from sailwright.building.memory import Memory
from sailwright.building.request import Outcome, Request
from sailwright.output.disk import standing
from sailwright.output.lock import building
from sailwright.output.plan import Scope, Wanted, guard_removals, plan
from sailwright.output.restarts import restarts
from sailwright.output.write import write
from sailwright.records import replace
from sailwright.source.checkout import Disk
from sailwright.source.files import PROJECT_FILE


def replay(request: Request) -> Outcome | None:
    """The outcome of a build that needed no rendering; None where it does."""
    memory = Memory(request.cache, request.root)
    with building(request.root):
        kept = memory.kept()
        if kept is None or not Disk(request.root).holds(kept.output):
            return None
        root = os.path.join(request.root, kept.output)
        wanted = {path: Wanted(data, source) for path, (source, data) in kept.manifests.items()}
        made = plan(wanted, standing(root), Scope(), kept.apart, PROJECT_FILE, partial(memory.edited, kept.output))
        if not request.allow_removals:
            guard_removals(made, kept.output)
        if made.changes:
            write(made, root)
    written = sum(change.data is not None for change in made.changes)
    tally = kept.outcome.tally and replace(
        kept.outcome.tally,
        written=written,
        unchanged=made.unchanged,
        removed=len(made.changes) - written,
        restarts=restarts(made),
    )
    return replace(kept.outcome, tally=tally)
