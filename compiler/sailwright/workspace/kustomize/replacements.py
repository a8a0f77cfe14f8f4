"""Replacements of a kustomization: a value of one object copied into fields of others.

Source: kustomize's ReplacementTransformer (api/filters/replacement). What cannot be copied for certain counts as unknown.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sailwright.runtime.regex import regex
from sailwright.source.manifest import Spot
from sailwright.source.untyped import entries, get, items, mapping, text, texts
from sailwright.workspace.kustomize.patches import ReadSource, selects
from sailwright.workspace.kustomize.pieces import Piece, Trace

UNKNOWN = "$(unknown)"
"""A placeholder: every check leaves alone what it cannot know."""
_PART = regex(r"(?:\\.|[^.\[])+|\[[^\]]*\]")


def replace_values(
    value: Mapping[str, Any], here: Spot, pieces: Sequence[Piece], read: ReadSource, trace: Trace
) -> Iterator[str]:
    """Make the replacements; yields what could not be read."""
    for (number,), each in entries(value.get("replacements"), ()):
        spot = here.below("replacements").below(number)
        if not isinstance(each.get("path"), str):
            _replace(each, spot, pieces, trace)
            continue
        source = read(each["path"])
        if source is None or source.problems:
            yield f"the replacements in {each['path']} cannot be read"
        for document in source.documents if source else ():
            for place, one in (
                enumerate(items(document.value)) if isinstance(document.value, list) else [(None, document.value)]
            ):
                inner = Spot(document) if place is None else Spot(document, (place,))
                if isinstance(one, dict):
                    _replace(one, inner, pieces, trace)


def _replace(replacement: Mapping[str, Any], spot: Spot, pieces: Sequence[Piece], trace: Trace) -> None:
    found = _source_value(replacement, pieces)
    for _, target in entries(replacement.get("targets"), ()):
        rejected = [each for _, each in entries(target.get("reject"), ())]
        for piece in pieces:
            if not selects(mapping(target.get("select")), piece) or any(selects(each, piece) for each in rejected):
                continue
            for path in texts(target.get("fieldPaths")) or ["metadata.name"]:
                if path == "metadata.name":
                    piece.remember()
                _set(piece.value, _parts(path), found, mapping(target.get("options")), spot, trace)


def _source_value(replacement: Mapping[str, Any], pieces: Sequence[Piece]) -> Any:
    source = mapping(replacement.get("source"))
    if not source:
        return replacement.get("sourceValue", UNKNOWN)
    found = [each for each in pieces if selects(source, each)]
    if len(found) != 1:
        return UNKNOWN
    path = text(source.get("fieldPath")) or "metadata.name"
    if path == "metadata.name" and found[0].hashed:
        return UNKNOWN
    values = [holder[key] for holder, key in _places(found[0].value, _parts(path), create=False)]
    if len(values) != 1:
        return UNKNOWN
    delimiter = text(get(source, "options", "delimiter"))
    if not delimiter:
        return values[0]
    pieces_of = str(values[0]).split(delimiter)
    index = get(source, "options", "index") or 0
    return pieces_of[index] if isinstance(index, int) and 0 <= index < len(pieces_of) else UNKNOWN


def _set(
    value: dict[str, Any], parts: list[str], found: Any, options: Mapping[str, Any], spot: Spot, trace: Trace
) -> None:
    for holder, key in _places(value, parts, create=options.get("create") is True):
        new = copy.deepcopy(found)
        if delimiter := text(options.get("delimiter")):
            new = _joined(str(holder[key]), str(found), delimiter, options.get("index") or 0)
        holder[key] = _as_typed(new, holder[key], parts)
        trace.put(holder, key, spot)


def _as_typed(new: Any, old: Any, parts: list[str]) -> Any:
    """A scalar as the field has it: text stays text, and a number takes digits."""
    if isinstance(new, dict | list) or isinstance(old, dict | list):
        return new
    if isinstance(old, str) or (old is None and {"annotations", "labels"} & set(parts)):
        return new if isinstance(new, str) else str(new).lower() if isinstance(new, bool) else str(new)
    if isinstance(old, int) and not isinstance(old, bool) and isinstance(new, str) and new.isdigit():
        return int(new)
    return new


def _joined(old: str, new: str, delimiter: str, index: Any) -> str:
    split = old.split(delimiter)
    if not isinstance(index, int):
        return UNKNOWN
    if index < 0:
        split.insert(0, new)
    elif index >= len(split):
        split.append(new)
    else:
        split[index] = new
    return delimiter.join(split)


def _parts(path: str) -> list[str]:
    return [each.replace("\\.", ".") for each in _PART.findall(path)]


def _places(value: Any, parts: list[str], *, create: bool) -> Iterator[tuple[Any, Any]]:
    """The holders and keys that a field path leads to."""
    head, rest = parts[0] if parts else "", parts[1:]
    keys: list[Any] = []
    if isinstance(value, dict):
        head = head[1:-1] if head.startswith("[") and "=" not in head else head
        if head == "*":
            keys = list(value)
        elif head in value or (create and head):
            keys = [head]
            if head not in value:
                value[head] = {} if rest else None
    elif isinstance(value, list):
        keys = _items(value, head)
    for key in keys:
        if rest:
            yield from _places(value[key], rest, create=create)
        else:
            yield value, key


def _items(value: list[Any], head: str) -> list[int]:
    if head == "*":
        return list(range(len(value)))
    if head.isdigit():
        return [int(head)] if int(head) < len(value) else []
    key, equals, wanted = head.strip("[]").partition("=")
    if not equals:
        return []
    return [number for number, each in enumerate(value) if isinstance(each, dict) and str(each.get(key)) == wanted]
