"""The options that every command takes, and those that several share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click

from sailwright.cli.notes import DETAIL
from sailwright.cli.shared import Shared as Shared

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

FORMATS = ("text", "json", "sarif", "github", "junit", "gitlab", "checkstyle", "markdown")
"""The report formats of findings."""
FINDINGS_ONLY = ("--show", "--fail-on", "--allow-empty", "--no-cache", "--color", "-q --quiet", "-v --verbose")
"""Options that mean nothing for a command that reports no findings, keeps no results and prints its result alone."""


def shared(function: Decorated) -> Decorated:
    """Add the options of all commands; the function receives them as `shared: Shared`."""
    return shared_but()(function)


def shared_but(*meaningless: str, formats: Iterable[str] = FORMATS) -> Callable[[Decorated], Decorated]:
    """`shared`, without naming in `--help` the options that mean nothing for the command. It takes them all the same.

    `formats` are those that `--help` offers.
    """
    offered = f"How to report: {', '.join(formats)}. Repeatable; with =FILE the report goes there."

    def decorated(function: Decorated) -> Decorated:
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
            show: str,
            quiet: bool,
            verbose: bool,
            **rest: Any,
        ) -> Any:
            if quiet and verbose:
                raise click.UsageError("--quiet and --verbose exclude each other")
            click.get_current_context().meta[DETAIL] = "quiet" if quiet else "verbose" if verbose else "normal"
            pairs = tuple(_format(text) for text in formats)
            from sailwright.cli.progress import progress

            with progress():
                return function(shared=Shared(pairs, fail_on, project, allow_empty, no_cache, color, show), **rest)

        command: Any = collected
        for name, attributes in reversed(_SHARED.items()):
            command = click.option(*name.split(), **{"help": offered, **attributes}, hidden=name in meaningless)(
                command
            )
        return command  # type: ignore[no-any-return]

    return decorated


def examples(*lines: str) -> str:
    """The end of a `--help`: command lines that work as typed, each with what it does after `#`."""
    parts = [tuple(map(str.strip, line.split("#"))) for line in lines]
    width = max(len(command) for command, _ in parts)
    return "\b\nExamples:\n" + "\n".join(f"  {command:{width}}  # {meaning}" for command, meaning in parts)


_SHARED: dict[str, dict[str, Any]] = {
    "--format formats": {"multiple": True, "metavar": "FORMAT[=FILE]"},
    "--fail-on": {"type": click.Choice(("info", "warning", "error", "never")),
                  "help": "The severity from which findings make the exit status 1. Default: error."},
    "--project": {"metavar": "DIR", "help": "The folder of sailwright.yaml. Default: this one, or the nearest above."},
    "--allow-empty": {"is_flag": True, "help": "Accept empty input."},
    "--no-cache": {"is_flag": True, "help": "Neither read nor write the cache."},
    "--color": {"type": click.Choice(("auto", "always", "never")), "default": "auto",
                "help": "Colour the text report. Default: auto, on a terminal."},
    "--show": {"type": click.Choice(("info", "warning", "error")), "default": "info",
               "help": "The severity from which findings are reported; those below still count for --fail-on."},
    "-q --quiet": {"is_flag": True, "help": "Print the result only, without remarks."},
    "-v --verbose": {"is_flag": True, "help": "Name every file that was skipped, and why."},
}  # fmt: skip


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
