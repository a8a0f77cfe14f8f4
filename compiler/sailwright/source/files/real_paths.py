"""The real paths of many files: each folder's is worked out once, for resolving every part of every path costs as much as reading."""

from __future__ import annotations

import os

_DEEP = 100
"""Folders above a file from which on its path is resolved as a whole: each of them takes a call of its own."""


class RealPaths:
    """Real paths, as `os.path.realpath` gives them, of files that lie in few folders."""

    def __init__(self) -> None:
        self._folders: dict[str, str] = {}
        self._files: dict[str, str] = {}

    def of(self, path: str) -> str:
        """The real path of a file or folder."""
        found = self._files.get(path)
        if found is None:
            found = self._files[path] = self.now(path)
        return found

    def now(self, path: str) -> str:
        """The same, but that the file itself is looked at anew; its folders are as they were."""
        folder, name = os.path.split(path)
        if name in ("", os.curdir, os.pardir) or os.path.islink(path) or path.count("/") > _DEEP:
            return os.path.realpath(path)
        return os.path.join(self.folder(folder), name)

    def folder(self, folder: str) -> str:
        """The real path of a folder."""
        if folder not in self._folders:
            self._folders[folder] = self.now(folder)
        return self._folders[folder]
