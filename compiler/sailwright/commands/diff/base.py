"""The commit to compare with, and the text that changed since: read with git, the work tree untouched."""

from __future__ import annotations

from sailwright.runtime.errors import Failure
from sailwright.runtime.git import WorkTree, work_tree
from sailwright.runtime.records import dataclass
from sailwright.source.files.checkout import resolve_commit


def base_commit(root: str, ref: str | None) -> str:
    """The object name of the base: `ref`, else where this branch left the remote's default branch.

    Raises Failure (status 2) with the command that fetches what is missing.
    """
    if ref is not None:
        return resolve_commit(root, ref)
    tree = work_tree(root)
    default = _default_branch(tree)
    try:
        return tree.run("merge-base", "HEAD", default).decode().strip()
    except Failure as failure:
        if failure.no_answer:
            raise
        remote, _, branch = default.partition("/")
        raise Failure(
            f"HEAD and {default} have no common commit here: git fetch --unshallow {remote} {branch}, or name one with --base"
        ) from None


def _default_branch(tree: WorkTree) -> str:
    remotes = tree.run("remote").decode("utf-8", "replace").split()
    remote = remotes[0] if remotes and "origin" not in remotes else "origin"
    for name in (f"{remote}/HEAD", f"{remote}/main", f"{remote}/master"):
        try:
            tree.run("rev-parse", "--verify", "--quiet", f"refs/remotes/{name}^{{commit}}")
        except Failure as failure:
            if failure.no_answer:
                raise
            continue
        return name
    if not remotes:
        raise Failure("this repository has no remote: name the commit to compare with: --base REF")
    raise Failure(
        f"the remote's default branch is not known here: git fetch {remote} main, or name a commit with --base"
    )


@dataclass(frozen=True, slots=True)
class FileChange:
    """A rendered file that differs from the base: lines added and removed, and git's unified diff."""

    file: str
    added: int
    removed: int
    diff: str


def changed_files(root: str, commit: str, folder: str) -> tuple[FileChange, ...]:
    """The files below `folder` (relative to the project) that differ between a commit and the work tree."""
    tree = work_tree(root)
    relative = f"--relative={tree.inside}" if tree.inside else "--relative"
    arguments = (*_PLAIN_DIFF, relative, commit, "--", tree.path(folder))
    counts = tree.run_on_files("diff", "--numstat", "-z", *arguments).decode("utf-8", "replace")
    patches = _patches(tree.run_on_files("diff", *arguments).decode("utf-8", "replace"))
    found = []
    for entry in counts.split("\0"):
        added, _, rest = entry.partition("\t")
        removed, _, file = rest.partition("\t")
        if file:
            found.append(FileChange(file, _number(added), _number(removed), patches.get(file, "")))
    return tuple(found)


_PLAIN_DIFF = (
    "--no-ext-diff", "--no-textconv", "--no-color", "--no-renames", "--ignore-submodules=all",
    "--src-prefix=a/", "--dst-prefix=b/",
)  # fmt: skip
"""No program of the repository's settings, and the same text whatever the user's settings say."""


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
