"""The files that another commit's sailwright.yaml has checked and that nothing checks any more, whatever way they were hidden.

By an entry of `services` or `manifests` that went, a project file laid beside them, a name that begins with a dot, a link in the
place of a folder, a move to where no pattern looks, an output folder moved above them or away from them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property
from re import Pattern
from typing import Any

from sailwright.project.trusted_settings import patterns
from sailwright.runtime.git import work_tree
from sailwright.runtime.records import dataclass, field
from sailwright.source.files.checkout import Commit, Disk, Unreadable
from sailwright.source.files.files import ENDINGS
from sailwright.source.files.patterns import compiled, fixed_folder
from sailwright.source.manifest import manifests
from sailwright.source.source import MANIFEST_LIMIT, looks_like_service, parse

RENDERED = b"# Rendered by sailwright from "
"""How every file begins that a build writes (render/layout.py)."""
_DEFAULT_OUTPUT = "rendered"
_SUBMODULE = "160000"
"""The mode git gives a submodule."""


@dataclass(frozen=True, slots=True)
class Unchecked:
    """Paths relative to the project: service files and manifests that can still be read and checked, what was rendered, and
    folders of other repositories, whose files are not here."""

    services: tuple[str, ...] = ()
    manifests: tuple[str, ...] = ()
    rendered: tuple[str, ...] = ()
    submodules: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """All of them, sorted."""
        return tuple(sorted({*self.services, *self.manifests, *self.rendered, *self.submodules}))


def unchecked_files(
    here: Mapping[str, Any] | None,
    there: Mapping[str, Any] | None,
    commit: Commit,
    rendered: AbstractSet[str],
    globs: Mapping[str, tuple[str, ...]] | None = None,
) -> Unchecked:
    """What the project file `there` of a commit has checked and the one on disk, `here`, does not; `rendered` is what that writes.

    `globs` has what patterns name on disk, as far as that is known.
    """
    if there is None:
        return Unchecked()
    search = _Search(here, there, commit, rendered, globs or {})
    services = search.left_out(search.earlier_services)
    hidden = {path for path in search.left_out(search.earlier_manifests) if search.is_manifest(path)}
    more = {path for path in (*search.concealed(), *search.moved()) if path not in services}
    found = (services, hidden | more, search.left_behind(), search.submodules())
    return Unchecked(*(tuple(sorted(each)) for each in found))


@dataclass(frozen=True)
class _Search:
    """One comparison of a work tree with a commit."""

    here: Mapping[str, Any] | None
    there: Mapping[str, Any]
    commit: Commit = field(repr=False)
    rendered: AbstractSet[str]
    globs: Mapping[str, tuple[str, ...]] = field(repr=False)

    def _glob(self, pattern: str) -> tuple[str, ...]:
        found = self.globs.get(pattern)
        return self.disk.glob(pattern) if found is None else found

    @cached_property
    def disk(self) -> Disk:
        return Disk(self.commit.root)

    @cached_property
    def earlier_services(self) -> list[Pattern[str]]:
        return [compiled(pattern) for pattern in patterns(self.there)[0]]

    @cached_property
    def earlier_manifests(self) -> list[Pattern[str]]:
        return [compiled(pattern) for pattern in patterns(self.there)[1]]

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The files of the work tree below the project that git knows or would take, those behind new links to folders included."""
        tree = work_tree(self.commit.root)
        below = tuple(filter(None, (tree.inside,)))
        listing = tree.run("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *below)
        names = {name for name in listing.decode("utf-8", "surrogateescape").split("\0") if name}
        paths = sorted(name.removeprefix(tree.inside) for name in names)
        return tuple(path for name in paths for path in self._behind(name))

    def submodules(self) -> Iterator[str]:
        """New submodules in folders that patterns look into, with nothing of theirs here."""
        tree = work_tree(self.commit.root)
        below = tuple(filter(None, (tree.inside,)))
        entries = tree.run("ls-files", "-z", "--stage", "--", *below).decode("utf-8", "surrogateescape").split("\0")
        looked_into = [fixed_folder(pattern) for group in patterns(self.there) for pattern in group]
        for entry in entries:
            mode, _, name = entry.partition(" ")[0], *entry.partition("\t")[1:]
            path = name.removeprefix(tree.inside)
            if mode == _SUBMODULE and path not in self.commit.paths:
                inside = any(f"{path}/".startswith(folder) or folder.startswith(f"{path}/") for folder in looked_into)
                if inside and not _holds_files(os.path.join(self.commit.root, path)):
                    yield path

    def _behind(self, path: str) -> Iterator[str]:
        where = os.path.join(self.commit.root, path)
        if os.path.isfile(where):
            yield path
        elif os.path.islink(where) and self.disk.holds(path) and os.readlink(where) != self.commit.link(path):
            for folder, _, names in os.walk(os.path.realpath(where)):
                inside = os.path.relpath(folder, os.path.realpath(where)).replace(os.sep, "/")
                yield from (os.path.normpath(f"{path}/{inside}/{name}") for name in names)

    @cached_property
    def checked(self) -> AbstractSet[str]:
        """What the project file on disk has checked."""
        services, written = patterns(self.here)
        found = {path for pattern in services for path in self._glob(pattern)}
        ours = f"{_output(self.here)}/"
        for pattern in written:
            named = (path for path in self._glob(pattern) if path.endswith(ENDINGS))
            found |= {path for path in named if not path.startswith(ours) or self._starts_as_rendered(path)}
        return found

    @cached_property
    def _checked_files(self) -> AbstractSet[str]:
        return {os.path.realpath(os.path.join(self.commit.root, path)) for path in self.checked}

    def left_out(self, earlier: list[Pattern[str]]) -> set[str]:
        """Files that patterns of the commit name and that are not checked."""
        ours = f"{_output(self.there)}/"
        named = (path for path in self.files if any(pattern.fullmatch(path) for pattern in earlier))
        return {path for path in named if path not in self.checked and not path.startswith(ours)}

    def is_manifest(self, path: str) -> bool:
        """Whether a path is called as manifests are."""
        return path.endswith(ENDINGS)

    def concealed(self) -> Iterator[str]:
        """New manifests that patterns of the commit would name, but for a dot or a link on the way to them."""
        loose = [compiled(pattern, hidden=True) for pattern in patterns(self.there)[1]]
        for path in self.new:
            if self.is_manifest(path) and any(pattern.fullmatch(path) for pattern in loose) and self._objects(path):
                yield path

    def moved(self) -> Iterator[str]:
        """New files, however they are called, with an object of a file that was checked and is gone."""
        gone = set()
        present = set(self.files)
        for path in sorted(self.commit.paths - present):
            if self.is_manifest(path) and any(pattern.fullmatch(path) for pattern in self.earlier_manifests):
                data = self.commit.read(path, MANIFEST_LIMIT)
                gone |= _identities(path, data) if isinstance(data, bytes) else set()
        if gone:
            yield from (path for path in self.new if not gone.isdisjoint(self._objects(path)))

    @cached_property
    def new(self) -> list[str]:
        """Files that the commit does not have, that are not rendered and that nothing checks."""
        folders = {f"{_output(self.here)}/", f"{_output(self.there)}/"}
        return [
            path
            for path in self.files
            if path not in self.commit.paths
            and path not in self.checked
            and not path.startswith(tuple(folders))
            and os.path.realpath(os.path.join(self.commit.root, path)) not in self._checked_files
        ]

    def left_behind(self) -> Iterator[str]:
        """Rendered files of the commit that are still there, and that `build --check` does not look at any more."""
        ours, before = f"{_output(self.here)}/", f"{_output(self.there)}/"
        for path in self.files:
            if path.startswith(before) and path in self.commit.paths and not self._still_written(path):
                looked_at = path.startswith(ours) and self._starts_as_rendered(path)
                data = b"" if looked_at else self.commit.read(path, MANIFEST_LIMIT)
                if isinstance(data, bytes) and data.startswith(RENDERED):
                    yield path

    def _still_written(self, path: str) -> bool:
        """Whether a build writes the file, so that its content is compared; a kustomization.yaml where it writes beside or below."""
        folder, _, name = path.rpartition("/")
        if name == "kustomization.yaml":
            return any(each.startswith(f"{folder}/") for each in self.rendered)
        return path in self.rendered

    def _starts_as_rendered(self, path: str) -> bool:
        data = self.disk.read(path, MANIFEST_LIMIT)
        return isinstance(data, bytes) and data.startswith(RENDERED)

    def _objects(self, path: str) -> set[tuple[str, str, str]]:
        data = self.disk.read(path, MANIFEST_LIMIT)
        return set() if isinstance(data, Unreadable) else _identities(path, data)


def _holds_files(folder: str) -> bool:
    return os.path.isdir(folder) and bool(os.listdir(folder))


def _identities(path: str, data: bytes) -> set[tuple[str, str, str]]:
    """Group, kind and name of each object in a file; none for a service file and what is no YAML."""
    if b"apiVersion" not in data or looks_like_service(data):
        return set()
    found = manifests(parse(path, data, "manifest"))
    return {(each.group, each.kind, each.name) for each in found if each.kind and each.api_version}


def _output(tree: Mapping[str, Any] | None) -> str:
    """The folder of what is rendered."""
    output = (tree or {}).get("output")
    path = output.get("path") if isinstance(output, dict) else None
    return path.removeprefix("./").rstrip("/") if isinstance(path, str) else _DEFAULT_OUTPUT
