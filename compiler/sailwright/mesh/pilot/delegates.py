"""How a delegate's rule is joined to the root's rule that hands over to it.

Source: Istio `pilot/pkg/model/virtualservice.go` (mergeHTTPRoute and what it calls).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Value = Mapping[str, Any]

INHERITED = (
    "rewrite",
    "directResponse",
    "timeout",
    "retries",
    "fault",
    "mirror",
    "mirrors",
    "mirrorPercent",
    "mirrorPercentage",
    "corsPolicy",
    "headers",
)
SCALAR_MATCHES = ("uri", "scheme", "method", "authority", "port", "sourceNamespace", "gateways")
UNITED_MATCHES = ("headers", "withoutHeaders", "queryParams", "sourceLabels")


def merge(root: Value, delegate: Value) -> Value | None:
    """The delegate's rule as the root's rule lets it stand; None where their conditions contradict each other."""
    matches = _merge_matches(root.get("match") or [], delegate.get("match") or [])
    if matches is None:
        return None
    merged = dict(delegate)
    merged["match"] = matches
    merged["name"] = _join(root, delegate)
    for key in INHERITED:
        if key not in merged and key in root:
            merged[key] = root[key]
    return merged


def _join(root: Value, delegate: Value) -> str:
    return "-".join(part for part in (root.get("name"), delegate.get("name")) if part)


def _merge_matches(roots: list[Value], leaves: list[Value]) -> list[Value] | None:
    if not roots or not leaves:
        return leaves or roots
    merged: list[Value] = []
    for leaf in leaves:
        joined = [_merge_match(root, leaf) for root in roots if not _conflict(root, leaf)]
        if not joined:
            return None
        merged.extend(joined)
    return merged


def _merge_match(root: Value, leaf: Value) -> Value:
    merged = dict(leaf)
    merged["name"] = _join(root, leaf)
    for key in SCALAR_MATCHES:
        if not merged.get(key) and root.get(key):
            merged[key] = root[key]
    for key in UNITED_MATCHES:
        if root.get(key):
            merged[key] = {**root[key], **(leaf.get(key) or {})}
    return merged


def _conflict(root: Value, leaf: Value) -> bool:
    for key in ("uri", "scheme", "method", "authority"):
        if _strings_conflict(root.get(key), leaf.get(key)):
            return True
    for key in ("headers", "withoutHeaders", "queryParams"):
        wanted = root.get(key) or {}
        if any(_strings_conflict(wanted.get(name), match) for name, match in (leaf.get(key) or {}).items()):
            return True
    return _sources_conflict(root, leaf)


def _sources_conflict(root: Value, leaf: Value) -> bool:
    if bool(root.get("ignoreUriCase")) != bool(leaf.get("ignoreUriCase")):
        return True
    if root.get("port") and leaf.get("port") and root["port"] != leaf["port"]:
        return True
    if root.get("sourceNamespace") and leaf.get("sourceNamespace") != root["sourceNamespace"]:
        return True
    labels = root.get("sourceLabels") or {}
    if any(labels.get(key, value) != value for key, value in (leaf.get("sourceLabels") or {}).items()):
        return True
    owners, gateways = root.get("gateways") or [], leaf.get("gateways") or []
    return bool(owners and gateways) and (len(owners) < len(gateways) or not set(gateways) <= set(owners))


def _strings_conflict(root: Value | None, leaf: Value | None) -> bool:
    """Whether a delegate's string match could hold where the root's does not, as far as istiod looks."""
    if root is None or leaf is None:
        return False
    exact, prefix = leaf.get("exact") or "", leaf.get("prefix") or ""
    if root.get("regex") and (leaf.get("regex") or prefix or exact):
        return True
    if leaf.get("regex") and (root.get("prefix") or root.get("exact")):
        return True
    if root.get("exact"):
        return bool(prefix) or exact != root["exact"]
    if root.get("prefix") and (prefix or exact):
        return not (prefix or exact).startswith(root["prefix"])
    return True


def unmatched(root: Value, delegate: Value) -> int | None:
    """The match entry of a delegate's rule that fits none of the root's, for which istiod drops the whole rule."""
    roots = root.get("match") or []
    for number, leaf in enumerate(delegate.get("match") or []) if roots else ():
        if all(_conflict(wanted, leaf) for wanted in roots):
            return number
    return None


def may_share_requests(root: Value, delegate: Value) -> bool:
    """Whether a request could meet both rules' conditions, whatever istiod makes of them; True where that is not plain."""
    roots: list[Value] = root.get("match") or [{}]
    leaves: list[Value] = delegate.get("match") or [{}]
    return any(not _apart(wanted, leaf) for wanted in roots for leaf in leaves)


def surely_share_requests(one: Value, other: Value) -> bool:
    """Whether some request meets both match entries for certain: regular expressions are compared only where they are equal."""
    return not _apart(one, other) and not _unclear(one, other)


def _unclear(one: Value, other: Value) -> bool:
    pairs = [(one.get(key), other.get(key)) for key in ("uri", "scheme", "method", "authority")]
    for key in ("headers", "queryParams"):
        mine, theirs = one.get(key) or {}, other.get(key) or {}
        pairs += [(mine.get(name), theirs.get(name)) for name in {*mine, *theirs}]
    for asked, denied in ((one, other), (other, one)):
        if set(asked.get("headers") or {}) & set(denied.get("withoutHeaders") or {}):
            return True
    return any(a and b and a != b and (a.get("regex") or b.get("regex")) for a, b in pairs)


def _apart(root: Value, leaf: Value) -> bool:
    """Whether no request meets both match entries."""
    texts = [(root.get(key), leaf.get(key)) for key in ("uri", "scheme", "method", "authority")]
    for key in ("headers", "queryParams"):
        texts += [((root.get(key) or {}).get(name), match) for name, match in (leaf.get(key) or {}).items()]
    folded = bool(root.get("ignoreUriCase") or leaf.get("ignoreUriCase"))
    if any(_texts_apart(one, other, folded=folded) for one, other in texts):
        return True
    numbers = (root.get("port"), leaf.get("port")), (root.get("sourceNamespace"), leaf.get("sourceNamespace"))
    if any(one and other and one != other for one, other in numbers):
        return True
    labels = root.get("sourceLabels") or {}
    if any(labels.get(key, value) != value for key, value in (leaf.get("sourceLabels") or {}).items()):
        return True
    owners, gateways = root.get("gateways"), leaf.get("gateways")
    return bool(owners and gateways) and not set(owners or ()) & set(gateways or ())


def _texts_apart(one: Value | None, other: Value | None, *, folded: bool) -> bool:
    if not one or not other or one.get("regex") or other.get("regex"):
        return False
    texts = [str(match.get("exact") or match.get("prefix") or "") for match in (one, other)]
    first, second = (text.lower() for text in texts) if folded else texts
    if one.get("exact") and other.get("exact"):
        return first != second
    if one.get("exact"):
        return not first.startswith(second)
    if other.get("exact"):
        return not second.startswith(first)
    return not (first.startswith(second) or second.startswith(first))
