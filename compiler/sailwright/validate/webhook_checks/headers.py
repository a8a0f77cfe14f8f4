"""HTTP header names and values where an Istio object writes, removes or matches them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.runtime.regex import regex
from sailwright.validate.webhook_checks.subject import Message, error

_TOKEN = regex(r"[!#$%&'*+\-.^_`|~A-Za-z0-9]+")
_STRICT_NAME = regex(r"[-A-Za-z0-9]+")
_CONTROL = regex(r"[\x00-\x08\x0a-\x1f\x7f]")
_PSEUDO = frozenset((":method", ":scheme", ":authority", ":path", ":status"))
#: A header named like this in a match routes by a claim of the request's token.
_JWT_CLAIM = regex(r"@request\.auth\.claims(?:\..+|\[.+\])", re.IGNORECASE | re.DOTALL)


def is_jwt_claim(name: str) -> bool:
    return _JWT_CLAIM.fullmatch(name) is not None


def strict_name_fault(name: str) -> str | None:
    """For outputClaimToHeaders and probes: letters, digits and '-'."""
    if not name:
        return "the header name is empty"
    return None if _STRICT_NAME.fullmatch(name) else f"'{name}' is not a header name: letters, digits and '-' only"


def match_name_fault(name: str) -> str | None:
    if not name:
        return "the header name is empty"
    if is_jwt_claim(name) or name in _PSEUDO or _TOKEN.fullmatch(name):
        return None
    return f"'{name}' is not a header name"


def cors_name_fault(name: str) -> str | None:
    if not name:
        return "the header name is empty"
    return None if _TOKEN.fullmatch(name) else f"'{name}' is not a header name"


def is_authority(name: str) -> bool:
    return name.lower() in (":authority", "host")


def _request_name_fault(name: str) -> str | None:
    if not name:
        return "the header name is empty"
    if name.startswith(":") and not is_authority(name):
        return f"header '{name}': pseudo headers cannot be changed, except the authority"
    return None


def _operation_name_fault(name: str) -> str | None:
    if not name:
        return "the header name is empty"
    if name.lower() == "host":
        return f"header '{name}' can only be added to or set on the request"
    if name.startswith(":"):
        return f"header '{name}': pseudo headers cannot be changed here"
    return None


def header_operations(headers: Message | None, path: Path) -> Iterator[Problem]:
    """`headers: {request: {add, set, remove}, response: ...}` of a route or of one destination."""
    if not headers:
        return
    for side, name_fault in (("request", _request_name_fault), ("response", _operation_name_fault)):
        operations = headers.get(side) or {}
        for operation in ("add", "set"):
            for name, value in (operations.get(operation) or {}).items():
                where = (*path, side, operation, name)
                if fault := name_fault(name):
                    yield error(where, fault)
                if fault := header_value_fault(value):
                    yield error(where, fault)
        for place, name in enumerate(operations.get("remove") or ()):
            if fault := _operation_name_fault(name):
                yield error((*path, side, "remove", place), fault)


#: Envoy's reader of %VARIABLE% and %VARIABLE(argument)% in a header value: state -> character -> next state.
_STEPS = {
    "name": {"%": "literal", "(": "arguments"},
    "arguments": {"[": "string", " ": "arguments"},
    "string": {'"': "text", " ": "string"},
    "text": {"\\": "escape", ")": "end", '"': "delimiter"},
    "escape": {},
    "delimiter": {",": "string", "]": "close", " ": "delimiter"},
    "close": {")": "end", " ": "close"},
    "end": {"%": "literal", " ": "end"},
}
#: Where every other character leads; a state that is missing allows none.
_OTHERWISE = {"name": "name", "arguments": "text", "text": "text", "escape": "text"}


def header_value_fault(value: str) -> str | None:
    """A literal percent sign is written %%."""
    if _CONTROL.search(value):
        return "the header value holds control characters"
    state, at = "literal", 0
    while at < len(value):
        if state == "literal":
            at = value.find("%", at)
            if at < 0:
                return None
            if value.startswith("%%", at):
                at += 1
            else:
                state = "name"
        else:
            state = _STEPS[state].get(value[at]) or _OTHERWISE.get(state, "")
        if not state:
            break
        at += 1
    return None if state == "literal" else f"'{value}': a % that starts no %VARIABLE% must be written %%"
