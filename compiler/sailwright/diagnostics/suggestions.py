"""Words for what somebody wrote and what was meant: near names, lists of names, kinds of values."""

from collections.abc import Iterable
from typing import Final

TYPE_WORDS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "object": "a map",
    "array": "a list",
}
"""The types of JSON Schema, as messages call them."""

_MANY: Final = 200
"""Of more names only those with the same first letter are compared: it is slow."""
_LIKENESS: Final = 0.65
"""How alike two names must be, from 0 to 1 (difflib's ratio): `relpica` is like `replicas`, `reviews` not like `ratings`."""


def did_you_mean(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """`did you mean `x`?` for the nearest of the known names, else `otherwise`; upper and lower case are no difference."""
    from difflib import get_close_matches

    names = sorted(set(known))
    near = [other for other in names if other.lower() == name.lower()]
    if not near:
        candidates = [other for other in names if other[:1] == name[:1]] if len(names) > _MANY else names
        near = get_close_matches(name, candidates, 1, _LIKENESS)
    return f"did you mean `{near[0]}`?" if near else otherwise


_SHORTEST: Final = 5
_NEAR: Final = 3
_SWAP: Final = 2


def one_edit_keys(name: str) -> frozenset[str]:
    """Keys that two names share if one is the other with a letter wrong, missing, added or moved: a slip of the hand.

    Names that differ in a digit or in a word of one letter (`redis-a`, `redis-b`) differ on purpose, and short names are
    too often alike.
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


def is_near(name: str, other: str) -> bool:
    """Whether two names are likely meant to be one: equal, a slip of the hand apart, or one is the other with one word more.

    `crat` and `cart`, `reviews` and `reviews-v1`, `allow-cart` and `cart`; not `redis-a` and `redis-b`, `cart` and `before-the-cart`.
    """
    if not name or not other:
        return False
    short, long = sorted((name.lower(), other.lower()), key=len)
    if one_edit_keys(short) & one_edit_keys(long):
        return True
    _, _, rest = long.partition("-")
    before, _, _ = long.rpartition("-")
    return short in (rest, before) or (len(short) >= _NEAR and short[0] == long[0] and _is_plural_or_swap(short, long))


def is_slip(name: str, other: str) -> bool:
    """Whether two names are a slip of the hand apart: a letter wrong, missing, added or moved; in short names only swapped."""
    short, long = sorted((name.lower(), other.lower()), key=len)
    swapped = len(short) == len(long) >= _NEAR and short[0] == long[0] and _is_plural_or_swap(short, long)
    return swapped or bool(one_edit_keys(short) & one_edit_keys(long))


def _is_plural_or_swap(short: str, long: str) -> bool:
    """For names too short for `one_edit_keys`: one letter more at the end, or two letters swapped."""
    if len(short) < len(long):
        return long in (f"{short}s", f"{short}es")
    differing = sum(one != two for one, two in zip(short, long, strict=True))
    return differing == _SWAP and sorted(short) == sorted(long)


def listed(names: Iterable[str], conjunction: str = "or", most: int = 12) -> str:
    """`a`, `b` or `c`, in the order given; of very many the first ones."""
    quoted = [f"`{name}`" for name in names]
    if len(quoted) > most:
        return ", ".join(quoted[:most]) + ", ..."
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} {conjunction} {quoted[-1]}"
