"""Words for what somebody wrote and what was meant: near names, lists of names, kinds of values."""

from collections.abc import Iterable

TYPE_WORDS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "object": "a map",
    "array": "a list",
}
"""The types of JSON Schema, as messages call them."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`did you mean `x`?` for the nearest of the known names, else nothing."""
    from difflib import get_close_matches

    names = sorted(set(known))
    same = [other for other in names if other.lower() == name.lower()]
    near = same or get_close_matches(name, names, 1, 0.6)
    return f"did you mean `{near[0]}`?" if near else ""


def listed(names: Iterable[str], conjunction: str = "or", most: int = 12) -> str:
    """`a`, `b` or `c`, in the order given; of very many the first ones."""
    quoted = [f"`{name}`" for name in names]
    if len(quoted) > most:
        return ", ".join(quoted[:most]) + ", ..."
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} {conjunction} {quoted[-1]}"
