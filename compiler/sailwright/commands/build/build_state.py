"""What has changed since the last whole build: which of the files it read, and which of those it wrote."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from sailwright.commands.build.output.disk import standing
from sailwright.runtime.records import dataclass
from sailwright.source.files.regular import read_regular
from sailwright.source.files.stamps import Folders, Stamps, changed_files, changed_folders
from sailwright.source.source import MANIFEST_LIMIT
from sailwright.workspace.input_state import InputState


@dataclass(frozen=True)
class BuildState:
    """A project, and what is `known` of its last whole build. Every question is answered once."""

    project: str
    known: Mapping[str, Any]

    @cached_property
    def inputs(self) -> InputState:
        """What it read."""
        return InputState(self.project, self.known)

    @cached_property
    def _output_root(self) -> str:
        return os.path.join(self.project, self.known["output"])

    @cached_property
    def _output_folders(self) -> tuple[set[str], Folders]:
        known: Folders | None = self.known["output folders"]
        return ({""}, {}) if known is None else changed_folders(self._output_root, known)

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
        stands = standing(self._output_root)
        return stands.files == {*self.known["written"], *self.known["others"]} and not stands.links

    @cached_property
    def _outputs(self) -> tuple[set[str], Stamps]:
        root = self._output_root
        return changed_files(
            root,
            self.known["written"],
            self.known["output stamps"],
            lambda path: read_regular(os.path.join(root, path), MANIFEST_LIMIT),
        )

    @property
    def changed_outputs(self) -> set[str]:
        """The files below the output folder that are not as they were left."""
        return self._outputs[0]

    @property
    def same_output(self) -> bool:
        """Whether the output folder is as it was left."""
        return self.same_output_names and not self.changed_outputs

    def renewed(self) -> dict[str, Any]:
        """What is known, with the stamps of all that had to be read to know that it is the same; empty where nothing had."""
        found = {"output stamps": self._outputs[1], "output folders": self._output_folders[1]}
        changed = {key: self.known[key] | value for key, value in found.items() if value}
        changed |= self.inputs.renewed_inputs()
        return {**self.known, **changed} if changed else {}
