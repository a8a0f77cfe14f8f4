"""What service files say, kept small between two readings of them: a process that has many holds only some at a time as objects."""

from __future__ import annotations

import marshal
from contextlib import suppress
from typing import Any

from sailwright.project.services import ReadBefore, Services, without_findings
from sailwright.runtime.records import dataclass, field
from sailwright.source.files.checkout import Checkout, Unreadable
from sailwright.source.source import SERVICE_LIMIT, release, source_of_values


@dataclass(frozen=True, slots=True)
class ReadDocuments:
    """The values of the documents of each file in which nothing was wrong, and the trees of its services, packed, by path."""

    checkout: Checkout
    packed: dict[str, bytes] = field(default_factory=dict)

    def keep(self, services: Services) -> None:
        """Keep what files say, and let go of their documents."""
        sound = without_findings(services)
        trees: dict[str, dict[tuple[int, int], Any]] = {}
        for number, group in enumerate(services.by_target.values()):
            for service in group:
                trees.setdefault(service.file, {})[service.document.index, number] = service.tree
        for source in services.sources:
            if source.path in sound:
                with suppress(ValueError):  # of more than plain data, which is read again
                    values = [document.value for document in source.documents]
                    self.packed[source.path] = marshal.dumps((values, trees.get(source.path, {})))
            release(source)

    def take(self, path: str) -> ReadBefore | None:
        """A file as it was read; the text is read again where someone asks for it. Each file is given once."""
        packed = self.packed.pop(path, None)
        if packed is None:
            return None
        values, trees = marshal.loads(packed)  # noqa: S302  # packed above
        return ReadBefore(source_of_values(path, lambda: self.text(path), "service", values), trees)

    def text(self, path: str) -> bytes:
        """The text of a file; empty where it cannot be read."""
        data = self.checkout.read(path, SERVICE_LIMIT)
        return b"" if isinstance(data, Unreadable) else data
