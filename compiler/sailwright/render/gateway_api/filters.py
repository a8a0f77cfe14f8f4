"""What a route does to its requests, as filters of an HTTPRoute or a GRPCRoute: headers, redirect, rewrite."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sailwright.diagnostics.finding import Path
from sailwright.project.service.parts import Block
from sailwright.render.gateway_api.matches import NAME, Match
from sailwright.render.gateway_api.words import Words
from sailwright.runtime.regex import regex

Filter = dict[str, Any]
_HOST: Final = regex(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_OLD_CODES: Final = (301, 302)
_CODES: Final = (301, 302, 303, 307, 308)
_DEFAULT_CODE: Final = 301
_MOST: Final = 16


def header_filters(headers: Block | None, at: Path, words: Words) -> Iterator[Filter]:
    """The filters of a `headers` block."""
    for side, kind in (("request", "RequestHeaderModifier"), ("response", "ResponseHeaderModifier")):
        given = (headers or {}).get(side) or {}
        change: dict[str, Any] = {}
        for key in ("set", "add"):
            if listed := _values(given.get(key) or {}, (*at, side, key), words):
                change[key] = listed
        if removed := list(given.get("remove") or ()):
            change["remove"] = removed
        if change:
            yield {"type": kind, f"{side}HeaderModifier": change}


def _values(given: Mapping[str, Any], at: Path, words: Words) -> list[dict[str, str]]:
    if len(given) > _MOST:
        words.lacks(at, f"sets or adds at most {_MOST} headers", "remove some")
    for name, value in given.items():
        if not NAME.fullmatch(name):
            words.lacks(
                (*at, name), f"cannot change the header `{name}`", "use `rewrite.authority` for the host", key=True
            )
        elif not value:
            words.lacks((*at, name), "cannot set a header to an empty value", "use `remove`")
    return [{"name": name, "value": str(value)} for name, value in given.items()]


def redirect_filter(given: Block, at: Path, words: Words, *, in_mesh: bool) -> Filter:
    """The filter of a `redirect` block. Where neither port nor scheme is said, both APIs take another port: so one is said."""
    redirect: dict[str, Any] = {}
    if given.get("prefixRewrite"):
        words.lacks((*at, "prefixRewrite"), "is read by Istio 1.31 and newer only in this place", "write `uri`")
    if scheme := given.get("scheme"):
        redirect["scheme"] = scheme
    if authority := given.get("authority"):
        redirect["hostname"] = _host(authority, (*at, "authority"), words)
    if uri := given.get("uri"):
        redirect["path"] = {"type": "ReplaceFullPath", "replaceFullPath": uri}
    if port := given.get("port"):
        redirect["port"] = port
    elif given.get("derivePort") == "FROM_REQUEST_PORT":
        if scheme:
            words.lacks(
                (*at, "derivePort"),
                "uses the default port of `scheme`, and ignores the port of the request",
                "write `port`",
            )
    elif not scheme and in_mesh:
        redirect["scheme"] = "http"
    code = given.get("redirectCode") or _DEFAULT_CODE
    if code not in _CODES:
        words.lacks((*at, "redirectCode"), f"does not redirect with {code}", "write 301, 302, 303, 307 or 308")
    elif code not in _OLD_CODES:
        words.needs("HTTPRoute.rules.filters.requestRedirect.statusCode", (*at, "redirectCode"), f"code {code}")
    redirect["statusCode"] = code
    return {"type": "RequestRedirect", "requestRedirect": redirect}


def rewrite_filter(given: Block, match: Match | None, at: Path, words: Words) -> Filter | None:
    """The filter of a `rewrite` block for the requests of one match (None: a route without any)."""
    rewrite: dict[str, Any] = {}
    if given.get("uriRegexRewrite"):
        words.lacks((*at, "uriRegexRewrite"), "cannot rewrite a path by a regular expression", "use `uri`", key=True)
    if authority := given.get("authority"):
        rewrite["hostname"] = _host(authority, (*at, "authority"), words)
    if uri := given.get("uri"):
        path = _rewritten(str(uri), dict(match.uri) if match else {}, (*at, "uri"), words)
        if path:
            rewrite["path"] = path
    return {"type": "URLRewrite", "urlRewrite": rewrite} if rewrite else None


def _rewritten(new: str, matched: Mapping[str, str], at: Path, words: Words) -> dict[str, str] | None:
    """The path in place of what was matched; None where nothing changes."""
    kind, old = next(iter(matched.items()), ("prefix", "/"))
    if kind == "exact":
        return {"type": "ReplaceFullPath", "replaceFullPath": new}
    if kind == "regex":
        words.lacks(at, "cannot rewrite a path that a regular expression matched", "match `exact` or `prefix`")
    elif old == "/" and new != "/":
        words.lacks(at, "replaces whole segments of the path, and `/` has none", "match a longer `prefix`")
    elif old.endswith("/") != new.endswith("/"):
        ends = f"write `{new}/`" if old.endswith("/") else f"match `exact: {old}` and `prefix: {old}/`"
        shown = new if old.endswith("/") else f"{new}/"
        words.lacks(at, f"replaces whole segments: `{old.rstrip('/')}/x` cannot become `{shown}x`", ends)
    elif old != "/":
        return {"type": "ReplacePrefixMatch", "replacePrefixMatch": new.removesuffix("/") or "/"}
    return None


def _host(written: str, at: Path, words: Words) -> str:
    if not _HOST.fullmatch(written):
        words.lacks(at, f"accepts no host like `{written}` here", "write a host name without a port, in lower case")
    return written
