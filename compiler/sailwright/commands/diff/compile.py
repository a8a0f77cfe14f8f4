"""Compile the two sides of a pull request: the files on disk, and those of the base commit."""

from __future__ import annotations

from collections.abc import Sequence

from sailwright.commands.diff.base_and_head import Sides, sides_of
from sailwright.runtime.cache import Cache
from sailwright.runtime.errors import Failure
from sailwright.source.files.checkout import Checkout, Disk
from sailwright.source.files.recorded import Recorded
from sailwright.workspace.compile import InvalidProject, load_project
from sailwright.workspace.selection import WorldSet
from sailwright.workspace.worlds import checkout_worlds, first_worlds, kept_worlds


def compile_sides(root: str, commit: str, environments: Sequence[str], cache: Cache) -> Sides:
    """The files on disk and those of a commit, each compiled."""
    after = _on_disk(root, environments, cache) or _compiled(Disk(root), environments, cache)
    return compile_base(root, commit, after, cache, environments)


def _on_disk(root: str, environments: Sequence[str], cache: Cache) -> WorldSet | None:
    """The files on disk with what is kept of them; None where the project file cannot be read."""
    loaded = load_project(Recorded(Disk(root)), environments)
    if isinstance(loaded, InvalidProject):
        return None
    if (found := kept_worlds(loaded, cache)) is not None:
        return found
    again = load_project(Recorded(Disk(root)), environments)  # the account of what was read begins anew
    return None if isinstance(again, InvalidProject) else first_worlds(again, cache)


def compile_base(root: str, commit: str, after: WorldSet, cache: Cache, environments: Sequence[str] = ()) -> Sides:
    """What was compiled from disk, with the base commit beside it."""
    return sides_of(root, commit, after, lambda base: _compiled(base, environments, cache))


def _compiled(checkout: Checkout, environments: Sequence[str], cache: Cache) -> WorldSet:
    """Raises Failure with the first of its findings where the project file could not be read."""
    found = checkout_worlds(checkout, cache, environments)
    if isinstance(found, WorldSet):
        return found
    first = found.findings[0]
    raise Failure(f"{first.location.file}:{first.location.line}: {first.message}")
