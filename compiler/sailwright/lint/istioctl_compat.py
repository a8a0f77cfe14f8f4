"""What `istioctl analyze` prints of what its checks found: equal messages once, and nothing that an annotation suppresses.

Rules report where the fault is; the analyzers often know only the object. The tables here say where they show what they found.

Source: pkg/config/analysis/local (filterMessages) and pkg/config/analysis/diag (SortedDedupedCopy).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from sailwright.diagnostics.finding import Path
from sailwright.lint.rule import Problem
from sailwright.lint.run_rules import Found
from sailwright.mesh.queries.istioctl_compat import shown
from sailwright.runtime.records import replace

SUPPRESS = "galley.istio.io/analyze-suppress"


AT_OBJECT: Final = frozenset(
    (
        "fault-delay-percent",
        "gateway-api-crd-too-old",
        "jwt-route-without-authentication",
        "selector-on-kubernetes-gateway",
        "sidecar-egress-proxy",
    )
)
"""The rules whose messages the analyzers show at the whole object."""


def _port_number(path: Path) -> Path:
    return (*path, "port")


def _port_name(path: Path) -> Path:
    return (*path, "name")


ELSEWHERE: Final[Mapping[str, Callable[[Path], Path]]] = {
    "external-name-port": _port_number,
    "port-protocol-undeclared": _port_number,
    "service-entry-addresses": _port_name,
}
"""Where the analyzers show what these rules find: there if something is there, else at the whole object."""


def printed(found: Iterable[Found]) -> Iterator[Found]:
    """Of each message of a check about an object the first in each line."""
    seen: set[tuple[str, int, str, int]] = set()
    for each in found:
        rule, problem = each.chosen.rule.ID, each.problem
        problem = replace(problem, path=_place(rule, problem))
        line = problem.manifest.locate(problem.path, key=problem.key).location.line
        message = (rule, id(problem.manifest), problem.message, line)
        if message not in seen and not _suppressed(each):
            seen.add(message)
            yield replace(each, problem=problem)


def _place(rule: str, problem: Problem) -> Path:
    if rule in AT_OBJECT:
        return ()
    elsewhere = ELSEWHERE.get(rule)
    return problem.path if elsewhere is None else shown(problem.manifest, *elsewhere(problem.path))


def _suppressed(found: Found) -> bool:
    """The list is split at its commas and not trimmed: `IST0101, IST0102` suppresses the first alone."""
    codes = found.problem.manifest.annotations.get(SUPPRESS)
    if not isinstance(codes, str):
        return False
    return any(code == "*" or code in found.chosen.rule.ALIASES for code in codes.split(","))
