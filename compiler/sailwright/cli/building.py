"""The flags that have another program render what is checked: --kustomize, --helm, --values."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from sailwright.workspace.built_text import Build

_FLAGS = (
    click.option("--kustomize", metavar="DIR", help="Check what `kustomize build DIR` prints."),
    click.option("--helm", metavar="CHART", help="Check what `helm template CHART` prints."),
    click.option("-f", "--values", multiple=True, metavar="FILE", help="Values for --helm. Repeatable."),
)


def building(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the flags to a command: `kustomize`, `helm` and `values`."""
    for flag in reversed(_FLAGS):
        command = flag(command)
    return command


def wanted_build(
    paths: tuple[str, ...], kustomize: str | None, helm: str | None, values: tuple[str, ...]
) -> Build | None:
    """What the flags ask for, None where they are not there. Raises UsageError for flags that exclude each other."""
    from sailwright.workspace.built_text import Build

    if values and helm is None:
        raise click.UsageError("--values are for --helm CHART")
    if kustomize is None and helm is None:
        return None
    if paths:
        raise click.UsageError("--kustomize and --helm say what to check: leave PATHS out")
    return Build(kustomize, helm, values)
