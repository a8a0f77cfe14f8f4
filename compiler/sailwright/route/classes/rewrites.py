"""What a rewrite does to a path, in words that are equal where it is equal, whichever of Istio's forms says it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from sailwright.route.envoy.matchers import EXACT, PATH, PREFIX, SEPARATED, Condition
from sailwright.route.envoy.route_table import Route

WHOLE: Final = "/.*"
"""The expression by which istiod replaces a whole path (ReplaceFullPath of the Gateway API)."""


def rewrite_words(route: Route) -> str:
    """The rewrite of a route's action; empty where it leaves the request as it is."""
    given = dict(route.action.rewrite)
    condition = next((found for found in route.conditions if found.subject == PATH), None)
    words = [f"authority {given['authority']}"] if given.get("authority") else []
    return " ".join([*words, *_path(given, condition)])


def _path(given: Mapping[str, Any], condition: Condition | None) -> list[str]:
    expression = given.get("uriRegexRewrite") or {}
    kind = condition.kind if condition else ""
    old = condition.value if condition else ""
    if kind == EXACT and expression.get("match") == WHOLE:
        return [f"uri {expression.get('rewrite')} of exact {old}"]
    if kind == SEPARATED and expression.get("match") == f"^{re.escape(old)}(/?)(.*)":
        return [f"uri (nothing) of prefix {old}"]
    if expression:
        of = f" of {kind} {old}" if condition else ""
        return [f"uriRegexRewrite match {expression.get('match')} rewrite {expression.get('rewrite')}{of}"]
    new = given.get("uri")
    if not new or (kind == PREFIX and old == new == "/"):
        return []
    if kind == PREFIX and old.endswith("/") and new.endswith("/"):
        return [f"uri {new[:-1] or '(nothing)'} of prefix {old[:-1]}"]
    shown = PREFIX if kind == SEPARATED else kind
    return [f"uri {new} of {shown} {old}" if condition else f"uri {new}"]
