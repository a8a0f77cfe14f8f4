"""What has changed of the files that a former run read: the same files mean the same results."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from sailwright.runtime.records import dataclass
from sailwright.source.files.checkout import Disk
from sailwright.source.files.patterns import expand
from sailwright.source.files.recorded import Recorded
from sailwright.source.files.stamps import Folders, Stamps, changed_files, changed_folders, folder_stamps, stamps
from sailwright.source.source import MANIFEST_LIMIT


@dataclass(frozen=True)
class InputState:
    """A project, and what is `known` of a former run. Every question is answered once.

    `known` has the digest of each file by path (`reads`), what each pattern named (`globs`), and what stat said of the files
    (`stamps`) and folders (`folders`, None where that is no help).
    """

    project: str
    known: Mapping[str, Any]

    @cached_property
    def _folders(self) -> tuple[set[str], Folders]:
        known: Folders | None = self.known["folders"]
        return ({""}, {}) if known is None else changed_folders(self.project, known)

    @property
    def changed_folders(self) -> set[str]:
        """The folders that patterns look into and that hold other names now."""
        return self._folders[0]

    @cached_property
    def globs(self) -> Mapping[str, tuple[str, ...]]:
        """What the patterns name now."""
        if not self._folders[0]:
            known: Mapping[str, tuple[str, ...]] = self.known["globs"]
            return known
        disk = Disk(self.project)
        return {pattern: disk.glob(pattern) for pattern in self.known["globs"]}

    @property
    def same_globs(self) -> bool:
        """Whether the patterns name the same files."""
        return bool(self.globs == self.known["globs"])

    @cached_property
    def _inputs(self) -> tuple[set[str], Stamps]:
        """What a link may have replaced is read again, and so refused where it leads out of the repository."""
        disk = Disk(self.project)
        folders = (os.path.join(self.project, folder) for folder in self._folders[0])
        linked = self.known["folders"] is None or any(
            not os.path.isdir(each) or os.path.islink(each) for each in folders
        )
        trusted = {} if linked else self.known["stamps"]
        return changed_files(self.project, self.known["reads"], trusted, lambda path: disk.read(path, MANIFEST_LIMIT))

    @property
    def changed_inputs(self) -> set[str]:
        """The files that were read and are not the same any more."""
        return self._inputs[0]

    @property
    def same_inputs(self) -> bool:
        """Whether this program would read the very same files."""
        return self.same_globs and not self.changed_inputs

    def renewed_inputs(self) -> dict[str, Any]:
        """What is known, with the stamps of all that had to be read to know that it is the same; only what is new."""
        found = {"stamps": self._inputs[1], "folders": self._folders[1]}
        return {key: self.known[key] | value for key, value in found.items() if value}


def inputs_of(recorded: Recorded) -> dict[str, Any]:
    """What to know of the files that a run has read."""
    return {
        "reads": dict(recorded.reads),
        "globs": dict(recorded.globs),
        "folders": folder_stamps(recorded.root, visited(recorded.root, recorded.globs), recorded.since),
        "stamps": stamps(recorded.root, recorded.reads, recorded.since),
    }


def inputs_since(recorded: Recorded, earlier: Mapping[str, Any]) -> dict[str, Any]:
    """What to know of the files that a run has read, of which it was known `earlier`: what was noted of a file then holds as well."""
    if not earlier or earlier["folders"] is None:
        return inputs_of(recorded)
    root, since = recorded.root, recorded.since
    patterns = [pattern for pattern, found in recorded.globs.items() if earlier["globs"].get(pattern) != found]
    folders = folder_stamps(root, visited(root, patterns), since)
    more = [path for path in recorded.reads if path not in earlier["stamps"]]
    return {
        "reads": dict(recorded.reads),
        "globs": dict(recorded.globs),
        "folders": None if folders is None else folders | earlier["folders"],
        "stamps": stamps(root, more, since) | earlier["stamps"],
    }


def visited(root: str, patterns: Iterable[str]) -> set[str]:
    """The folders on whose entries the patterns depend."""
    found: set[str] = set()
    for pattern in patterns:
        for _ in expand(root, pattern, found):
            pass
    return found
