"""Whether services have the objects they had, of which nothing is another that was read for what is around them."""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Mapping
from typing import Any

from sailwright.lint.noted_fields import SERVICE_FILE, Noted, same_object_but_for_unread, unread


def same_objects(former: Mapping[str, bytes], current: Mapping[str, bytes], noted: Noted) -> bool:
    """Whether the services have the objects they had, of which nothing is another that was read for what is around them."""
    for path, data in current.items():
        (old_files, old_sources), (files, sources) = marshal.loads(former[path]), marshal.loads(data)  # noqa: S302
        if len(old_files) != len(files) or old_sources[1:] != sources[1:] or b"${" in sources[0][1]:
            return False
        (*_, before), (*_, after) = old_sources[0], sources[0]
        if len(before) != len(after) or not all(_same_keys(*pair, noted) for pair in zip(before, after, strict=True)):
            return False
        for (*old_place, old_objects, old_root), (*place, objects, root) in zip(old_files, files, strict=True):
            if old_place != place or old_root != root or len(old_objects) != len(objects):
                return False
            if not all(
                same_object_but_for_unread(old[0], new[0], noted) for old, new in zip(old_objects, objects, strict=True)
            ):
                return False
    return True


def _same_keys(old: Any, new: Any, noted: Noted) -> bool:
    """Whether two documents of a service file differ in no key that was read."""
    return isinstance(old, dict) and isinstance(new, dict) and unread(old, new, SERVICE_FILE, noted)


def includes(packed: Iterable[bytes]) -> bool:
    """Whether a service includes other files, or holds what is replaced later: such a change is judged with all services."""
    for data in packed:
        _, sources = marshal.loads(data)  # noqa: S302  # sealed: this user's own program wrote it
        if len(sources) > 1 or b"${" in sources[0][1]:
            return True
    return False
