"""What `istioctl analyze` prints of what its checks found: equal messages once, and nothing that an annotation suppresses.

Rules report where the fault is; the analyzers often know only the object. The tables here say where they show what they found.

Source: pkg/config/analysis/local (filterMessages) and pkg/config/analysis/diag (SortedDedupedCopy).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from sailwright.diagnostics.finding import Path
from sailwright.lint.rule import Problem
from sailwright.lint.run_rules import WorldProblem
from sailwright.mesh.queries.istioctl_compat import shown
from sailwright.runtime.records import replace

SUPPRESS = "galley.istio.io/analyze-suppress"


AT_OBJECT: Final = frozenset(
    (
        "annotation-deprecated",
        "annotation-invalid",
        "annotation-misplaced",
        "annotation-unknown",
        "application-uid",
        "authorization-matches-nothing",
        "fault-delay-percent",
        "gateway-api-crd-too-old",
        "image-auto-not-injected",
        "image-auto-pod",
        "jwks-fetch-unrestricted",
        "jwt-route-without-authentication",
        "lightstep-provider",
        "namespace-injection-labels",
        "rbac-crd-removed",
        "selector-on-kubernetes-gateway",
        "sidecar-egress-proxy",
        "telemetry-provider-missing",
        "webhook-overlap",
        "webhook-service-missing",
        "webhook-url-address",
        "webhook-url-invalid",
    )
)
"""The rules whose messages the analyzers show at the whole object."""


def _port_number(path: Path) -> Path:
    return (*path, "port")


def _port_name(path: Path) -> Path:
    return (*path, "name")


def _value_of_patch(path: Path) -> Path:
    return (*path[:-1], "value")


def _among_namespaces(path: Path) -> Path:
    """An excluded namespace is shown at the place it would have among the others."""
    return (*path[:-2], "namespaces", path[-1])


def _same(path: Path) -> Path:
    return path


ELSEWHERE: Final[Mapping[str, Callable[[Path], Path]]] = {
    "authorization-namespace-unknown": _among_namespaces,
    "envoy-filter-add": _value_of_patch,
    "envoy-filter-relative": _value_of_patch,
    "envoy-filter-relative-version": _value_of_patch,
    "envoy-filter-remove": _value_of_patch,
    "envoy-filter-replace": _value_of_patch,
    "external-name-port": _port_number,
    "port-protocol-undeclared": _port_number,
    "port-tls-without-ca": _same,
    "service-entry-addresses": _port_name,
    "tls-without-ca": _same,
}
"""Where the analyzers show what these rules find: there if something is there, else at the whole object."""


def printed(found: Iterable[WorldProblem]) -> Iterator[WorldProblem]:
    """Of each message of a check about an object the first in each line; other worlds' problems pass as they are."""
    seen: set[tuple[str, int, str, int]] = set()
    for each in found:
        if not each.world.facts.compat:
            yield each
            continue
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


def _suppressed(found: WorldProblem) -> bool:
    """The list is split at its commas and not trimmed: `IST0101, IST0102` suppresses the first alone."""
    codes = found.problem.manifest.annotations.get(SUPPRESS)
    if not isinstance(codes, str):
        return False
    return any(code == "*" or code in found.chosen.rule.ALIASES for code in codes.split(","))
