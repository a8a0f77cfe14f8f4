"""The order of rules: a VirtualService tries them as they are written, the Gateway API tries the most specific one first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sailwright.diagnostics.problem import Problem
from sailwright.mesh.pilot.gateway_api.rules import Specificity, specificity
from sailwright.render.gateway_api.rules import GRPC_ROUTE, RouteRule
from sailwright.render.gateway_api.words import KEEP, Words
from sailwright.runtime.records import dataclass

RULE = "gateway-api-order"


@dataclass(frozen=True, slots=True)
class _Tried:
    """A match of a rule, in the order of the file."""

    rule: RouteRule
    match: Mapping[str, Any]
    key: Specificity


def hold_order(rules: Sequence[RouteRule], kind: str, words: Words) -> None:
    """Note the routes of which the Gateway API tries a later one first, where a request may match both and they differ."""
    grpc = kind == GRPC_ROUTE
    tried = [
        _Tried(rule, match, specificity(match, grpc=grpc)) for rule in rules for match in rule.value["matches"] or [{}]
    ]
    told: set[int] = set()
    for at, first in enumerate(tried):
        for later in tried[at + 1 :]:
            if id(first.rule) in told or later.rule is first.rule or not later.key < first.key:
                continue
            if _does(first.rule) != _does(later.rule) and may_meet(first.match, later.match):
                told.add(id(first.rule))
                _tell(first.rule, later.rule, words)


def _tell(first: RouteRule, later: RouteRule, words: Words) -> None:
    names = [rule.route.name or f"route-{int(rule.route.path[-1]) + 1}" for rule in (first, later)]
    message = f"`{names[0]}` comes before `{names[1]}` here, and the Gateway API tries `{names[1]}` first: it is the more specific one"
    remedy = f"make `{names[0]}` the more specific one (path, then method, then headers), or put it after `{names[1]}`"
    words.problems[Problem(first.route.path, message, f"{remedy}, {KEEP}", rule=RULE)] = None


def _does(rule: RouteRule) -> dict[str, Any]:
    return {key: value for key, value in rule.value.items() if key not in ("name", "matches")}


def may_meet(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether a request may match both; patterns are taken to meet."""
    if one.get("method") and other.get("method") and not _methods_meet(one["method"], other["method"]):
        return False
    if not _paths_meet(one.get("path") or {}, other.get("path") or {}):
        return False
    return all(_values_meet(one.get(key) or (), other.get(key) or ()) for key in ("headers", "queryParams"))


def _methods_meet(one: Any, other: Any) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return bool(one == other)
    return all(one[key] == other[key] for key in one.keys() & other.keys())


def _paths_meet(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    kinds = (one.get("type", "PathPrefix"), other.get("type", "PathPrefix"))
    first, second = one.get("value", "/"), other.get("value", "/")
    if "RegularExpression" in kinds:
        return True
    if kinds == ("Exact", "Exact"):
        return first == second
    if kinds[0] == "Exact":
        return _below(first, second)
    if kinds[1] == "Exact":
        return _below(second, first)
    return _below(first, second) or _below(second, first)


def _below(path: str, prefix: str) -> bool:
    whole = prefix.removesuffix("/")
    return path == whole or path.startswith(f"{whole}/")


def _values_meet(one: Any, other: Any) -> bool:
    exact = {item["name"].lower(): item["value"] for item in one if "type" not in item}
    return all(exact.get(item["name"].lower(), item["value"]) == item["value"] for item in other if "type" not in item)
