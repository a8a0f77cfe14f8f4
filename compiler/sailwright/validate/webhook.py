"""Istio's webhook on one object: which of its complaints become which rule's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from sailwright.diagnostics.finding import Severity
from sailwright.diagnostics.suggestions import did_you_mean
from sailwright.validate.objection import ERRORS, WARNINGS, Objection
from sailwright.validate.schemas.istio import is_istio, line, openapi_schema
from sailwright.validate.webhook_checks import Subject, complaints
from sailwright.validate.webhook_checks.complaint import Complaint
from sailwright.validate.webhook_checks.proto import Misreading, duration_names, read, read_valid

_TOP = ("apiVersion", "kind", "metadata", "spec", "status")
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
#: `istioctl analyze` has codes of its own for these.
_UNREACHABLE = {"rule": ("IST0130",), "match": ("IST0131",)}


def rule_of(kind: str, complaint: Complaint) -> str:
    """`virtual-service-refused`, `virtual-service-doubtful`: the rule that a complaint belongs to."""
    name = _CAPITAL.sub("-", kind).lower()
    if complaint.unreachable:
        return f"{name}-{complaint.unreachable}-unreachable"
    return f"{name}-{'refused' if complaint.severity == 'error' else 'doubtful'}"


def message_of(
    value: dict[str, Any], release: str, *, valid: bool = False
) -> tuple[dict[str, Any], tuple[Misreading, ...]] | None:
    """The spec of an object as Istio reads it, and what it cannot read; None where it is no kind of Istio's.

    `valid`: the schema does not refuse the object, which makes reading quick.
    """
    kind, api_version = value.get("kind"), value.get("apiVersion")
    if not isinstance(kind, str) or not isinstance(api_version, str) or not is_istio(api_version, kind):
        return None
    schema = openapi_schema(kind, line(release))
    if schema is None:
        return None
    if valid and (quick := read_valid(_durations(kind, line(release)), value.get("spec"), ("spec",))):
        return quick
    spec, misreadings = read(schema["properties"]["spec"], value.get("spec"), ("spec",))
    return spec, misreadings or tuple(_strangers(value))


@cache
def _durations(kind: str, release_line: tuple[int, int]) -> frozenset[str]:
    return duration_names(openapi_schema(kind, release_line) or {})


def _strangers(value: dict[str, Any]) -> Iterator[Misreading]:
    """Keys beside the spec; Istio looks at them once the spec can be read."""
    for key in value:
        if key not in _TOP:
            yield Misreading((key,), f"there is no field `{key}`", did_you_mean(key, _TOP), key=True)


def subject_of(value: dict[str, Any], spec: dict[str, Any], *, metadata: bool = True) -> Subject:
    """`metadata`: whether annotations and labels are looked at, which `istioctl analyze` does not do."""
    meta = _mapping(value.get("metadata"))
    return Subject(
        kind=value["kind"],
        name=_text(meta.get("name")) or _text(meta.get("generateName")),
        namespace=_text(meta.get("namespace")) or "default",
        spec=spec,
        annotations=_texts(meta.get("annotations")) if metadata else {},
        labels=_texts(meta.get("labels")) if metadata else {},
    )


def distinct(subject: Subject, *, said_only: bool, by_place: bool) -> tuple[Complaint, ...]:
    """The complaints about an object, each once.

    `said_only` leaves out what Istio works out and never prints; `by_place` tells equal words at two places apart.
    """
    found: dict[tuple[Any, ...], Complaint] = {}
    for complaint in complaints(subject):
        if not (said_only and complaint.unsaid):
            place = complaint.path if by_place else None
            found.setdefault((place, complaint.message, complaint.severity, complaint.unreachable), complaint)
    return tuple(found.values())


def objections(subject: Subject, *, compat: bool) -> Iterator[Objection]:
    """`compat`: what `istioctl validate` prints, a message for a message; else each thing once, and what it leaves out."""
    said = (each for each in complaints(subject) if not each.unsaid)
    for complaint in said if compat else distinct(subject, said_only=False, by_place=True):
        codes = ERRORS if complaint.severity == "error" else WARNINGS
        yield Objection(
            rule_of(subject.kind, complaint),
            complaint.path,
            complaint.message,
            severity=severity_of(complaint),
            aliases=() if complaint.unsaid else (*_UNREACHABLE.get(complaint.unreachable, ()), *codes),
        )


def severity_of(complaint: Complaint) -> Severity:
    """What is said of every object of a kind (`path` is empty) is told and warns nobody; nor does one match among others."""
    return "info" if complaint.unreachable == "match" or not complaint.path else complaint.severity


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: Any) -> dict[str, str]:
    return {key: each for key, each in _mapping(value).items() if isinstance(each, str)}
