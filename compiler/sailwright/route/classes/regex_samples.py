"""What the structure of a regular expression tells: a few texts that match it, and how all that match begin.

The structure is read by Python's parser; whether a text really matches is RE2's word alone.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import islice, product
from typing import Any

from sailwright.mesh.values.re2 import compiled

MOST = 12
"""Texts of one pattern."""
WIDEST = 3
"""Alternatives that are tried at any one place of a pattern."""
PRINTABLE = "xa0A-_/. ,;:=~!"
CATEGORIES = {
    "CATEGORY_DIGIT": "07",
    "CATEGORY_NOT_DIGIT": "x",
    "CATEGORY_WORD": "a0",
    "CATEGORY_NOT_WORD": "-",
    "CATEGORY_SPACE": " ",
    "CATEGORY_NOT_SPACE": "x",
}


@cache
def samples(pattern: str) -> tuple[str, ...]:
    """Up to MOST different texts that RE2 matches in full; none where the pattern is beyond Python's parser."""
    matcher, tree = compiled(pattern), _parsed(pattern)
    if matcher is None or tree is None:
        return ()
    texts = dict.fromkeys(islice(_texts(tree), MOST * MOST))
    return tuple(islice((text for text in texts if matcher.fullmatch(text) is not None), MOST))


@cache
def literal_prefix(pattern: str) -> str:
    """A text with which everything begins that the pattern matches in full; empty where nothing can be said."""
    tree = _parsed(pattern)
    if compiled(pattern) is None or tree is None or tree.state.flags & re.IGNORECASE:
        return ""
    prefix = ""
    for name, given in tree:
        if str(name) == "LITERAL":
            prefix += chr(given)
        elif (str(name), str(given)) != ("AT", "AT_BEGINNING"):
            break
    return prefix


def _parsed(pattern: str) -> Any:
    """The pattern as Python reads it: pairs of a name and what belongs to it; None where it cannot."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return re._parser.parse(pattern)  # type: ignore[attr-defined]  # noqa: SLF001  # the only parser there is
    except (re.error, OverflowError, RecursionError):
        return None


def _texts(tree: Iterable[tuple[Any, Any]]) -> Iterator[str]:
    """Texts for a sequence: combinations of the parts' texts, the shortest first in each part."""
    parts = [list(islice(_part(str(name), given), WIDEST)) for name, given in tree]
    for chosen in product(*parts):
        yield "".join(chosen)


def _part(name: str, given: Any) -> Iterator[str]:
    reader = _READERS.get(name)
    return reader(given) if reader else iter(("",))


def _branch(given: Any) -> Iterator[str]:
    alternatives = [list(islice(_texts(tree), WIDEST)) for tree in given[1]]
    for texts in alternatives:
        yield from texts[:1]
    for texts in alternatives:
        yield from texts[1:]


def _repeat(given: Any) -> Iterator[str]:
    least, most, tree = given
    once = list(islice(_texts(tree), WIDEST))
    for count in (int(least), int(least) + 1):
        if count <= int(most):
            yield from (text * count for text in once or [""])


def _set(given: Any) -> Iterator[str]:
    if str(given[0][0]) == "NEGATE":
        banned = set("".join(_members(given[1:])))
        yield from (character for character in PRINTABLE if character not in banned)
    else:
        yield from _members(given)


def _members(given: Iterable[tuple[Any, Any]]) -> Iterator[str]:
    for name, value in given:
        if str(name) == "LITERAL":
            yield chr(value)
        elif str(name) == "RANGE":
            yield from (chr(code) for code in range(value[0], min(value[1], value[0] + 300) + 1))
        elif str(name) == "CATEGORY":
            yield from CATEGORIES.get(str(value), "x")


_READERS: Mapping[str, Callable[[Any], Iterator[str]]] = {
    "LITERAL": lambda code: iter((chr(code),)),
    "NOT_LITERAL": lambda code: (character for character in PRINTABLE if character != chr(code)),
    "ANY": lambda _: iter("x/"),
    "IN": _set,
    "BRANCH": _branch,
    "SUBPATTERN": lambda given: _texts(given[-1]),
    "MAX_REPEAT": _repeat,
    "MIN_REPEAT": _repeat,
}
