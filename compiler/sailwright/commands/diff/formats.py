"""A Diff as text for a terminal, as Markdown for a comment, as JSON for a tool."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby

from sailwright.commands.diff.diff import Diff, ServiceChange
from sailwright.diagnostics.finding import Finding
from sailwright.diagnostics.report.clean import json_text, markdown, printable, snippet, whole_line

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
    lines += [f"{word}: {names}" for word, names in _touched_by(diff)]
    lines += [f"gate: {_place(finding)}: {finding.message}" for finding in diff.gate]
    radius = list(_blast_radius(diff))
    lines += ["blast radius:"] * bool(radius) + [f"  {line}" for line in radius]
    if diff.files:
        lines.append(f"rendered: {_files(diff)}; git diff {diff.base[:12]} shows the text")
    return "".join(f"{whole_line(line)}\n" for line in lines)


def _where(environments: tuple[str, ...]) -> str:
    return f"  [{', '.join(environments)}]" if environments else ""


def _place(finding: Finding) -> str:
    return f"{finding.location.file}:{finding.location.line}"


def _gate(finding: Finding) -> str:
    return f"- {_code(_place(finding))}: {_code(finding.message)}"


def _files(diff: Diff) -> str:
    added, removed = sum(file.added for file in diff.files), sum(file.removed for file in diff.files)
    return f"{len(diff.files)} file{'s' if len(diff.files) != 1 else ''}, +{added} -{removed} lines"


def _touched_by(diff: Diff) -> list[tuple[str, str]]:
    touched = diff.touched
    found = [("owners", ", ".join(touched.owners)), ("called by", ", ".join(touched.callers))]
    found.append(("whose owners are", ", ".join(touched.callers_owners)))
    return [(word, names) for word, names in found if names]


_NEAREST = 20
"""How much of the blast radius is printed, the nearest first; JSON has more."""


def _blast_radius(diff: Diff) -> Iterator[str]:
    """What a change reaches, nearest first; nothing where `called by` says it all."""
    radius = diff.blast_radius
    if all(len(each.path) == _DIRECT and not each.gateway for each in radius.reached):
        return
    for each in radius.reached[:_NEAREST]:
        gateway = f" at {each.gateway}" if each.gateway else ""
        owner = f", owner {each.owner}" if each.owner else ""
        yield f"{' <- '.join(each.path)}{gateway}{owner}{_where(each.environments)}"
    more = len(radius.reached[_NEAREST:]) + radius.left_out
    if more:
        yield f"and {more} more, further away; --format json lists the nearest {len(radius.reached)}"


_DIRECT = 2
"""The length of the path from what changes to its caller."""


def as_markdown(diff: Diff) -> str:
    """A comment of at most COMMENT_LIMIT characters; it says what it left out.

    What comes from the input stands in code spans, where no platform reads markup, mentions or references.
    """
    parts = ["### What this changes in the mesh\n"]
    parts += [_service(name, list(changes), diff) for name, changes in groupby(diff.changes, lambda one: one.service)]
    listed = {change.service for change in diff.changes}
    alone = sorted({name for name, _, _ in diff.traffic if name not in listed})
    parts += [_service(name, [], diff) for name in alone]
    if len(parts) == 1:
        parts.append(_NOTHING + "\n")
    elif not diff.traffic:
        parts.append("No request takes another way.\n")
    parts += [f"{word}: {_code(names)}\n" for word, names in _touched_by(diff)]
    if diff.gate:
        parts.append("\n".join(["**What checks this change is changed by it**\n", *map(_gate, diff.gate)]) + "\n")
    radius = [f"- {_code(line)}" for line in _blast_radius(diff)]
    parts += ["\n".join(["blast radius:\n", *radius]) + "\n"] if radius else []
    if diff.files:
        parts.append(f"Rendered: {_files(diff)}.\n")
    return _bounded(parts, [_patch(file.file, file.diff) for file in diff.files])


def _service(name: str, changes: list[ServiceChange], diff: Diff) -> str:
    told = [(change.change.text, change.environments) for change in changes]
    told += [(f"traffic: {line}", places) for key, line, places in diff.traffic if key == name]
    lines = [f"- {_code(line)}" + (f" in {_code(', '.join(places))}" if places else "") for line, places in told]
    file = f", {_code(changes[0].file)}" if changes else ""
    return "\n".join([f"**{_code(name)}**{file}\n", *lines]) + "\n"


def _patch(file: str, diff: str) -> str:
    body = "\n".join(snippet(line) for line in diff.splitlines())
    fence = "`" * max(3, _longest_run(body) + 1)
    return f"<details><summary>{markdown(file)}</summary>\n\n{fence}diff\n{body.rstrip()}\n{fence}\n\n</details>\n"


def _code(text: str) -> str:
    """A code span, its fence longer than any in the text."""
    shown = printable(text)
    fence = "`" * (_longest_run(shown) + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def _longest_run(text: str) -> int:
    """The length of the longest run of backticks."""
    return max((len(list(run)) for character, run in groupby(text) if character == "`"), default=0)


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
        "gate": [
            {"file": finding.location.file, "line": finding.location.line, "message": finding.message}
            for finding in diff.gate
        ],
        "touched": {
            "owners": list(diff.touched.owners),
            "callers": list(diff.touched.callers),
            "callersOwners": list(diff.touched.callers_owners),
        },
        "blastRadius": {
            "reached": [
                {
                    "name": each.name,
                    "kind": "host" if each.gateway else "service",
                    "gateway": each.gateway or None,
                    "owner": each.owner or None,
                    "path": list(each.path),
                    "environments": list(each.environments),
                }
                for each in diff.blast_radius.reached
            ],
            "leftOut": diff.blast_radius.left_out,
        },
        "files": [
            {"file": file.file, "added": file.added, "removed": file.removed, "diff": file.diff} for file in diff.files
        ],
    }
    return json_text(json.dumps(tree, indent=2)) + "\n"
