"""A near name for one that is not there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_MANY: Final = 200
"""Of more names only those with the same first letter are compared: it is slow."""


_CLOSE = 0.75
"""The share of characters that two names have in common (difflib's ratio) from which one may be meant for the other."""


def did_you_mean(name: str, names: Iterable[str], otherwise: str) -> str:
    """`did you mean `x`?` where a name is close, else `otherwise`."""
    from difflib import get_close_matches

    # Names whose lengths alone rule them out: most of thousands of names, and comparing is slow.
    near = {each for each in names if 2 * min(len(each), len(name)) >= _CLOSE * (len(each) + len(name))}
    close = get_close_matches(name, sorted(near), 1, _CLOSE)
    return f"did you mean `{close[0]}`?" if close else otherwise
