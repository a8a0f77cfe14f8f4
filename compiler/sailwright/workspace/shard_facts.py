"""The facts that one of several jobs finds out about its share of the services, as a file for `merge`.

A file is one line of JSON that says what it is, then records, compressed: each is two lines of JSON, what is known of a service file or
of a service in a cluster, and what that says or comes to, which is read when it is asked for. It is plain data, of one version of the
program and one state of the project; its digest is checked when it is read. Whoever can write it decides what `merge` reports, as with
the results of any job.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

from sailwright import __version__
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass, field
from sailwright.source.source import MANIFEST_LIMIT

FORMAT = 3
"""Goes up with every change of what is in a file."""

_MARK = "sailwright shard facts"
_LIMIT = 64 * MANIFEST_LIMIT
"""Bytes of a file, and of its records: more is refused unread."""
_PIECE: Final = 1 << 14
"""Bytes that are unpacked at once."""
_FILE, _SERVICE, _PATHS = "file", "service", "paths"


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """What one service comes to in one cluster.

    `place` is (number of the target, namespace, name), `asked` the names of others that it asked for and `answers` a digest of what it was
    told of them. `objects` is the text of the rendered ones, `tables` has for each the number of its paths among those of the shard,
    `digest` is that of its file. `findings` are those of rendering, `proved` all those of the file.
    """

    place: tuple[int, str, str]
    asked: Sequence[str]
    answers: str
    tables: Sequence[int]
    digest: str
    findings: Sequence[Any]
    proved: Sequence[Any]
    objects: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A service file: its digest, and the text of what is `said` in it; `null` where something is wrong there."""

    digest: str
    said: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ShardFacts:
    """One of `count` shares: its service files by path, and what the services come to.

    `paths` are the tables from paths of an object to those of its service: objects of one kind have the same.
    """

    number: int
    count: int
    program: str
    project: str
    files: Mapping[str, FileFacts]
    paths: Sequence[Mapping[Any, Any]]
    services: Sequence[ServiceFacts]


class FactsText:
    """The text of a file, made record by record."""

    def __init__(self) -> None:
        self._press = zlib.compressobj(1)
        self._parts: list[bytes] = []
        self._size = 0

    def add_file(self, path: str, digest: str, said: bytes | None) -> None:
        """A service file, and the text of what it says; None where that is to be read."""
        self._add([_FILE, path, digest], said or b"null")

    def add_service(self, facts: ServiceFacts) -> None:
        """What a service comes to."""
        place = [facts.place, facts.asked, facts.answers, facts.tables, facts.digest, facts.findings, facts.proved]
        self._add([_SERVICE, *place], facts.objects)

    def done(self, shard: tuple[int, int], program: str, project: str, paths: Sequence[Any]) -> bytes:
        """The whole file, with the tables of paths, of a share of a project."""
        self._add([_PATHS], _text(paths))
        self._parts.append(self._press.flush())
        body = b"".join(self._parts)
        head = {
            _MARK: FORMAT,
            "version": __version__,
            "program": program,
            "project": project,
            "shard": shard,
            "size": self._size,
            "digest": sha256(body).hexdigest(),
        }
        return json.dumps(head).encode() + b"\n" + body

    def _add(self, known: list[Any], text: bytes) -> None:
        record = b"%b\n%b\n" % (_text(known), text)
        self._size += len(record)
        self._parts.append(self._press.compress(record))


def read(path: str) -> ShardFacts:
    """The facts in a file. Raises Failure (status 2) for what is none, or is damaged, or of another version."""
    try:
        with open(path, "rb") as file:
            return facts_of(path, file.read(_LIMIT))
    except OSError as error:
        raise Failure(f"{path}: {error.strerror}: name the files that `check --shard I/N --facts FILE` wrote") from None


def facts_of(path: str, text: bytes) -> ShardFacts:
    """The facts in a text, from where `path` says. Raises Failure (status 2) as `read` does."""
    first, _, data = text.partition(b"\n")
    head = _head(path, first)
    if head.get("version") != __version__ or head[_MARK] != FORMAT:
        raise Failure(
            f"{path}: written by Sailwright {head.get('version')}, and this is {__version__}: run every job with the same version"
        )
    try:
        if sha256(data).hexdigest() != head["digest"]:
            raise ValueError
        return _facts(head, data)
    except (ValueError, KeyError, TypeError, zlib.error):
        raise damaged(path) from None


def damaged(path: str) -> Failure:
    """What to say of a file that is not as it was written."""
    return Failure(f"{path}: the file is damaged: its digest is not that of its content; run that job again")


def _facts(head: Mapping[str, Any], data: bytes) -> ShardFacts:
    files: dict[str, FileFacts] = {}
    services: list[ServiceFacts] = []
    paths: list[Mapping[Any, Any]] = []
    lines = _lines(data, min(int(head["size"]), _LIMIT))
    for line, text in zip(lines, lines, strict=True):
        what, *known = json.loads(line)
        if what == _FILE:
            path, digest = known
            files[path] = FileFacts(digest, text)
        elif what == _SERVICE:
            (number, namespace, name), asked, answers, tables, digest, findings, proved = known
            place = number, namespace, name
            services.append(ServiceFacts(place, asked, answers, tables, digest, findings, proved, text))
        else:
            paths += ({tuples(key): tuples(value) for key, value in table} for table in json.loads(text))
    number, count = head["shard"]
    return ShardFacts(number, count, head["program"], head["project"], files, paths, services)


def _lines(data: bytes, size: int) -> Iterator[bytes]:
    """The lines in compressed data that is `size` bytes long. Raises ValueError where it is longer."""
    unpacked = zlib.decompressobj()
    rest, length = b"", 0
    for start in range(0, len(data), _PIECE):
        piece = unpacked.decompress(data[start : start + _PIECE])
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
    if not isinstance(head, dict) or _MARK not in head:
        raise Failure(f"{path}: not a file of facts: name the files that `check --shard I/N --facts FILE` wrote")
    return head


def complete(found: Mapping[str, ShardFacts]) -> None:
    """Raise Failure (status 2) where these are not all shares of one whole, each once. `found` has them by file."""
    first = next(iter(found.values()))
    seen: dict[int, str] = {}
    for path, facts in found.items():
        if facts.count != first.count:
            raise Failure(
                f"{path}: shard {facts.number}/{facts.count}, and another file is one of {first.count}: give merge the files of one run"
            )
        if facts.number in seen:
            raise Failure(
                f"shard {facts.number}/{facts.count} is given twice, in {seen[facts.number]} and {path}: leave one out"
            )
        seen[facts.number] = path
    if missing := [str(number) for number in range(1, first.count + 1) if number not in seen]:
        raise Failure(f"the facts of shard {', '.join(missing)} of {first.count} are missing: give merge all files")


def exact_text(value: Any) -> bytes | None:
    """JSON that gives a value back; None where there is none: for keys that are no text, say, or a date."""
    try:
        text = _text(value)
        return text if json.loads(text) == value else None
    except (TypeError, ValueError, RecursionError):
        return None


def _text(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def plain_paths(paths: Mapping[Any, Any]) -> list[Any]:
    """A map of paths as JSON takes it."""
    return [[list(key), list(value)] for key, value in paths.items()]


def tuples(plain: Any) -> Any:
    """Lists as the tuples that they were."""
    return tuple(map(tuples, plain)) if isinstance(plain, list) else plain
