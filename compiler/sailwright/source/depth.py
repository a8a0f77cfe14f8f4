"""How deep collections may be nested, and whether a text could be deeper at all."""

from __future__ import annotations

MAX_DEPTH = 100


def may_be_deep(text: str) -> bool:
    """Whether something in a text makes it possible that it is too deep: much indentation, or many brackets, lists or keys in one line."""
    return text.count("[") + text.count("{") >= MAX_DEPTH or _hints_at_depth(text)


def _hints_at_depth(text: str) -> bool:
    """Whether something in a text makes it possible that it is deep: much indentation, or many lists or keys in one line."""
    return (
        "\n" + " " * (MAX_DEPTH - 20) in text
        or "- " * 10 in text
        or "-  -  -" in text
        or ("\t" in text and "-\t-" in text)
        or ("?" in text and ("? " * 10 in text or "?  ?  ?" in text))
    )
