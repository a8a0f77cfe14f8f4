"""What a build makes: rendered files, what is wrong with them, and what to note for the next build."""

from __future__ import annotations

from collections.abc import Mapping

from sailwright.commands.build.options import BuildResult
from sailwright.diagnostics.finding import Finding
from sailwright.runtime.pressed import Text
from sailwright.runtime.records import dataclass
from sailwright.source.source import Source
from sailwright.workspace.service_change import ServiceChange
from sailwright.workspace.service_records import DIGEST, Identity, ServiceRecord


@dataclass(frozen=True, slots=True)
class BuiltFile:
    """One rendered file, small enough to travel between processes.

    `world` is the folder of its cluster. `data` is None for a file that was not asked for. `marks` has a digest of each object's
    identity; of a file among many `objects` are not kept. `schemas` tells the schemas that its documents are known to be held to; empty
    where nobody knows.
    """

    world: str
    path: str
    source: str
    data: Text | None
    objects: tuple[Identity, ...]
    findings: tuple[Finding, ...]
    marks: bytes = b""
    schemas: bytes = b""

    @property
    def documents(self) -> int:
        """How many objects are in it."""
        return len(self.marks) // DIGEST


@dataclass(frozen=True, slots=True)
class Built:
    """All rendered files of a build, everything that is wrong, and the service files for its snippets.

    `reads` and `globs` are what was asked of the checkout, as Recorded has them. `records` has what to note of each service file;
    None where a service was not rendered here. `checked` counts the files and documents that were read, where `sources` are not all.
    """

    files: tuple[BuiltFile, ...]
    findings: tuple[Finding, ...]
    sources: tuple[Source, ...]
    reads: Mapping[str, bytes]
    globs: Mapping[str, tuple[str, ...]]
    records: Mapping[str, ServiceRecord] | None = None
    checked: tuple[int, int] | None = None

    @property
    def documents(self) -> int:
        """How many objects were rendered."""
        return sum(file.documents for file in self.files)


@dataclass(frozen=True, slots=True)
class ChangedPart:
    """What a build of some services made: the `files` it looked at or wrote, those it `removed`, and what to tell of the whole.

    `records` are those of the services that were rendered, `change` leads to the former ones, `reads` has the digests of what was read, `since`
    is when that began, in nanoseconds, and `more_files` says how many files more there are now. `rendered` are the files of these services.
    """

    result: BuildResult
    files: Mapping[str, Text]
    removed: frozenset[str]
    records: Mapping[str, ServiceRecord]
    change: ServiceChange
    reads: Mapping[str, bytes]
    since: int | None
    more_files: int
    rendered: tuple[BuiltFile, ...] = ()
