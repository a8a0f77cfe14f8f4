"""A check whose services are rendered by the workers of an executor: each finds out what a shard does, and here it is merged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sailwright.commands.shards.merge import check_together
from sailwright.commands.shards.shard import facts_text
from sailwright.runtime.cache import open_cache
from sailwright.source.files.checkout import Disk
from sailwright.source.files.recorded import Recorded
from sailwright.workspace.compile import Compilation, InvalidProject, load_project
from sailwright.workspace.facts_reading import facts_of
from sailwright.workspace.remote import by_workers

if TYPE_CHECKING:
    from sailwright.commands.check.checked import Checked, Options
    from sailwright.runtime.executor import Workers


def check_by_workers(options: Options, workers: Workers) -> Checked | None:
    """Check a whole project; None where workers cannot do their part of it, and where sailwright.yaml is at fault."""
    loaded = load_project(Recorded(Disk(options.root)))
    if isinstance(loaded, InvalidProject):
        return None
    cache = open_cache(enabled=options.cached, project=options.root)
    parts = by_workers(loaded, cache, workers, lambda _own, _number: b"", facts_there, injecting=True)
    if parts is None:
        return None
    found = [facts_of(f"worker {number}", text) for number, text in enumerate(parts) if text]
    return check_together(options, loaded, cache, found)


def facts_there(compilation: Compilation) -> bytes:
    """In a worker: the facts about its share."""
    return facts_text(compilation)
