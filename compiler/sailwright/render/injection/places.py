"""What a project says of Istio in each of its namespaces, remembered: to read a project takes longer than to inject a file.

An entry of the cache is named by the digest of sailwright.yaml, and holds the digests of the files that it names besides: as
long as none of them changes, the answer cannot change either.
"""

from __future__ import annotations

import hashlib
import marshal
import os.path
from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.render.injection_settings import Said, said
from sailwright.runtime.cache import Cache
from sailwright.runtime.errors import Failure
from sailwright.source.files.files import PROJECT_FILE

_KIND = "istio"
_FILES = ("values", "meshConfig")


def istio_by_namespace(folder: str, cache: Cache) -> Mapping[str, Said]:
    """What holds in each namespace that the project declares; the empty name stands for all others.

    Raises Failure where the project file is at fault.
    """
    key = _digest(os.path.join(folder, PROJECT_FILE))
    return _remembered(folder, cache, key) or _read(folder, cache, key)


def _read(folder: str, cache: Cache, key: str) -> Mapping[str, Said]:
    from sailwright.project import read_project
    from sailwright.project.service import Target
    from sailwright.source.files.checkout import Disk

    reading = read_project(Disk(folder))
    if reading.project is None:
        first = next(finding for finding in reading.findings if finding.severity == "error")
        raise Failure(f"{first.location.file}:{first.location.line}: {first.message}")
    project = reading.project
    places = {name: said(project.istio_for(Target(), name)) for name in ("", *project.namespaces)}
    named = {name: _digest(os.path.join(folder, name)) for name in _named_files(project.document.value)}
    cache.store(_KIND, key, marshal.dumps((named, places)))
    return places


def _remembered(folder: str, cache: Cache, key: str) -> Mapping[str, Said] | None:
    data = cache.load(_KIND, key)
    if data is None:
        return None
    try:
        named, places = marshal.loads(data)  # noqa: S302  # the user's own cache folder, which only the user may write
    except (ValueError, EOFError, TypeError):
        return None
    unchanged = all(_digest(os.path.join(folder, name)) == digest for name, digest in named.items())
    return places if unchanged else None


def _named_files(tree: Mapping[str, Any]) -> Iterator[str]:
    for place in (tree, *(tree.get("namespaces") or {}).values()):
        block = (place or {}).get("istio") or {}
        yield from (block[key] for key in _FILES if isinstance(block.get(key), str))


def _digest(path: str) -> str:
    """The digest of a file; empty where it cannot be read."""
    try:
        with open(path, "rb") as file:
            return hashlib.sha256(file.read()).hexdigest()
    except OSError:
        return ""
