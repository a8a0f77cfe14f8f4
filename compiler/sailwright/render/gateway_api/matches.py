"""Match blocks of a VirtualService as matches of an HTTPRoute or a GRPCRoute.

A prefix is compared character by character in a VirtualService and segment by segment in an HTTPRoute: `prefix: /login` takes
`/loginx` in the first only. The pair `exact: /login`, `prefix: /login/` says what PathPrefix says, and becomes one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sailwright.diagnostics.finding import Path
from sailwright.project.service.parts import Block
from sailwright.render.gateway_api.words import Words
from sailwright.runtime.records import dataclass
from sailwright.runtime.regex import regex

NAME: Final = regex(r"[A-Za-z0-9!#$%&'*+\-.^_`|~]{1,256}")
"""A header or query parameter that the Gateway API takes."""
_PATH: Final = regex(r"/(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})*")
_UNFIT_PATH: Final = regex(r"//|/\.\.?(?:/|$)|%2[fF]")
_METHODS: Final = frozenset(("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"))
_UNSAID: Final[Mapping[str, str]] = {
    "scheme": "has no condition on the scheme",
    "authority": "has no condition on the Host header for callers in the mesh",
    "withoutHeaders": "has no condition on absent headers",
    "sourceLabels": "has no condition on the caller's pod",
    "sourceNamespace": "has no condition on the caller's namespace",
}
_CALL: Final = regex(r"/([A-Za-z0-9_.]+)/([A-Za-z0-9_]*)")
"""The path of a gRPC call: service and method."""


@dataclass(frozen=True, slots=True)
class Match:
    """A match in Kubernetes' words. `uri` is the condition on the path as its author wrote it."""

    value: dict[str, Any]
    uri: Mapping[str, str]
    path: Path


def http_matches(blocks: Sequence[tuple[int, Block]], route: Path, words: Words, *, joined: bool) -> list[Match]:
    """The matches of a route. `blocks` are those that hold on its way, with their index. `joined`: a pair becomes one match."""
    pairs = _pairs([block for _, block in blocks])
    found: list[Match] = []
    for position, (index, block) in enumerate(blocks):
        if joined and position in pairs.values():
            continue
        at: Path = (*route, "match", index)
        uri = dict(block.get("uri") or {})
        if joined and position in pairs:
            uri = {"prefix": f"{uri['exact']}/"}
        value = _path(uri, (*at, "uri"), words, paired=position in pairs or position in pairs.values())
        found.append(Match({**value, **_method(block, at, words), **_lists(block, at, words)}, uri, at))
        _unsaid(block, at, words)
    return found


def grpc_matches(blocks: Sequence[tuple[int, Block]], route: Path, words: Words) -> list[Match] | None:
    """The matches of a route for gRPC; None where a GRPCRoute has no word for one of them."""
    found: list[Match] = []
    for index, block in blocks:
        at: Path = (*route, "match", index)
        uri = dict(block.get("uri") or {})
        method = _call(uri)
        if method is None or block.get("method") or block.get("queryParams"):
            return None
        value: dict[str, Any] = {"method": method} if method else {}
        lists = _lists(block, at, words)
        found.append(Match({**value, **lists}, uri, at))
        _unsaid(block, at, words)
    return found


def _call(uri: Mapping[str, str]) -> dict[str, str] | None:
    if not uri or uri == {"prefix": "/"}:
        return {}
    kind, value = next(iter(uri.items()))
    parts = _CALL.fullmatch(value)
    if parts is None or (kind, bool(parts[2])) not in (("exact", True), ("prefix", False)):
        return None
    return {"service": parts[1], "method": parts[2]} if parts[2] else {"service": parts[1]}


def _pairs(blocks: Sequence[Block]) -> dict[int, int]:
    """The positions of blocks `exact: /a` that have a `prefix: /a/` beside them with equal conditions, and the other's."""
    found: dict[int, int] = {}
    for one, block in enumerate(blocks):
        exact = (block.get("uri") or {}).get("exact")
        for other, beside in enumerate(blocks):
            if exact and beside == {**block, "uri": {"prefix": f"{exact}/"}} and other not in found.values():
                found.setdefault(one, other)
    return found


def _path(uri: Mapping[str, str], at: Path, words: Words, *, paired: bool) -> dict[str, Any]:
    if not uri or uri == {"prefix": "/"}:
        return {}
    kind, value = next(iter(uri.items()))
    if kind == "regex":
        return {"path": {"type": "RegularExpression", "value": value}}
    if not _PATH.fullmatch(value) or _UNFIT_PATH.search(value):
        words.lacks(
            (*at, kind), f"accepts no path like `{value}`", "write a path without `//`, `/./`, `/../` and `%2F`"
        )
    if kind == "exact":
        return {"path": {"type": "Exact", "value": value}}
    whole = value.removesuffix("/")
    if not paired:
        _tell_apart(value, whole, (*at, kind), words)
    return {"path": {"type": "PathPrefix", "value": whole}}


def _tell_apart(value: str, whole: str, at: Path, words: Words) -> None:
    """A prefix that is no pair: which requests each of the two APIs takes."""
    pair = f"write `exact: {whole}` and `prefix: {whole}/`, which mean the same in both APIs"
    if value == whole:
        what = f"compares whole segments of the path: `{value}` does not take `{value}x`, as `prefix: {value}` does"
    else:
        what = f"compares whole segments of the path: `{value}` takes `{whole}` too, which `prefix: {value}` does not"
    words.differs(at, what, pair)


def _method(block: Block, at: Path, words: Words) -> dict[str, Any]:
    given = block.get("method") or {}
    if not given:
        return {}
    exact = given.get("exact")
    if exact in _METHODS:
        return {"method": exact}
    words.lacks(
        (*at, "method"), "matches a method by its exact name", "write a block with `method: {exact: ...}` for each"
    )
    return {}


def _lists(block: Block, at: Path, words: Words) -> dict[str, Any]:
    return {
        key: items
        for key in ("headers", "queryParams")
        if (items := list(_named(block.get(key) or {}, (*at, key), words)))
    }


def _named(conditions: Mapping[str, Any], at: Path, words: Words) -> Iterator[dict[str, Any]]:
    """Conditions on headers or query parameters; that one is there is written as a pattern that any value has."""
    if len(conditions) > 16:
        words.lacks(at, "takes at most 16 conditions on headers, and 16 on query parameters", "remove some")
    for name, given in conditions.items():
        kind, value = next(iter((given or {}).items()), ("regex", ".*"))
        if not NAME.fullmatch(name):
            words.lacks((*at, name), f"has no condition on `{name}`", "remove it", key=True)
        elif not value:
            words.lacks((*at, name), "has no condition on an empty value", "remove it")
        elif kind == "exact":
            yield {"name": name, "value": value}
        else:
            pattern = f"{re.escape(value)}.*" if kind == "prefix" else value
            yield {"type": "RegularExpression", "name": name, "value": pattern}


def _unsaid(block: Block, at: Path, words: Words) -> None:
    for key, what in _UNSAID.items():
        if block.get(key):
            words.lacks((*at, key), what, "remove it", key=True)
    if block.get("ignoreUriCase"):
        words.lacks((*at, "ignoreUriCase"), "compares paths by case", "remove it", key=True)
