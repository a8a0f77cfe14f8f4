"""What the last build on this machine left behind: it tells a file that was edited by hand from one that is out of date.

It words the reason `build --check` gives, and decides nothing else: without it, a file that sailwright would have laid out
otherwise counts as edited.
"""

from __future__ import annotations

import hashlib
import marshal
import os
from collections.abc import Mapping
from dataclasses import dataclass

from sailwright.cache import Cache
from sailwright.emit import emit_all
from sailwright.output.layout import source_of
from sailwright.source import parse

_KIND = "written"


@dataclass(frozen=True, slots=True)
class Memory:
    """Digests of the files as they were written, by path below the output folder `root`."""

    cache: Cache
    root: str

    def edited(self, path: str, old: bytes) -> bool:
        """Whether the bytes that stand at a path are not as sailwright left them."""
        known = self._load().get(path)
        return known != _digest(old) if known else not _as_emitted(old)

    def remember(self, files: Mapping[str, bytes]) -> None:
        """Note what was written, beside what is known of other files."""
        before = self._load()
        now = before | {path: _digest(data) for path, data in files.items()}
        if now != before:
            self.cache.store(_KIND, self._key(), marshal.dumps(now))

    def _load(self) -> dict[str, bytes]:
        data = self.cache.load(_KIND, self._key())
        try:
            known = marshal.loads(data) if data else {}  # noqa: S302  # the user's own cache folder
        except (ValueError, EOFError, TypeError):
            return {}
        return known if isinstance(known, dict) else {}

    def _key(self) -> str:
        return hashlib.sha256(os.path.realpath(self.root).encode()).hexdigest()[:32]


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _as_emitted(data: bytes) -> bool:
    """Whether a file is laid out as we lay files out: a change by hand usually is not."""
    head, _, rest = data.partition(b"\n")
    source = parse("", rest, "manifest")
    if source_of(head) is None or source.problems:
        return False
    return emit_all(document.value for document in source.documents).encode() == rest
