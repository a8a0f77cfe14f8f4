"""What each minor of Istio changes for what a repository may hold: the table release_changes.yaml beside this module, read once."""

from __future__ import annotations

import os.path
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, get_args

from sailwright.diagnostics.finding import Severity
from sailwright.mesh.values.releases import Numbers, release_numbers
from sailwright.runtime.records import dataclass
from sailwright.source.source import parse

ChangeKind = Literal["removed", "deprecated", "default", "behaviour"]
"""What becomes of something: it goes, it is to go, its default is another, or it does something else."""
NOTES = "https://istio.io/latest/news/releases/{line}.x/announcing-{line}/{page}/"
MATCHERS = (
    "annotation", "label", "field", "api", "meshConfig", "values", "flag", "metadata", "image", "pods", "crd", "question",
)  # fmt: skip
"""What a use may be; a use has one of these keys."""


@dataclass(frozen=True, slots=True)
class Use:
    """One way of being affected by a change: `matcher` is one of MATCHERS, `name` what it looks for.

    `path` leads from a `field` object to the value, `value` is a regular expression that this meets whole. `lacks` are keys that the
    value does not have, `beside` leads to another value of the object, `where` asks something of the mesh. CRDs are of a bundle older
    than `below`.
    """

    matcher: str
    name: str
    path: tuple[str, ...] = ()
    value: str = ""
    lacks: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    where: str = ""
    below: Numbers = ()


@dataclass(frozen=True, slots=True)
class ReleaseChange:
    """One change. `since` is the minor that brings it, `until` the one that takes it back (empty: none does); with `after` only
    upgrades that start there or later see it.

    Without `uses` it concerns every mesh. `source` is the address of the page that says so.
    """

    id: str
    since: Numbers
    until: Numbers
    after: Numbers
    change: ChangeKind
    severity: Severity
    what: str
    do: str
    source: str
    uses: tuple[Use, ...]


@cache
def release_changes() -> tuple[ReleaseChange, ...]:
    """The whole table, in its order."""
    file = os.path.join(os.path.dirname(__file__), "release_changes.yaml")
    with open(file, "rb") as stream:
        entries: list[Mapping[str, Any]] = parse("release_changes", stream.read(), "service").documents[0].value
    return tuple(map(_change, entries))


def changes_between(before: Numbers, after: Numbers) -> tuple[ReleaseChange, ...]:
    """The changes of the minors that are newer than `before` and not newer than `after`, both as (1, 30)."""
    found = (each for each in release_changes() if before < each.since <= after and before >= each.after)
    return tuple(each for each in found if not each.until or after < each.until)


def _change(entry: Mapping[str, Any]) -> ReleaseChange:
    since, source, uses = entry["since"], entry["source"], entry["concerns"]
    if entry["change"] not in get_args(ChangeKind):
        raise ValueError(entry["id"])
    return ReleaseChange(
        id=entry["id"],
        since=release_numbers(since),
        until=release_numbers(entry.get("until", "")),
        after=release_numbers(entry.get("after", "")),
        change=entry["change"],
        severity=entry["severity"],
        what=entry["what"],
        do=entry["do"],
        source=source if source.startswith("https://") else NOTES.format(line=since, page=source),
        uses=() if uses == "mesh" else tuple(map(_use, uses)),
    )


def _use(entry: Mapping[str, Any]) -> Use:
    (matcher,) = (key for key in MATCHERS if key in entry)
    return Use(
        matcher,
        entry[matcher],
        _keys(entry.get("path", "")),
        entry.get("value", ""),
        tuple(entry.get("lacks", ())),
        _keys(entry.get("beside", "")),
        entry.get("where", ""),
        release_numbers(entry.get("below", "")),
    )


def _keys(path: str | list[str]) -> tuple[str, ...]:
    return tuple(path) if isinstance(path, list) else tuple(path.split(".")) if path else ()
