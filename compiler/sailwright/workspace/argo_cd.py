"""What Argo CD deploys: the folders of Application and ApplicationSet (list, git and matrix generators), and what is set there.

Source: the API of argoproj.io. Paths are those of the repository that holds the file; where nothing lies there, nothing is known.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from glob import escape, iglob
from itertools import islice
from typing import Any

from sailwright.runtime.regex import regex
from sailwright.source.manifest import Manifest
from sailwright.source.placeholders import has_placeholder
from sailwright.source.source import SERVICE_LIMIT, parse
from sailwright.source.untyped import entries, get, items, mapping, text
from sailwright.workspace.deployment import Deployment, folder_named, on_top, tops

_MOST = 500
"""Folders that one generator names at most."""
_CROSSED = 2
"""Generators that a matrix has, no fewer and no more."""


def of_application(manifest: Manifest, spec: Mapping[str, Any], name: str) -> Iterator[Deployment]:
    destination = text(get(spec, "destination", "namespace"))
    for _, source in entries([spec.get("source"), *items(spec.get("sources"))], ()):
        folder = folder_named(manifest, text(source.get("path")))
        if folder is None or source.get("helm") or source.get("chart"):
            continue
        more = _argo_kustomize(mapping(source.get("kustomize")))
        yield Deployment(
            folder,
            f"Argo CD Application {name}",
            manifest.document,
            on_top(folder, more, manifest),
            namespace="" if has_placeholder(destination) else destination,
            recurses=get(source, "directory", "recurse") is True,
        )


def _argo_kustomize(value: Mapping[str, Any]) -> dict[str, Any]:
    keys = (
        "namePrefix",
        "nameSuffix",
        "namespace",
        "commonLabels",
        "commonAnnotations",
        "patches",
        "replicas",
        "components",
    )
    more = {key: value[key] for key in keys if value.get(key) and not has_placeholder(str(value[key]))}
    images = [_image(each) for each in items(value.get("images")) if isinstance(each, str)]
    return {**more, "images": images} if images else more


def _image(written: str) -> dict[str, str]:
    """`name=new:tag` as the entry that kustomize has for it."""
    name, equals, new = written.partition("=")
    new = new if equals else name
    bare, _, digest = new.partition("@")
    first, colon, tag = bare.rpartition(":") if ":" in bare.rpartition("/")[2] else (bare, "", "")
    return {
        "name": name if equals else first,
        "newName": first,
        **({"newTag": tag} if colon else {}),
        **({"digest": digest} if digest else {}),
    }


def of_application_set(manifest: Manifest) -> Iterator[Deployment]:
    """The Applications that list and git directory generators make, as far as the file says them."""
    template = mapping(manifest.spec.get("template"))
    for _, generator in entries(manifest.spec.get("generators"), ()):
        for values in _generated(manifest, generator):
            spec = filled(mapping(template.get("spec")), values)
            name = filled(text(get(template, "metadata", "name")), values) or manifest.name
            yield from of_application(manifest, spec, name)


def _generated(manifest: Manifest, generator: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """The parameters that a generator makes, as far as files of the repository say them."""
    for _, element in entries(get(generator, "list", "elements"), ()):
        yield _flat(element)
    git = mapping(generator.get("git"))
    more = {f"values.{key}": each for key, each in _flat(mapping(git.get("values"))).items()}
    for path in _entered(manifest, git.get("directories"), os.path.isdir):
        yield _of_path(path) | filled(more, _of_path(path))
    for path in _entered(manifest, git.get("files"), os.path.isfile):
        for held in _parameters(manifest, path):
            values = held | _of_path(os.path.dirname(path)) | {"path.filename": os.path.basename(path)}
            yield values | filled(more, values)
    crossed = [each for _, each in entries(get(generator, "matrix", "generators"), ())]
    if len(crossed) == _CROSSED:
        for first in _generated(manifest, crossed[0]):
            for second in _generated(manifest, filled(crossed[1], first)):
                yield first | second


def _entered(manifest: Manifest, patterns: object, fits: Callable[[str], bool]) -> list[str]:
    """The files or folders that patterns name, without those that are excluded, below the root of the repository."""
    entered: list[str] = []
    for _, each in entries(patterns, ()):
        path = os.path.normpath(text(each.get("path")) or ".").lstrip("/")
        if path.startswith("..") or path == ".":
            continue
        above = tops(manifest.document.source.path)
        found = next((one for top in above if (one := _below(top, path, fits))), [])
        excluded = each.get("exclude") is True
        entered = [one for one in entered if one not in found] if excluded else [*entered, *found]
    return list(dict.fromkeys(entered))


def _below(top: str, pattern: str, fits: Callable[[str], bool]) -> list[str]:
    found = sorted(islice(iglob(os.path.join(escape(top), pattern), recursive=True), _MOST))
    return [os.path.relpath(one, top) for one in found if fits(one)]


def _of_path(path: str) -> dict[str, str]:
    parts = {f"path[{number}]": part for number, part in enumerate(path.split(os.sep))}
    return {"path": path, "path.path": path, "path.basename": os.path.basename(path), **parts}


def _parameters(manifest: Manifest, path: str) -> Iterator[dict[str, str]]:
    """What a file of parameters says, JSON or YAML: one set, or a list of them."""
    for top in tops(manifest.document.source.path):
        file = os.path.join(top, path)
        if os.path.isfile(file):
            with open(file, "rb") as opened:
                documents = parse(file, opened.read(SERVICE_LIMIT), "manifest").documents
            value = documents[0].value if documents else None
            yield from map(_flat, value if isinstance(value, list) else [value])
            return


def _flat(value: object, before: str = "") -> dict[str, str]:
    """Nested keys joined by dots, as both kinds of templates name them."""
    found: dict[str, str] = {}
    for key, each in mapping(value).items():
        if isinstance(each, dict):
            found |= _flat(each, f"{before}{key}.")
        elif isinstance(each, str | int):
            found[f"{before}{key}"] = str(each)
    return found


_ACTION = regex(r"\{\{-?\s*\.?([\w.\[\]-]+?)\s*-?\}\}")


def filled(value: Any, values: Mapping[str, str]) -> Any:
    """The same data with the parameters of a generator in their places; others stay."""
    if isinstance(value, str):
        return _ACTION.sub(lambda found: values.get(found[1], found[0]), value)
    if isinstance(value, dict):
        return {key: filled(each, values) for key, each in value.items()}
    return [filled(each, values) for each in value] if isinstance(value, list) else value
