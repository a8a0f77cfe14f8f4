"""What has changed since the last whole build: which of the files it read, and which of those it wrote."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping
from functools import cached_property

from sailwright.runtime.records import dataclass
from sailwright.runtime.store import Store
from sailwright.runtime.table import Keeping, Table
from sailwright.source.files.recorded import digest
from sailwright.source.files.stamps import folder_digests, names_in
from sailwright.workspace.input_state import InputState
from sailwright.workspace.kept_files import KeptFiles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from sailwright.runtime.pressed import Text

KIND = "build"
"""Of the rows of what a build keeps."""

HELD_TO = f"{KIND} held to"


@dataclass(frozen=True)
class BuildState:
    """A project, and what is `known` of its last whole build. Every question is answered once; all may raise LostRow."""

    project: str
    store: Store
    known: Mapping[str, Any]

    @cached_property
    def inputs(self) -> InputState:
        """What it read."""
        return InputState(self.project, self.store, KIND, self.known)

    @cached_property
    def _output_root(self) -> str:
        return os.path.join(self.project, self.known["output"])

    @cached_property
    def written(self) -> KeptFiles:
        """The files that it left."""
        return KeptFiles(self.store, f"{KIND} written", self._output_root, self.known["written"])

    @cached_property
    def _folder_pages(self) -> KeptFiles:
        pages = self.known["output folders"]
        return KeptFiles(self.store, f"{KIND} output folders", self._output_root, pages, folders=True)

    @cached_property
    def _output_folders(self) -> tuple[set[str], dict[str, bytes]]:
        if self.known["output folders"] is None:
            return {"."}, {}
        return self._folder_pages.changed(lambda folder: names_in(os.path.join(self._output_root, folder)))

    @property
    def held_to(self) -> Table:
        """The schemas that each file is known to be held to, as `held_to` names them."""
        return Table(self.store, HELD_TO, self.known["held to"])

    @property
    def same_output_names(self) -> bool:
        """Whether the output folder holds the files that were left there, and no others."""
        path = self.project
        for name in self.known["output"].split("/"):
            path = os.path.join(path, name)
            if os.path.islink(path):
                return False
        if not self._output_folders[0]:
            return True
        from sailwright.commands.build.output.disk import standing

        stands = standing(self._output_root)
        return stands.files == {*self.written.paths(), *self.known["others"]} and not stands.links

    @cached_property
    def _outputs(self) -> tuple[set[str], dict[str, bytes]]:
        def look(path: str) -> bytes | None:
            from sailwright.source.files.regular import read_regular
            from sailwright.source.source import MANIFEST_LIMIT

            try:
                data = read_regular(os.path.join(self._output_root, path), MANIFEST_LIMIT)
            except OSError:  # a whole build says what is wrong with it
                return None
            return digest(data) if isinstance(data, bytes) else None

        return self.written.changed(look)

    @property
    def changed_outputs(self) -> set[str]:
        """The files below the output folder that are not as they were left."""
        return self._outputs[0]

    @property
    def same_output(self) -> bool:
        """Whether the output folder is as it was left."""
        return self.same_output_names and not self._outputs[0]

    def renewed(
        self, keeping: Keeping, files: Mapping[str, Text] | None = None, removed: Iterable[str] = ()
    ) -> dict[str, Any]:
        """What to know of the output folder now, only what is another: `files` were looked at or written again, others `removed`."""
        found: dict[str, Any] = {}
        new, removed, now = _digests(files) if files else {}, frozenset(removed), time.time_ns()
        folders = self._output_folders[1]
        if self.known["output folders"] is not None:
            touched = {path.rpartition("/")[0] for path in new}
            here = folder_digests(self._output_root, touched) if touched and not removed else {}
            if here is None or removed:
                found["output folders"] = None
            elif folders | here:
                found["output folders"] = self._folder_pages.renewed([(folders | here, now)], (), keeping)
        if new or removed or self._outputs[1]:
            found["written"] = self.written.renewed([(self._outputs[1], now), (new, now)], removed, keeping)
        return found


def _digests(files: Mapping[str, Text]) -> dict[str, bytes]:
    from sailwright.runtime.pressed import plain

    return {path: digest(plain(data)) for path, data in files.items()}
