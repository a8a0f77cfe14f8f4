"""What service files say, kept small between two readings of them: a process that has many holds only some at a time as objects."""

from __future__ import annotations

import marshal
from contextlib import suppress

from sailwright.project.services import Services, without_findings
from sailwright.runtime.records import dataclass, field
from sailwright.source.files.checkout import Checkout, Unreadable
from sailwright.source.source import SERVICE_LIMIT, Source, release, source_of_values


@dataclass(frozen=True, slots=True)
class ReadDocuments:
    """The values of the documents of each file in which nothing was wrong, packed, by path."""

    checkout: Checkout
    packed: dict[str, bytes] = field(default_factory=dict)

    def keep(self, services: Services) -> None:
        """Keep what files say, and let go of their documents."""
        sound = without_findings(services)
        for source in services.sources:
            if source.path in sound:
                with suppress(ValueError):  # of more than plain data, which is read again
                    self.packed[source.path] = marshal.dumps([document.value for document in source.documents])
            release(source)

    def take(self, path: str) -> Source | None:
        """A file as it was read; the text is read again where someone asks for it. Each file is given once."""
        packed = self.packed.pop(path, None)
        if packed is None:
            return None
        return source_of_values(path, lambda: self.text(path), "service", marshal.loads(packed))  # noqa: S302  # packed above

    def text(self, path: str) -> bytes:
        """The text of a file; empty where it cannot be read."""
        data = self.checkout.read(path, SERVICE_LIMIT)
        return b"" if isinstance(data, Unreadable) else data
