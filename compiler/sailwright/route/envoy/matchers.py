"""The conditions of a rule, one by one, as istiod writes them for Envoy and as Envoy decides them.

Source: Istio `pilot/pkg/networking/core/route/route.go` (TranslateRouteMatch), Envoy's route and header matchers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.mesh.values.re2 import compiled
from sailwright.route.request import NormalizedRequest
from sailwright.runtime.records import dataclass

Test = Callable[[NormalizedRequest], bool]

EXACT, PREFIX, REGEX, PRESENT = "exact", "prefix", "regex", "present"
SEPARATED = "pathSeparatedPrefix"
"""A prefix of the Gateway API: `/a` takes `/a` and what begins with `/a/`."""
PATH, HEADER, QUERY = "path", "header", "query"
CLAIMS = "@request.auth.claims"
PSEUDO_HEADERS = {"method": ":method", "authority": ":authority", "scheme": ":scheme"}


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing a rule asks of a request.

    `subject` is PATH, HEADER or QUERY and `name` the header (lower case, `:method` and the like included) or parameter.
    `kind` is EXACT, PREFIX, SEPARATED, REGEX or PRESENT. `inverted` is for `withoutHeaders`. `path` is its place in the match entry.
    """

    subject: str
    name: str
    kind: str
    value: str
    path: Path
    inverted: bool = False
    ignore_case: bool = False

    @property
    def catch_all(self) -> bool:
        """Whether istiod takes it for one that every request meets."""
        return self.subject == PATH and (self.kind, self.value) in ((PREFIX, "/"), (REGEX, ".*"))

    @property
    def unknowable(self) -> str:
        """Why nobody can tell offline whether a request meets it; empty where one can."""
        if self.name.startswith(CLAIMS):
            return f"{self.name} is a claim of the caller's token"
        if self.kind == REGEX and compiled(self.value) is None:
            return f"RE2 refuses the pattern {self.value!r}, and so does istiod"
        return ""

    def holds(self, value: str | None) -> bool:
        """Whether it holds for the value of its subject; None stands for a header or parameter that is not there."""
        if self.kind == PRESENT:
            return (value is not None) != self.inverted
        if value is None:
            return self.inverted and not self._accepts("")
        return self._accepts(value) != self.inverted

    def _accepts(self, value: str) -> bool:
        if self.kind == REGEX:
            pattern = compiled(self.value)
            return pattern is not None and pattern.fullmatch(value) is not None
        wanted = self.value
        if self.kind == SEPARATED:
            return value == wanted or value.startswith(f"{wanted}/")
        if self.ignore_case:
            value, wanted = value.lower(), wanted.lower()
        return value == wanted if self.kind == EXACT else value.startswith(wanted)


def value_of(condition: Condition, normalized: NormalizedRequest) -> str | None:
    """The value that a condition looks at."""
    if condition.subject == PATH:
        return normalized.path
    return (normalized.headers if condition.subject == HEADER else normalized.params).get(condition.name)


def conditions(match: Mapping[str, Any]) -> tuple[Condition, ...]:
    """The conditions of one match entry on the request. Where the request comes from is decided elsewhere, once."""
    return tuple(_all(match))


def _all(match: Mapping[str, Any]) -> Iterator[Condition]:
    uri = match.get("uri")
    if uri:
        kind, value = _string_match(uri)
        ignore_case = bool(match.get("ignoreUriCase")) and kind != REGEX
        if kind != PRESENT:
            yield Condition(PATH, "", kind, value, ("uri", kind), ignore_case=ignore_case)
    for key, header in PSEUDO_HEADERS.items():
        if match.get(key) is not None:
            yield _condition(HEADER, header, match[key], (key,))
    for name, wanted in (match.get("headers") or {}).items():
        yield _condition(HEADER, _header(name), wanted, ("headers", name))
    for name, wanted in (match.get("withoutHeaders") or {}).items():
        yield _condition(HEADER, _header(name), wanted, ("withoutHeaders", name), inverted=True)
    for name, wanted in (match.get("queryParams") or {}).items():
        yield _condition(QUERY, name, wanted, ("queryParams", name))


def _header(name: str) -> str:
    """The name of a header as Envoy looks it up: without case, and `host` is the authority."""
    lower = name.lower()
    return PSEUDO_HEADERS["authority"] if lower == "host" else lower


def _condition(
    subject: str, name: str, wanted: Mapping[str, Any] | None, path: Path, *, inverted: bool = False
) -> Condition:
    kind, value = _string_match(wanted or {})
    if kind == REGEX and value == "*":
        kind, value = PRESENT, ""
    return Condition(subject, name, kind, value, path if kind == PRESENT else (*path, kind), inverted)


def _string_match(wanted: Mapping[str, Any]) -> tuple[str, str]:
    for kind in (EXACT, PREFIX, SEPARATED, REGEX):
        if wanted.get(kind) is not None:
            return kind, wanted[kind]
    return PRESENT, ""


def test(condition: Condition) -> Test:
    """The condition as a function of a request, as fast as Python does it."""
    name, value, holds = condition.name, condition.value, condition.holds
    if condition.subject == PATH:
        if condition.ignore_case or condition.kind in (SEPARATED, REGEX):
            return lambda normalized: holds(normalized.path)
        if condition.kind == EXACT:
            return lambda normalized: normalized.path == value
        return lambda normalized: normalized.path.startswith(value)
    if condition.subject == QUERY:
        return lambda normalized: holds(normalized.params.get(name))
    if condition.kind == EXACT and not condition.inverted:
        return lambda normalized: normalized.headers.get(name) == value
    return lambda normalized: holds(normalized.headers.get(name))
