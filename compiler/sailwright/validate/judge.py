"""One object against everything that would refuse it: schema, validation rules, its name, Istio's webhook."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.diagnostics.schema_error import SchemaError
from sailwright.diagnostics.schema_words import worded
from sailwright.runtime.records import replace
from sailwright.validate import webhook
from sailwright.validate.cel.rules import broken
from sailwright.validate.findings import KIND_UNKNOWN, SCHEMA_MISSING, SCHEMA_RULE, SCHEMA_VIOLATION
from sailwright.validate.naming import name_problems
from sailwright.validate.schemas.catalogue import Catalogue, Found, Unknown
from sailwright.validate.webhook_checks.subject import ERRORS


def unknown_kind(unknown: Unknown) -> Problem:
    """No schema: an error where the API server has no such kind, a warning where nobody gave its schema."""
    if unknown.refused:
        return Problem(("kind",), unknown.message, unknown.help, rule=KIND_UNKNOWN)
    return Problem(("kind",), unknown.message, unknown.help, "warning", SCHEMA_MISSING)


def problems(
    value: dict[str, Any], found: Found, errors: Iterable[SchemaError], catalogue: Catalogue, *, compat: bool = False
) -> tuple[Problem, ...]:
    """Everything wrong with an object, `errors` being what a backend found.

    What Istio cannot read is checked no further; what its webhook reports the schema does not report again. With `compat`,
    what `istioctl validate` prints comes as so many problems with its code, and an unreadable field is one, as there.
    """
    structural = [replace(each, rule=SCHEMA_VIOLATION) for each in worded(errors, value, found.lookup)]
    sound = not structural
    refusals: list[Problem] = []
    unreadable: dict[Path, Problem] = {}
    if reading := webhook.message_of(value, catalogue.istio, valid=sound):
        spec, misread = reading
        unreadable = {each.path: replace(each, rule=SCHEMA_VIOLATION, aliases=ERRORS) for each in misread}
        if not unreadable:
            refusals = list(webhook.problems(webhook.subject_of(value, spec), compat=compat))
    refused = {each.path for each in refusals if each.severity == "error"}
    structural = _merged(structural, unreadable, refused)
    if compat and unreadable:
        structural = list(_as_istioctl(structural))
    rules = _rules(found, value, refused) if sound and not unreadable else ()
    names = () if compat else name_problems(value, custom=found.openapi is not None)
    return (*structural, *rules, *names, *refusals)


def _merged(structural: list[Problem], unreadable: dict[Path, Problem], refused: set[Path]) -> list[Problem]:
    """What the schema refuses and what Istio cannot read, each place once, without what the webhook reports."""
    kept = [
        replace(each, aliases=ERRORS) if each.path in unreadable else each
        for each in structural
        if each.path not in refused
    ]
    known = {each.path for each in kept}
    return [*kept, *(each for path, each in unreadable.items() if path not in known)]


def _as_istioctl(structural: list[Problem]) -> Iterator[Problem]:
    """istioctl stops at the first field of the spec that it cannot read, and reports every key beside the spec."""
    stopped = False
    for each in structural:
        if not (stopped and each.aliases and each.path[0] == "spec"):
            yield each
        stopped = stopped or bool(each.aliases)


def _rules(found: Found, value: Any, refused: set[Path]) -> Iterator[Problem]:
    """A rule that says in its schema's words what the webhook has said in ours would only repeat it."""
    for each in broken(found.rules, value):
        if not any(_is_about(each, path) for path in refused):
            yield Problem(each.path, each.wanted[0], rule=SCHEMA_RULE)


def _is_about(error: SchemaError, path: Path) -> bool:
    """The path is the rule's place, that of a field below it which the rule names, or one of the keys that it looks at."""
    rule = error.wanted[-1]
    if path == error.path or (path[:-1] == error.path and rule.startswith("self.all(")):
        return True
    below = len(path) > len(error.path) and path[: len(error.path)] == error.path
    return below and re.search(rf"\b{re.escape(str(path[-1]))}\b", rule) is not None
