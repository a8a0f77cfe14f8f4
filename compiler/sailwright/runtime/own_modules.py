"""Modules of this program are found where they must lie, and their bytecode is loaded as it is.

A run imports hundreds of modules. Python looks for each in ways that are for anybody's modules, which takes half as long again as to
load it. Whatever is out of the ordinary here (no bytecode yet, a source that is newer, other kinds of modules) is left to Python.
"""

from __future__ import annotations

import marshal
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any

_OURS = ("sailwright.", "sailwright_policies.")
_HEAD = 16
"""Bytes before the code: a number of Python's version, flags, and the date and size of the source (PEP 552)."""


def find_own_modules_at_once() -> None:
    """From now on, for modules that were not imported yet."""
    if sys.flags.optimize or sys.pycache_prefix or sys.implementation.cache_tag is None:
        return
    from importlib.util import MAGIC_NUMBER

    sys.meta_path.insert(0, _Finder(MAGIC_NUMBER + bytes(4), f".{sys.implementation.cache_tag}.pyc"))


class _Finder:
    """Looks for a module, or for a package, in the folder of its parent."""

    def __init__(self, head: bytes, ending: str) -> None:
        self._head, self._ending = head, ending
        self._spec = type(sys.__spec__)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Where a module of ours is; None where Python has to look for it."""
        if not name.startswith(_OURS) or not path:
            return None
        folder, last = path[0], name.rpartition(".")[2]
        return self._of(name, folder, last) or self._of(name, f"{folder}/{last}", "__init__")

    def _of(self, name: str, folder: str, file: str) -> ModuleSpec | None:
        source, kept = f"{folder}/{file}.py", f"{folder}/__pycache__/{file}{self._ending}"
        try:
            status = os.stat(source)
            data = _read(kept)
        except OSError:
            return None
        date, size = int(status.st_mtime) & 0xFFFFFFFF, status.st_size & 0xFFFFFFFF
        if data[:_HEAD] != self._head + date.to_bytes(4, "little") + size.to_bytes(4, "little"):
            return None
        loader: Any = _Loader(name, source, data)
        spec = self._spec(name, loader, origin=source, is_package=file == "__init__")
        spec.cached, spec.has_location = kept, True
        if spec.submodule_search_locations is not None:
            spec.submodule_search_locations.append(folder)
        return spec


def _read(path: str) -> bytes:
    file = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    try:
        return os.read(file, os.fstat(file).st_size)
    finally:
        os.close(file)


class _Loader:
    """Python's own loader, but that the bytecode is there already."""

    def __init__(self, name: str, source: str, data: bytes) -> None:
        self.name, self.path, self._data = name, source, data

    def create_module(self, _spec: ModuleSpec) -> None:
        """Python makes the module."""

    def exec_module(self, module: ModuleType) -> None:
        """Run its code."""
        exec(marshal.loads(memoryview(self._data)[_HEAD:]), module.__dict__)  # noqa: S102, S302  # as Python does

    def __getattr__(self, name: str) -> Any:
        from importlib.machinery import SourceFileLoader

        return getattr(SourceFileLoader(self.name, self.path), name)
