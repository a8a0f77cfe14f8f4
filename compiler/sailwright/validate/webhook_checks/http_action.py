"""What an http rule of a VirtualService does besides routing: redirect, answer, rewrite, fault, CORS."""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.mesh.values import grpc
from sailwright.mesh.values.duration import duration_fault, nanoseconds
from sailwright.mesh.values.names import port_fault
from sailwright.validate.webhook_checks.headers import cors_name_fault
from sailwright.validate.webhook_checks.http_match import string_match
from sailwright.validate.webhook_checks.subject import Message, error, hidden_warning, warning

_METHODS = frozenset(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE", "*"])
_LARGE_BODY = 100 * 1024
_MAX_BODY = 1024 * 1024
_SECOND = 10**9


def redirect(rule: Message, path: Path) -> Iterator[Problem]:
    """Istio reports the first fault of a redirect only."""
    target, where = rule.get("redirect"), (*path, "redirect")
    if target is None:
        return
    code, port = target.get("redirectCode", 0), target.get("port", 0)
    if target.get("uri") and target.get("prefixRewrite"):
        yield error(where, "uri and prefixRewrite exclude each other")
    elif target.get("prefixRewrite") and _matches_beyond_prefix(rule):
        yield error((*where, "prefixRewrite"), "prefixRewrite needs matches by uri prefix")
    elif not any(target.get(name) for name in ("uri", "prefixRewrite", "authority", "scheme")) and not target.keys() & {
        "port",
        "derivePort",
    }:
        yield error(where, "the redirect leads nowhere: set uri, authority, scheme or port")
    elif code and not 300 <= code <= 399:
        yield error((*where, "redirectCode"), f"{code} is not a redirect: 300..399")
    elif target.get("scheme", "") not in ("", "http", "https"):
        yield error((*where, "scheme"), "the scheme is neither http nor https")
    elif port and (fault := port_fault(port)):
        yield error((*where, "port"), fault)


def _matches_beyond_prefix(rule: Message) -> bool:
    return any("uri" in match and "prefix" not in match["uri"] for match in rule.get("match", ()))


def direct_response(answer: Message | None, path: Path) -> Iterator[Problem]:
    if answer is None:
        return
    size = _body_size(answer.get("body", {}))
    if size > _MAX_BODY:
        yield error((*path, "body"), "the body is larger than 1 MB: every proxy would hold it")
    elif size > _LARGE_BODY:
        yield warning((*path, "body"), "the body is larger than 100 kB: every proxy holds it")
    if fault := _status_fault(answer.get("status", 0)):
        yield error((*path, "status") if "status" in answer else path, fault)


def _body_size(body: Message) -> int:
    if "bytes" in body:
        from base64 import b64decode

        return len(b64decode(body["bytes"] + "=="))
    return len(body.get("string", "").encode())


def _status_fault(status: int) -> str | None:
    """600 is let through by Istio (and refused by Envoy)."""
    return None if 200 <= status <= 600 else f"status {status} is outside 200..599"


def rewrite(target: Message | None, path: Path) -> Iterator[Problem]:
    if target is None:
        return
    pattern = target.get("uriRegexRewrite")
    if target.get("uri") and pattern is not None:
        yield error(path, "uri and uriRegexRewrite exclude each other")
    elif not target.get("uri") and pattern is None and not target.get("authority"):
        yield error(path, "the rewrite changes nothing: set uri, uriRegexRewrite or authority")
    elif pattern is not None:
        from sailwright.mesh.values.re2 import regex_fault

        where = (*path, "uriRegexRewrite")
        if not pattern.get("match") or not pattern.get("rewrite"):
            yield error(where, "uriRegexRewrite needs match and rewrite")
        elif fault := regex_fault(pattern["match"]):
            yield error((*where, "match"), fault)


def fault_injection(fault: Message | None, path: Path) -> Iterator[Problem]:
    if fault is None:
        return
    abort, delay = fault.get("abort"), fault.get("delay")
    if abort is None and delay is None:
        yield error(path, "the fault needs an abort or a delay")
    if abort is not None:
        yield from _abort(abort, (*path, "abort"))
    if delay is not None:
        yield from _delay(delay, (*path, "delay"))


def _abort(abort: Message, path: Path) -> Iterator[Problem]:
    yield from _share(abort, path)
    if "http2Error" in abort:
        yield error((*path, "http2Error"), "http2Error is not supported: use httpStatus or grpcStatus")
    elif "grpcStatus" in abort:
        if abort["grpcStatus"] not in grpc.STATUSES:
            yield error((*path, "grpcStatus"), f"'{abort['grpcStatus']}' is not a gRPC status such as UNAVAILABLE")
    elif "httpStatus" not in abort:
        message = "the abort has no httpStatus or grpcStatus, so it does nothing"
        yield hidden_warning(path, message)
    elif fault := _status_fault(abort["httpStatus"]):
        yield error((*path, "httpStatus"), fault)


def _delay(delay: Message, path: Path) -> Iterator[Problem]:
    yield from _share(delay, path)
    if "exponentialDelay" in delay:
        if fault := duration_fault(delay["exponentialDelay"]):
            yield error((*path, "exponentialDelay"), fault)
        yield error((*path, "exponentialDelay"), "exponentialDelay is not supported: use fixedDelay")
    elif "fixedDelay" in delay and (fault := duration_fault(delay["fixedDelay"])):
        yield error((*path, "fixedDelay"), fault)


def _share(fault: Message, path: Path) -> Iterator[Problem]:
    value = fault.get("percentage", {}).get("value", 0)
    if value < 0 or value > 100 or 0 < value < 0.0001:
        yield error((*path, "percentage"), f"percentage {value} is neither 0 nor in 0.0001..100")


def cors_policy(policy: Message | None, path: Path) -> Iterator[Problem]:
    if policy is None:
        return
    for place, origin in enumerate(policy.get("allowOrigins", ())):
        where = (*path, "allowOrigins", place)
        if not any(origin.get(kind) for kind in ("exact", "prefix", "regex")):
            yield error(where, "an allowed origin needs exact, prefix or regex")
        else:
            yield from string_match(origin, where, "allowOrigins")
    for place, method in enumerate(policy.get("allowMethods", ())):
        if method not in _METHODS:
            yield error((*path, "allowMethods", place), f"'{method}' is not an HTTP method")
    for name in ("allowHeaders", "exposeHeaders"):
        for place, header in enumerate(policy.get(name, ())):
            if fault := cors_name_fault(header):
                yield error((*path, name, place), fault)
    if "maxAge" in policy:
        age = policy["maxAge"]
        if fault := duration_fault(age):
            yield error((*path, "maxAge"), fault)
        if (nanoseconds(age) or 0) % _SECOND > 0 and not age.startswith("-"):
            yield error((*path, "maxAge"), "maxAge must be whole seconds")
