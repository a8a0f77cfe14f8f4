"""`build` and `lint` of PATHS alone, as hooks and editors run them all the time.

Where there is no flag to read, the library that reads flags is not imported: that takes half as long as building a service.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable

_COMPLETION = "_SAILWRIGHT_COMPLETE"
"""The variable by which a shell asks for words to complete: click answers."""


def without_flags(arguments: list[str]) -> Callable[[], int] | None:
    """What runs a command line that is a command of these and PATHS; None for any other."""
    if not arguments or any(each.startswith("-") for each in arguments) or os.environ.get(_COMPLETION):
        return None
    name, *paths = arguments
    run = {"build": _build, "lint": _lint}.get(name)
    return None if run is None else lambda: _interruptible(run, tuple(paths))


def _interruptible(run: Callable[[tuple[str, ...]], int], paths: tuple[str, ...]) -> int:
    """Run as click does: the line of a terminal that shows `^C` is ended, and a reader who left is no news."""
    from sailwright.cli.progress import progress

    try:
        with progress():
            return run(paths)
    except KeyboardInterrupt:
        print(file=sys.stderr)
        raise
    except OSError as error:
        if error.errno != errno.EPIPE:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _build(paths: tuple[str, ...]) -> int:
    from sailwright.cli.build_run import build
    from sailwright.cli.shared import Shared

    return build(paths, Shared())


def _lint(paths: tuple[str, ...]) -> int:
    from sailwright.cli.lint_run import lint_paths
    from sailwright.cli.shared import Shared

    return lint_paths(paths, Shared())
