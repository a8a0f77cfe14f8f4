"""The commit to compare with, and the text that changed since: read with git, the work tree untouched."""

from __future__ import annotations

from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass
from sailwright.source.files.checkout import git, resolve_commit


def base_commit(root: str, ref: str | None) -> str:
    """The object name of the base: `ref`, else where this branch left the remote's default branch.

    Raises Failure (status 2) with the command that fetches what is missing.
    """
    if ref is not None:
        return resolve_commit(root, ref)
    default = _default_branch(root)
    try:
        return git(root, "merge-base", "HEAD", default).decode().strip()
    except Failure:
        branch = default.removeprefix("origin/")
        raise Failure(
            f"HEAD and {default} have no common commit here: git fetch --unshallow origin {branch}, or name one with --base"
        ) from None


def _default_branch(root: str) -> str:
    for name in ("origin/HEAD", "origin/main", "origin/master"):
        try:
            git(root, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        except Failure:
            continue
        return name
    raise Failure("the remote's default branch is not known here: git fetch origin main, or name a commit with --base")


@dataclass(frozen=True, slots=True)
class FileChange:
    """A rendered file that differs from the base: lines added and removed, and git's unified diff."""

    file: str
    added: int
    removed: int
    diff: str


def changed_files(root: str, commit: str, folder: str) -> tuple[FileChange, ...]:
    """The files below `folder` (relative to the project) that differ between a commit and the work tree."""
    arguments = ("--no-ext-diff", "--no-textconv", "--no-color", "--no-renames", "--relative", commit, "--", folder)
    counts = git(root, "diff", "--numstat", "-z", *arguments).decode("utf-8", "replace")
    patches = _patches(git(root, "diff", *arguments).decode("utf-8", "replace"))
    found = []
    for entry in counts.split("\0"):
        added, _, rest = entry.partition("\t")
        removed, _, file = rest.partition("\t")
        if file:
            found.append(FileChange(file, _number(added), _number(removed), patches.get(file, "")))
    return tuple(found)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _patches(diff: str) -> dict[str, str]:
    """git's output cut into one patch a file, by the file's name."""
    patches: dict[str, str] = {}
    for part in ("\n" + diff).split("\ndiff --git ")[1:]:
        head, _, body = part.partition("\n")
        _, _, name = head.rpartition(" b/")
        patches[name] = body[body.find("--- ") :] if "--- " in body else body
    return patches
