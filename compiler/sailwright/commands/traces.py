"""What results hang on, noted with them: while no service differs in what was read of it, they hold."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sailwright.diagnostics.finding import Finding
from sailwright.lint.noted_fields import Noted
from sailwright.lint.read_parts import read_part, read_part_of_file
from sailwright.runtime.digests import blake2b
from sailwright.runtime.records import dataclass, replace
from sailwright.workspace.packed_services import packed_sources

Packed = Callable[[frozenset[str]], Mapping[str, bytes] | None]
"""Gives what is rendered of services, by the paths of their files, as `packed_services` packs it; None where it is not there."""


KIND = "compared"
"""Of the entry that has what rules found that compare with a base."""


@dataclass(frozen=True, slots=True)
class Trace:
    """Of each service file the digest of what is rendered of it (`services`), and that of what was read of it (`parts`).

    `noted` are the fields that were read.
    """

    services: Mapping[str, str]
    parts: Mapping[str, bytes]
    noted: Noted

    def plain(self) -> tuple[Any, ...]:
        """As data that marshal takes; `trace_of_plain` makes the trace of it again."""
        return dict(self.services), dict(self.parts), sorted(self.noted)

    def followed(self, services: Mapping[str, str], packed: Packed) -> Trace | None:
        """The trace of the services as they are now; None where they differ in what was read, or may."""
        if services.keys() != self.services.keys():
            return None
        changed = frozenset(path for path, digest in services.items() if digest != self.services[path])
        if not changed:
            return self
        now = packed(changed)
        if now is None or any(part_digest(now[path], self.noted) != self.parts[path] for path in changed):
            return None
        return replace(self, services=services)

    def about_changed(self, findings: Sequence[Finding], services: Mapping[str, str], packed: Packed) -> bool:
        """Whether a finding names a file of a service that has changed since, or may: its lines may be others."""
        changed = frozenset(path for path, digest in services.items() if self.services.get(path) != digest)
        if not changed or not findings:
            return False
        now = packed(changed)
        if now is None:
            return True
        ours = {path for data in now.values() for path in packed_sources(data)}
        return any(not ours.isdisjoint(each.files) for each in findings)


def trace_of_plain(plain: tuple[Any, ...]) -> Trace:
    """The trace that was kept."""
    services, parts, noted = plain
    return Trace(services, parts, set(map(tuple, noted)))


def trace_of(services: Mapping[str, str], packed: Mapping[str, bytes], noted: Noted) -> Trace:
    """The trace of results for which these fields were read. `packed` has what is rendered of all services."""
    return Trace(services, {path: part_digest(data, noted) for path, data in packed.items()}, noted)


def part_digest(packed: bytes, noted: Noted) -> bytes:
    """A digest of what was read of a service, and of all that is not noted: names, included files, text with placeholders."""
    files, sources = marshal.loads(packed)  # noqa: S302  # sealed: this user's own program wrote it
    _, data, _, values = sources[0]
    objects = [
        (*place, [(read_part(value, noted), *rest) for value, *rest in rendered], root)
        for *place, rendered, root in files
    ]
    document = [read_part_of_file(value, noted) for value in values]
    plain = (objects, document, sources[1:], data if b"${" in data else b"")
    return blake2b(marshal.dumps(plain, 2), digest_size=16).digest()


def around_digest(around: Any, program: bytes) -> bytes:
    """What tells apart what all services may depend on besides their own files: this program, too."""
    return blake2b(marshal.dumps((around, program), 2), digest_size=16).digest()
