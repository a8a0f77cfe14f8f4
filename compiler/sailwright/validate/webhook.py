"""Istio's webhook on one object: how it reads the object, and to which rule each of its problems belongs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from sailwright.diagnostics.finding import Severity
from sailwright.diagnostics.problem import Problem
from sailwright.diagnostics.suggestions import did_you_mean
from sailwright.runtime.records import replace
from sailwright.runtime.regex import regex
from sailwright.source.untyped import mapping, text, text_entries
from sailwright.validate.schemas.istio import is_istio, line, openapi_schema
from sailwright.validate.webhook_checks.checks import check
from sailwright.validate.webhook_checks.http_route import NEEDS_ROUTE
from sailwright.validate.webhook_checks.proto import duration_names, read, read_valid
from sailwright.validate.webhook_checks.subject import ERRORS, Subject
from sailwright.validate.webhook_checks.unreachable import MATCH

_TOP = ("apiVersion", "kind", "metadata", "spec", "status")
_CAPITAL = regex(r"(?<=[a-z])(?=[A-Z])")


def rule_of(kind: str, problem: Problem) -> str:
    """The rule that a problem belongs to: its own, else `virtual-service-refused` or `virtual-service-doubtful`."""
    name = _CAPITAL.sub("-", kind).lower()
    return problem.rule or f"{name}-{'refused' if problem.severity == 'error' else 'doubtful'}"


def message_of(
    value: dict[str, Any], release: str, *, valid: bool = False
) -> tuple[dict[str, Any], tuple[Problem, ...]] | None:
    """The spec of an object as Istio reads it, and what it cannot read; None where it is no kind of Istio's.

    `valid`: the schema does not refuse the object, which makes reading quick.
    """
    kind, api_version = value.get("kind"), value.get("apiVersion")
    if not isinstance(kind, str) or not isinstance(api_version, str) or not is_istio(api_version, kind):
        return None
    schema = openapi_schema(kind, line(release))
    if schema is None:
        return None
    if valid and (quick := read_valid(_durations(kind, line(release)), value.get("spec"))) is not None:
        return quick, ()
    spec, unreadable = read(schema["properties"]["spec"], value.get("spec"), ("spec",))
    return spec, unreadable or tuple(_unknown_keys(value))


def is_read_as_written(value: dict[str, Any], subject: Subject) -> bool:
    """Whether the spec of an object that its schema takes is quickly read, and reads as it is written."""
    spec = value.get("spec")
    return spec == subject.spec == read_valid(_durations(subject.kind, subject.release), spec)


@cache
def _durations(kind: str, release_line: tuple[int, int]) -> frozenset[str]:
    return duration_names(openapi_schema(kind, release_line) or {})


def _unknown_keys(value: dict[str, Any]) -> Iterator[Problem]:
    """Keys beside the spec; Istio looks at them once the spec can be read."""
    for key in value:
        if key not in _TOP:
            yield Problem((key,), f"there is no field `{key}`", did_you_mean(key, _TOP), key=True, aliases=ERRORS)


def subject_of(value: dict[str, Any], spec: dict[str, Any], release: str) -> Subject:
    """An object as the webhook of a release looks at it."""
    meta = mapping(value.get("metadata"))
    return Subject(
        kind=value["kind"],
        name=text(meta.get("name")) or text(meta.get("generateName")),
        namespace=text(meta.get("namespace")),
        spec=spec,
        release=line(release),
        annotations=text_entries(meta.get("annotations")),
        labels=text_entries(meta.get("labels")),
    )


def distinct(subject: Subject) -> tuple[Problem, ...]:
    """The problems of an object, each once. A delegate that delegates lacks a route for that reason alone: one problem."""
    found: dict[tuple[Any, ...], Problem] = {}
    problems = tuple(check(subject))
    paths = {problem.path for problem in problems}
    for problem in problems:
        if problem.message == NEEDS_ROUTE and (*problem.path, "delegate") in paths:
            continue
        found.setdefault((problem.path, problem.message, problem.severity, problem.rule), problem)
    return tuple(found.values())


def problems(subject: Subject) -> tuple[Problem, ...]:
    """The problems of an object, each once, as the rules that they belong to report them."""
    return tuple(named(subject.kind, problem) for problem in distinct(subject))


def named(kind: str, problem: Problem) -> Problem:
    """A problem with the name and the severity of its rule."""
    return replace(problem, rule=rule_of(kind, problem), severity=severity_of(problem))


def severity_of(problem: Problem) -> Severity:
    """What is true of every object of a kind (`path` is empty) is a note; so is one match among others."""
    return "info" if problem.rule == MATCH or not problem.path else problem.severity
