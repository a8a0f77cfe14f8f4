"""The options that every command takes, and those that several share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from sailwright.runtime.records import dataclass

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

FORMATS = ("text", "json", "sarif", "github", "junit", "gitlab", "checkstyle", "markdown")
"""The report formats of findings."""


@dataclass(frozen=True, slots=True)
class Shared:
    """The values of the options that every command takes.

    `formats` holds (format, file) pairs, the file None for stdout; `fail_on` is None where the project file decides.
    """

    formats: tuple[tuple[str, str | None], ...]
    fail_on: str | None
    project: str | None
    allow_empty: bool
    no_cache: bool
    color: str


def shared(function: Decorated) -> Decorated:
    """Add the options of all commands; the function receives them as `shared: Shared`."""
    from functools import wraps

    @wraps(function)
    def collected(
        *,
        formats: tuple[str, ...],
        fail_on: str | None,
        project: str | None,
        allow_empty: bool,
        no_cache: bool,
        color: str,
        **rest: Any,
    ) -> Any:
        pairs = tuple(_format(text) for text in formats)
        return function(shared=Shared(pairs, fail_on, project, allow_empty, no_cache, color), **rest)

    command: Any = collected
    for option in reversed(_SHARED):
        command = option(command)
    return command  # type: ignore[no-any-return]


_SHARED = (
    click.option("--format", "formats", multiple=True, metavar="FORMAT[=FILE]",
                 help=f"How to report: {', '.join(FORMATS)}. Repeatable; with =FILE the report goes there."),
    click.option("--fail-on", type=click.Choice(("info", "warning", "error", "never")),
                 help="The severity from which findings make the exit status 1. Default: error."),
    click.option("--project", metavar="DIR", help="The folder of sailwright.yaml. Default: this one, or the nearest above."),
    click.option("--allow-empty", is_flag=True, help="No input at all is fine."),
    click.option("--no-cache", is_flag=True, help="Neither read nor write the cache."),
    click.option("--color", type=click.Choice(("auto", "always", "never")), default="auto",
                 help="Colour the text report. Default: auto, on a terminal."),
)  # fmt: skip


def _format(text: str) -> tuple[str, str | None]:
    name, equals, file = text.partition("=")
    if name not in FORMATS:
        from difflib import get_close_matches

        near = get_close_matches(name, FORMATS, 1)
        hint = f"did you mean `{near[0]}`?" if near else f"one of {', '.join(FORMATS)}"
        raise click.UsageError(f"--format: there is no format `{name}`: {hint}")
    if equals and not file:
        raise click.UsageError(f"--format {text}: name a file after the `=`")
    return name, file or None
