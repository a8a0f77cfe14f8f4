"""Conditions and answers in words, for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.route.envoy.actions import BLOCKED, DIRECT_RESPONSE, NOT_FOUND, PASSTHROUGH, REDIRECT, REFUSED, ROUTE
from sailwright.route.envoy.matchers import EXACT, PATH, PREFIX, PRESENT, QUERY, REGEX, SEPARATED, Condition, value_of
from sailwright.route.request import NormalizedRequest
from sailwright.source.manifest import Manifest

PSEUDO = {":method": "the method", ":authority": "the authority", ":scheme": "the scheme"}
VERBS = {
    SEPARATED: ("is or lies below", "neither is nor lies below"),
    EXACT: ("is", "is not"),
    PREFIX: ("begins with", "does not begin with"),
    REGEX: ("matches", "does not match"),
}
SHOWN_LENGTH = 60
LABEL_WIDTH = 10


def subject(condition: Condition) -> str:
    """What a condition looks at."""
    if condition.subject == PATH:
        return "the path"
    if condition.subject == QUERY:
        return f"query parameter {condition.name}"
    return PSEUDO.get(condition.name, f"header {condition.name}")


def demand(condition: Condition) -> str:
    """What a condition asks for, as `header x-user is staff`."""
    if condition.kind == PRESENT:
        return f"{subject(condition)} is {'absent' if condition.inverted else 'present'}"
    verb = VERBS[condition.kind][condition.inverted]
    case = " in any case" if condition.ignore_case else ""
    return f"{subject(condition)} {verb} {quoted(condition.value)}{case}"


def failure(condition: Condition, normalized: NormalizedRequest) -> str:
    """Why a condition does not hold for a request."""
    value = value_of(condition, normalized)
    found = f"{subject(condition)} is {'absent' if value is None else quoted(value)}"
    if condition.kind == PRESENT:
        return f"{found}, and must be {'absent' if condition.inverted else 'there'}"
    negative = condition.inverted
    verb = {EXACT: "be", PREFIX: "begin with", SEPARATED: "be or lie below", REGEX: "match"}[condition.kind]
    wanted = f"{'not ' if negative else ''}{verb} {quoted(condition.value)}"
    case = " in any case" if condition.ignore_case else ""
    counts = ", and absent counts as empty" if negative and value is None else ""
    return f"{found}, and must {wanted}{case}{counts}"


def quoted(value: str) -> str:
    """A value in backticks, cut where it is long."""
    return f"`{value}`" if len(value) <= SHOWN_LENGTH else f"`{value[:SHOWN_LENGTH]}...`"


def target(destination: Mapping[str, Any]) -> str:
    """A destination: host, port and subset, and what is wrong with it."""
    if destination.get("invalid"):
        return "a backend that no ReferenceGrant allows  (Envoy answers 500)"
    text = f"{destination['host']}:{destination['port']}" if destination.get("port") else str(destination["host"])
    if destination.get("subset"):
        text += f" subset {destination['subset']}"
    if destination.get("unknown"):
        text += "  (this caller has no such cluster: Envoy answers 503, or closes the connection)"
    if destination.get("unready"):
        text += f"  (503: no pod is ready, {destination['unready']})"
    if destination.get("refused"):
        text += f"  ({destination['refused']['status']}: {destination['refused']['reason']})"
    if destination.get("doubt"):
        text += f"  (cannot decide: {destination['doubt']['reason']})"
    return text


def shares(destinations: Iterable[Mapping[str, Any]]) -> list[tuple[str, Mapping[str, Any]]]:
    """Each destination with its share of the requests."""
    known = list(destinations)
    total = sum(destination["weight"] for destination in known)
    return [(share(destination["weight"], total), destination) for destination in known]


def share(weight: int, total: int) -> str:
    """A weight as a percentage of the total."""
    return f"{weight * 100 / total:.4g} %" if total else "0 %"


def outcome(answer: Mapping[str, Any]) -> str:
    """What happens to a request, in a few words."""
    kind = answer["kind"]
    if kind in (BLOCKED, PASSTHROUGH, REFUSED) and answer.get("reason"):
        return f"{answer.get('status', kind) if kind == REFUSED else kind}: {answer['reason']}"
    if kind == ROUTE:
        return ", ".join(f"{part} to {target(destination)}" for part, destination in shares(answer["destinations"]))
    if kind == REDIRECT:
        return f"redirect {answer['status']} to {answer.get('location', 'elsewhere')}"
    if kind == DIRECT_RESPONSE:
        return f"answered with {answer['status']} by the proxy itself"
    return {
        NOT_FOUND: "404: no rule takes the request",
        PASSTHROUGH: "passed through: the mesh does not know the host, and lets unknown hosts out (ALLOW_ANY)",
        BLOCKED: "blocked: the mesh does not know the host, and lets no unknown host out (REGISTRY_ONLY)",
    }.get(kind, f"cannot decide: {answer.get('reason', '')}")


def place(manifest: Manifest, path: Path = ()) -> str:
    """`file:line` of a value of an object, in the file its author owns."""
    location = manifest.locate(path, key=not path).location
    return f"{location.file}:{location.line}"


def line(label: str, text: str) -> str:
    """A line with its label in the first column."""
    return f"{label:{LABEL_WIDTH}}{text}".rstrip()
