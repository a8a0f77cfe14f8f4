"""The facts that one of several jobs finds out about its share of the services, as a file for `merge`.

A file is one line of JSON that says what it is, then records, compressed: each is two lines of JSON, what is known of a service file or
of a service in a cluster, and what that says or comes to, which is read when it is asked for. The record of a service file comes before
those of its services. It is plain data, of one version of the program and one state of the project; its digest is checked when it is
read (`facts_reading.py`). Whoever can write it decides what `merge` reports, as with the results of any job.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

from sailwright import __version__
from sailwright.diagnostics.finding import Finding, Path
from sailwright.diagnostics.plain import plain_finding
from sailwright.runtime.records import dataclass, field
from sailwright.workspace.service_records import ServiceRecord

FORMAT = 4
"""Goes up with every change of what is in a file."""

MARK: Final = "sailwright shard facts"
FILE, SERVICE, PATHS, FINDINGS = "file", "service", "paths", "findings"
"""What a record is about."""

Paths = Mapping[Path, Path]
"""Leads from paths of an object to those of its service: objects of one kind have the same."""


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """What one service comes to in one cluster.

    `place` is (number of the target, namespace, name), `root` the document of its file and the path there that it was written at. `asked`
    are the names of others that it asked for, and `answers` a digest of what it was told of them. `objects` is the text of the rendered
    ones, `tables` has the paths of each. `digest` is that of its file, `marks` are those of a `BuiltFile`. `findings` are those of
    rendering, `proved` all those of the file.
    """

    place: tuple[int, str, str]
    root: tuple[int, Path]
    asked: Sequence[str]
    answers: str
    tables: Sequence[Paths]
    digest: str
    marks: bytes
    findings: tuple[Finding, ...]
    proved: tuple[Finding, ...]
    objects: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A service file: its digest, the text of what is `said` in it, and its services; it is `sound` where reading found nothing to report.

    Its `record` is None, and what is said `null`, where it is to be read again; so a service may be missing.
    """

    path: str
    digest: str
    sound: bool
    record: ServiceRecord | None
    said: bytes = field(repr=False)
    services: Sequence[ServiceFacts] = ()


NOTHING: Final = b"null"
"""What is said in a file that is to be read again."""


class FactsText:
    """The text of a file, made record by record."""

    def __init__(self) -> None:
        self._press = zlib.compressobj(1)
        self._parts: list[bytes] = []
        self._size = 0
        self._tables: dict[str, int] = {}

    def add_findings(self, findings: Sequence[Finding]) -> None:
        """What reading service files found."""
        self._add([FINDINGS], _text(list(map(plain_finding, findings))))

    def add(self, file: FileFacts) -> None:
        """A service file, and what its services come to."""
        numbered = [list(map(self._number, each.tables)) for each in file.services]
        record = None if file.record is None else plain_record(file.record)
        self._add([FILE, file.path, file.digest, file.sound, record, len(file.services)], file.said)
        for tables, each in zip(numbered, file.services, strict=True):
            known = [
                each.place, each.root, each.asked, each.answers, tables, each.digest, each.marks.hex(),
                list(map(plain_finding, each.findings)), list(map(plain_finding, each.proved)),
            ]  # fmt: skip
            self._add([SERVICE, *known], each.objects)

    def done(self, shard: tuple[int, int], program: str, project: str) -> bytes:
        """The whole file, of a share of a project."""
        self._parts.append(self._press.flush())
        body = b"".join(self._parts)
        head = {
            MARK: FORMAT,
            "version": __version__,
            "program": program,
            "project": project,
            "shard": shard,
            "size": self._size,
            "digest": sha256(body).hexdigest(),
        }
        return json.dumps(head).encode() + b"\n" + body

    def _number(self, table: Paths) -> int:
        """The number of a table among those of this file; one that is new gets a record."""
        text = repr(table)
        if text not in self._tables:
            self._tables[text] = len(self._tables)
            self._add([PATHS], _text([[list(key), list(value)] for key, value in table.items()]))
        return self._tables[text]

    def _add(self, known: list[Any], text: bytes) -> None:
        record = b"%b\n%b\n" % (_text(known), text)
        self._size += len(record)
        self._parts.append(self._press.compress(record))


def plain_record(record: ServiceRecord) -> list[Any]:
    """The record of a service file that is all it reads, as JSON takes it; what its services asked for is said of each."""
    return [record.exports, record.names, record.ways, dict(record.outputs), record.documents]


def record_of(path: str, known: Sequence[Any], asked: Sequence[str]) -> ServiceRecord:
    """The record that `plain_record` made this of, of services that asked for these names."""
    exports, names, ways, outputs, documents = known
    return ServiceRecord((path,), tuple(asked), tuples(exports), tuples(names), tuples(ways), outputs, b"", documents)


def exact_text(value: Any) -> bytes | None:
    """JSON that gives a value back; None where there is none: for keys that are no text, say, or a date."""
    try:
        text = _text(value)
        return text if json.loads(text) == value else None
    except (TypeError, ValueError, RecursionError):
        return None


def _text(value: Any) -> bytes:
    return _encoded(value).encode()


_encoded: Final = json.JSONEncoder(check_circular=False, separators=(",", ":")).encode
"""What holds itself has no text either way."""


def tuples(plain: Any) -> Any:
    """Lists as the tuples that they were."""
    return tuple(map(tuples, plain)) if isinstance(plain, list) else plain
