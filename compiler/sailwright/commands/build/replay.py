"""Write again what the last build made, where its output is gone or changed and nothing that it read has."""

from __future__ import annotations

import os
from functools import partial

from sailwright.commands.build.build_cache import BuildCache
from sailwright.commands.build.build_state import BuildState
from sailwright.commands.build.difference import refuse_linked_output
from sailwright.commands.build.options import BuildResult, Request
from sailwright.commands.build.output.disk import standing
from sailwright.commands.build.output.plan import Scope, Wanted, guard_removals, plan
from sailwright.commands.build.output.restarts import restarts
from sailwright.commands.build.output.write import write
from sailwright.runtime.records import replace
from sailwright.source.files.discovery import PROJECT_FILE


def replay(request: Request, build_cache: BuildCache, state: BuildState) -> BuildResult | None:
    """The result of a build that needs no rendering, as nothing that it read has changed; None where the output was not kept."""
    cached_output = build_cache.cached_output(state)
    if cached_output is None:
        return None
    refuse_linked_output(request.root, cached_output.output)
    root = os.path.join(request.root, cached_output.output)
    wanted = {path: Wanted(data, source) for path, (source, data) in cached_output.manifests.items()}
    edited = partial(build_cache.edited, cached_output.output)
    made = plan(wanted, standing(root), Scope(), cached_output.separate_clusters, PROJECT_FILE, edited)
    if not request.allow_removals:
        guard_removals(made, cached_output.output)
    if made.changes:
        write(made, root)
    written = sum(change.data is not None for change in made.changes)
    stats = cached_output.result.stats and replace(
        cached_output.result.stats,
        written=written,
        unchanged=made.unchanged,
        removed=len(made.changes) - written,
        restarts=restarts(made),
    )
    return replace(cached_output.result, stats=stats)
