"""One http rule of a VirtualService."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.mesh.values.duration import duration_fault
from sailwright.mesh.values.names import go_integer
from sailwright.validate.webhook_checks.destination import destination, weighted_destinations
from sailwright.validate.webhook_checks.headers import header_operations, is_authority
from sailwright.validate.webhook_checks.http_action import (
    cors_policy,
    direct_response,
    fault_injection,
    redirect,
    rewrite,
)
from sailwright.validate.webhook_checks.http_match import http_match
from sailwright.validate.webhook_checks.sound_parts import checked_once
from sailwright.validate.webhook_checks.subject import Message, error, warning

_RETRY_ON = frozenset(
    [
        "5xx",
        "gateway-error",
        "reset",
        "reset-before-request",
        "connect-failure",
        "retriable-4xx",
        "refused-stream",
        "retriable-status-codes",
        "retriable-headers",
        "envoy-ratelimited",
        "http3-post-connect-failure",
        "cancelled",
        "deadline-exceeded",
        "internal",
        "resource-exhausted",
        "unavailable",
    ]
)
NEEDS_ROUTE = "the rule needs a route, a redirect or a directResponse"
#: Go knows no text for the statuses that were withdrawn.
_NO_TEXT = frozenset((306,))


def http_route(rule: Message, path: Path, delegate: bool, generated: bool) -> Iterator[Problem]:
    """`delegate`: the rule is part of a VirtualService without hosts, which others refer to."""
    others = {name: None if name == "route" else each for name, each in rule.items()}
    yield from checked_once(("http rule", others, delegate), partial(_beside_destinations, rule, path, delegate))
    yield from weighted_destinations(rule.get("route", []), (*path, "route"), generated)
    if "timeout" in rule and (fault := duration_fault(rule["timeout"])):
        yield error((*path, "timeout"), fault)


def _beside_destinations(rule: Message, path: Path, delegate: bool) -> Iterator[Problem]:
    """What is wrong with a rule, whatever its destinations are."""
    yield from _conflicts(rule, path, delegate)
    for place, match in enumerate(rule.get("match", ())):
        yield from http_match(match, (*path, "match", place))
    yield from header_operations(rule.get("headers"), (*path, "headers"))
    yield from cors_policy(rule.get("corsPolicy"), (*path, "corsPolicy"))
    yield from fault_injection(rule.get("fault"), (*path, "fault"))
    yield from _mirrors(rule, path)
    yield from redirect(rule, path)
    yield from direct_response(rule.get("directResponse"), (*path, "directResponse"))
    yield from _retries(rule.get("retries"), (*path, "retries"))
    yield from rewrite(rule.get("rewrite"), (*path, "rewrite"))
    yield from _authority(rule, path)


def _conflicts(rule: Message, path: Path, delegate: bool) -> Iterator[Problem]:
    if "delegate" in rule and not delegate:
        for name in ("redirect", "route"):
            if name in rule:
                yield error((*path, name), f"rule '{rule.get('name', '')}' delegates, so it takes no {name}")
        return
    if "delegate" in rule:
        yield error((*path, "delegate"), "a delegate cannot delegate further")
    answer = next((name for name in ("redirect", "directResponse") if name in rule), None)
    if answer:
        for name in ("route", "fault", "rewrite", *(("directResponse",) if answer == "redirect" else ())):
            if name in rule:
                yield error((*path, name), f"{answer} answers by itself: the rule takes no {name}")
    elif "route" not in rule:
        yield error(path, NEEDS_ROUTE)
    if "mirror" in rule and "mirrors" in rule:
        yield error((*path, "mirror"), "mirror and mirrors exclude each other: use mirrors")


def _mirrors(rule: Message, path: Path) -> Iterator[Problem]:
    deprecated = next((name for name in ("mirrorPercent", "mirror_percent") if name in rule), None)
    if deprecated:
        if rule[deprecated] > 100:
            yield error((*path, deprecated), f"{deprecated} {rule[deprecated]} is above 100")
        yield warning((*path, deprecated), f"{deprecated} is deprecated: use mirrorPercentage")
    yield from _percentage(rule.get("mirrorPercentage"), "mirrorPercentage", (*path, "mirrorPercentage"))
    yield from destination(rule.get("mirror"), (*path, "mirror"))
    for place, mirror in enumerate(rule.get("mirrors", ())):
        where = (*path, "mirrors", place)
        if "destination" not in mirror:
            yield error(where, "a mirror needs a destination")
            continue
        yield from destination(mirror["destination"], (*where, "destination"))
        yield from _percentage(mirror.get("percentage"), "a mirror's percentage", (*where, "percentage"))


def _percentage(percentage: Message | None, what: str, path: Path) -> Iterator[Problem]:
    value = (percentage or {}).get("value", 0)
    if not 0 <= value <= 100:
        yield error(path, f"{what} {value} is outside 0..100")


def _retries(retries: Message | None, path: Path) -> Iterator[Problem]:
    if retries is None:
        return
    attempts = retries.get("attempts", 0)
    if attempts < 0:
        yield error((*path, "attempts"), "attempts is negative")
    settings = [name for name in ("perTryTimeout", "retryOn", "retryRemoteLocalities") if retries.get(name, "") != ""]
    if attempts == 0 and settings:
        yield error(path, "attempts: 0 switches retries off: remove the other settings, or set attempts")
    for name in ("perTryTimeout", "backoff"):
        if name in retries and (fault := duration_fault(retries[name])):
            yield error((*path, name), fault)
    for condition in retries["retryOn"].split(",") if retries.get("retryOn") else ():
        if condition not in _RETRY_ON and not _is_status(condition):
            yield error((*path, "retryOn"), f"'{condition}' is no condition to retry on (separate by ',' alone)")


def _is_status(text: str) -> bool:
    code = go_integer(text)
    return code in _STATUSES and code not in _NO_TEXT


_STATUSES = frozenset(
    (
        *range(100, 104), *range(200, 209), 226, *range(300, 306), 307, 308, *range(400, 419), *range(421, 427), 428, 429, 431, 451,
        *range(500, 509), 510, 511,
    )
)  # fmt: skip
"""Those that have a name."""


def _authority(rule: Message, path: Path) -> Iterator[Problem]:
    """The authority is rewritten in one place; Istio reports the first second place."""
    current = rule.get("rewrite", {}).get("authority", "")
    request = rule.get("headers", {}).get("request", {})
    for operation in ("set", "add"):
        for name, value in request.get(operation, {}).items():
            if not is_authority(name):
                continue
            if current:
                yield error(
                    (*path, "headers", "request", operation, name),
                    f"the authority is already '{current}', it cannot become '{value}'",
                )
                return
            current = value
