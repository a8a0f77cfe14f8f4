"""`transformers` and `generators` of a kustomization: those that kustomize has built in, each as the kustomization that does the same.

Source: kustomize's builtin plugins (api/internal/builtins), which have no fields of their own: `fieldSpecs` names them. What another
program does (a function, an executable, a chart) is not known.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sailwright.source.kustomize import Kustomization, Kustomizations, is_remote
from sailwright.source.manifest import Spot
from sailwright.source.source import Document, parse
from sailwright.source.untyped import items, mapping, text, texts
from sailwright.workspace.kustomize.files import Files
from sailwright.workspace.kustomize.pieces import Piece, Trace, holders, map_at

_AT_FIELDS = {"LabelTransformer": "labels", "AnnotationsTransformer": "annotations"}
_SETTINGS = "fieldSettings"
"""Stands for what `set_at_fields` does: no key of kustomize's."""


def configured(root: Kustomization, key: str, known: Kustomizations, files: Files) -> Iterator[Kustomization | str]:
    """What each plugin does, as a kustomization in the place of its file, or why that is not known."""
    for number, each in enumerate(texts(root.value.get(key))):
        if "\n" in each:
            documents = parse(root.document.source.path, each.encode(), "manifest").documents
            found = [(document.value, root.document) for document in documents]
        else:
            found = list(_documents(os.path.normpath(os.path.join(root.folder, each)), known, files))
        does = [_as_kustomization(mapping(value)) for value, _ in found if value is not None]
        if not does or None in does:
            yield f"`{key}` of {os.path.relpath(root.folder)}: {each if chr(10) not in each else f'number {number + 1}'}"
        for value, (_, document) in zip(does, found, strict=False):
            if value is not None:
                yield Kustomization(root.folder, value, document)


def _documents(path: str, known: Kustomizations, files: Files, depth: int = 0) -> Iterator[tuple[Any, Document]]:
    """The documents of a file, or of the files that a kustomization takes."""
    below = known.of(path) if os.path.isdir(path) and depth < 5 else None
    for each in below.resources if below else ():
        yield from _documents(each, known, files, depth + 1)
    source = None if below or is_remote(path) else files.read(path)
    for document in source.documents if source else ():
        yield document.value, document


def _as_kustomization(value: Mapping[str, Any]) -> dict[str, Any] | None:
    """The keys of a kustomization that do the same as a plugin; None where that is not known."""
    if value.get("apiVersion") != "builtin" or _has_function(value):
        return None
    kind, specs = text(value.get("kind")), items(value.get("fieldSpecs"))
    rest = {key: each for key, each in value.items() if key not in ("apiVersion", "kind", "metadata", "fieldSpecs")}
    if kind in _AT_FIELDS:
        return {_SETTINGS: {"values": mapping(value.get(_AT_FIELDS[kind])), "specs": specs}}
    if kind in ("PrefixTransformer", "SuffixTransformer", "PrefixSuffixTransformer"):
        names = {"namePrefix": text(value.get("prefix")), "nameSuffix": text(value.get("suffix"))}
        return names if any(dict(mapping(each)) == {"path": "metadata/name"} for each in specs) else None
    if kind == "NamespaceTransformer":
        place = text(mapping(value.get("metadata")).get("namespace"))
        return {"namespace": place} if place and rest.keys() <= {"setRoleBindingSubjects"} else None
    return _by_list(kind, rest, text(mapping(value.get("metadata")).get("name")))


def _by_list(kind: str, rest: dict[str, Any], name: str) -> dict[str, Any] | None:
    match kind:
        case "ImageTagTransformer":
            return {"images": [mapping(rest.get("imageTag"))]}
        case "ReplicaCountTransformer":
            return {"replicas": [mapping(rest.get("replica"))]}
        case "PatchTransformer":
            return {"patches": [rest]}
        case "PatchJson6902Transformer":
            return {"patchesJson6902": [{"patch": rest["jsonOp"], **rest} if "jsonOp" in rest else rest]}
        case "PatchStrategicMergeTransformer":
            inline = text(rest.get("patches"))
            return {"patchesStrategicMerge": [*texts(rest.get("paths")), *([inline] if inline else [])]}
        case "ReplacementTransformer":
            return {"replacements": items(rest.get("replacements"))}
        case "ConfigMapGenerator":
            return {"configMapGenerator": [{"name": name, **rest}]}
        case "SecretGenerator":
            return {"secretGenerator": [{"name": name, **rest}]}
    return None


def _has_function(value: Mapping[str, Any]) -> bool:
    annotations = mapping(mapping(value.get("metadata")).get("annotations"))
    return any(text(key).startswith("config.kubernetes.io/function") for key in annotations)


def set_at_fields(plugin: Kustomization, pieces: Sequence[Piece], here: Spot, trace: Trace) -> bool:
    """Set labels or annotations at the fields that a plugin names; False where it does something else."""
    if _SETTINGS not in plugin.value:
        return False
    told = mapping(plugin.value[_SETTINGS])
    for spec in map(mapping, items(told.get("specs"))):
        keys = tuple(text(spec.get("path")).split("/"))
        for piece in pieces:
            if not _is_for(spec, piece):
                continue
            create = spec.get("create") is True
            for holder in holders(piece.value, keys, create=create):
                if create or isinstance(holder.get(keys[-1]), dict):
                    for key, value in mapping(told.get("values")).items():
                        map_at(holder, keys[-1])[key] = value
                        trace.put(holder[keys[-1]], key, here)
    return True


def _is_for(spec: Mapping[str, Any], piece: Piece) -> bool:
    version = text(piece.value.get("apiVersion")).rpartition("/")[2]
    found = {"group": piece.group, "version": version, "kind": piece.kind}
    return all(not spec.get(key) or spec[key] == value for key, value in found.items())
