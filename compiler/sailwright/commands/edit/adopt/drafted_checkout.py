"""A checkout with files that are not written yet: what the repository will hold once the drafts are accepted."""

from __future__ import annotations

import os
from collections.abc import Mapping

from sailwright.runtime.records import dataclass, field
from sailwright.source.files.checkout import Checkout, Unreadable
from sailwright.source.files.patterns import compiled


@dataclass(frozen=True)
class DraftedCheckout:
    """The files of `below`, and over them `files` by their path from the project's folder."""

    below: Checkout
    files: Mapping[str, str] = field(repr=False)

    @property
    def root(self) -> str:
        return self.below.root

    def shown(self, path: str) -> str:
        return self.below.shown(path)

    def read(self, path: str, limit: int) -> bytes | Unreadable:
        text = self.files.get(os.path.normpath(path))
        if text is None:
            return self.below.read(path, limit)
        data = text.encode()
        return (
            data if len(data) <= limit else Unreadable(f"the file has {len(data):,} bytes and the limit is {limit:,}")
        )

    def holds(self, path: str) -> bool:
        return os.path.normpath(path) in self.files or self.below.holds(path)

    def glob(self, pattern: str) -> tuple[str, ...]:
        wanted = compiled(os.path.normpath(pattern))
        drafted = (path for path in self.files if wanted.fullmatch(path))
        return tuple(sorted({*self.below.glob(pattern), *drafted}))
