"""A folder opened by descriptor: what is done in it reaches that very folder, whatever becomes of its name meanwhile.

Inside a repository or a project no link is followed on the way to a file that is written: it may have come with a stranger's
change. Elsewhere (`/tmp`, a home) links are the user's own.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from types import TracebackType

from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

_OPEN = getattr(os, "O_PATH", os.O_RDONLY) | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_MARKS = (".git", "sailwright.yaml")
NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_BY_DESCRIPTOR = os.open in os.supports_dir_fd and os.mkdir in os.supports_dir_fd and os.rename in os.supports_dir_fd


@dataclass(frozen=True, slots=True)
class Folder:
    """An open folder. `descriptor` is None on systems that have no such calls (Windows): then names are used."""

    path: str
    descriptor: int | None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the descriptor."""
        if self.descriptor is not None:
            os.close(self.descriptor)

    def status(self, name: str) -> os.stat_result | None:
        """What is there by that name, a link itself and not its target; None where nothing is."""
        try:
            return os.stat(self._at(name), dir_fd=self.descriptor, follow_symlinks=False)
        except FileNotFoundError:
            return None

    def names(self) -> list[str]:
        """What is in the folder."""
        if self.descriptor is None:
            return os.listdir(self.path)
        again = os.open(os.curdir, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0), dir_fd=self.descriptor)
        try:
            return os.listdir(again)
        finally:
            os.close(again)

    def create(self, name: str, mode: int = 0o666) -> int:
        """The descriptor of a file that must not be there yet, made in no way through a link."""
        flags = (
            os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_LINK | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
        )
        return os.open(self._at(name), flags, mode, dir_fd=self.descriptor)

    def write_new(self, name: str, data: bytes, mode: int = 0o666) -> None:
        """Write a file that must not be there yet."""
        file = self.create(name, mode)
        try:
            write_all(file, data)
        finally:
            os.close(file)

    def open_new(self, name: str) -> Folder:
        """Make a folder for this user alone, and open it."""
        os.mkdir(self._at(name), 0o700, dir_fd=self.descriptor)
        return self.open_below(name)

    def open_below(self, name: str) -> Folder:
        """Open a folder in this one. Raises Failure where it is a link."""
        path = os.path.join(self.path, name)
        if self.descriptor is None:
            self._refuse_link(name)
            return Folder(path, None)
        try:
            return Folder(path, os.open(name, _OPEN | NO_LINK, dir_fd=self.descriptor))
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.ENOTDIR):
                self._refuse_link(name)
            error.filename = path
            raise

    def _refuse_link(self, name: str) -> None:
        status = self.status(name)
        if status is not None and stat.S_ISLNK(status.st_mode):
            where = os.path.join(self.path, name)
            raise Failure(f"{where}: this is a link, and nothing is written through links here; remove it", 3)

    def make(self, name: str) -> bool:
        """Make a folder; whether it was not there yet."""
        try:
            os.mkdir(self._at(name), dir_fd=self.descriptor)
        except FileExistsError:
            return False
        return True

    def move(self, name: str, to: Folder, new: str) -> None:
        """Put a file in the place of whatever file is there, in one step."""
        os.replace(self._at(name), to._at(new), src_dir_fd=self.descriptor, dst_dir_fd=to.descriptor)

    def name_too(self, name: str, new: str) -> None:
        """Give a file a second name; FileExistsError where that is taken."""
        os.link(
            self._at(name), self._at(new), src_dir_fd=self.descriptor, dst_dir_fd=self.descriptor, follow_symlinks=False
        )

    def permit(self, name: str, mode: int) -> None:
        """Set the permissions of a file that `write_new` made."""
        os.chmod(self._at(name), mode, dir_fd=self.descriptor)

    def remove(self, name: str) -> None:
        """Remove a file, or a link itself."""
        os.unlink(self._at(name), dir_fd=self.descriptor)

    def remove_tree(self, name: str) -> None:
        """Remove a folder with all there is in it; links are removed, never followed. One that is not there is no fault."""
        status = self.status(name)
        if status is None:
            return
        if not stat.S_ISDIR(status.st_mode):
            where = os.path.join(self.path, name)
            raise Failure(f"{where}: a folder of sailwright's belongs here, and this is none; remove it", 3)
        with suppress(OSError):  # it is empty where all went well
            os.rmdir(self._at(name), dir_fd=self.descriptor)
            return
        import shutil

        shutil.rmtree(self._at(name), ignore_errors=True, dir_fd=self.descriptor)

    def _at(self, name: str) -> str:
        return name if self.descriptor is not None else os.path.join(self.path, name)


def write_all(file: int, data: bytes) -> None:
    """Write all bytes to an open file: the system may take a part at a time."""
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]


def open_folder(path: str, made: list[str] | None = None) -> Folder:
    """Open a folder to write in it. With `made`, folders that are missing are made and noted there.

    Raises Failure for a link that is not followed (see above), OSError for the rest.
    """
    absolute = os.path.abspath(path or ".")
    start = _followed(absolute)
    top = Folder(path if start == absolute else start, os.open(start, _OPEN) if _BY_DESCRIPTOR else None)
    if start == absolute:
        return top
    with top:
        return open_within(top, os.path.relpath(absolute, start), made)


def open_within(top: Folder, path: str, made: list[str] | None = None) -> Folder:
    """Open a folder below an open one, no link followed; an empty path opens the folder itself once more."""
    here, opened = top, False
    for name in path.split(os.sep) if path else (os.curdir,):
        try:
            if made is not None and here.make(name):
                made.append(os.path.join(here.path, name))
            below = here.open_below(name)
        finally:
            if opened:
                here.close()
        here, opened = below, True
    return here


def _followed(absolute: str) -> str:
    """How far links are followed on the way: down to the outermost repository or project, else to the last folder there is."""
    ways = [absolute]
    while (above := os.path.dirname(ways[-1])) != ways[-1]:
        ways.append(above)
    for folder in reversed(ways):
        if any(os.path.lexists(os.path.join(folder, mark)) for mark in _MARKS):
            return folder
    return next(folder for folder in ways if os.path.isdir(folder))
