"""What a rule adds to its route: timeout, retries, fault and mirrors, with Istio's defaults, in the words of an answer.

Source: Istio `pilot/pkg/networking/core/route/route.go` and `route/retry/retry.go`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sailwright.mesh.values import grpc
from sailwright.mesh.values.duration import nanoseconds, normalized, protobuf_duration

DEFAULT_ATTEMPTS = 2
DEFAULT_RETRY_ON = "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes"
STATUS_CODES = "retriable-status-codes"
HTTP_STATUSES = frozenset(
    {*range(100, 104), *range(200, 209), 226, *range(300, 306), 307, 308, *range(400, 419), *range(421, 427)}
    | {428, 429, 431, 451, *range(500, 509), 510, 511}
)
GRPC_STATUSES = {name: number for number, name in enumerate(grpc.STATUSES)}


def timeout(rule: Mapping[str, Any]) -> str | None:
    """The timeout of the whole request; None where there is none."""
    text = rule.get("timeout")
    length = nanoseconds(text) if text else None
    return protobuf_duration(length) if length else None


def retries(rule: Mapping[str, Any], mesh_default: object) -> Mapping[str, Any] | None:
    """The retry policy, the mesh's or Istio's default where the rule has none; None where retries are switched off."""
    policy = rule.get("retries")
    if policy is None:
        policy = mesh_default
    if not isinstance(policy, dict):
        return {"attempts": DEFAULT_ATTEMPTS, "on": DEFAULT_RETRY_ON}
    attempts = policy.get("attempts") or 0
    if attempts <= 0:
        return None
    answer: dict[str, Any] = {"attempts": attempts, "on": DEFAULT_RETRY_ON}
    if policy.get("retryOn"):
        words, codes = _retry_on(policy["retryOn"])
        answer["on"] = words
        if codes:
            answer["statusCodes"] = codes
    if policy.get("perTryTimeout"):
        answer["perTryTimeout"] = normalized(policy["perTryTimeout"])
    return answer


def _retry_on(text: str) -> tuple[str, list[int]]:
    """Envoy's words and the status codes among them; codes bring `retriable-status-codes` along."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    codes = [int(part) for part in parts if part.isdigit() and int(part) in HTTP_STATUSES]
    words = ",".join(part for part in parts if not (part.isdigit() and int(part) in HTTP_STATUSES))
    if codes and STATUS_CODES not in words:
        words += f",{STATUS_CODES}"
    return words, codes


def fault(rule: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The faults as configured: a percentage that is left out is 0, so the fault never happens."""
    given = rule.get("fault") or {}
    answer: dict[str, Any] = {}
    delay, abort = given.get("delay") or {}, given.get("abort") or {}
    if delay.get("fixedDelay"):
        percentage = delay.get("percentage")
        share = float(delay.get("percent") or 0) if percentage is None else percent(percentage)
        answer["delay"] = {"fixed": normalized(delay["fixedDelay"]), "percentage": share}
    if abort.get("httpStatus"):
        answer["abort"] = {"httpStatus": abort["httpStatus"], "percentage": percent(abort.get("percentage"))}
    elif abort.get("grpcStatus"):
        number = GRPC_STATUSES.get(abort["grpcStatus"], abort["grpcStatus"])
        answer["abort"] = {"grpcStatus": number, "percentage": percent(abort.get("percentage"))}
    return answer or None


def mirrors(rule: Mapping[str, Any]) -> list[tuple[Mapping[str, Any], float]]:
    """The destinations that get copies, with the percentage of requests; those with 0 are gone."""
    found: list[tuple[Mapping[str, Any], float]] = []
    if rule.get("mirror"):
        if rule.get("mirrorPercentage") is not None:
            share = percent(rule["mirrorPercentage"])
        elif rule.get("mirrorPercent") is not None:
            share = float(rule["mirrorPercent"])
        else:
            share = 100.0
        found.append((rule["mirror"], share))
    for mirror in rule.get("mirrors") or ():
        given = mirror.get("percentage")
        found.append((mirror["destination"], 100.0 if given is None else percent(given)))
    return [(destination, share) for destination, share in found if share > 0]


def percent(given: Mapping[str, Any] | None) -> float:
    """A percentage as Envoy holds it: in millionths, cut off."""
    return int(((given or {}).get("value") or 0) * 10000) / 10000
