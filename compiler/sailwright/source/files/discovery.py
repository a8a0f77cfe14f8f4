"""Find the project: the folder of sailwright.yaml, named by --project or looked for upwards."""

from __future__ import annotations

import os

from sailwright.runtime.errors import Failure

PROJECT_FILE = "sailwright.yaml"


def find_project(named: str | None, start: str = ".") -> str | None:
    """The project's folder; None where there is none above `start`. The search ends at the top of a git repository.

    Raises Failure where `named` holds no project file (status 2), or where the file may not be read (status 3): a project that
    nobody can read is not "no project".
    """
    if named is not None:
        folder = os.path.dirname(named) if os.path.basename(named) == PROJECT_FILE else named
        if not os.path.isfile(os.path.join(folder, PROJECT_FILE)):
            raise Failure(f"--project {named}: there is no {PROJECT_FILE} in it; `sailwright init` writes one")
        return _readable(folder or ".")
    folder = os.path.abspath(start)
    while True:
        if os.path.isfile(os.path.join(folder, PROJECT_FILE)):
            return _readable(os.path.relpath(folder))
        above = os.path.dirname(folder)
        if above == folder or os.path.exists(os.path.join(folder, ".git")):
            return None
        folder = above


def _readable(folder: str) -> str:
    """The folder, whose project file is opened once to see whether it may be."""
    file = os.path.normpath(os.path.join(folder, PROJECT_FILE))
    try:
        os.close(os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)))
    except PermissionError:
        raise Failure(f"{file}: permission denied: let the user who runs sailwright read it", 3) from None
    except OSError:  # the reader of the file says what is wrong with it
        return folder
    return folder


def need_project(named: str | None, start: str = ".") -> str:
    """The project's folder, for commands that cannot do without. Raises Failure (status 2) where there is none."""
    found = find_project(named, start)
    if found is None:
        where = os.path.abspath(start)
        other = f"{os.path.splitext(PROJECT_FILE)[0]}.yml"
        if os.path.exists(os.path.join(named or start, other)):
            raise Failure(f"{other} is not read: rename it to {PROJECT_FILE}")
        raise Failure(f"there is no {PROJECT_FILE} in {where} or above it; `sailwright init` writes one")
    return found
