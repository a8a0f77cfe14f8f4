"""One object against everything that would refuse it: schema, validation rules, its name, Istio's webhook."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.validate import webhook
from sailwright.validate.cel.rules import Broken, broken
from sailwright.validate.naming import name_objections
from sailwright.validate.objection import (
    ERRORS,
    KIND_UNKNOWN,
    SCHEMA_MISSING,
    SCHEMA_RULE,
    SCHEMA_VIOLATION,
    Objection,
)
from sailwright.validate.schemas.catalogue import Catalogue, Found, Unknown
from sailwright.validate.violation import Violation, worded


def unknown_kind(unknown: Unknown) -> Objection:
    """No schema: an error where the API server has no such kind, a warning where nobody told us its schema."""
    if unknown.refused:
        return Objection(KIND_UNKNOWN, ("kind",), unknown.message, unknown.help)
    return Objection(SCHEMA_MISSING, ("kind",), unknown.message, unknown.help, "warning")


def objections(
    value: dict[str, Any], found: Found, violations: Iterable[Violation], catalogue: Catalogue, *, compat: bool = False
) -> tuple[Objection, ...]:
    """Everything against an object, `violations` being what a backend found.

    What Istio cannot read it judges no further; what its webhook says is not said again by the schema. With `compat`, what
    `istioctl validate` prints comes as so many objections with its code, and a misreading is one, as there.
    """
    words = worded(violations, value, found.lookup)
    said: list[Objection] = []
    misread: dict[Path, Objection] = {}
    if reading := webhook.message_of(value, catalogue.istio, valid=not words):
        spec, misreadings = reading
        for each in misreadings:
            misread[each.path] = Objection(
                SCHEMA_VIOLATION, each.path, each.message, each.help, aliases=ERRORS, key=each.key
            )
        if not misread:
            said += webhook.objections(webhook.subject_of(value, spec), compat=compat)
    refused = {objection.path for objection in said if objection.severity == "error"}
    structural = [
        Objection(
            SCHEMA_VIOLATION, each.path, each.message, each.help, key=each.key, aliases=_aliases(each.path, misread)
        )
        for each in words
        if each.path not in refused
    ]
    told = {each.path for each in structural}
    structural += [each for path, each in misread.items() if path not in told]
    if compat and misread:
        structural = list(_as_istioctl(structural))
    rules = () if words or misread else _rules(found, value, refused)
    names = () if compat else name_objections(value, custom=found.openapi is not None)
    return (*structural, *rules, *names, *said)


def _aliases(path: Path, misread: dict[Path, Objection]) -> tuple[str, ...]:
    return ERRORS if path in misread else ()


def _as_istioctl(structural: list[Objection]) -> Iterator[Objection]:
    """istioctl stops at the first field of the spec that it cannot read, and tells of every key beside the spec."""
    told = False
    for each in structural:
        if not (told and each.aliases and each.path[0] == "spec"):
            yield each
        told = told or bool(each.aliases)


def _rules(found: Found, value: Any, refused: set[Path]) -> Iterator[Objection]:
    """A rule that says in its schema's words what the webhook has said in ours would only repeat it."""
    for each in broken(found.rules, value):
        if not any(_is_about(each, path) for path in refused):
            yield Objection(SCHEMA_RULE, each.path, each.message)


def _is_about(rule: Broken, path: Path) -> bool:
    """The path is the rule's place, that of a field below it which the rule names, or one of the keys that it looks at."""
    if path == rule.path or (path[:-1] == rule.path and rule.rule.startswith("self.all(")):
        return True
    below = len(path) > len(rule.path) and path[: len(rule.path)] == rule.path
    return below and re.search(rf"\b{re.escape(str(path[-1]))}\b", rule.rule) is not None
