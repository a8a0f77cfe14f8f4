"""Files of a project that are the same as in the last run: only those of which something is shown are read again."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping

from sailwright.source.files.checkout import Checkout
from sailwright.source.files.files import recognised
from sailwright.source.scalars import Dialect
from sailwright.source.source import MANIFEST_LIMIT, Document, Source, parse


def with_stubs(
    root: str,
    files: Mapping[str, tuple[Dialect, int]],
    shown: Collection[str],
    aside: Checkout | None = None,
) -> tuple[Source, ...]:
    """The files, each given with its dialect and the number of its documents; those that are not `shown` are not read.

    Those of `aside` are read in the place of those on disk.
    """
    return tuple(
        source_of(root, path, dialect, aside) if path in shown else _stub(path, dialect, count)
        for path, (dialect, count) in files.items()
    )


def with_text(root: str, sources: Iterable[Source], named: Collection[str]) -> tuple[Source, ...]:
    """The files; those of them that findings name are read, where they are not there with their text."""
    return tuple(
        each if each.data or each.path not in named else source_of(root, each.path, each.dialect) for each in sources
    )


def source_of(root: str, path: str, dialect: Dialect, aside: Checkout | None = None) -> Source:
    """A file of the project, read again: it is the same."""
    data = aside.read(path, MANIFEST_LIMIT) if aside is not None else None
    if not isinstance(data, bytes):
        with open(os.path.join(root, path), "rb") as file:
            data = file.read(MANIFEST_LIMIT + 1)
    if dialect == "service":
        return parse(path, data, "service")
    return recognised(parse(path, data, "manifest"), os.path.join(root, path))


def _stub(path: str, dialect: Dialect, documents: int) -> Source:
    """A file of which nothing is shown, so that nobody need read it."""
    source = Source(path, b"", dialect)
    object.__setattr__(source, "documents", tuple(Document(source, index, None) for index in range(documents)))
    return source
