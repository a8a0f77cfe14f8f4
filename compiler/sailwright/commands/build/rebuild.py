"""A whole build from what the last one left: nothing to do, write again, render what has changed; else all of it must be done."""

from __future__ import annotations

from contextlib import nullcontext

from sailwright.commands.build.build_cache import BuildCache
from sailwright.commands.build.options import BuildResult, Request
from sailwright.commands.build.output.lock import building
from sailwright.runtime.table import LostRow


def rebuild(request: Request) -> BuildResult | None:
    """The result of a whole build; None where the last one is of no use."""
    with building(request.root) if request.mode == "write" else nullcontext():
        build_cache = BuildCache(request.cache, request.root)
        try:
            with build_cache.store.held():
                return _rebuilt(request, build_cache)
        except LostRow:
            return None


def _rebuilt(request: Request, build_cache: BuildCache) -> BuildResult | None:
    state = build_cache.state()
    if state is None:
        return None
    if state.inputs.same_inputs:
        if state.same_output:
            return build_cache.unchanged(state)
        if request.mode == "check":
            return None
        from sailwright.commands.build.replay import replay

        return replay(request, build_cache, state)
    comparable = state.same_output_names if request.mode == "check" else state.same_output
    if not state.known["records"] or not comparable:
        return None
    from sailwright.commands.build.changed_services import build_changed

    return build_changed(request, build_cache, state)
