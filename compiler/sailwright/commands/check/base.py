"""The commit that a check compares with: which one it is, and what it renders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sailwright.commands.check.checked import Options
from sailwright.runtime.cache import open_cache
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass, replace
from sailwright.source.files.checkout import Commit

if TYPE_CHECKING:
    from sailwright.commands.diff.base_and_head import Sides
    from sailwright.workspace.selection import WorldSet


@dataclass(frozen=True, slots=True)
class Base:
    """A base commit; `commit` is None where there is none. `sides` has it compiled, `tree` its files by the name that git gives them.

    `tree` is None where what is found may hang on more than that; `notes` say what standard error says of the base.
    """

    commit: str | None
    tree: str | None
    sides: Sides | None = None
    notes: tuple[str, ...] = ()

    @property
    def comment(self) -> str:
        """What the summary says of it."""
        return f" (compared with {self.commit[:12]})" if self.commit is not None else ""


def named_base(options: Options) -> Base:
    """The base commit, nothing of it read; a base that nobody named may be missing, which is said."""
    from sailwright.commands.diff.base import base_commit

    try:
        commit = base_commit(options.root, options.base)
    except Failure as failure:
        if options.base is not None or failure.no_answer:
            raise
        return Base(None, "", notes=(f"changes are not compared with a base: {failure.message}",))
    return Base(commit, Commit(options.root, commit).tree)


def compiled_base(options: Options, base: Base, compiled: WorldSet) -> Base:
    """The base with what it renders."""
    from sailwright.commands.diff.compile import compile_base

    if base.commit is None:
        return base
    cache = open_cache(enabled=options.cached, project=options.root)
    sides = compile_base(options.root, base.commit, compiled, cache)
    if sides.base_trouble:
        note = f"the base does not compile, so it is compared in part: {sides.base_trouble}"
        return replace(base, sides=sides, tree=None, notes=(note,))
    return replace(base, sides=sides, tree=base.tree if sides.before is not None else None)
