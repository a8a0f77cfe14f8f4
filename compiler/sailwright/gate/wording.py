"""A Diff as text for a terminal, as Markdown for a comment, as JSON for a tool."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import groupby

from sailwright.gate.diff import Diff, ServiceChange
from sailwright.report.clean import markdown, printable, snippet

COMMENT_LIMIT = 65_536
"""Characters: GitHub refuses a longer comment."""
_ROOM = 2_000
"""Characters kept free for what was left out."""
_NOTHING = "Nothing changes in the mesh."


def as_text(diff: Diff) -> str:
    """Lines for a terminal, by service."""
    lines: list[str] = []
    for service, changes in groupby(diff.changes, key=lambda change: change.service):
        found = list(changes)
        lines.append(f"{service}  ({found[0].file})")
        lines += [f"  {change.change.text}{_where(change.environments)}" for change in found]
        lines += [f"  traffic: {line}{_where(places)}" for name, line, places in diff.traffic if name == service]
    others = [entry for entry in diff.traffic if entry[0] not in {change.service for change in diff.changes}]
    for service, line, places in others:
        lines += [service, f"  traffic: {line}{_where(places)}"]
    if not lines:
        lines.append(_NOTHING)
    if diff.changes and not diff.traffic:
        lines.append("No request takes another way.")
    lines += _touched_lines(diff)
    if diff.files:
        lines.append(f"rendered: {_files(diff)}; git diff {diff.base[:12]} shows the text")
    return "".join(f"{printable(line)}\n" for line in lines)


def _where(environments: tuple[str, ...]) -> str:
    return f"  [{', '.join(environments)}]" if environments else ""


def _files(diff: Diff) -> str:
    added, removed = sum(file.added for file in diff.files), sum(file.removed for file in diff.files)
    return f"{len(diff.files)} file{'s' if len(diff.files) != 1 else ''}, +{added} -{removed} lines"


def _touched_lines(diff: Diff) -> list[str]:
    lines = []
    if diff.touched.owners:
        lines.append(f"owners: {', '.join(diff.touched.owners)}")
    if diff.touched.callers:
        owners = f" (owned by {', '.join(diff.touched.callers_owners)})" if diff.touched.callers_owners else ""
        lines.append(f"called by: {', '.join(diff.touched.callers)}{owners}")
    return lines


def as_markdown(diff: Diff) -> str:
    """A comment of at most COMMENT_LIMIT characters; it says what it left out."""
    parts = ["### What this changes in the mesh\n"]
    parts += [_service(name, list(changes), diff) for name, changes in groupby(diff.changes, lambda one: one.service)]
    listed = {change.service for change in diff.changes}
    alone = [entry for entry in diff.traffic if entry[0] not in listed]
    parts += [f"**{markdown(name)}**\n\n- traffic: {markdown(line)}{_where(places)}\n" for name, line, places in alone]
    if len(parts) == 1:
        parts.append(_NOTHING + "\n")
    elif not diff.traffic:
        parts.append("No request takes another way.\n")
    parts += [f"{markdown(line)}\n" for line in _touched_lines(diff)]
    if diff.files:
        parts.append(f"Rendered: {_files(diff)}.\n")
    return _bounded(parts, [_patch(file.file, file.diff) for file in diff.files])


def _service(name: str, changes: list[ServiceChange], diff: Diff) -> str:
    lines = [f"**{markdown(name)}** `{markdown(changes[0].file)}`\n"]
    lines += [f"- {markdown(change.change.text)}{markdown(_where(change.environments))}" for change in changes]
    lines += [
        f"- traffic: {markdown(line)}{markdown(_where(places))}" for key, line, places in diff.traffic if key == name
    ]
    return "\n".join(lines) + "\n"


def _patch(file: str, diff: str) -> str:
    body = "\n".join(snippet(line) for line in diff.splitlines())
    fence = "`" * max(3, 1 + max((len(run) for run in _fences(body)), default=0))
    return f"<details><summary>{markdown(file)}</summary>\n\n{fence}diff\n{body.rstrip()}\n{fence}\n\n</details>\n"


def _fences(text: str) -> Iterable[str]:
    return ("".join(run) for key, run in groupby(text) if key == "`")


def _bounded(parts: list[str], patches: list[str]) -> str:
    """As many parts as fit, the text diffs last."""
    kept: list[str] = []
    size = 0
    left_parts = left_patches = 0
    for part in [*parts, *patches]:
        if size + len(part) + 1 > COMMENT_LIMIT - _ROOM:
            left_patches += part.startswith("<details>")
            left_parts += not part.startswith("<details>")
            continue
        kept.append(part)
        size += len(part) + 1
    if left_parts or left_patches:
        what = [f"{left_parts} services"] * bool(left_parts) + [f"{left_patches} text diffs"] * bool(left_patches)
        kept.append(f"_Left out, to fit a comment: {' and '.join(what)}. `sailwright diff` prints all._\n")
    return "\n".join(kept)


def as_json(diff: Diff) -> str:
    """Versioned; fields are added, never renamed."""
    tree = {
        "version": 1,
        "base": diff.base,
        "changes": [
            {
                "service": change.service,
                "file": change.file,
                "area": change.change.area,
                "message": change.change.text,
                "environments": list(change.environments),
            }
            for change in diff.changes
        ],
        "traffic": [
            {"service": service, "message": line, "environments": list(places)}
            for service, line, places in diff.traffic
        ],
        "touched": {
            "owners": list(diff.touched.owners),
            "callers": list(diff.touched.callers),
            "callersOwners": list(diff.touched.callers_owners),
        },
        "files": [
            {"file": file.file, "added": file.added, "removed": file.removed, "diff": file.diff} for file in diff.files
        ],
    }
    return json.dumps(tree, indent=2) + "\n"
