"""What kustomize makes of a kustomization, worked out without the program.

Source: kustomize's order of steps (api/internal/target): resources, generators, components; then patches, namespace, names, labels,
annotations, JSON patches, replicas, images, replacements; and at the root the hashes and the references between names.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Iterable, Iterator

from sailwright.diagnostics.finding import Path
from sailwright.runtime.records import dataclass, field, replace
from sailwright.source.kustomize import Kustomization, Kustomizations, is_remote
from sailwright.source.manifest import Manifest, Spot, Written, manifests
from sailwright.source.untyped import texts
from sailwright.workspace.kustomize.files import Files
from sailwright.workspace.kustomize.pieces import Piece, Trace

CHANGES = frozenset(
    ["namespace", "namePrefix", "nameSuffix", "labels", "commonLabels", "commonAnnotations", "images", "replicas",
     "patches", "patchesStrategicMerge", "patchesJson6902", "configMapGenerator", "secretGenerator", "replacements",
     "transformers", "generators"]
)  # fmt: skip
_BRING = ("helmCharts", "helmChartInflationGenerator")
"""Keys that bring objects which only a program can make."""
_DEFINE = ("configurations", "openapi")
"""Keys that say anew which fields a change concerns."""
_DEEPEST = 20
"""Kustomizations that take each other: more are a circle."""


@dataclass(frozen=True, slots=True)
class Built:
    """The objects of a kustomization, the files that they come from, and why they may not be all that kustomize makes."""

    manifests: tuple[Manifest, ...] = field(repr=False)
    files: frozenset[str] = field(repr=False)
    unknown: tuple[str, ...] = ()


class Build:
    """One build; the places of everything it changes are kept."""

    def __init__(self, known: Kustomizations, files: Files) -> None:
        self._known = known
        self._files = files
        self._trace = Trace()
        self._taken: set[str] = set()
        self._unknown: list[str] = []
        self._lacking = False
        self.changes = True
        """Whether anything is changed, or only taken."""

    def of(self, root: Kustomization, more: Kustomization | None = None) -> Built:
        """Everything a root makes; `more` is what is set on top of it."""
        tree = list(self._tree(root, 0))
        trees = [*tree, *([more] if more else [])]
        self.changes = any(key in CHANGES for each in trees for key in each.value)
        pieces = self._accumulate(root, [], ())
        if more is not None:
            self._take_components(more, pieces, ())
            self._transform(more, pieces)
        built = self._finished(pieces)
        if not built.unknown or more is not None:
            return built
        from sailwright.workspace.kustomize.by_program import built_by_program

        made = built_by_program(root, tree, self._files)
        if made is None:
            return built
        self.changes = True
        return Built(made, built.files)

    def _finished(self, pieces: list[Piece]) -> Built:
        from sailwright.workspace.kustomize.generators import name_with_hash
        from sailwright.workspace.kustomize.names import rename_references

        for piece in pieces:
            if piece.hashed:
                name = name_with_hash(piece)
                piece.remember()
                piece.metadata["name"] = name
        rename_references(pieces, self._trace)
        made = tuple(self._manifest(each) for each in pieces)
        return Built(made, frozenset(self._taken), tuple(dict.fromkeys(self._unknown)))

    def _tree(self, kustomization: Kustomization, depth: int) -> Iterator[Kustomization]:
        yield kustomization
        for path in (*kustomization.resources, *kustomization.components) if depth < _DEEPEST else ():
            if os.path.isdir(path) and (below := self._known.of(path)):
                yield from self._tree(below, depth + 1)

    def _accumulate(self, root: Kustomization, pieces: list[Piece], outer: tuple[str, ...]) -> list[Piece]:
        """What is there when a kustomization is done; a component works on the pieces of the one that takes it."""
        if root.folder in outer or len(outer) > _DEEPEST:
            self._lack(f"{os.path.relpath(root.folder)} includes itself")
            return pieces
        inside = (*outer, root.folder)
        for path in root.resources:
            below = self._known.of(path) if os.path.isdir(path) else None
            pieces += self._accumulate(below, [], inside) if below else self._of_file(path)
        self._note_unknown(root)
        self._generate(root, pieces)
        for each in self._configured(root, "generators"):
            self._lack(each) if isinstance(each, str) else self._generate(each, pieces)
        pieces = self._take_components(root, pieces, inside)
        self._transform(root, pieces)
        for each in self._configured(root, "transformers"):
            self._hide(pieces, each) if isinstance(each, str) else self._transform_by(each, pieces)
        for key in _DEFINE:
            if root.value.get(key):
                self._hide(pieces, f"`{key}` of {os.path.relpath(root.folder)}")
        return pieces

    def _lack(self, reason: str) -> None:
        """Note why objects may be missing."""
        self._unknown.append(reason)
        self._lacking = True

    def _hide(self, pieces: Iterable[Piece], reason: str) -> None:
        """Note why nothing is known of objects."""
        self._unknown.append(reason)
        for piece in pieces:
            piece.unread.append(reason)

    def _configured(self, root: Kustomization, key: str) -> Iterator[Kustomization | str]:
        if root.value.get(key):
            from sailwright.workspace.kustomize.plugins import configured

            yield from configured(root, key, self._known, self._files)

    def _transform_by(self, plugin: Kustomization, pieces: list[Piece]) -> None:
        from sailwright.workspace.kustomize.plugins import set_at_fields

        if set_at_fields(plugin, pieces, Spot(self._files.document(plugin)), self._trace):
            return
        self._transform(plugin, pieces)

    def _take_components(self, root: Kustomization, pieces: list[Piece], inside: tuple[str, ...]) -> list[Piece]:
        for path in root.components:
            component = self._known.of(path) if os.path.isdir(path) else None
            if component is None:
                self._hide(pieces, f"the component {os.path.relpath(path)} does not exist")
                self._lacking = True
            else:
                pieces = self._accumulate(component, pieces, inside)
        return pieces

    def _note_unknown(self, root: Kustomization) -> None:
        for key in _BRING:
            if root.value.get(key):
                self._lack(f"`{key}` of {os.path.relpath(root.folder)}")
        for each in (each for key in ("resources", "bases", "components") for each in texts(root.value.get(key))):
            if is_remote(each):
                self._lack(f"{each} is not in the repository")

    def _of_file(self, path: str) -> list[Piece]:
        source = self._files.read(path)
        if source is None:
            if not is_remote(path):
                self._lack(f"{os.path.relpath(path)} does not exist")
            return []
        if source.not_a_manifest or source.problems:
            self._lack(f"{source.path} cannot be read as it is")
        self._taken.add(os.path.realpath(path))
        return [self._piece(each) for each in manifests(source)]

    def _piece(self, manifest: Manifest) -> Piece:
        return Piece(copy.deepcopy(manifest.value) if self.changes else manifest.value, manifest)

    def _generate(self, root: Kustomization, pieces: list[Piece]) -> None:
        if not (root.value.get("configMapGenerator") or root.value.get("secretGenerator")):
            return
        from sailwright.workspace.kustomize.generators import generate

        document = self._files.document(root)
        read = self._files.bytes_in(root.folder)
        self._unknown += generate(document, root.value, pieces, read, self._trace)

    def _transform(self, root: Kustomization, pieces: list[Piece]) -> None:
        if not any(key in CHANGES for key in root.value):
            return
        from sailwright.workspace.kustomize.fields import set_counts_and_images, set_fields
        from sailwright.workspace.kustomize.replacements import replace_values

        here = Spot(self._files.document(root))
        self._patch(root, ("patchesStrategicMerge", "patches"), pieces)
        set_fields(pieces, root.value, here, self._trace)
        self._patch(root, ("patchesJson6902",), pieces)
        set_counts_and_images(pieces, root.value, here, self._trace)
        read = self._files.source_in(root.folder)
        self._unknown += replace_values(root.value, here, pieces, read, self._trace)

    def _patch(self, root: Kustomization, keys: tuple[str, ...], pieces: list[Piece]) -> None:
        if not any(root.value.get(key) for key in keys):
            return
        from sailwright.workspace.kustomize.patches import aimed_at, lay_on, patches_of

        document, read = self._files.document(root), self._files.source_in(root.folder)
        for key in keys:
            for patch in patches_of(document, root.value, key, read):
                reason = patch if isinstance(patch, str) else lay_on(patch, pieces, self._trace)
                if reason:
                    aimed = pieces if isinstance(patch, str) else aimed_at(patch, pieces)
                    self._hide(aimed, f"{os.path.relpath(root.folder)}: {reason}")

    def _manifest(self, piece: Piece) -> Manifest:
        written = piece.manifest
        opaque = bool(piece.unread)
        if not self.changes:
            return replace(written, opaque=opaque, lacking=self._lacking) if opaque or self._lacking else written
        value, trace, here = piece.value, self._trace, piece.written

        def traced(path: Path) -> Written:
            return trace.find(value, path, here)

        return Manifest(value, written.document, written.base, written.origin, traced, opaque, self._lacking)
