"""Where each value of a resolved service came from: service.yaml, one of its overlays, or the project's defaults."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from sailwright.diagnostics.finding import Finding, Location, Path, Related
from sailwright.diagnostics.problem import Problem
from sailwright.runtime.records import dataclass, field

if TYPE_CHECKING:
    from sailwright.source.source import Document


@dataclass(frozen=True, slots=True)
class Spot:
    """A key path in a document as its author wrote it."""

    document: Document = field(repr=False)
    path: Path = ()

    def below(self, *keys: str | int) -> Spot:
        """The spot of something inside this one."""
        return Spot(self.document, self.path + keys)

    def location(self, key: bool = False) -> Location:
        """Line and column of the value, or of its key."""
        return self.document.locate(self.path, key=key)

    def finding(self, problem: Problem, rule: str = "") -> Finding:
        """The finding of a problem whose cause was written here; `rule` replaces the problem's own."""
        return problem.finding(self.location(key=problem.key), self.path, rule)

    def related(self, message: str) -> Related:
        """This spot as one that belongs to a problem elsewhere."""
        return Related(message, self.location())


class Places(Protocol):
    """Where the values of a resolved service were written."""

    def find(self, path: Path) -> Spot:
        """The place of the value at `path`."""


@dataclass(frozen=True)
class LaterTrace:
    """A trace that is made when somebody asks for a place: of most services nobody does."""

    make: Callable[[], Places]

    @cached_property
    def _made(self) -> Places:
        return self.make()

    def find(self, path: Path) -> Spot:
        """As `Trace.find`."""
        return self._made.find(path)


@dataclass(frozen=True, slots=True)
class Trace:
    """The place of a value, and of those of its children that came from elsewhere; all others lie below it.

    With `beneath`, a map was laid upon another one: the trace of that, and the keys that came from there.
    """

    document: Document = field(repr=False)
    path: Path = ()
    children: Mapping[str | int, Trace] = field(default_factory=dict)
    beneath: tuple[Trace, Collection[str]] | None = None

    @property
    def spot(self) -> Spot:
        """The place of the value itself."""
        return Spot(self.document, self.path)

    def child(self, key: str | int) -> Trace:
        """The trace of an entry of this map or list."""
        return self._elsewhere(key) or Trace(self.document, (*self.path, key))

    def having(self, children: Mapping[str | int, Trace]) -> Trace:
        """The same place, with other children."""
        return Trace(self.document, self.path, children, self.beneath)

    def find(self, path: Path) -> Spot:
        """The place of the value at `path` below this one: the longest known prefix decides."""
        node, known = self, 0
        for depth, key in enumerate(path, 1):
            child = node._elsewhere(key)
            if child is None:
                break
            node, known = child, depth
        return Spot(node.document, (*node.path, *path[known:]))

    def _elsewhere(self, key: str | int) -> Trace | None:
        child = self.children.get(key)
        if child is None and self.beneath is not None and key in self.beneath[1]:
            return self.beneath[0].child(key)
        return child
