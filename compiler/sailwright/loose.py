"""Service files without a project file: compiled as if a sailwright.yaml named just them, with the defaults of a release."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass

from sailwright.source.checkout import Disk, Unreadable
from sailwright.source.files import PROJECT_FILE


@dataclass(frozen=True)
class LooseFiles:
    """A Checkout of service files that no project names; what they include is read from disk beside them."""

    disk: Disk
    project: str

    @property
    def root(self) -> str:
        """The folder that holds all of them."""
        return self.disk.root

    def shown(self, path: str) -> str:
        """What messages call a file."""
        return self.disk.shown(path)

    def read(self, path: str, limit: int) -> bytes | Unreadable:
        """The bytes of a file; of the project file those that stand in for it."""
        return self.project.encode() if path == PROJECT_FILE else self.disk.read(path, limit)

    def holds(self, path: str) -> bool:
        """Whether a path stays inside the repository."""
        return self.disk.holds(path)

    def glob(self, pattern: str) -> tuple[str, ...]:
        """The files a pattern names; the service files are named as they are, without patterns."""
        return (pattern,) if os.path.isfile(os.path.join(self.root, pattern)) else self.disk.glob(pattern)


def loose_files(paths: Sequence[str], istio_version: str) -> LooseFiles:
    """The checkout of the service files at `paths`."""
    folders = [os.path.dirname(os.path.abspath(path)) for path in paths]
    root = os.path.relpath(os.path.commonpath(folders))
    names = [os.path.relpath(path, root).replace(os.sep, "/") for path in paths]
    project = {
        "apiVersion": "sailwright/v1alpha1",
        "services": names,
        "istio": {"version": istio_version, "sidecarMode": "native"},
    }
    return LooseFiles(Disk(root), json.dumps(project))
