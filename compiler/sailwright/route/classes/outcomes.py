"""What a route does, reduced to what its requests can tell: two outcomes are equal where no request takes another way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from sailwright.route.classes.rewrites import rewrite_words
from sailwright.route.envoy.actions import NOT_FOUND, REDIRECT, ROUTE, UNDECIDED
from sailwright.route.envoy.route_policies import STATUS_CODES
from sailwright.route.envoy.route_table import Route
from sailwright.route.wording import share
from sailwright.runtime.records import dataclass, field

POLICIES = ("timeout", "retries", "fault", "mirrors")
REDIRECTED = ("scheme", "authority", "uri", "prefixRewrite", "port")
"""The parts of a redirect that its requests notice, beside the status."""
Name = Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`kind` as in an answer; `shares` by destination; `details` are the other fields that requests notice, in words."""

    kind: str
    shares: Mapping[str, Fraction] = field(default_factory=dict)
    details: Mapping[str, str] = field(default_factory=dict)


def outcome(route: Route | None, name: Name, scheme: str) -> Outcome:
    """The outcome of a route; None stands for no route. `name` says what to call a destination, `scheme` is the requests'."""
    if route is None:
        return Outcome(NOT_FOUND, details={"status": "404"})
    action = route.action
    if route.unknowable:
        return Outcome(UNDECIDED, details={"reason": route.unknowable})
    details = {
        key: _told(_noticed(action.fixed[key]), name)
        for key in (*POLICIES, "status", "body", "reason")
        if action.fixed.get(key, "") != ""
    }
    if action.kind == REDIRECT and action.redirect:
        changed = {key: action.redirect[key] for key in REDIRECTED if action.redirect.get(key)}
        if changed.get("scheme") == scheme:
            del changed["scheme"]
        details["to"] = _told(changed, name)
    hosts = dict.fromkeys(forwarding.authority for forwarding in action.forwardings if forwarding.authority)
    if hosts:
        details["host"] = ", ".join(hosts)
    if rewritten := rewrite_words(route) if action.rewrite else "":
        details["rewrite"] = rewritten
    operations = [
        level
        for levels in (*(forwarding.levels for forwarding in action.forwardings), action.response)
        for level in levels
        if level.write or level.remove
    ]
    if operations:
        details["headers"] = ", ".join(
            [f"{key}: {value}" for level in operations for key, value, _ in level.write]
            + [f"no {key}" for level in operations for key in level.remove]
        )
    return Outcome(action.kind, _shares(action.fixed.get("destinations") or (), name), details)


def _noticed(value: Any) -> Any:
    """A value without what makes no difference: retries by status codes where none are named."""
    if isinstance(value, dict) and "on" in value and "statusCodes" not in value:
        return {**value, "on": value["on"].removesuffix(f",{STATUS_CODES}")}
    return value


def from_answer(answer: Mapping[str, Any], name: Name) -> Outcome:
    """The outcome of an answer about a connection."""
    details = {key: str(answer[key]) for key in ("status", "reason") if key in answer}
    return Outcome(answer["kind"], _shares(answer.get("destinations") or (), name), details)


def _shares(destinations: Any, name: Name) -> dict[str, Fraction]:
    total = sum(destination["weight"] for destination in destinations)
    shares: dict[str, Fraction] = {}
    for destination in destinations:
        called = name(destination)
        shares[called] = shares.get(called, Fraction(0)) + Fraction(destination["weight"], total)
    return shares


def _told(value: Any, name: Name) -> str:
    if isinstance(value, dict) and "host" in value:
        return f"{name(value)} {value.get('percentage', 100):g} %"
    if isinstance(value, dict):
        return " ".join(f"{key} {_told(item, name)}" for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(_told(item, name) for item in value)
    return str(value)


def change(before: Outcome, after: Outcome) -> str:
    """What changes, as `v1 80 -> 50 %, v2 20 -> 50 %` or `v2 100 % -> v3 100 %`; empty where nothing does."""
    parts: list[str] = []
    if before.kind != after.kind or set(before.shares) != set(after.shares):
        return f"{told(before)} -> {told(after)}"
    for called, part in after.shares.items():
        earlier = before.shares[called]
        if earlier != part:
            parts.append(f"{called} {_percent(earlier)} -> {_percent(part)} %")
    for key in sorted({*before.details, *after.details}):
        old, new = before.details.get(key, "none"), after.details.get(key, "none")
        if old != new:
            parts.append(f"{key} {old} -> {new}")
    return ", ".join(parts)


def told(outcome: Outcome) -> str:
    """An outcome in a few words."""
    if outcome.kind == ROUTE:
        shares = ", ".join(f"{called} {_percent(part)} %" for called, part in outcome.shares.items())
        extra = [f"{key} {value}" for key, value in outcome.details.items() if key != "retries"]
        return f"{shares} ({', '.join(extra)})" if extra else shares
    if outcome.kind == NOT_FOUND:
        return "404"
    return " ".join([outcome.kind, *outcome.details.values()])


def _percent(part: Fraction) -> str:
    return share(part.numerator, part.denominator).removesuffix(" %")
