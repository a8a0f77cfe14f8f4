"""The options that every command takes, as they were given. Without any of them, their defaults."""

from __future__ import annotations

from sailwright.runtime.records import dataclass


@dataclass(frozen=True, slots=True)
class Shared:
    """The values of the options that every command takes.

    `formats` holds (format, file) pairs, the file None for stdout; `fail_on` is None where the project file decides.
    """

    formats: tuple[tuple[str, str | None], ...] = ()
    fail_on: str | None = None
    project: str | None = None
    allow_empty: bool = False
    no_cache: bool = False
    color: str = "auto"
    show: str = "info"
