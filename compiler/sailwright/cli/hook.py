"""The pre-commit hook `sailwright-build`: build, then fail where the commit would lack what was built.

Run as `sailwright-hook [build's arguments]`.
"""

from __future__ import annotations

import sys

_SHOWN = 10
"""Files that are named; the rest are counted."""


def run(arguments: list[str]) -> int:
    """Build, and compare what stands in the output folder with what is staged; the exit status."""
    from sailwright.cli import main
    from sailwright.cli.notes import note

    status = main(["build", *arguments])
    if status:
        return status
    folder, unstaged = _unstaged()
    if not unstaged:
        return 0
    for file in unstaged[:_SHOWN]:
        note(f"  {file}")
    if len(unstaged) > _SHOWN:
        print(f"  and {len(unstaged) - _SHOWN} more", file=sys.stderr)
    note(f"sailwright: the commit lacks what was built; add it: git add {folder}")
    return 1


def _unstaged() -> tuple[str, list[str]]:
    """The output folder, seen from here, and its files that differ from git's index."""
    import os

    from sailwright.project.reading import read_project
    from sailwright.runtime.git import work_tree
    from sailwright.source.files.checkout import Disk
    from sailwright.source.files.discovery import need_project

    root = need_project(None)
    project = read_project(Disk(root)).project
    output = project.output.path if project else "rendered"
    tree = work_tree(root)
    asked = ("--porcelain", "-z", "--no-renames", "--untracked-files=all", "--ignore-submodules=all")
    listing = tree.run_on_files("status", *asked, "--", tree.path(output))
    entries = [entry for entry in listing.decode("utf-8", "replace").split("\0") if entry]
    return os.path.normpath(os.path.join(root, output)), [entry[3:] for entry in entries if entry[1] != " "]


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
