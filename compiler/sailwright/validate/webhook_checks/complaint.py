"""What Istio's validating webhook has against an object: where, and in which words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from sailwright.diagnostics.finding import Path
from sailwright.runtime.records import dataclass, field, replace

#: A decoded protobuf message: field name -> value, absent fields left out.
Message = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Complaint:
    """One message of the webhook.

    An error is refused on apply, a warning is admitted and printed. `unreachable` marks the messages that
    `istioctl analyze` reports under a code of their own (IST0130 rule, IST0131 match); `unsaid` those that
    Istio works out and then drops on the way to the user.
    """

    path: Path
    message: str
    severity: Literal["error", "warning"] = "error"
    unreachable: Literal["", "rule", "match"] = ""
    unsaid: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """The object under judgement: its spec as protobuf would read it, and what of the metadata the webhook looks at."""

    kind: str
    name: str
    namespace: str
    spec: Message
    annotations: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)


def without_warnings(complaints: Iterator[Complaint]) -> Iterator[Complaint]:
    """Where Istio keeps the errors of a part and drops its warnings."""
    for complaint in complaints:
        yield replace(complaint, unsaid=True) if complaint.severity == "warning" else complaint


def error(path: Path, message: str) -> Complaint:
    return Complaint(path, message)


def warning(path: Path, message: str) -> Complaint:
    return Complaint(path, message, "warning")
