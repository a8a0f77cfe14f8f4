"""Suppressions as they are kept with the results of a lint: what annotations suppress, and what the names in all of them mean.

Comments are read again from the files, and so are the findings that they suppress: what is kept is what rules found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sailwright.diagnostics.finding import Location
from sailwright.diagnostics.plain import plain_location
from sailwright.lint.config import expired
from sailwright.lint.run import LintRequest, annotations_of
from sailwright.lint.settings import MARKER, Settings, Suppression
from sailwright.lint.suppression_audit import Names
from sailwright.mesh.world import World
from sailwright.source.source import Document, Source
from sailwright.source.untyped import items, mapping


def plain_suppressions(request: LintRequest, sources: Iterable[Source], names: Names | None) -> dict[str, Any]:
    """What to keep of suppressions, as plain data. `sources` are all files, `names` those known of the reported ones."""
    marked = marked_files(sources)
    if names is None and marked:
        names = names_for(request)
    return plain_of_suppressions(request, marked, names, [] if names is None else plain_annotations(request.worlds))


def names_for(request: LintRequest) -> Names:
    """What the names in suppressions mean."""
    from sailwright.lint.suppression_audit import names

    return names(request.rules, frozenset(each.rule.ID for each in request.chosen), request.settings.locked)


def plain_of_suppressions(
    request: LintRequest, marked: Sequence[str], names: Names | None, annotations: Sequence[Any]
) -> dict[str, Any]:
    """What to keep of suppressions, as plain data: the files that are `marked`, and what annotations say."""
    return {
        "marked": list(marked),
        "names": _plain_names(names) if names is not None else None,
        "ignore": [plain_suppression(each) for each in request.settings.ignore],
        "annotations": list(annotations),
    }


def days(document: Document | None) -> dict[str, bool]:
    """Until when entries of the project file suppress findings, each with whether that day is over."""
    value = document.value if document is not None and isinstance(document.value, dict) else {}
    entries = items(mapping(value.get("lint")).get("ignore"))
    given = {str(entry["until"]) for entry in entries if isinstance(entry, dict) and entry.get("until")}
    return {last: _over(last) for last in sorted(given)}


def same_days(known: Mapping[str, Any]) -> bool:
    """Whether no entry has come to its last day since."""
    return all(_over(last) == over for last, over in known["until"].items())


def _over(last: str) -> bool:
    try:
        return expired(last)
    except ValueError:
        return False


def marked_files(sources: Iterable[Source]) -> list[str]:
    """The files that may have comments which suppress findings."""
    return [source.path for source in sources if MARKER in source.data]


def plain_annotations(worlds: Iterable[World]) -> list[Any]:
    """The suppressions that objects carry, each with the number of the world and the path of the object's file."""
    return [(number, path, plain_suppression(each)) for number, path, each in annotations_of(worlds)]


def plain_suppression(one: Suppression) -> tuple[Any, ...]:
    """A suppression as plain data."""
    return one.rules, one.reason, plain_location(one.location), one.line, one.glob, one.target


def suppression_of(plain: tuple[Any, ...]) -> Suppression:
    """The suppression that `plain_suppression` made this of."""
    rules, reason, location, line, glob, target = plain
    return Suppression(rules, reason, Location(*location), line, glob, target)


def _plain_names(names: Names) -> tuple[Any, ...]:
    meaning = {name: tuple(sorted(rules)) for name, rules in names.meaning.items()}
    return meaning, sorted(names.ran), sorted(names.locked)


def names_of(known: Mapping[str, Any]) -> Names | None:
    """What the names in suppressions mean; None where nothing was suppressed."""
    if known["names"] is None:
        return None
    meaning, ran, locked = known["names"]
    return Names({name: frozenset(rules) for name, rules in meaning.items()}, frozenset(ran), frozenset(locked))


def settings_of(known: Mapping[str, Any]) -> Settings:
    """The settings of the project, as far as they matter once rules have run."""
    return Settings(fail_on=known["fail on"], ignore=tuple(map(suppression_of, known["ignore"])))
