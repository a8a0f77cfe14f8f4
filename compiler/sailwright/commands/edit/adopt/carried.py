"""Objects that a draft carries along as they are, because service.yaml has no word for something in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from sailwright.commands.edit.adopt.inventory import Key, key_of, without_nulls
from sailwright.runtime.records import dataclass, field
from sailwright.runtime.regex import regex
from sailwright.source.edit import Add
from sailwright.source.emit import emit
from sailwright.source.manifest import Manifest
from sailwright.source.source import Source, parse
from sailwright.source.splice import edited

_UNFIT = regex(r"[^a-zA-Z0-9.-]")
_FEW = 20
"""Documents of a file that are searched one by one where a text is not at its number: empty documents may stand before it."""
_MARK = regex(r"^---(?:[ \t].*)?$", re.MULTILINE)


@dataclass(slots=True)
class Carried:
    """The objects that are carried along so far, and why."""

    reasons: dict[Key, str] = field(default_factory=dict)

    def add(self, manifest: Manifest, reason: str) -> bool:
        """Carry an object along; whether that is new."""
        key = key_of(manifest)
        if key in self.reasons:
            return False
        self.reasons[key] = reason
        return True

    def __contains__(self, manifest: Manifest) -> bool:
        return key_of(manifest) in self.reasons


def files_of(
    manifests: Iterable[Manifest], folder: str, known: dict[int, list[str]] | None = None
) -> Mapping[str, str]:
    """The text of each object by the path of its file below `folder`; `known` as for `text_of`."""
    result: dict[str, str] = {}
    documents: dict[int, list[str]] = {} if known is None else known
    for manifest in manifests:
        stem = f"{folder}/{file_part(manifest.kind.lower())}-{file_part(manifest.name)}"
        path, number = f"{stem}.yaml", 1
        while path in result:
            number += 1
            path = f"{stem}-{number}.yaml"
        result[path] = text_of(manifest, documents)
    return result


def file_part(text: str) -> str:
    """A name as part of a path: what is no letter, digit, dash or dot within becomes a dash."""
    return _UNFIT.sub("-", text).strip(".") or "-"


def text_of(manifest: Manifest, known: dict[int, list[str]] | None = None) -> str:
    """The text of an object, byte for byte where it is a document of its own; an item of a List is written anew.

    `known` keeps the documents of each source between calls.
    """
    source = manifest.document.source
    if manifest.base == ():
        known = {} if known is None else known
        if id(source) not in known:
            known[id(source)] = _chunks(source.text)
        chunks = known[id(source)]
        near = chunks[manifest.document.index : manifest.document.index + 2]
        for chunk in (*near, *(chunks if len(chunks) < _FEW else ())):
            again = parse(source.path, chunk.encode(), "manifest")
            if len(again.documents) == 1 and not again.problems and (found := _as_meant(again, manifest)):
                return found
    written: str = emit(manifest.value)
    return written


def _as_meant(document: Source, manifest: Manifest) -> str:
    """The text of a document that says the object, byte for byte but for a namespace that it was given; else nothing."""
    value = document.documents[0].value
    if value is not None and without_nulls(value) == manifest.value:
        return document.text
    namespace = Add(("metadata", "namespace"), manifest.namespace)
    if not isinstance(value, dict) or not isinstance(value.get("metadata"), dict) or "namespace" in value["metadata"]:
        return ""
    placed = {**value, "metadata": {**value["metadata"], "namespace": manifest.namespace}}
    again = (
        edited(document, document.documents[0].index, [namespace]) if without_nulls(placed) == manifest.value else None
    )
    return again.text if again else ""


def _chunks(text: str) -> list[str]:
    """The documents of a file as they are written: `---` at the start of a line parts them, even in a block of text."""
    return [chunk.removeprefix("\n") for chunk in _MARK.split(text)]
