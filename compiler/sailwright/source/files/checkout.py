"""The files of a repository by their path: those on disk, or those of a commit. The compiler reads nothing in any other way.

Paths that come from the repository's own content stay inside it, and links that leave it are refused.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import Protocol

from sailwright.runtime.errors import Failure
from sailwright.runtime.git import WorkTree, repository_of, work_tree
from sailwright.runtime.records import dataclass, field
from sailwright.source.files.discovery import PROJECT_FILE
from sailwright.source.files.patterns import compiled, expand, fixed_folder
from sailwright.source.files.private import private_reason
from sailwright.source.files.real_paths import RealPaths
from sailwright.source.files.regular import Unreadable as Unreadable
from sailwright.source.files.regular import read_regular, too_large


class Checkout(Protocol):
    """The files below `root`, the folder of a project's sailwright.yaml. Paths are relative to it and use `/`."""

    @property
    def root(self) -> str:
        """The project folder on disk."""

    def shown(self, path: str) -> str:
        """What messages call a file: its path from the folder the user stands in."""

    def read(self, path: str, limit: int) -> bytes | Unreadable:
        """The bytes of a file of at most `limit` bytes."""

    def holds(self, path: str) -> bool:
        """Whether a path stays inside the repository, links followed."""

    def glob(self, pattern: str) -> tuple[str, ...]:
        """The files a pattern names (`*` within a name, `**` for any depth), sorted; folders with their own project file,
        hidden folders and links to folders are not entered."""


@dataclass(frozen=True)
class Disk:
    """The files as they stand on disk."""

    root: str

    def shown(self, path: str) -> str:
        return _shown(self.root, path)

    @cached_property
    def _repository(self) -> str:
        """The folder that content may not leave: the git repository around the project, else the project itself."""
        return repository_of(self.root) or os.path.realpath(self.root)

    @cached_property
    def _real_paths(self) -> RealPaths:
        """The folders, which are the same for many files."""
        return RealPaths()

    def read(self, path: str, limit: int) -> bytes | Unreadable:
        if os.path.isabs(path) or "\0" in path:
            return Unreadable("an absolute path; write it relative to the project file")
        where = os.path.join(self.root, path)
        try:
            real = self._real_paths.now(where)
            if not self._inside(real):
                return Unreadable("it leads out of the repository; keep files and links inside it")
            if reason := private_reason(self.root, path, real, self._repository):
                return Unreadable(reason)
            return read_regular(where, limit)
        except OSError as error:
            return Unreadable(error.strerror or str(error))

    def holds(self, path: str) -> bool:
        return self._inside(os.path.realpath(os.path.join(self.root, path)))

    def _inside(self, real: str) -> bool:
        return real.startswith(self._repository.rstrip("/") + "/")

    def glob(self, pattern: str) -> tuple[str, ...]:
        return self.glob_noting(pattern, None)

    def glob_noting(self, pattern: str, visited: dict[str, bytes] | None) -> tuple[str, ...]:
        """As `glob`; `visited` gathers the folders that were looked into, as `expand` notes them."""
        if ("*" in pattern or "?" in pattern) and not self.holds(f"{fixed_folder(pattern)}any"):
            return ()  # no pattern of a stranger's makes us walk the whole machine
        return tuple(sorted(expand(self.root, pattern, visited)))


@dataclass(frozen=True)
class Edited:
    """A checkout with one file as an editor has it, saved or not."""

    below: Checkout
    path: str
    data: bytes = field(repr=False)

    @property
    def root(self) -> str:
        return self.below.root

    def shown(self, path: str) -> str:
        return self.below.shown(path)

    def read(self, path: str, limit: int) -> bytes | Unreadable:
        if os.path.normpath(path) != self.path:
            return self.below.read(path, limit)
        return self.data if len(self.data) <= limit else Unreadable(too_large(len(self.data), limit))

    def holds(self, path: str) -> bool:
        return self.below.holds(path)

    def glob(self, pattern: str) -> tuple[str, ...]:
        found = self.below.glob(pattern)
        new = self.path not in found and compiled(pattern).fullmatch(self.path)
        return tuple(sorted((*found, self.path))) if new else found


def _shown(root: str, path: str) -> str:
    return path if root in ("", ".") else os.path.normpath(os.path.join(root, path))


@dataclass(frozen=True)
class Commit:
    """The files of a commit, read with git and never checked out. `commit` is an object name (`resolve_commit`)."""

    root: str
    commit: str
    _blobs: dict[str, bytes] = field(default_factory=dict, repr=False, compare=False)

    def shown(self, path: str) -> str:
        return _shown(self.root, path)

    @cached_property
    def _tree(self) -> WorkTree:
        return work_tree(self.root)

    @cached_property
    def _entries(self) -> dict[str, tuple[str, str]]:
        """Path below `root` to (mode, object name). The project's folder may not be there yet: then it had no files."""
        inside = self._tree.inside
        below = ("--", inside) if inside else ()
        listing = self._tree.run("ls-tree", "-r", "-z", "--full-tree", self.commit, *below)
        entries = (entry.partition("\t") for entry in listing.decode("utf-8", "surrogateescape").split("\0") if entry)
        return {
            path[len(inside) :]: (head.split(" ")[0], head.split(" ")[2])
            for head, _, path in entries
            if path.startswith(inside)
        }

    @cached_property
    def _nested(self) -> tuple[str, ...]:
        """Folders that are projects of their own."""
        return tuple(path[: -len(PROJECT_FILE)] for path in self._entries if path.endswith("/" + PROJECT_FILE))

    def read(self, path: str, limit: int) -> bytes | Unreadable:
        path = os.path.normpath(path)
        mode, _ = self._entries.get(path, ("", ""))
        if not mode:
            return Unreadable(f"No such file in commit {self.commit[:12]}")
        if mode == _LINK:
            return self._linked(path, limit)
        if mode not in _FILES:
            return Unreadable("a submodule, no file")
        self._fetch((path,))
        data = self._blobs[path]
        return data if len(data) <= limit else Unreadable(too_large(len(data), limit))

    def _linked(self, path: str, limit: int) -> bytes | Unreadable:
        """What a link leads to, where that is a file below the project; a link to a link is not followed."""
        target = self.link(path) or ""
        there = os.path.normpath(os.path.join(os.path.dirname(path), target))
        if os.path.isabs(target) or self._entries.get(there, ("", ""))[0] not in _FILES:
            return Unreadable("a link; of a commit only those to files of the project are followed")
        return self.read(there, limit)

    @cached_property
    def tree(self) -> str:
        """The object name of the commit's tree below `root`: the same for all commits with the same files there; empty where it has none."""
        inside = self._tree.inside.rstrip("/")
        if inside and not self.paths:
            return ""
        name = f"{self.commit}:{inside}" if inside else f"{self.commit}^{{tree}}"
        return self._tree.run("rev-parse", "--verify", "--quiet", "--end-of-options", name).decode().strip()

    @property
    def paths(self) -> AbstractSet[str]:
        """The paths of everything in the commit below `root`: files, links and submodules."""
        return self._entries.keys()

    def link(self, path: str) -> str | None:
        """Where a symbolic link leads; None for what is none."""
        if self._entries.get(path, ("", ""))[0] != _LINK:
            return None
        self._fetch((path,))
        return self._blobs[path].decode("utf-8", "surrogateescape")

    def holds(self, path: str) -> bool:
        return Disk(self.root).holds(path)

    def glob(self, pattern: str) -> tuple[str, ...]:
        found = self.named(pattern)
        self._fetch(found)
        return found

    def named(self, pattern: str) -> tuple[str, ...]:
        """The files that a pattern names, as `glob` gives them, where nobody is about to read them."""
        wanted = compiled(pattern)
        return tuple(
            path
            for path, (mode, _) in sorted(self._entries.items())
            if mode in _FILES and wanted.fullmatch(path) and not path.startswith(self._nested)
        )

    def forget(self) -> None:
        """Let go of what was read."""
        self._blobs.clear()

    def fetch(self, paths: Iterable[str]) -> None:
        """Read those of these files that are there with one process, ahead of `read`."""
        self._fetch(tuple(path for path in paths if self._entries.get(path, ("", ""))[0] in _FILES))

    def _fetch(self, paths: tuple[str, ...]) -> None:
        """Read many files with one process: `git cat-file` answers each name with a head line, the bytes, a line feed."""
        missing = [path for path in paths if path not in self._blobs]
        if not missing:
            return
        names = "".join(f"{self._entries[path][1]}\n" for path in missing)
        try:
            answer = self._tree.run("cat-file", "--batch", given=names.encode())
        except Failure as failure:
            if failure.no_answer:
                raise
            # git would fetch what a partial clone lacks, which it must not
            raise Failure(f"files of commit {self.commit[:12]} are not in this clone: {_REFETCH}", 3) from None
        start = 0
        for path in missing:
            head = answer.index(b"\n", start) + 1
            kind, _, size_text = answer[start:head].strip().partition(b" ")[2].partition(b" ")
            if kind != b"blob":
                raise Failure(f"{path} of commit {self.commit[:12]} is not in this clone: {_REFETCH}", 3)
            size = int(size_text)
            self._blobs[path] = answer[head : head + size]
            start = head + size + 1


_LINK = "120000"
_FILES = ("100644", "100755", "100664")
"""The modes git gives a symbolic link, and files (the last one in old repositories)."""


_REFETCH = "git fetch --refetch --no-filter brings what a partial clone left out"


def resolve_commit(root: str, ref: str) -> str:
    """The object name of the commit that `ref` names; Failure where git knows none."""
    tree = work_tree(root)
    try:
        found = tree.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    except Failure as failure:
        if failure.no_answer:
            raise
        raise Failure(f"{ref}: git knows no such commit here: {_fetching(root, ref)}") from None
    return found.decode().strip()


def _has_commits(tree: WorkTree) -> bool:
    try:
        tree.run("rev-parse", "--verify", "--quiet", "HEAD")
    except Failure:
        return False
    return True


def _fetching(root: str, ref: str) -> str:
    """What to do about a commit that is not here: the ref that was meant, or the command that brings it."""
    from sailwright.diagnostics.suggestions import one_edit_keys

    tree = work_tree(root)
    remotes = tree.run("remote").decode("utf-8", "replace").split()
    refs = tree.run("for-each-ref", "--format=%(refname:short)").decode("utf-8", "replace").splitlines()
    if near := next((name for name in refs if one_edit_keys(name) & one_edit_keys(ref)), ""):
        return f"did you mean `{near}`?"
    if not refs and not _has_commits(tree):
        return "this repository has no commit yet: make the first one"
    if not remotes:
        last = ref.rpartition("/")[2]
        others = {"master": "main", "main": "master"}
        if near := next((name for name in (last, others.get(last, "")) if name in refs and name != ref), ""):
            return f"did you mean `{near}`? The repository has no remote"
        return "name a commit of this repository; it has no remote to fetch from"
    remote, _, branch = ref.partition("/") if ref.partition("/")[0] in remotes else (remotes[0], "", ref)
    if any(sign in ref for sign in "~^@"):  # an ancestor such as HEAD~1 has no name that a remote knows
        return f"git fetch --unshallow {remote}, where the clone is shallow"
    return f"git fetch {remote} {branch}"
