"""The flag `--executor`: who does the work."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

Decorated = TypeVar("Decorated", bound=Callable[..., object])


def _checked(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value is None:
        return None
    from sailwright.runtime.executor import is_executor

    if not is_executor(value):
        raise click.BadParameter(f"`{value}` is not an executor: write local, dask:local or dask://HOST:PORT")
    return value


def executing(command: Decorated) -> Decorated:
    """Add the flag to a command, as `executor`."""
    option = click.option(
        "--executor",
        metavar="local|dask:local|dask://HOST:PORT",
        callback=_checked,
        help="What does the work: processes on this machine (the default), or the workers of a Dask cluster.",
    )
    return option(command)
