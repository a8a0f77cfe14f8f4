"""Istio's webhook on one object: which of its complaints become which rule's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sailwright.validate.istio import Subject, complaints
from sailwright.validate.istio.complaint import Complaint
from sailwright.validate.istio.proto import Misreading, read
from sailwright.validate.objection import ERRORS, WARNINGS, Objection
from sailwright.validate.schemas.istio import is_istio, line, openapi_schema

_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
#: `istioctl analyze` has codes of its own for these.
_UNREACHABLE = {"rule": ("IST0130",), "match": ("IST0131",)}


def rule_of(kind: str, complaint: Complaint) -> str:
    """`virtual-service-refused`, `virtual-service-doubtful`: the rule that a complaint belongs to."""
    name = _CAPITAL.sub("-", kind).lower()
    if complaint.unreachable:
        return f"{name}-unreachable"
    return f"{name}-{'refused' if complaint.severity == 'error' else 'doubtful'}"


def message_of(value: dict[str, Any], release: str) -> tuple[dict[str, Any], tuple[Misreading, ...]] | None:
    """The spec of an object as Istio reads it, and what it cannot read; None where it is no kind of Istio's."""
    kind, api_version = value.get("kind"), value.get("apiVersion")
    if not isinstance(kind, str) or not isinstance(api_version, str) or not is_istio(api_version, kind):
        return None
    schema = openapi_schema(kind, line(release))
    return None if schema is None else read(schema["properties"]["spec"], value.get("spec"), ("spec",))


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


def objections(subject: Subject, *, compat: bool) -> Iterator[Objection]:
    """`compat`: only what `istioctl validate` prints, each message for itself; else each thing once."""
    seen: set[tuple[Any, ...]] = set()
    for complaint in complaints(subject):
        identity = (complaint.path, complaint.message)
        if (compat and complaint.unsaid) or (not compat and identity in seen):
            continue
        seen.add(identity)
        aliases = (
            *_UNREACHABLE.get(complaint.unreachable, ()),
            *(ERRORS if complaint.severity == "error" else WARNINGS),
        )
        yield Objection(
            rule_of(subject.kind, complaint), complaint.path, complaint.message, "", complaint.severity, aliases
        )


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: Any) -> dict[str, str]:
    return {key: each for key, each in _mapping(value).items() if isinstance(each, str)}
