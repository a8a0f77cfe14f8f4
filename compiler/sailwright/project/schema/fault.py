"""A fault of a file of ours, as its JSON Schema finds it."""

from __future__ import annotations

from sailwright.diagnostics.finding import Path
from sailwright.runtime.records import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a tree that the schema refuses.

    `key` says that the key at `path` is meant, not its value; `unknown` that the schema has no such key.
    """

    path: Path
    message: str
    help: str = ""
    key: bool = False
    unknown: bool = False
