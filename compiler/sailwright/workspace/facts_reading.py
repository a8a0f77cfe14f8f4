"""Files of facts, read record by record: of the thousands of services in them none is held."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from io import BytesIO
from itertools import islice
from sys import intern
from typing import Any, BinaryIO, Final

from sailwright import __version__
from sailwright.diagnostics.finding import Finding, Path
from sailwright.diagnostics.plain import finding_of
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass
from sailwright.source.source import MANIFEST_LIMIT
from sailwright.workspace.shard_facts import (
    FILE,
    FINDINGS,
    FORMAT,
    MARK,
    PATHS,
    SERVICE,
    FileFacts,
    Paths,
    ServiceFacts,
    record_of,
    tuples,
)

_LIMIT: Final = 64 * MANIFEST_LIMIT
"""Bytes of a file, and of its records: more is refused unread."""
_HEAD: Final = 1 << 16
"""Bytes of its first line, at most."""
_PIECE: Final = 1 << 14
"""Bytes that are read and unpacked at once."""


WRONG: Final = (ValueError, KeyError, TypeError, IndexError, RecursionError, StopIteration, zlib.error)
"""What goes wrong with data that is no record."""


@dataclass(frozen=True, slots=True)
class ShardFacts:
    """One of `count` shares, in a file at a path. `opened` gives what it holds after the first line, of which records are `size` bytes."""

    path: str
    number: int
    count: int
    program: str
    project: str
    size: int
    opened: Callable[[], BinaryIO]

    def files(self, findings: list[Finding] | None = None) -> Iterator[FileFacts]:
        """The service files, one after the other; what reading them found is added to the findings. Raises Failure (status 2) where a
        record is none.
        """
        try:
            with self.opened() as file:
                yield from _files(_records(file, self.size), [] if findings is None else findings)
        except WRONG:
            raise damaged(self.path) from None

    def said(self, text: bytes) -> Any:
        """What the text of a service file says. Raises Failure (status 2) where it says nothing."""
        return self._value(text, json.loads)

    def objects(self, text: bytes) -> Any:
        """The objects in the text of a service. Raises Failure (status 2) where there are none."""
        return self._value(text, _OBJECTS)

    def _value(self, text: bytes, read: Callable[[str], Any]) -> Any:
        try:
            return read(text.decode())
        except (ValueError, RecursionError):
            raise damaged(self.path) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A map whose texts are one object each, wherever they are: services have most of them in common."""
    return {intern(key): intern(value) if type(value) is str else value for key, value in pairs}


_OBJECTS: Final = json.JSONDecoder(object_pairs_hook=_once).decode


def read(path: str) -> ShardFacts:
    """The facts in a file. Raises Failure (status 2) for what is none, or is damaged, or of another version."""

    def opened() -> BinaryIO:
        try:
            return open(path, "rb")
        except OSError as error:
            raise Failure(
                f"{path}: {error.strerror}: name the files that `check --shard I/N --facts FILE` wrote"
            ) from None

    return _facts(path, opened)


def facts_of(path: str, text: bytes) -> ShardFacts:
    """The facts in a text, from where `path` says. Raises Failure (status 2) as `read` does."""
    return _facts(path, lambda: BytesIO(text))


def _facts(path: str, opened: Callable[[], BinaryIO]) -> ShardFacts:
    def after_head() -> BinaryIO:
        file = opened()
        file.seek(start)
        return file

    with opened() as file:
        first = file.readline(_HEAD)
        head, start = _head(path, first), len(first)
        if head.get("version") != __version__ or head[MARK] != FORMAT:
            raise Failure(
                f"{path}: written by Sailwright {head.get('version')}, and this is {__version__}: run every job with the same version"
            )
        try:
            if _digest(file) != head["digest"]:
                raise ValueError
            number, count = head["shard"]
            size = min(int(head["size"]), _LIMIT)
            return ShardFacts(path, number, count, head["program"], head["project"], size, after_head)
        except WRONG:
            raise damaged(path) from None


def _digest(file: BinaryIO) -> str:
    """The digest of the rest of a file."""
    found = sha256()
    left = _LIMIT
    while left > 0 and (piece := file.read(_PIECE)):
        found.update(piece)
        left -= len(piece)
    return found.hexdigest()


def damaged(path: str) -> Failure:
    """What to say of a file that is not as it was written."""
    return Failure(f"{path}: the file is damaged: its digest is not that of its content; run that job again")


def _files(records: Iterator[tuple[list[Any], bytes]], findings: list[Finding]) -> Iterator[FileFacts]:
    tables: list[Paths] = []
    paths: dict[Path, Path] = {}
    for (what, *known), text in records:
        if what == PATHS:
            tables.append({_path(key, paths): _path(value, paths) for key, value in json.loads(text)})
        elif what == FINDINGS:
            findings += (finding_of(tuples(each)) for each in json.loads(text))
        elif what == FILE:
            path, digest, sound, record, count = known
            services = [_service(each, objects, tables) for each, objects in islice(records, count)]
            if len(services) < count:
                raise ValueError
            asked = sorted({name for each in services for name in each.asked})
            record = None if record is None else record_of(path, record, asked)
            yield FileFacts(path, digest, sound, record, text, services)


def _path(plain: list[str | int], known: dict[Path, Path]) -> Path:
    """A path, each one object, as are the texts in it."""
    path = tuple(intern(each) if isinstance(each, str) else each for each in plain)
    return known.setdefault(path, path)


def _service(known: list[Any], objects: bytes, tables: list[Paths]) -> ServiceFacts:
    what, place, root, asked, answers, numbers, digest, marks, findings, proved = known
    if what != SERVICE:
        raise ValueError
    return ServiceFacts(
        tuples(place),
        tuples(root),
        asked,
        answers,
        [tables[number] for number in numbers],
        digest,
        bytes.fromhex(marks),
        tuple(finding_of(tuples(each)) for each in findings),
        tuple(finding_of(tuples(each)) for each in proved),
        objects,
    )


def _records(file: BinaryIO, size: int) -> Iterator[tuple[list[Any], bytes]]:
    """The records in the rest of a file, which are `size` bytes together. Raises ValueError where they are more."""
    lines = _lines(file, size)
    for line, text in zip(lines, lines, strict=True):
        yield json.loads(line), text


def _lines(file: BinaryIO, size: int) -> Iterator[bytes]:
    unpacked = zlib.decompressobj()
    rest, length = b"", 0
    while data := file.read(_PIECE):
        piece = unpacked.decompress(data)
        length += len(piece)
        if length > size:
            raise ValueError
        *whole, rest = (rest + piece).split(b"\n")
        yield from whole


def _head(path: str, first: bytes) -> dict[str, Any]:
    try:
        head = json.loads(first)
    except ValueError:
        head = None
    if not isinstance(head, dict) or MARK not in head:
        raise Failure(f"{path}: not a file of facts: name the files that `check --shard I/N --facts FILE` wrote")
    return head


def complete(found: Sequence[ShardFacts]) -> None:
    """Raise Failure (status 2) where these are not all shares of one whole, each once."""
    first = found[0]
    seen: dict[int, str] = {}
    for facts in found:
        if facts.count != first.count:
            raise Failure(
                f"{facts.path}: shard {facts.number}/{facts.count}, and another file is one of {first.count}: give merge the files of one run"
            )
        if facts.number in seen:
            raise Failure(
                f"shard {facts.number}/{facts.count} is given twice, in {seen[facts.number]} and {facts.path}: leave one out"
            )
        seen[facts.number] = facts.path
    if missing := [str(number) for number in range(1, first.count + 1) if number not in seen]:
        raise Failure(f"the facts of shard {', '.join(missing)} of {first.count} are missing: give merge all files")
