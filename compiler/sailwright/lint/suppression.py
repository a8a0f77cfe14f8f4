"""Suppressions: `# sailwright: ignore[rule] reason`, the annotation `sailwright.dev/ignore`, and `lint.ignore`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sailwright.diagnostics.finding import Location
from sailwright.lint.settings import ANNOTATION, MARKER, Suppression
from sailwright.runtime.regex import regex
from sailwright.source.manifest import Manifest
from sailwright.source.source import Source

_COMMENT = regex(r"#[ \t]*sailwright:[ \t]*ignore\b(?:\[([^\]]*)\])?[ \t]*(.*)")
_NAMES = regex(r"[ \t]*([\w*-]+(?:[ \t]*,[ \t]*[\w*-]+)*)[ \t]*:?[ \t]*(.*)")


def comments(source: Source) -> tuple[Suppression, ...]:
    """The suppressions in the comments of a file. Text of the same form inside a scalar is no comment."""
    if MARKER not in source.data:
        return ()
    inside = _scalars(source.text)
    following = _next_contents(source.lines)
    return tuple(
        found
        for number, line in enumerate(source.lines)
        if "sailwright:" in line
        for found in _comments(source, number, line, following)
        if not any(start <= (number, found.location.column - 1) < end for start, end in inside)
    )


def annotation(manifest: Manifest) -> tuple[Suppression, ...]:
    """The suppressions an object carries: one a line of the annotation, `rule, rule reason`."""
    text = manifest.annotations.get(ANNOTATION)
    if not isinstance(text, str):
        return ()
    location = manifest.locate(("metadata", "annotations", ANNOTATION)).location
    matches = (_NAMES.fullmatch(line.strip()) for line in text.splitlines() if line.strip())
    return tuple(
        Suppression(_split(match[1]), match[2].strip(), location) if match else Suppression((), "", location)
        for match in matches
    )


def _comments(source: Source, number: int, line: str, following: Sequence[int]) -> Iterator[Suppression]:
    match = _COMMENT.search(line)
    if match is None:
        return
    column = match.start() + 1
    location = Location(source.path, number + 1, column, number + 1, column + len(match[0].rstrip()))
    alone = not line[: match.start()].strip()
    holds = following[number] if alone else number
    yield Suppression(_split(match[1] or ""), match[2].strip(), location, holds + 1)


def _next_contents(lines: Sequence[str]) -> list[int]:
    """For each line the number of the next one below that has content; its own where there is none."""
    found = list(range(len(lines)))
    content: int | None = None
    for number in range(len(lines) - 1, -1, -1):
        found[number] = number if content is None else content
        text = lines[number].strip()
        if text and not text.startswith("#"):
            content = number
    return found


def _split(names: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in names.split(",") if name.strip())


def _scalars(text: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """The spans of all scalars that contain a `#`, as (line, column) from 0."""
    import yaml

    spans: list[tuple[tuple[int, int], tuple[int, int]]] = []
    try:
        for token in _tokens(yaml, text):
            if isinstance(token, yaml.ScalarToken) and "#" in token.value:
                start, end = token.start_mark, token.end_mark
                spans.append(((start.line, start.column), (end.line, end.column)))
    except yaml.YAMLError:
        pass  # the syntax error is reported by the source; what stands before it is told apart
    return spans


def _tokens(yaml: Any, text: str) -> Iterator[Any]:
    loader = getattr(yaml, "CLoader", yaml.Loader)
    return iter(yaml.scan(text, Loader=loader))
