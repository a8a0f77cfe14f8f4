"""Rules and matches of a VirtualService that no request reaches, as istiod finds them."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from functools import partial
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.runtime.records import dataclass
from sailwright.validate.webhook_checks.sound_parts import checked_once
from sailwright.validate.webhook_checks.subject import WARNINGS, Message

#: Conditions that are maps: an empty one asks for nothing, an empty string match for anything that is there.
_MAPS = frozenset(("headers", "withoutHeaders", "queryParams", "sourceLabels"))


def unreachable(spec: Message) -> Iterator[Problem]:
    for family in ("http", "tcp", "tls"):
        rules = spec.get(family, [])
        if sum(max(1, len(rule.get("match", ()))) for rule in rules) >= 2:
            matches = [rule.get("match") for rule in rules]
            yield from checked_once(("unreachable", family, matches), partial(_unreachable, rules, family))


def _unreachable(rules: list[Message], family: str) -> Iterator[Problem]:
    yield from _shadowed(rules, family)
    if family == "http":
        yield from _covered_prefixes(rules)


RULE = "virtual-service-rule-unreachable"
MATCH = "virtual-service-match-unreachable"
_CODES = {RULE: ("IST0130", *WARNINGS), MATCH: ("IST0131", *WARNINGS)}
"""`istioctl analyze` has codes of its own for these."""


def _problem(path: Path, message: str, rule: str) -> Problem:
    return Problem(path, message, severity="warning", rule=rule, aliases=_CODES[rule])


def _name(part: Message, place: int) -> str:
    return f"'{part['name']}'" if part.get("name") else f"#{place}"


def _conditions(match: Message, family: str) -> Message:
    """What a match asks for: without its name, and without what says nothing."""
    return {
        name: value
        for name, value in match.items()
        if (value or (value == {} and name not in _MAPS)) and (name != "name" or family != "http")
    }


def hashable(value: Any) -> Hashable:
    """Plain data in a form that is equal where the data is, to look it up."""
    if isinstance(value, dict):
        return frozenset((key, hashable(item)) for key, item in value.items())
    return tuple(hashable(item) for item in value) if isinstance(value, list) else value


def _shadowed(rules: list[Message], family: str) -> Iterator[Problem]:
    """Rules after one that takes everything, and matches that stand in an earlier place already."""
    seen: dict[Hashable, int] = {}
    catch_all = False
    for place, rule in enumerate(rules):
        path: Path = ("spec", family, place)
        matches = rule.get("match", [])
        if catch_all:
            # Istio says so once for each match of the rule, and in other words where the rule has none.
            reason = "an earlier rule has no match" if matches else "it is the second without a match"
            for _ in matches or (None,):
                yield _problem(path, f"rule {_name(rule, place)} is never used: {reason}", RULE)
        if catch_all or not matches:
            catch_all = True
            continue
        duplicates = 0
        for number, match in enumerate(matches):
            conditions = hashable(_conditions(match, family))
            earlier = seen.get(conditions)
            if earlier is None:
                seen[conditions] = place
                continue
            duplicates += 1
            where = _name(rules[earlier], earlier)
            yield _problem(
                (*path, "match", number),
                f"match {_name(match, number)} of rule {_name(rule, place)} is never used: rule {where} has it too",
                MATCH,
            )
        if duplicates == len(matches):
            yield _problem(path, f"rule {_name(rule, place)} is never used: earlier rules have its matches", RULE)


@dataclass(frozen=True, slots=True)
class _Prefix:
    """A match by uri prefix, in the form in which Istio compares two."""

    path: Path
    rule: str
    match: str
    prefix: str
    port: int
    conditions: tuple[dict[str, str], ...]


def _covered_prefixes(rules: list[Message]) -> Iterator[Problem]:
    """A later match whose prefix starts with an earlier one's, under conditions that the earlier one has as well."""
    prefixes = list(_prefixes(rules))
    if len(prefixes) < 2:
        return
    for place, other in _covering(prefixes):
        earlier, later = prefixes[place], prefixes[other]
        message = (
            f"match {later.match} of rule {later.rule} is never used: match {earlier.match} of rule {earlier.rule}"
            f" takes every path below {earlier.prefix}"
        )
        yield _problem(later.path, message, MATCH)


MOST_COMPARED = 1_000
"""Earlier matches with which one is compared."""
MOST_NAMED = 16
"""Earlier matches that are named for one."""


def _covering(prefixes: Sequence[_Prefix]) -> list[tuple[int, int]]:
    """The places of an earlier and a later match, in order. An earlier one is looked up by its prefix and by a first condition's
    text, since both begin those of the later one.
    """
    known: dict[Hashable, list[int]] = {}
    lengths: dict[Hashable, set[tuple[int, int]]] = {}
    pairs: list[tuple[int, int]] = []
    for place, later in enumerate(prefixes):
        form, text = _form(later), _first(later)
        found = [
            earlier
            for length, size in lengths.get(form, ())
            if length < len(later.prefix) and size <= len(text)
            for earlier in known.get((form, later.prefix[:length], text[:size]), ())[:MOST_COMPARED]
        ]
        covers = [earlier for earlier in sorted(found)[:MOST_COMPARED] if _covers(prefixes[earlier], later)]
        pairs += ((earlier, place) for earlier in covers[:MOST_NAMED])
        known.setdefault((form, later.prefix, text), []).append(place)
        lengths.setdefault(form, set()).add((len(later.prefix), len(text)))
    return sorted(pairs)


def _form(match: _Prefix) -> Hashable:
    """What two matches must have in common: the port, and the names of their conditions."""
    return match.port, tuple(frozenset(conditions) for conditions in match.conditions)


def _first(match: _Prefix) -> str:
    """The text of the first condition on a header, a parameter or the authority; only such tell many matches apart."""
    single, *several = match.conditions
    named = min(((side, name) for side, conditions in enumerate(several) for name in conditions), default=None)
    return several[named[0]][named[1]] if named else single["authority"]


def _prefixes(rules: list[Message]) -> Iterator[_Prefix]:
    seen: set[Hashable] = set()
    for place, rule in enumerate(rules):
        if not rule.get("match"):
            return
        for number, match in enumerate(rule["match"]):
            conditions = hashable(_conditions(match, "http"))
            prefix = match.get("uri", {}).get("prefix", "")
            if conditions in seen or not prefix:
                continue
            seen.add(conditions)
            single = {
                "method": _text(match.get("method", {})) or "exact:GET",
                "authority": _text(match.get("authority", {})),
            }
            several = (
                {name: _text(value) for name, value in match.get(side, {}).items()}
                for side in ("headers", "queryParams", "withoutHeaders")
            )
            path = ("spec", "http", place, "match", number)
            yield _Prefix(
                path, _name(rule, place), _name(match, number), prefix, match.get("port", 0), (single, *several)
            )


def _text(condition: Message) -> str:
    for kind in ("exact", "prefix"):
        if condition.get(kind):
            return f"{kind}:{condition[kind]}"
    return ""


def _covers(earlier: _Prefix, later: _Prefix) -> bool:
    if not later.prefix.startswith(earlier.prefix) or later.port != earlier.port:
        return False
    return all(
        mine.keys() == theirs.keys() and all(value.startswith(theirs[name]) for name, value in mine.items())
        for mine, theirs in zip(earlier.conditions, later.conditions, strict=True)
    )
