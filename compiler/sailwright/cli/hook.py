"""The pre-commit hook `sailwright-build`: build, then fail where the commit would lack what was built.

Run as `sailwright-hook [build's arguments]`. As `sailwright-hook --lint [FILES...]` it is the hook `sailwright-build-lint`, which lints the
files as well, all of the project where none is named: what both need is read and rendered once.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

from sailwright.cli.notes import note
from sailwright.cli.shared import Shared

if TYPE_CHECKING:
    from sailwright.commands.build.options import BuildResult

_SHOWN = 10
"""Files that are named; the rest are counted."""


def run(arguments: list[str]) -> int:
    """Build, and compare what stands in the output folder with what is staged; the exit status."""
    if arguments[:1] == ["--lint"]:
        from sailwright.cli.boundary import guarded

        return guarded(lambda: _called(arguments[1:]))
    from sailwright.cli import main
    from sailwright.source.files.discovery import need_project

    status = main(["build", *arguments])
    if status:
        return status
    root = need_project(None)
    return _staged(root, _output(root, None))


def _called(arguments: list[str]) -> int:
    """With options, click reads them; files alone need no click."""
    if not any(each.startswith("-") for each in arguments):
        return _build_and_lint(tuple(arguments), Shared())
    import click

    from sailwright.cli.options import shared

    command = click.command()(click.argument("paths", nargs=-1)(shared(_build_and_lint)))
    status: int = command.main(arguments, prog_name="sailwright-hook --lint", standalone_mode=False)
    return status


def _build_and_lint(paths: tuple[str, ...], shared: Shared) -> int:
    """Build, then lint. What the build reports is not reported again."""
    from sailwright.cli.build_run import built, report_build
    from sailwright.commands.build.options import Request
    from sailwright.runtime.cache import open_cache
    from sailwright.source.files.discovery import need_project

    root, started = need_project(shared.project), time.monotonic()
    cache = open_cache(enabled=not shared.no_cache, project=shared.project)
    request = Request(root=root, allow_empty=shared.allow_empty, cache=cache)
    result = built(request)
    if status := report_build(result, request, shared, started):
        return status
    output = _output(root, result)
    return max(_staged(root, output), _linted(paths, root, output, result, shared))


def _linted(paths: tuple[str, ...], root: str, output: str, result: BuildResult, shared: Shared) -> int:
    """Lint the files but for those in the output folder, which say what the build has just made of the others."""
    from sailwright.cli.lint_run import run as run_lint
    from sailwright.commands.lint.run import LintOptions
    from sailwright.workspace.extra_files import below, is_below
    from sailwright.workspace.selection import Selection

    files = tuple(path for path in paths if not is_below(below(path, root), output))
    if paths and not files:
        return 0
    selection = Selection(files, project=shared.project, cached=not shared.no_cache, jobs=None, part=result.part)
    return run_lint(LintOptions(selection), shared)


def _output(root: str, result: BuildResult | None) -> str:
    """The output folder of the project."""
    if result is not None and result.part is not None:
        return result.part.loaded.project.output.path
    from sailwright.project.reading import read_project
    from sailwright.source.files.checkout import Disk

    project = read_project(Disk(root)).project
    return project.output.path if project else "rendered"


def _staged(root: str, output: str) -> int:
    """1 where files below the output folder differ from git's index, which is said; else 0."""
    unstaged = _unstaged(root, output)
    if not unstaged:
        return 0
    for file in unstaged[:_SHOWN]:
        note(f"  {file}")
    if len(unstaged) > _SHOWN:
        print(f"  and {len(unstaged) - _SHOWN} more", file=sys.stderr)
    folder = os.path.normpath(os.path.join(root, output))
    note(f"sailwright: the commit lacks what was built; add it: git add {folder}")
    return 1


def _unstaged(root: str, output: str) -> list[str]:
    """The files below the output folder that differ from git's index."""
    from sailwright.runtime.git import work_tree

    tree = work_tree(root)
    asked = ("--porcelain", "-z", "--no-renames", "--untracked-files=all", "--ignore-submodules=all")
    listing = tree.run_on_files("status", *asked, "--", tree.path(output))
    entries = [entry for entry in listing.decode("utf-8", "replace").split("\0") if entry]
    return [entry[3:] for entry in entries if entry[1] != " "]


if __name__ == "__main__":
    import gc

    from sailwright.runtime.own_modules import find_own_modules_at_once
    from sailwright.runtime.streams import leave

    gc.disable()
    find_own_modules_at_once()
    leave(run(sys.argv[1:]))
