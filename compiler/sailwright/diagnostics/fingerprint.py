"""What a finding is called from run to run: a name that holds no line, no environment and no rendered path."""

from __future__ import annotations

import os.path
from functools import cache
from typing import Any

from sailwright.diagnostics.finding import Finding, ObjectRef, Path


@cache
def file_name(file: str) -> str:
    """A file by its path from the folder that findings are relative to: the project's, else the current one."""
    return os.path.relpath(file).replace(os.sep, "/")


def fingerprint(rule: str, file: str, ref: ObjectRef | None, path: Path, root: Any) -> str:
    """32 hexadecimal digits made of the rule, the file, the object, the key path and the scalar that stands there.

    `file` comes from `file_name`, `root` is the document the path leads through. List items count by their `name`, without one not at all, so that
    an item put in front of others renames none of them.
    """
    keys, value = _walk(path, root)
    return _digest(rule, file, ref, keys, value)


def of_finding(finding: Finding) -> str:
    """The fingerprint of a finding that was made without its document at hand: its words stand for the value."""
    return finding.fingerprint or _digest(
        finding.rule,
        file_name(finding.location.file),
        finding.object,
        [str(key) for key in finding.path],
        finding.message,
    )


def _digest(rule: str, file: str, ref: ObjectRef | None, keys: list[str], value: Any) -> str:
    import json

    from sailwright.runtime.digests import blake2b

    named = None if ref is None else (ref.api_version.rpartition("/")[0], ref.kind, ref.namespace, ref.name)
    text = json.dumps([rule, file, named, keys, value], default=str)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _walk(path: Path, root: Any) -> tuple[list[str], Any]:
    """The keys of a path with items named, and the scalar at its end (None for maps, lists and what is not there)."""
    keys: list[str] = []
    here = root
    for key in path:
        if isinstance(here, dict):
            here = here.get(key)
            keys.append(str(key))
        elif isinstance(here, list) and isinstance(key, int) and key < len(here):
            here = here[key]
            name = here.get("name") if isinstance(here, dict) else None
            keys.append(f"[{name}]" if isinstance(name, str) else "[]")
        else:
            keys.append(str(key))
            here = None
    return keys, None if isinstance(here, dict | list) else here
