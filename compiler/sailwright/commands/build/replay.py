"""Write again what the last build made, where its output is gone or changed and nothing that it read has."""

from __future__ import annotations

import os
from functools import partial

from sailwright.commands.build.build_cache import Memory
from sailwright.commands.build.difference import refuse_linked_output
from sailwright.commands.build.options import Outcome, Request
from sailwright.commands.build.output.disk import standing
from sailwright.commands.build.output.lock import building
from sailwright.commands.build.output.plan import Scope, Wanted, guard_removals, plan
from sailwright.commands.build.output.restarts import restarts
from sailwright.commands.build.output.write import write
from sailwright.runtime.records import replace
from sailwright.source.files.files import PROJECT_FILE


def replay(request: Request) -> Outcome | None:
    """The outcome of a build that needed no rendering; None where it does."""
    memory = Memory(request.cache, request.root)
    with building(request.root):
        kept = memory.kept()
        if kept is None:
            return None
        refuse_linked_output(request.root, kept.output)
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
