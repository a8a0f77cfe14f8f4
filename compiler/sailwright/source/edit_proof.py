"""Proof that an edited file differs from the original in what was intended, and in nothing else.

The file is edited by splices of its text (splice.py), which PyYAML's positions guide. Before it is replaced, another reader has
its say: ruamel.yaml's round-trip loader, which reads YAML 1.2 and keeps account of comments. Imported nowhere else: it is slow.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sailwright.runtime.errors import Failure
from sailwright.source.edit import Edit, Remove, apply_edit
from sailwright.source.same_data import same_data

Edits = Iterable[tuple[int, Edit]]
"""Edits in the order they were made, each with the number of its document."""


def prove(path: str, before: bytes, after: bytes, edits: Edits) -> None:
    """Raise Failure, with nothing written, unless `after` is `before` with the edits made and every comment kept.

    A comment on the lines of what a `Remove` takes out goes with them.
    """
    steps = list(edits)
    try:
        wanted, found = _documents(before), _documents(after)
        lost = Counter(_comments(before)) - Counter(_comments(after))
    except Exception as error:  # noqa: BLE001  # whatever its parser stumbles over
        reason = str(getattr(error, "problem", None) or error).splitlines()
        why = reason[0] if reason else type(error).__name__
        raise Failure(f"{path}: a second YAML reader cannot read this file ({why}); edit the file by hand") from None
    if not all(index < len(wanted) and apply_edit(wanted[index], edit) for index, edit in steps) or not same_data(
        _plain(wanted), found
    ):
        raise Failure(
            f"{path}: the change would alter more than intended, so nothing was written; edit the file by hand"
        )
    removed = "\n".join(_removed_lines(before, after)) if any(isinstance(edit, Remove) for _, edit in steps) else ""
    if any(comment not in removed for comment in lost):
        comment = next(iter(lost))
        raise Failure(
            f"{path}: the change would lose the comment `{comment}`, so nothing was written; edit the file by hand"
        )


def _text(data: bytes) -> str:
    return data.decode("utf-8-sig")


def _reader() -> Any:
    from ruamel.yaml import YAML

    return YAML(typ="rt", pure=True)


def _documents(data: bytes) -> list[Any]:
    """The plain data of each document."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an anchor that is used again is the author's business
        return [_plain(document) for document in _reader().load_all(_text(data))]


def _plain(value: Any) -> Any:
    """The loader's own kinds of maps, lists and scalars as Python's; keys as text, as everywhere here."""
    if isinstance(value, Mapping):
        return {_key(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(item) for item in value]
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    if type(value).__name__ == "ScalarBoolean":
        return bool(value)
    return None if value is None else repr(value)


def _key(key: Any) -> str:
    plain = _plain(key)
    if isinstance(plain, bool):
        return "true" if plain else "false"
    return "null" if plain is None else str(plain)


def _comments(data: bytes) -> list[str]:
    """The comments of a file, line by line, as the loader's scanner hands them on."""
    found: list[str] = []
    waiting = [getattr(token, "_comment", None) for token in _reader().scan(_text(data))]
    while waiting:
        each = waiting.pop()
        if isinstance(each, list | tuple):
            waiting.extend(each)
        elif each is not None:
            found += [line.strip() for line in each.value.splitlines() if line.strip()]
    return found


def _removed_lines(before: bytes, after: bytes) -> Iterable[str]:
    """The lines of the original that are not in the edited file any more."""
    return (Counter(_text(before).splitlines()) - Counter(_text(after).splitlines())).keys()
