"""The facts that one of several jobs finds out about its share of the services, as a file for `merge`.

A file is one line of JSON that says what it is, then JSON, compressed. It is plain data, of one version of the program and one state of
the project; its digest is checked when it is read. Whoever can write it decides what `merge` reports, as with the results of any job.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from hashlib import sha256
from math import isfinite
from typing import Any

from sailwright import __version__
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass, field
from sailwright.source.source import MANIFEST_LIMIT

FORMAT = 2
"""Goes up with every change of what is in a file."""

_MARK = "sailwright shard facts"
_LIMIT = 64 * MANIFEST_LIMIT
"""Bytes of a file's JSON: more is refused unread."""


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """What one service comes to in one cluster.

    `place` is (number of the target, namespace, name), `asked` the names of others that it asked for and `answers` a digest of what it was
    told of them. `objects` are the rendered ones, each with its value and the number of its paths among those of the shard, `digest` that
    of its file. `findings` are those of rendering, `proved` all those of the file.
    """

    place: tuple[int, str, str]
    asked: tuple[str, ...]
    answers: str
    objects: tuple[Any, ...] = field(repr=False)
    digest: str
    findings: tuple[Any, ...]
    proved: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class ShardFacts:
    """One of `count` shares: the digest of each of its service files, what is `said` in those where nothing is wrong, and what the services come to.

    `paths` are the tables from paths of an object to those of its service: objects of one kind have the same.
    """

    number: int
    count: int
    program: str
    project: str
    files: Mapping[str, str]
    said: Mapping[str, Any] = field(repr=False)
    paths: tuple[Any, ...]
    services: tuple[ServiceFacts, ...]


def written(facts: ShardFacts) -> bytes:
    """The text of a file."""
    services = [
        [each.place, each.asked, each.answers, each.objects, each.digest, each.findings, each.proved]
        for each in facts.services
    ]
    body = json.dumps(
        {"files": facts.files, "said": facts.said, "paths": facts.paths, "services": services}, separators=(",", ":")
    ).encode()
    head = {
        _MARK: FORMAT,
        "version": __version__,
        "program": facts.program,
        "project": facts.project,
        "shard": [facts.number, facts.count],
        "size": len(body),
        "digest": sha256(body).hexdigest(),
    }
    return json.dumps(head).encode() + b"\n" + zlib.compress(body, 1)


def read(path: str) -> ShardFacts:
    """The facts in a file. Raises Failure (status 2) for what is none, or is damaged, or of another version."""
    try:
        with open(path, "rb") as file:
            first, data = file.readline(1 << 16), file.read(_LIMIT)
    except OSError as error:
        raise Failure(f"{path}: {error.strerror}: name the files that `check --shard I/N --facts FILE` wrote") from None
    head = _head(path, first)
    if head.get("version") != __version__ or head[_MARK] != FORMAT:
        raise Failure(
            f"{path}: written by Sailwright {head.get('version')}, and this is {__version__}: run every job with the same version"
        )
    try:
        unpacked = zlib.decompressobj()
        body = unpacked.decompress(data, min(int(head["size"]), _LIMIT) + 1)
        if sha256(body).hexdigest() != head["digest"]:
            raise ValueError
        known = json.loads(body)
        number, count = head["shard"]
        services = tuple(_service(each) for each in known["services"])
        paths = tuple({tuples(key): tuples(value) for key, value in table} for table in known["paths"])
        return ShardFacts(
            number, count, head["program"], head["project"], known["files"], known["said"], paths, services
        )
    except (ValueError, KeyError, TypeError, zlib.error):
        raise Failure(
            f"{path}: the file is damaged: its digest is not that of its content; run that job again"
        ) from None


def _head(path: str, first: bytes) -> dict[str, Any]:
    try:
        head = json.loads(first)
    except ValueError:
        head = None
    if not isinstance(head, dict) or _MARK not in head:
        raise Failure(f"{path}: not a file of facts: name the files that `check --shard I/N --facts FILE` wrote")
    return head


def _service(plain: Sequence[Any]) -> ServiceFacts:
    place, asked, answers, objects, digest, findings, proved = plain
    number, namespace, name = place
    return ServiceFacts((number, namespace, name), tuple(asked), answers, tuple(objects), digest, findings, proved)


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


def plain_value(value: Any) -> bool:
    """Whether JSON gives back the same: keys are text, and numbers are not longer than usual."""
    pending = [value]
    for each in pending:  # which grows meanwhile
        kind = type(each)
        if kind is dict:
            if not _TEXT.issuperset(map(type, each)):
                return False
            pending += [item for item in each.values() if type(item) is not str]
        elif kind is list:
            pending += [item for item in each if type(item) is not str]
        elif kind is int:
            if not -_WHOLE < each < _WHOLE:
                return False
        elif kind is float:
            if not isfinite(each):
                return False
        elif kind is not str and kind is not bool and each is not None:
            return False
    return True


_TEXT = frozenset((str,))


_WHOLE = 1 << 64


def plain_paths(paths: Mapping[Any, Any]) -> list[Any]:
    """A map of paths as JSON takes it."""
    return [[list(key), list(value)] for key, value in paths.items()]


def tuples(plain: Any) -> Any:
    """Lists as the tuples that they were."""
    return tuple(map(tuples, plain)) if isinstance(plain, list) else plain
