"""A near name for one that is not there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_MANY: Final = 200
"""Of more names only those with the same first letter are compared: it is slow."""


def did_you_mean(name: str, names: Iterable[str], otherwise: str) -> str:
    """`did you mean `x`?` where a name is close, else `otherwise`."""
    from difflib import get_close_matches

    candidates = sorted(set(names))
    if len(candidates) > _MANY:
        candidates = [candidate for candidate in candidates if candidate[:1] == name[:1]]
    close = get_close_matches(name, candidates, 1, 0.75)
    return f"did you mean `{close[0]}`?" if close else otherwise


_SHORTEST: Final = 5


def slips(name: str) -> frozenset[str]:
    """What two names share if one is the other with a letter wrong, missing, added or moved: a slip of the hand.

    Names that differ in a digit or in a word of one letter (`redis-a`, `redis-b`) are told apart on purpose, and short
    names are too often alike.
    """
    if len(name) < _SHORTEST:
        return frozenset((name,))
    padded = f"-{name}-"
    return frozenset(
        (
            name,
            *(
                name[:place] + name[place + 1 :]
                for place, letter in enumerate(name)
                if letter.isalpha() and (padded[place].isalpha() or padded[place + 2].isalpha())
            ),
        )
    )
