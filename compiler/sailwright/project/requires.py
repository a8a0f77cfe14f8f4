"""`requires`: the versions of sailwright that may work on a project."""

from __future__ import annotations

import re

from sailwright.runtime.regex import regex

_TERM = regex(r" *(>=|<=|==|!=|~=|>|<) *([0-9.]+) *")


def allows(specifier: str, version: str) -> bool:
    """Whether a specifier such as `>=0.1,<0.2` allows a version. `~=0.1.2` means at least that, below 0.2."""
    terms = (_TERM.fullmatch(term) for term in specifier.split(","))
    return all(_holds(term[1], term[2], version) for term in terms if term)


def _holds(operator: str, wanted: str, version: str) -> bool:
    found, limit = _numbers(version), _numbers(wanted)
    match operator:
        case ">=":
            return found >= limit
        case "<=":
            return found <= limit
        case ">":
            return found > limit
        case "<":
            return found < limit
        case "==":
            return found == limit
        case "!=":
            return found != limit
    size = wanted.count(".")
    return found >= limit and found[:size] == limit[:size]


def _numbers(version: str) -> tuple[int, ...]:
    """Three numbers or more, so that 0.1 and 0.1.0 are equal."""
    numbers = [int(part) for part in re.findall(r"[0-9]+", version.partition("+")[0])]
    return tuple(numbers + [0] * (4 - len(numbers)))
