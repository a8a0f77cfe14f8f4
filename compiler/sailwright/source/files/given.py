"""A checkout of given contents, for a process that has no disk of the project: what was asked of one checkout, to be sent to another."""

from __future__ import annotations

import os

from sailwright.runtime.records import dataclass, field
from sailwright.source.files.checkout import Checkout, Unreadable
from sailwright.source.files.regular import too_large


@dataclass(frozen=True, slots=True)
class Answers:
    """What a checkout answered: the contents of files by path, what patterns name, and which paths stay inside the repository."""

    files: dict[str, bytes | Unreadable] = field(default_factory=dict, repr=False)
    globs: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    held: dict[str, bool] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Noted:
    """The files of `inner`; all that is asked for is noted with its answer."""

    inner: Checkout
    answers: Answers = field(default_factory=Answers)

    @property
    def root(self) -> str:
        return self.inner.root

    def shown(self, path: str) -> str:
        return self.inner.shown(path)

    def read(self, path: str, limit: int) -> bytes | Unreadable:
        data = self.answers.files[path] = self.inner.read(path, limit)
        return data

    def holds(self, path: str) -> bool:
        found = self.answers.held[path] = self.inner.holds(path)
        return found

    def glob(self, pattern: str) -> tuple[str, ...]:
        found = self.answers.globs[pattern] = self.inner.glob(pattern)
        return found


@dataclass(frozen=True, slots=True)
class Given:
    """The files of answers that were sent. `missing` gathers what else was asked for: a result that rests on it is of no use."""

    root: str
    answers: Answers
    missing: list[str] = field(default_factory=list)

    def shown(self, path: str) -> str:
        return path if self.root in ("", ".") else os.path.normpath(os.path.join(self.root, path))

    def read(self, path: str, limit: int) -> bytes | Unreadable:
        data = self.answers.files.get(path)
        if data is None:
            self.missing.append(path)
            return Unreadable("the file was not sent")
        if isinstance(data, bytes) and len(data) > limit:
            return Unreadable(too_large(len(data), limit))
        return data

    def holds(self, path: str) -> bool:
        found = self.answers.held.get(path)
        if found is None:
            self.missing.append(path)
        return bool(found)

    def glob(self, pattern: str) -> tuple[str, ...]:
        found = self.answers.globs.get(pattern)
        if found is None:
            self.missing.append(pattern)
        return found or ()
