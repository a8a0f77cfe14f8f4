"""A near name for one that is not there."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(name: str, names: Iterable[str], otherwise: str) -> str:
    """`did you mean `x`?` where a name is close, else `otherwise`."""
    from difflib import get_close_matches

    close = get_close_matches(name, sorted(set(names)), 1, 0.75)
    return f"did you mean `{close[0]}`?" if close else otherwise
