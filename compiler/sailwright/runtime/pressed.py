"""Text kept small in memory: of ten thousand rendered files nearly all wait to be compared or written."""

from __future__ import annotations

import zlib

from sailwright.runtime.records import dataclass, field


@dataclass(frozen=True, slots=True)
class Pressed:
    """Bytes that were compressed; `size` is how many they are."""

    kept: bytes = field(repr=False)
    size: int

    def __len__(self) -> int:
        return self.size


Text = bytes | Pressed
"""Bytes as they are, or pressed."""


def pressed(data: bytes) -> Pressed:
    """Press bytes quickly: rendered YAML becomes a tenth."""
    return Pressed(zlib.compress(data, 1), len(data))


def plain(text: Text) -> bytes:
    """The bytes themselves."""
    return text if isinstance(text, bytes) else zlib.decompress(text.kept)
