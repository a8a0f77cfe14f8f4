"""The files that kustomizations name: those of the run as they were read, others from disk, each read once."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from sailwright.runtime.errors import Failure
from sailwright.source.files.files import read
from sailwright.source.kustomize import Kustomization
from sailwright.source.source import MANIFEST_LIMIT, Document, Source, parse

_SECONDS = 30.0
"""For all builds of a run by a program."""


class Files:
    """`by_file` are the sources of the run by their real paths, `names` what it calls others. kustomize reads no file outside the folder that names it, save a
    base in a folder of its own.
    """

    def __init__(self, by_file: Mapping[str, Source], names: Mapping[str, str] | None = None) -> None:
        self._by_file = by_file
        self._names = names or {}
        self._read: dict[str, Source | None] = {}
        self.seen: dict[str, Source] = {}
        """Every file that a place may be in, by what the run calls it."""
        self.seconds = _SECONDS
        """What is left for programs that build."""

    def read(self, path: str) -> Source | None:
        """A file of objects; None where there is none."""
        real = os.path.realpath(path)
        found = self._by_file.get(real)
        if found is None:
            if real not in self._read:
                self._read[real] = self._from_disk(real)
            found = self._read[real]
        return self._noted(found) if found else None

    def known(self, real: str) -> Source | None:
        """A file that was read from disk already."""
        return self._read.get(real)

    def document(self, kustomization: Kustomization) -> Document:
        """The document of a kustomization, called what the run calls its file."""
        document = kustomization.document
        shown = self._shown(document.source.path)
        if shown == document.source.path:
            return document
        source = self._noted(Source(shown, document.source.content, document.source.dialect))
        return Document(source, document.index, document.value)

    def _noted(self, source: Source) -> Source:
        self.seen.setdefault(source.path, source)
        return source

    def source_in(self, folder: str) -> Callable[[str], Source | None]:
        """Reads the patches that a folder's kustomization names."""

        def source(name: str) -> Source | None:
            data = self.bytes_in(folder)(name)
            if data is None or len(data) > MANIFEST_LIMIT:
                return None
            return self._noted(parse(self._shown(os.path.realpath(os.path.join(folder, name))), data, "manifest"))

        return source

    def bytes_in(self, folder: str) -> Callable[[str], bytes | None]:
        """Reads the files that a folder's kustomization names, none outside the folder."""

        def content(name: str) -> bytes | None:
            real = os.path.realpath(os.path.join(folder, name))
            if not real.startswith(folder + os.sep) or not os.path.isfile(real):
                return None
            try:
                with open(real, "rb") as file:
                    return file.read(MANIFEST_LIMIT + 1)
            except OSError:
                return None

        return content

    def _from_disk(self, real: str) -> Source | None:
        if not os.path.isfile(real):
            return None
        try:
            return read(real, self._shown(real))
        except Failure:
            return None

    def _shown(self, real: str) -> str:
        found = self._by_file.get(real)
        return found.path if found else self._names.get(real) or os.path.relpath(real)
