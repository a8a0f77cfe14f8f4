"""Timeouts and retries of a route, as an HTTPRoute has them.

Istio retries on a fixed list of conditions where an HTTPRoute asks for retries, and on the status codes that it names
(pilot/pkg/config/kube/gateway/conversion.go).
"""

from __future__ import annotations

from typing import Any, Final

from sailwright.diagnostics.finding import Path
from sailwright.mesh.values.duration import MILLISECOND, nanoseconds
from sailwright.project.service.parts import Block
from sailwright.render.gateway_api.words import Words
from sailwright.runtime.regex import regex

_ALWAYS: Final = frozenset(("connect-failure", "refused-stream", "unavailable", "cancelled"))
_BY_CODE: Final = "retriable-status-codes"
_DURATION: Final = regex(r"([0-9]{1,5}(h|m|s|ms)){1,4}")
_CODES: Final = range(400, 600)


def times(settings: Block, at: Path, words: Words) -> dict[str, Any]:
    """`timeouts` and `retry` of a rule."""
    timeouts: dict[str, str] = {}
    found: dict[str, Any] = {}
    if settings.get("timeout"):
        timeouts["request"] = _duration(settings["timeout"], (*at, "timeout"), words)
    retries = settings.get("retries")
    if retries is not None:
        found["retry"] = _retry(retries, (*at, "retries"), words)
        if retries.get("perTryTimeout"):
            place = (*at, "retries", "perTryTimeout")
            timeouts["backendRequest"] = _duration(retries["perTryTimeout"], place, words)
            _hold_order(timeouts, place, words)
    if timeouts:
        words.needs("HTTPRoute.rules.timeouts", (*at, "timeout" if "request" in timeouts else "retries"), "timeouts")
        found["timeouts"] = timeouts
    return found


def _retry(given: Block, at: Path, words: Words) -> dict[str, Any]:
    words.needs("HTTPRoute.rules.retry", at, "retries")
    for key in ("retryRemoteLocalities", "retryIgnorePreviousHosts"):
        if given.get(key) is not None:
            words.lacks((*at, key), f"has no `{key}`", "remove it", key=True)
    retry: dict[str, Any] = {}
    if codes := _codes(given, (*at, "retryOn"), words):
        retry["codes"] = codes
    retry["attempts"] = given.get("attempts") or 0
    if given.get("backoff"):
        retry["backoff"] = _duration(given["backoff"], (*at, "backoff"), words)
    return retry


def _codes(given: Block, at: Path, words: Words) -> list[int]:
    """The status codes of `retryOn`. Its other conditions are those that every retry of an HTTPRoute has."""
    if not given.get("retryOn") or not given.get("attempts"):
        return []
    named = [part.strip() for part in given["retryOn"].split(",") if part.strip()]
    codes = [int(part) for part in named if part.isdigit()]
    conditions = {part for part in named if not part.isdigit()} - {_BY_CODE}
    if conditions != _ALWAYS:
        shown = ",".join(sorted(_ALWAYS))
        words.lacks(at, f"always retries on {shown}, and otherwise on status codes only", f"write `{shown},503`")
    if any(code not in _CODES for code in codes):
        words.lacks(at, "retries on status codes from 400 to 599 only", "remove the others")
    return codes


def _duration(written: str, at: Path, words: Words) -> str:
    """A duration in Kubernetes' form, which has no decimals and nothing finer than a millisecond."""
    if _DURATION.fullmatch(written):
        return written
    length = nanoseconds(written)
    if length is None or length % MILLISECOND or length // MILLISECOND > 99_999 * 1000:
        words.lacks(at, f"has no duration like `{written}`", "write whole milliseconds, such as 250ms")
        return "0s"
    whole, rest = divmod(length // MILLISECOND, 1000)
    return f"{whole}s" * bool(whole) + f"{rest}ms" * bool(rest) or "0s"


def _hold_order(timeouts: dict[str, str], at: Path, words: Words) -> None:
    request, tried = nanoseconds(timeouts.get("request", "0s")) or 0, nanoseconds(timeouts["backendRequest"]) or 0
    if request and tried > request:
        words.lacks(at, "does not allow a try to take longer than the whole request", "make it shorter than `timeout`")
