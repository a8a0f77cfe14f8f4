"""Filters of Gateway API rules in the words of a VirtualService.

Source: Istio `pilot/pkg/config/kube/gateway` (conversion.go: createHeadersFilter, createRedirectFilter, createRewriteFilter).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.source.untyped import entries, mapping, number, text, texts

DEFAULT_REDIRECT = 302


def filters_of(rule: Mapping[str, Any], kind: str, key: str) -> Iterator[Mapping[str, Any]]:
    """The filters of one kind, each as its own mapping."""
    for _, found in entries(rule.get("filters"), ()):
        if found.get("type") == kind:
            yield mapping(found.get(key))


def header_operations(rule: Mapping[str, Any]) -> dict[str, Any]:
    """What a rule or a backend does to headers; the last filter of a kind counts."""
    result: dict[str, Any] = {}
    sides = (("request", "RequestHeaderModifier"), ("response", "ResponseHeaderModifier"))
    for side, kind in sides:
        for given in filters_of(rule, kind, f"{side}HeaderModifier"):
            result[side] = {
                "set": _headers(given.get("set")),
                "add": _headers(given.get("add")),
                "remove": texts(given.get("remove")),
            }
    return result


def _headers(given: object) -> dict[str, str]:
    return {text(header.get("name")): text(header.get("value")) for _, header in entries(given, ())}


def redirect(rule: Mapping[str, Any]) -> dict[str, Any] | None:
    """The redirect of a rule. Without port or scheme the port of the listener stays."""
    found: dict[str, Any] | None = None
    for given in filters_of(rule, "RequestRedirect", "requestRedirect"):
        path = mapping(given.get("path"))
        found = {
            "redirectCode": number(given.get("statusCode")) or DEFAULT_REDIRECT,
            "authority": text(given.get("hostname")),
            "scheme": text(given.get("scheme")),
        }
        if given.get("port"):
            found["port"] = number(given["port"])
        elif not given.get("scheme"):
            found["derivePort"] = "FROM_REQUEST_PORT"
        if path.get("type") == "ReplaceFullPath":
            found["uri"] = text(path.get("replaceFullPath"))
        elif path.get("type") == "ReplacePrefixMatch":
            found["prefixRewrite"] = text(path.get("replacePrefixMatch"))
    return found


def rewrite(rule: Mapping[str, Any], prefix: str) -> dict[str, Any] | None:
    """The rewrite of a rule that matches `prefix`: replaced by `/` it is taken out, and no second slash stays."""
    found: dict[str, Any] | None = None
    for given in filters_of(rule, "URLRewrite", "urlRewrite"):
        path = mapping(given.get("path"))
        found = {"authority": text(given.get("hostname"))}
        if path.get("type") == "ReplaceFullPath":
            found["uriRegexRewrite"] = {"match": "/.*", "rewrite": text(path.get("replaceFullPath"))}
        elif path.get("type") == "ReplacePrefixMatch":
            uri = text(path.get("replacePrefixMatch")).removesuffix("/") or "/"
            if uri == "/" and prefix not in ("", "/"):
                found["uriRegexRewrite"] = {"match": f"^{re.escape(prefix)}(/?)(.*)", "rewrite": r"/\2"}
            else:
                found["uri"] = uri
    return found
