"""What istioctl reports of an object, for `--compat istioctl`: what it looks at, and how often it says a thing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sailwright.diagnostics.problem import Problem
from sailwright.diagnostics.schema_error import SchemaError
from sailwright.runtime.records import replace
from sailwright.validate import webhook
from sailwright.validate.judge import Submitted, checked, rules, structural
from sailwright.validate.schemas.catalogue import Catalogue
from sailwright.validate.webhook_checks.checks import check
from sailwright.validate.webhook_checks.subject import Subject, hidden_by_istioctl


def validated(given: Submitted, errors: Iterable[SchemaError], catalogue: Catalogue) -> tuple[Problem, ...]:
    """What `istioctl validate` prints, a problem for a message; beside it what the schema alone refuses.

    Messages may come several times, and an unreadable field is one message. Names of objects it leaves to the API server.
    """
    known = checked(given, errors, catalogue)
    subject = known.subject
    refusals = tuple(webhook.named(subject.kind, each) for each in _printed(subject)) if subject else ()
    refused = structural(known, refusals)
    return (
        *(_first_of_the_spec(refused) if known.unreadable else refused),
        *rules(given, known, refusals),
        *refusals,
    )


def _first_of_the_spec(problems: Iterable[Problem]) -> Iterator[Problem]:
    """istioctl stops at the first field of the spec that it cannot read, and reports every key beside the spec."""
    stopped = False
    for each in problems:
        if not (stopped and each.aliases and each.path[0] == "spec"):
            yield each
        stopped = stopped or bool(each.aliases)


def analyzed(
    value: dict[str, Any], spec: dict[str, Any], unreadable: Iterable[Problem], release: str
) -> tuple[Problem, ...]:
    """What `istioctl analyze` reports: it passes over fields that it does not know, and says equal things once."""
    if any(not each.key for each in unreadable):
        return ()
    subject = replace(webhook.subject_of(value, spec, release), annotations={}, labels={})
    found: dict[tuple[str, ...], Problem] = {}
    for each in _printed(subject):
        found.setdefault((each.message, each.severity, each.rule), each)
    return tuple(found.values())


def _printed(subject: Subject) -> Iterator[Problem]:
    return (each for each in check(subject) if not hidden_by_istioctl(each))
