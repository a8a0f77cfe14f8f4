"""One object against everything that would refuse it: schema, validation rules, its name, Istio's webhook."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.runtime.records import dataclass, replace
from sailwright.validate.findings import KIND_UNKNOWN, SCHEMA_MISSING, SCHEMA_RULE, SCHEMA_VIOLATION
from sailwright.validate.handlers import handler_problems
from sailwright.validate.naming import name_problems
from sailwright.validate.numbers import number_problems
from sailwright.validate.schemas.istio import is_istio
from sailwright.validate.sound_likenesses import note_as_readable, note_as_sound

if TYPE_CHECKING:
    from sailwright.diagnostics.schema_error import SchemaError
    from sailwright.source.emit_proven import Likeness
    from sailwright.validate.schemas.catalogue import Catalogue, Found, Unknown
    from sailwright.validate.webhook_checks.subject import Subject


def unknown_kind(unknown: Unknown) -> Problem:
    """No schema: an error where the API server has no such kind, a warning where nobody gave its schema."""
    if unknown.refused:
        return Problem(("kind",), unknown.message, unknown.help, rule=KIND_UNKNOWN)
    return Problem(("kind",), unknown.message, unknown.help, "warning", SCHEMA_MISSING)


@dataclass(frozen=True, slots=True)
class Submitted:
    """An object to be checked: as it is written, with the schema of its kind, and as the API server validates it.

    `alike` is its likeness, where that is known. By that it is known that all but its name is in order (`sound`), or that its schema, its
    rules and Istio's reader take it (`readable`).
    """

    value: dict[str, Any]
    found: Found
    admitted: dict[str, Any]
    alike: Likeness | None = None
    sound: bool = False
    readable: bool = False


Check = Callable[[Submitted, tuple["SchemaError", ...], "Catalogue"], tuple[Problem, ...]]
"""What is wrong with an object whose schema has found these errors."""


def with_other_schemas(check: Check) -> Check:
    """A check that also asks the other schemas which a cluster may have for the kind.

    An object is right where one of them takes it; else counts what the schema says that knows most of its fields, and of those the
    one that says least.
    """

    def leniently(given: Submitted, errors: tuple[SchemaError, ...], catalogue: Catalogue) -> tuple[Problem, ...]:
        fewest = check(given, errors, catalogue)
        if not fewest:
            return ()
        from sailwright.validate import builtin

        strange = _unknown_fields(errors)
        for found in catalogue.others(given.found):
            other = Submitted(given.value, found, found.admitted(given.value))
            refused = builtin.errors(found, other.admitted)
            told = check(other, refused, catalogue)
            if not told or (_unknown_fields(refused), len(told)) < (strange, len(fewest)):
                fewest, strange = told, _unknown_fields(refused)
            if not fewest:
                break
        return fewest

    return leniently


def _unknown_fields(errors: Iterable[SchemaError]) -> int:
    from sailwright.diagnostics.schema_error import UNKNOWN

    return sum(each.keyword == UNKNOWN for each in errors)


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong with an object, by who refuses it: its schema, Istio's reader, Istio's webhook.

    The webhook is asked only where Istio could read the object: `subject` is the object as it reads it, else None.
    """

    structural: tuple[Problem, ...]
    unreadable: Mapping[Path, Problem]
    subject: Subject | None


def checked(
    given: Submitted, errors: Iterable[SchemaError], catalogue: Catalogue, *, undecided: bool = False
) -> Checked:
    """An object held to its schema, whose `errors` a backend found, and read as Istio reads it.

    `undecided`: there were more errors, which placeholders decide, so that not every value is of the type it must have.
    """
    value, structural = given.value, tuple(_worded(given, tuple(errors)))
    if not is_istio(given.found.api_version, given.found.kind):
        return Checked(structural, {}, None)
    from sailwright.validate import webhook
    from sailwright.validate.webhook_checks.subject import ERRORS

    reading = webhook.message_of(value, catalogue.istio, valid=not (structural or undecided))
    if reading is None:
        return Checked(structural, {}, None)
    spec, misread = reading
    unreadable = {each.path: replace(each, rule=SCHEMA_VIOLATION, aliases=ERRORS) for each in misread}
    return Checked(structural, unreadable, None if unreadable else webhook.subject_of(value, spec, catalogue.istio))


def _worded(given: Submitted, errors: tuple[SchemaError, ...]) -> Iterator[Problem]:
    """What the schema refuses, in words."""
    if not errors:
        return
    from sailwright.diagnostics.schema_words import worded

    for each in worded(errors, given.admitted, given.found.strict):
        yield replace(each, rule=SCHEMA_VIOLATION)


def problems(given: Submitted, errors: Iterable[SchemaError], catalogue: Catalogue) -> tuple[Problem, ...]:
    """Everything wrong with an object. What Istio's webhook reports, the schema and its rules do not report again."""
    custom = given.found.openapi is not None
    if given.sound:
        return tuple(name_problems(given.value, custom=custom))
    if given.readable:
        return (*name_problems(given.value, custom=custom), *_refusals_as_written(given, catalogue))
    decided, undecided = _decided(given, tuple(errors))
    known = checked(given, decided, catalogue, undecided=undecided)
    refusals = _refusals(known.subject) if known.subject else ()
    typed = not (known.structural or undecided)
    before = (*structural(known, refusals), *rules(given, known, refusals))
    after = (*(_of_handlers_and_numbers(given) if typed else ()), *refusals)
    if given.alike is not None and typed and not (before or after):
        note_as_sound(given.value, given.found, given.alike)
    if given.alike is not None and typed and known.subject is not None and not before:
        _note_if_readable(given, given.alike, known.subject)
    return (*before, *name_problems(given.value, custom=custom), *after)


def _note_if_readable(given: Submitted, alike: Likeness, subject: Subject) -> None:
    """Remember an object that its schema, its rules and Istio's reader take, where that reads the spec as it is written."""
    from sailwright.validate import webhook

    if webhook.is_read_as_written(given.value, subject):
        note_as_readable(given.value, given.found, alike)


def _refusals_as_written(given: Submitted, catalogue: Catalogue) -> tuple[Problem, ...]:
    """What Istio's webhook says of an object that its reader takes as it is written."""
    from sailwright.validate import webhook

    return _refusals(webhook.subject_of(given.value, given.value["spec"], catalogue.istio))


def _of_handlers_and_numbers(given: Submitted) -> tuple[Problem, ...]:
    """What is wrong with hooks, probes and numbers."""
    numbers = number_problems(given.value, given.found) if given.found.version else ()
    return (*handler_problems(given.value), *numbers)


def _refusals(subject: Subject) -> tuple[Problem, ...]:
    from sailwright.validate import webhook

    return webhook.problems(subject)


def schema_problems(given: Submitted, errors: Iterable[SchemaError], catalogue: Catalogue) -> tuple[Problem, ...]:
    """What the schema of an object and its rules refuse, and nobody else."""
    decided, undecided = _decided(given, tuple(errors))
    known = checked(given, decided, catalogue, undecided=undecided)
    return (*structural(known, ()), *rules(given, known, ()))


def _decided(given: Submitted, errors: tuple[SchemaError, ...]) -> tuple[tuple[SchemaError, ...], bool]:
    """The errors without those that hang on a placeholder, and whether there are such: what else is wrong is to be seen."""
    kept = tuple(each for each in errors if not _hangs_on_placeholder(each, given.value))
    return kept, len(kept) < len(errors)


def _hangs_on_placeholder(error: SchemaError, value: dict[str, Any]) -> bool:
    """Whether the value is not known, or one of the alternatives fits if what it refuses is filled in well."""
    from sailwright.diagnostics.schema_error import UNKNOWN
    from sailwright.source.placeholders import is_unknown

    if is_unknown({} if error.key or error.keyword == UNKNOWN else value, error.path):
        return True
    branches = (each.causes if each.keyword == "allOf" else (each,) for each in error.causes)
    return any(all(_hangs_on_placeholder(each, value) for each in branch) for branch in branches)


def structural(known: Checked, refusals: Iterable[Problem]) -> Iterator[Problem]:
    """What the schema refuses and what Istio cannot read, each place once, without what the webhook reports."""
    if not (known.structural or known.unreadable):
        return
    from sailwright.validate.webhook_checks.subject import ERRORS

    refused = _refused(refusals)
    kept = [
        replace(each, aliases=ERRORS) if each.path in known.unreadable else each
        for each in known.structural
        if each.path not in refused
    ]
    yield from kept
    places = {each.path for each in kept}
    yield from (each for path, each in known.unreadable.items() if path not in places)


def rules(given: Submitted, known: Checked, refusals: Iterable[Problem]) -> Iterator[Problem]:
    """The schema's validation rules, where its structure is right. What repeats the webhook in other words is left out."""
    if known.structural or known.unreadable or given.found.rules is None:
        return
    from sailwright.validate.cel.rules import broken

    refused = _refused(refusals)
    for each in broken(given.found.rules, given.admitted):
        if not any(_is_about(each, path) for path in refused):
            yield Problem(each.path, each.wanted[0], rule=SCHEMA_RULE)


def _refused(refusals: Iterable[Problem]) -> set[Path]:
    return {each.path for each in refusals if each.severity == "error"}


def _is_about(error: SchemaError, path: Path) -> bool:
    """The path is the rule's place, that of a field below it which the rule names, or one of the keys that it looks at."""
    rule = error.wanted[-1]
    if path == error.path or (path[:-1] == error.path and rule.startswith("self.all(")):
        return True
    below = len(path) > len(error.path) and path[: len(error.path)] == error.path
    return below and re.search(rf"\b{re.escape(str(path[-1]))}\b", rule) is not None
