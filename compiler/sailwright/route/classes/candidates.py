"""The values of a path, header or query parameter that a set of conditions can tell apart.

Exact and prefix conditions cut the possible values into cells: each exact value, and for each prefix those texts whose
longest known prefix it is. One value of each cell stands for all of it, so that for such conditions nothing is missed.
Patterns are met by samples; what they might do to other values stays open (`can_hold` and `can_fail` are both true).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from sailwright.route.classes.regex_samples import literal_prefix, samples
from sailwright.route.envoy.matchers import EXACT, HEADER, PATH, PREFIX, PRESENT, QUERY, REGEX, SEPARATED, Condition
from sailwright.route.request import normalize_path
from sailwright.runtime.records import dataclass, replace

Key = tuple[str, str]
"""What a condition looks at: its subject and name."""

FRESH = "sailwright"
"""A text that no sensible condition asks for; lengthened until none does."""
ANYTHING = ".*"
METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD")
MOST = 400
"""Candidates of one subject: beyond, the search says that it is not complete."""


@dataclass(frozen=True)
class Domain:
    """The values a subject can have, one for each cell.

    `alone` are those that are the only one of their cell; `prefixes` are the beginnings by which cells are told apart.
    """

    candidates: tuple[str | None, ...]
    alone: frozenset[str | None] = frozenset()
    prefixes: tuple[str, ...] = ()
    complete: bool = True

    def longest_prefix(self, value: str) -> str:
        """The longest of `prefixes` with which a text begins: all texts of its cell have that in common."""
        known, lengths = self._by_length
        return next((value[:length] for length in lengths if value[:length] in known), "")

    @cached_property
    def _by_length(self) -> tuple[frozenset[str], tuple[int, ...]]:
        """The prefixes, and their lengths from the longest on."""
        return frozenset(self.prefixes), tuple(sorted({len(prefix) for prefix in self.prefixes}, reverse=True))


def key(condition: Condition) -> Key:
    """What a condition looks at."""
    return condition.subject, condition.name


def domain(
    subject: Key,
    conditions: Sequence[Condition],
    normalization: str,
    authorities: Sequence[str],
    schemes: Sequence[str],
    belongs: Callable[[str], bool],
) -> Domain:
    """The values of one subject. `authorities` are names of the virtual host, `belongs` tells whether a name is one."""
    kind, name = subject
    if (kind, name) == (HEADER, ":scheme"):
        return Domain(tuple(schemes), frozenset(schemes))
    conditions = (*conditions, *_beginnings(conditions))
    texts = _texts(conditions)
    space = Domain(
        (),
        frozenset({None, *(known.value for known in conditions if known.kind == EXACT and not known.ignore_case)}),
        tuple(known.value for known in conditions if known.kind == PREFIX and not known.ignore_case),
    )
    if kind == PATH:
        paths = ("/", *texts, *(f"/{text}" for text in texts if not text.startswith("/")), f"/{_fresh(conditions)}")
        valid = (path for path in paths if path.startswith("/") and "?" not in path and "#" not in path)
        return _bounded((path for path in valid if normalize_path(path, normalization) == path), space)
    if (kind, name) == (HEADER, ":authority"):
        names = (*authorities, *texts, *_completed(conditions, authorities))
        return _bounded((text for text in names if text and belongs(text)), space)
    if (kind, name) == (HEADER, ":method"):
        return _bounded((*METHODS, *(text for text in texts if text), _fresh(conditions).upper()), space)
    if kind == QUERY:
        texts = [text for text in texts if "&" not in text]
    return _bounded((None, _fresh(conditions), "", *texts), space)


def _bounded(values: Iterable[str | None], space: Domain) -> Domain:
    found = tuple(dict.fromkeys(values))
    return replace(space, candidates=found[:MOST], complete=len(found) <= MOST)


def _beginnings(conditions: Sequence[Condition]) -> list[Condition]:
    """How the texts begin that patterns and path prefixes match, as conditions: they cut cells that no pattern reaches across."""
    found = {literal_prefix(known.value): known for known in conditions if known.kind == REGEX}
    cut = [Condition(known.subject, known.name, PREFIX, text, ()) for text, known in found.items() if text]
    for known in conditions:
        if known.kind == SEPARATED:
            cut.append(Condition(known.subject, known.name, EXACT, known.value, ()))
            cut.append(Condition(known.subject, known.name, PREFIX, f"{known.value}/", ()))
    return cut


def _texts(conditions: Sequence[Condition]) -> list[str]:
    """The values that conditions name, each also with something after it, and in other cases where case may not count."""
    fresh = _fresh(conditions)
    named = [condition for condition in conditions if condition.kind not in (PRESENT, REGEX)]
    found: list[str] = []
    for condition in named:
        found += [condition.value, condition.value + fresh]
    if any(condition.ignore_case for condition in named):
        found += [form for text in list(found) for form in (text.lower(), text.upper(), text.swapcase())]
        found += _overlaid(named)
    for condition in conditions:
        if condition.kind == REGEX:
            found += samples(condition.value)
    return found


def _completed(conditions: Sequence[Condition], names: Sequence[str]) -> list[str]:
    """Names that begin as a prefix condition writes it: the case of a Host header is the client's choice."""
    prefixes = [known.value for known in conditions if known.kind == PREFIX]
    return [prefix + name[len(prefix) :] for prefix in prefixes for name in names if name.startswith(prefix.lower())]


def _overlaid(named: Sequence[Condition]) -> list[str]:
    """Texts that begin as one condition writes it and go on as another does, where they differ in case alone."""
    return [
        one.value + other.value[len(one.value) :]
        for one in named
        for other in named
        if other.value.lower().startswith(one.value.lower())
    ]


def _fresh(conditions: Sequence[Condition]) -> str:
    text = FRESH
    while any(text in condition.value.lower() for condition in conditions):
        text += "x"
    return text


def can_hold(condition: Condition, value: str | None, space: Domain) -> tuple[bool, bool]:
    """Whether a condition can hold, and can fail, for the cell that `value` stands for.

    A pattern is certain where the cell is that value alone, where it takes every text, and where its matches begin otherwise
    than the texts of the cell.
    """
    if condition.unknowable:
        return True, True
    if condition.kind != REGEX or condition.value == ANYTHING or value in space.alone:
        return certain(condition, value)
    wanted, common = literal_prefix(condition.value), space.longest_prefix(value or "")
    beyond = len(space.longest_prefix(wanted)) > len(common)
    if beyond or not (wanted.startswith(common) or common.startswith(wanted)):
        return False, True
    return True, True


def certain(condition: Condition, value: str | None) -> tuple[bool, bool]:
    """Whether a condition holds, and fails, for this very value."""
    holds = condition.holds(value)
    return holds, not holds
