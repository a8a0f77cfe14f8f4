"""Which files of a build are known to be held to which schemas."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sailwright.commands.build.built import BuiltFile


def held_to(files: Iterable[BuiltFile]) -> dict[str, bytes]:
    """What to note of files of a build: a digest of the schemas by path below the output folder."""
    return {file.path: file.schemas for file in files if file.schemas}
