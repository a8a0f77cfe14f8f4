"""What has changed of the files that a former run read: the same files mean the same results."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from sailwright.runtime.records import dataclass
from sailwright.runtime.store import Store
from sailwright.runtime.table import Keeping, Table, new_table
from sailwright.source.files.recorded import Recorded, digest
from sailwright.source.files.stamps import folder_digests, names_in
from sailwright.workspace.kept_files import KeptFiles, Suspects, new_pages, suspects_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from sailwright.source.files.checkout import Checkout


@dataclass(frozen=True)
class InputState:
    """A project, and what is `known` of a former run, with rows of a kind in the store. Every question is answered once.

    `known` leads to what is kept of the files that were read (`reads`) and the folders that patterns look into (`folders`, None where
    that is no help), and to what each pattern named (`globs`). Every question may raise LostRow. `alike` is a state of another run: where
    both know the same of the files, what one has found out holds for the other. `files` are read in the place of those on disk. `walking`
    keeps account of the folders it looks into: patterns are asked there, so that no folder is looked into twice.
    """

    project: str
    store: Store
    kind: str
    known: Mapping[str, Any]
    alike: InputState | None = None
    files: Checkout | None = None
    walking: Recorded | None = None

    @cached_property
    def _twin(self) -> InputState | None:
        other, names = self.alike, ("reads", "folders")
        if other is None or any(state.known["folders"] is None for state in (self, other)):
            return None
        mine, others = ([[page[-1] for page in state.known[name]] for name in names] for state in (self, other))
        return other if mine == others else None

    @cached_property
    def reads(self) -> KeptFiles:
        """The files that were read."""
        return KeptFiles(self.store, f"{self.kind} reads", self.project, self.known["reads"])

    @cached_property
    def _folder_pages(self) -> KeptFiles:
        return KeptFiles(self.store, f"{self.kind} folders", self.project, self.known["folders"], folders=True)

    @cached_property
    def _suspects(self) -> list[Suspects]:
        """Of the folders, and of the files."""
        return suspects_of(self._folder_pages, self.reads)

    @cached_property
    def folder_changes(self) -> tuple[set[str], dict[str, bytes]]:
        """The folders that patterns look into and that hold other names now, and those that are the same but had to be looked into."""
        if self.known["folders"] is None:
            return {"."}, {}
        if self._twin is not None:
            return self._twin.folder_changes
        return self._folder_pages.changed(
            lambda folder: names_in(os.path.join(self.project, folder)), self._suspects[0]
        )

    @cached_property
    def known_globs(self) -> Mapping[str, tuple[str, ...]]:
        """What the patterns named."""
        return dict(Table(self.store, f"{self.kind} globs", self.known["globs"]).items())

    @cached_property
    def globs(self) -> Mapping[str, tuple[str, ...]]:
        """What the patterns name now."""
        if not self.folder_changes[0]:
            return self.known_globs
        from sailwright.source.files.checkout import Disk

        disk = self.walking or Disk(self.project)
        return {pattern: disk.glob(pattern) for pattern in self.known_globs}

    @property
    def same_globs(self) -> bool:
        """Whether the patterns name the same files."""
        return not self.folder_changes[0] or self.globs == self.known_globs

    @cached_property
    def input_changes(self) -> tuple[set[str], dict[str, bytes]]:
        """The files that are not the same any more, and those that are but had to be read to know it.

        What a link may have replaced is read again, and so refused where it leads out of the repository.
        """
        if self._twin is not None:
            return self._twin.input_changes
        look = self._look
        folders = (os.path.join(self.project, folder) for folder in self.folder_changes[0])
        linked = self.known["folders"] is None or any(
            not os.path.isdir(each) or os.path.islink(each) for each in folders
        )
        if linked:
            return {path for path, known in self.reads.items() if not known or look(path) != known}, {}
        return self.reads.changed(look, self._suspects[1])

    @cached_property
    def _look(self) -> Callable[[str], bytes | None]:
        """The digest of a file, None of one that cannot be read."""
        disk = self.files

        def look(path: str) -> bytes | None:
            from sailwright.source.files.checkout import Disk
            from sailwright.source.source import MANIFEST_LIMIT

            nonlocal disk
            disk = disk or Disk(self.project)
            data = disk.read(path, MANIFEST_LIMIT)
            return digest(data) if isinstance(data, bytes) else None

        return look

    @property
    def changed_inputs(self) -> set[str]:
        """The files that were read and are not the same any more."""
        return self.input_changes[0]

    @property
    def same_inputs(self) -> bool:
        """Whether this program would read the very same files."""
        return self.same_globs and not self.changed_inputs

    def renewed(
        self,
        keeping: Keeping,
        new: Mapping[str, bytes] | None = None,
        gone: Iterable[str] = (),
        since: int | None = None,
    ) -> dict[str, Any]:
        """What to know of the files and folders now; only what is another.

        `new` has the digests of files that were read again since a run began, in nanoseconds, and `gone` those that nothing comes from
        any more. Besides there are new stamps of all that had to be looked into to know that it is the same.
        """
        found: dict[str, Any] = {}
        now, new, gone = time.time_ns(), new or {}, frozenset(gone)
        if self.folder_changes[0] and (self.known["folders"] is not None or not self.same_globs):
            since = min(since, self.walking.since) if since is not None and self.walking is not None else since
            found |= _patterns(self.project, self.kind, self.globs, since, keeping, self.walking)
        elif self.folder_changes[1]:
            found["folders"] = self._folder_pages.renewed([(self.folder_changes[1], now)], (), keeping)
        if new or gone or self.input_changes[1]:
            found["reads"] = self.reads.renewed([(self.input_changes[1], now), (new, since or now)], gone, keeping)
        return found


def inputs_of(recorded: Recorded, kind: str, keeping: Keeping) -> dict[str, Any]:
    """What to know of the files that a run has read, with rows of a kind."""
    root, reads, since = recorded.root, recorded.reads, recorded.since
    return {
        "reads": new_pages(f"{kind} reads", root, reads, since, keeping),
        **_patterns(root, kind, recorded.globs, since, keeping, recorded),
    }


def _patterns(
    root: str,
    kind: str,
    globs: Mapping[str, tuple[str, ...]],
    since: int | None,
    keeping: Keeping,
    recorded: Recorded | None = None,
) -> dict[str, Any]:
    """What to know of patterns and of the folders that they look into, which a run has `recorded` of some."""
    noted = since or time.time_ns()
    walked, folders = (recorded.walked, recorded.folders) if recorded is not None else (frozenset(), {})
    looked_into = visited(root, globs.keys() - walked) | folders.keys()
    digests = folder_digests(root, looked_into, since, folders)
    pages = None if digests is None else new_pages(f"{kind} folders", root, digests, noted, keeping, folders=True)
    return {"folders": pages, "globs": new_table(f"{kind} globs", dict(globs), 1, keeping)}


def visited(root: str, patterns: Iterable[str]) -> set[str]:
    """The folders on whose entries the patterns depend."""
    from sailwright.source.files.patterns import expand

    found: dict[str, bytes] = {}
    for pattern in patterns:
        for _ in expand(root, pattern, found):
            pass
    return set(found)
