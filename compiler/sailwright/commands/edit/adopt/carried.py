"""Objects that a draft carries along as they are, because service.yaml has no word for something in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from sailwright.commands.edit.adopt.inventory import Key, key_of
from sailwright.runtime.records import dataclass, field
from sailwright.source import parse
from sailwright.source.emit import emit
from sailwright.source.manifest import Manifest

_MARK = re.compile(r"^---(?:[ \t].*)?$", re.MULTILINE)


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


def files_of(manifests: Iterable[Manifest], folder: str) -> Mapping[str, str]:
    """The text of each object by the path of its file below `folder`."""
    result: dict[str, str] = {}
    for manifest in manifests:
        stem = f"{folder}/{manifest.kind.lower()}-{manifest.name.replace('/', '-').replace(':', '-')}"
        path, number = f"{stem}.yaml", 1
        while path in result:
            number += 1
            path = f"{stem}-{number}.yaml"
        result[path] = text_of(manifest)
    return result


def text_of(manifest: Manifest) -> str:
    """The text of an object, byte for byte where it is a document of its own; an item of a List is written anew."""
    source = manifest.document.source
    if manifest.base == ():
        for chunk in _chunks(source.text):
            again = parse(source.path, chunk.encode(), "manifest").documents
            if len(again) == 1 and again[0].value == manifest.value and not parse_problems(chunk):
                return chunk
    return emit(manifest.value)


def parse_problems(text: str) -> bool:
    """Whether a text is no sound YAML."""
    return bool(parse("-", text.encode(), "manifest").problems)


def _chunks(text: str) -> list[str]:
    """The documents of a file as they are written: `---` at the start of a line parts them, even in a block of text."""
    return [chunk.removeprefix("\n") for chunk in _MARK.split(text)]
