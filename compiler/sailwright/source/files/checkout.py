"""The files of a repository by their path: those on disk, or those of a commit. The compiler reads nothing in any other way.

Paths that come from the repository's own content stay inside it, and links that leave it are refused.
"""

from __future__ import annotations

import os
import stat
from functools import cached_property
from typing import Protocol

from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass, field
from sailwright.source.files.files import PROJECT_FILE
from sailwright.source.files.patterns import compiled, expand, fixed_folder


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a path gives no bytes, said so that it can follow the path and a colon."""

    reason: str


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
        folder = real = os.path.realpath(self.root)
        while not os.path.exists(os.path.join(folder, ".git")):
            parent = os.path.dirname(folder)
            if parent == folder:
                return real
            folder = parent
        return folder

    def read(self, path: str, limit: int) -> bytes | Unreadable:
        if os.path.isabs(path) or "\0" in path:
            return Unreadable("an absolute path; write it relative to the project file")
        where = os.path.join(self.root, path)
        try:
            if not self._inside(os.path.realpath(where)):
                return Unreadable("it leads out of the repository; keep files and links inside it")
            return _read(where, limit)
        except OSError as error:
            return Unreadable(error.strerror or str(error))

    def holds(self, path: str) -> bool:
        return self._inside(os.path.realpath(os.path.join(self.root, path)))

    def _inside(self, real: str) -> bool:
        return real.startswith(self._repository.rstrip("/") + "/")

    def glob(self, pattern: str) -> tuple[str, ...]:
        if ("*" in pattern or "?" in pattern) and not self.holds(f"{fixed_folder(pattern)}any"):
            return ()  # no pattern of a stranger's makes us walk the whole machine
        return tuple(sorted(expand(self.root, pattern)))


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
        return self.data if len(self.data) <= limit else Unreadable(_too_large(len(self.data), limit))

    def holds(self, path: str) -> bool:
        return self.below.holds(path)

    def glob(self, pattern: str) -> tuple[str, ...]:
        found = self.below.glob(pattern)
        new = self.path not in found and compiled(pattern).fullmatch(self.path)
        return tuple(sorted((*found, self.path))) if new else found


def _shown(root: str, path: str) -> str:
    return path if root in ("", ".") else os.path.normpath(os.path.join(root, path))


def _read(where: str, limit: int) -> bytes | Unreadable:
    file = os.open(where, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # a pipe must not make us wait for ever
    try:
        status = os.fstat(file)
        if not stat.S_ISREG(status.st_mode):
            return Unreadable("not a regular file")
        if status.st_size > limit:
            return Unreadable(_too_large(status.st_size, limit))
        data = b""
        while chunk := os.read(file, max(status.st_size - len(data), 1)):
            data += chunk
        return data
    finally:
        os.close(file)


@dataclass(frozen=True)
class Commit:
    """The files of a commit, read with git and never checked out. `commit` is an object name (`resolve_commit`)."""

    root: str
    commit: str
    _blobs: dict[str, bytes] = field(default_factory=dict, repr=False, compare=False)

    def shown(self, path: str) -> str:
        return _shown(self.root, path)

    @cached_property
    def _entries(self) -> dict[str, tuple[str, str]]:
        """Path below `root` to (mode, object name)."""
        listing = git(self.root, "ls-tree", "-r", "-z", f"{self.commit}:./").decode("utf-8", "surrogateescape")
        entries = (entry.partition("\t") for entry in listing.split("\0") if entry)
        return {path: (head.split(" ")[0], head.split(" ")[2]) for head, _, path in entries}

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
            return Unreadable("a link; the links of a commit are not followed")
        self._fetch((path,))
        data = self._blobs[path]
        return data if len(data) <= limit else Unreadable(_too_large(len(data), limit))

    def holds(self, path: str) -> bool:
        return Disk(self.root).holds(path)

    def glob(self, pattern: str) -> tuple[str, ...]:
        wanted = compiled(pattern)
        found = tuple(
            path
            for path, (mode, _) in sorted(self._entries.items())
            if mode != _LINK and wanted.fullmatch(path) and not path.startswith(self._nested)
        )
        self._fetch(found)
        return found

    def _fetch(self, paths: tuple[str, ...]) -> None:
        """Read many files with one process: `git cat-file` answers each name with a head line, the bytes, a line feed."""
        missing = [path for path in paths if path not in self._blobs]
        if not missing:
            return
        names = "".join(f"{self._entries[path][1]}\n" for path in missing)
        answer = git(self.root, "cat-file", "--batch", given=names.encode())
        start = 0
        for path in missing:
            head = answer.index(b"\n", start) + 1
            size = int(answer[start:head].split(b" ")[2])
            self._blobs[path] = answer[head : head + size]
            start = head + size + 1


_LINK = "120000"
"""The mode git gives a symbolic link."""


def resolve_commit(root: str, ref: str) -> str:
    """The object name of the commit that `ref` names; Failure where git knows none."""
    try:
        found = git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    except Failure:
        raise Failure(f"{ref}: git knows no such commit here: {_fetching(ref)}") from None
    return found.decode().strip()


def _fetching(ref: str) -> str:
    """The command that brings a commit: an ancestor such as HEAD~1 has no name that a remote knows."""
    if any(sign in ref for sign in "~^@"):
        return "git fetch --unshallow origin, where the clone is shallow"
    return f"git fetch origin {ref.removeprefix('origin/')}"


def git(root: str, *arguments: str, given: bytes = b"") -> bytes:
    """Run git in the project folder; Failure in one line where it is absent, hangs or refuses."""
    import subprocess

    try:
        done = subprocess.run(
            ("git", "-C", root, *arguments), input=given, capture_output=True, timeout=_PATIENCE, check=False
        )
    except FileNotFoundError:
        raise Failure("git is not installed; it is needed to read another commit", 3) from None
    except subprocess.TimeoutExpired:
        raise Failure(f"git {arguments[0]} did not end within {_PATIENCE} seconds", 3) from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise Failure(f"git {arguments[0]}: {said[0] if said else 'failed'}", 3)
    return done.stdout


_PATIENCE = 60
"""Seconds for one git command."""


def _too_large(size: int, limit: int) -> str:
    return f"the file has {size:,} bytes and the limit is {limit:,}; split it"
