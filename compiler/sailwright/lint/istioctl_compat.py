"""What `istioctl analyze` prints of what its checks found: equal messages once, and nothing that an annotation suppresses.

Source: pkg/config/analysis/local (filterMessages) and pkg/config/analysis/diag (SortedDedupedCopy).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sailwright.lint.rule import Problem
from sailwright.lint.run_rules import Found
from sailwright.runtime.records import replace

SUPPRESS = "galley.istio.io/analyze-suppress"

AT_THE_OBJECT = frozenset(
    (
        "fault-delay-percent",
        "gateway-api-crd-too-old",
        "jwt-route-without-authentication",
        "selector-on-kubernetes-gateway",
        "sidecar-egress-proxy",
    )
)
"""The rules whose analyzers know no line, and report the object as a whole."""

AT_THE_NUMBER = frozenset(("external-name-port", "port-protocol-undeclared"))
"""The rules whose analyzers report a Service's port at its number."""


def printed(found: Iterable[Found]) -> Iterator[Found]:
    """Of each message of a check about an object the first in each line; other worlds' problems pass as they are."""
    seen: set[tuple[str, int, str, int]] = set()
    for each in found:
        if not each.world.facts.compat:
            yield each
            continue
        each = replace(each, problem=_placed(each.chosen.rule.ID, each.problem))
        problem = each.problem
        line = problem.manifest.locate(problem.path, key=problem.key).location.line
        message = (each.chosen.rule.ID, id(problem.manifest), problem.message, line)
        if message not in seen and not _suppressed(each):
            seen.add(message)
            yield each


def _placed(rule: str, problem: Problem) -> Problem:
    """A problem where the analyzer shows it: the place decides which messages are equal."""
    if rule in AT_THE_OBJECT:
        return replace(problem, path=())
    return replace(problem, path=(*problem.path, "port")) if rule in AT_THE_NUMBER else problem


def _suppressed(found: Found) -> bool:
    """The list is split at its commas and not trimmed: `IST0101, IST0102` suppresses the first alone."""
    codes = found.problem.manifest.annotations.get(SUPPRESS)
    if not isinstance(codes, str):
        return False
    return any(code == "*" or code in found.chosen.rule.ALIASES for code in codes.split(","))
