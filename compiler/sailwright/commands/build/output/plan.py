"""What a build would change: every difference between what is wanted and what stands, each with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from posixpath import basename, dirname
from typing import Literal

from sailwright.commands.build.output.disk import Standing
from sailwright.render.layout import KUSTOMIZATION, ancestors, kustomizations
from sailwright.runtime.errors import Failure
from sailwright.runtime.pressed import Text, plain
from sailwright.runtime.records import dataclass

Reason = Literal["missing", "stale", "hand-edited", "orphan"]

Edited = Callable[[str, bytes, bytes], bool]
"""Whether the bytes that stand at a path are not as sailwright left them; the third argument is what it would write now."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The bytes of one rendered file, and the file of the project it comes from."""

    data: Text
    source: str


@dataclass(frozen=True, slots=True)
class Scope:
    """What this build writes: the folders of the chosen worlds, and the chosen sources. None means all."""

    folders: tuple[str, ...] | None = None
    sources: frozenset[str] | None = None

    def covers(self, path: str, source: str) -> bool:
        """Whether the file at `path`, rendered from `source`, is to be written or removed this time."""
        if self.sources is not None and source not in self.sources:
            return False
        return self.folders is None or any(path.startswith(f"{folder}/") for folder in self.folders)


@dataclass(frozen=True, slots=True)
class Change:
    """One file to write (`data`) or to remove (`data` is None), and the bytes that stand there now."""

    path: str
    reason: Reason
    data: Text | None
    old: bytes | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes of a build, all files of its scope as they are to be, and our manifests by environment now."""

    changes: tuple[Change, ...]
    files: Mapping[str, Text]
    present: Mapping[str, int]

    @property
    def unchanged(self) -> int:
        """How many files are as they should be."""
        return len(self.files) - sum(change.data is not None for change in self.changes)


def plan(
    wanted: Mapping[str, Wanted],
    standing: Standing,
    scope: Scope,
    separate_clusters: Collection[str],
    project_file: str,
    edited: Edited,
) -> Plan:
    """Compare the wanted manifests, and the kustomizations that list them, with what stands.

    `wanted` is everything the project renders, `scope` the part of it to write now. `separate_clusters`: see `kustomizations`.
    """
    ours = {path: source for path in standing.files - wanted.keys() if (source := standing.source(path)) is not None}
    leftover = {path: source for path, source in ours.items() if basename(path) != KUSTOMIZATION}
    chosen = {path for path, file in wanted.items() if scope.covers(path, file.source)}
    orphans = {path for path, source in leftover.items() if scope.covers(path, source)}
    present = leftover.keys() | (wanted.keys() & standing.files)

    lists = kustomizations((present - orphans) | chosen, separate_clusters, project_file)
    folders = {folder for path in chosen | orphans for folder in ancestors(path)}
    files: dict[str, Text] = {path: wanted[path].data for path in chosen}
    files |= {path: data for path, data in lists.items() if dirname(path) in folders}
    written = [change for path in sorted(files) if (change := _write(path, files[path], standing, edited))]
    empty = {
        path for path in ours.keys() - leftover.keys() - lists.keys() if scope == Scope() or dirname(path) in folders
    }
    removed = [Change(path, "orphan", None) for path in sorted(orphans | empty)]
    return Plan((*written, *removed), files, _by_environment(present))


def plan_same_files(wanted: Mapping[str, Wanted], standing: Standing, edited: Edited) -> Plan:
    """Compare some manifests with what stands, where no file comes or goes: then no kustomization is another either."""
    files = {path: wanted[path].data for path in sorted(wanted)}
    changes = (_write(path, data, standing, edited) for path, data in files.items())
    return Plan(tuple(change for change in changes if change), files, {})


def guard_removals(plan: Plan, root: str) -> None:
    """Refuse to remove an environment's last file, or more than half of its files, unless that was asked for."""
    removed = _by_environment(change.path for change in plan.changes if change.data is None)
    for environment, count in sorted(removed.items()):
        before = plan.present[environment]
        if count == before or 2 * count > before:
            raise Failure(
                f"{root}/{environment}: this build would remove {count} of the {before} rendered files; "
                "nothing was written; if that is meant, add --allow-removals"
            )


def _write(path: str, data: Text, standing: Standing, edited: Edited) -> Change | None:
    old = standing.read(path)
    if old is not None and old == plain(data):
        return None
    standing.refuse_obstacle(path)
    if path in standing.links:
        return Change(path, "hand-edited", data)
    if old is None:
        return Change(path, "missing", data)
    return Change(path, "hand-edited" if edited(path, old, plain(data)) else "stale", data, old)


def _by_environment(paths: Iterable[str]) -> Counter[str]:
    return Counter(path.partition("/")[0] for path in paths if basename(path) != KUSTOMIZATION)
