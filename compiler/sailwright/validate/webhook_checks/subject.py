"""The object that the webhook checks, and what the checks yield: problems, each with istioctl's code for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.runtime.records import dataclass, field, replace

#: A decoded protobuf message: field name -> value, absent fields left out.
Message = Mapping[str, Any]

ERRORS = ("IST0106",)
WARNINGS = ("IST0133",)
"""The codes of `istioctl analyze` for what Istio's webhook refuses and warns about."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The object: its spec as protobuf would read it, and what of the metadata the webhook looks at.

    `release` is the release line of the istiod that checks it, as (1, 31).
    """

    kind: str
    name: str
    namespace: str
    spec: Message
    release: tuple[int, int]
    annotations: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)


def error(path: Path, message: str) -> Problem:
    """What is refused on apply."""
    return Problem(path, message, aliases=ERRORS)


def warning(path: Path, message: str) -> Problem:
    """What is admitted, and printed as a warning."""
    return Problem(path, message, severity="warning", aliases=WARNINGS)


def hidden_warning(path: Path, message: str) -> Problem:
    """A warning that Istio works out and drops on the way to the user: no code of istioctl is for it."""
    return Problem(path, message, severity="warning")


def hidden_by_istioctl(problem: Problem) -> bool:
    """Is this a problem that Istio finds and istioctl never prints?"""
    return not problem.aliases


def hide_warnings(problems: Iterator[Problem]) -> Iterator[Problem]:
    """Where Istio keeps the errors of a part and drops its warnings."""
    for problem in problems:
        yield replace(problem, aliases=()) if problem.severity == "warning" else problem
