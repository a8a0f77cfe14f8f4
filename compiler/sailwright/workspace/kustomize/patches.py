"""The patches of a kustomization, laid upon the objects they aim at. A patch that cannot be laid on changes nothing.

Source: kustomize's PatchTransformer and its selectors (api/types/selector.go), whose regular expressions match whole names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sailwright.diagnostics.finding import Path, parse_pointer
from sailwright.render.json_patch import apply
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Spot
from sailwright.source.source import Document, Source, parse
from sailwright.source.untyped import items, mapping, text
from sailwright.workspace.kustomize.pieces import Piece, Trace
from sailwright.workspace.kustomize.strategic_merge import DELETED, Merge

ReadSource = Callable[[str], Source | None]
_OPERATIONS = frozenset(("add", "copy", "move", "remove", "replace", "test"))


@dataclass(frozen=True, slots=True)
class Patch:
    """One patch: its content, where it was written, and what it aims at (None: what it names itself)."""

    spot: Spot
    value: Any
    target: Mapping[str, Any] | None
    renames: bool = False


def patches_of(document: Document, value: Mapping[str, Any], key: str, read: ReadSource) -> Iterator[Patch | str]:
    """The patches below a key of a kustomization, or why one cannot be read."""
    for number, each in enumerate(items(value.get(key))):
        path: Path = (key, number)
        if isinstance(each, str):
            yield from _documents(document, each, path, None, read)
        elif isinstance(each, dict):
            written = each.get("patch") or each.get("path")
            target = mapping(each.get("target")) or None
            options = mapping(each.get("options"))
            renames = options.get("allowNameChange") is True or options.get("allowKindChange") is True
            inner = (*path, "patch" if each.get("patch") else "path")
            for found in _documents(document, written, inner, target, read):
                yield found if isinstance(found, str) else Patch(found.spot, found.value, found.target, renames)


def _documents(
    document: Document, written: Any, path: Path, target: Mapping[str, Any] | None, read: ReadSource
) -> Iterator[Patch | str]:
    if not isinstance(written, str):
        yield f"{'/'.join(map(str, path))} is no patch"
        return
    inline = "\n" in written or path[-1] == "patch" or written.lstrip().startswith(("{", "["))
    source = inline_source(document, path, written) if inline else read(written)
    if source is None or any(each.severity == "error" for each in source.problems):
        yield f"the patch {'in it' if inline else written} cannot be read"
        return
    for each in source.documents:
        if each.value is not None:
            yield Patch(Spot(each), each.value, target)


def inline_source(document: Document, path: Path, written: str) -> Source:
    """A text in a YAML file as a file of its own, its lines where they are in the file around it."""
    lines = document.source.lines
    start = document.locate(path, key=True).line
    first = next((each for each in written.splitlines() if each.strip()), "")
    for number in range(start, min(start + 3, len(lines))):
        if lines[number].strip() != first.strip() or not first:
            continue
        indentation = len(lines[number]) - len(lines[number].lstrip()) - (len(first) - len(first.lstrip()))
        own = [f"{' ' * indentation}{each}" if each.strip() else "" for each in written.splitlines()]
        if "---" not in written and lines[number : number + len(own)] == own:
            return parse(document.source.path, "\n".join([*[""] * number, *own]).encode(), "manifest")
    return parse(document.source.path, written.encode(), "manifest")


# -- laying them on -------------------------------------------------------------------------------------------------


def lay_on(patch: Patch, pieces: list[Piece], trace: Trace) -> str:
    """Change what a patch aims at; why that could not be done, empty where it was."""
    if isinstance(patch.value, list) or (isinstance(patch.value, dict) and "op" in patch.value):
        return _operations(patch, aimed_at(patch, pieces), trace)
    if not isinstance(patch.value, dict):
        return "a patch is no map"
    aimed = aimed_at(patch, pieces)
    if not aimed and patch.target is None:
        return f"no object for the patch of {patch.value.get('kind')} {text(mapping(patch.value.get('metadata')).get('name'))}"
    for piece in aimed:
        changed = Merge(piece, trace).map(piece.value, piece.written, _content(patch, piece), patch.spot)
        if changed is DELETED:
            pieces.remove(piece)
        elif changed is not piece.value:
            piece.value.clear()
            piece.value.update(changed)
            for key in changed:
                trace.put(piece.value, key, patch.spot.below(key))
    return ""


def _content(patch: Patch, piece: Piece) -> dict[str, Any]:
    """What a patch changes: it names an object, and does not rename it."""
    value = dict(patch.value)
    if patch.renames:
        piece.remember()
        return value
    metadata = {key: each for key, each in mapping(value.get("metadata")).items() if key not in ("name", "namespace")}
    value = {key: each for key, each in value.items() if key not in ("apiVersion", "kind", "metadata")}
    return {**value, "metadata": metadata} if metadata else value


def aimed_at(patch: Patch, pieces: Sequence[Piece]) -> list[Piece]:
    """The objects that a patch is for."""
    if patch.target is not None:
        return [each for each in pieces if selects(patch.target, each)]
    value = patch.value
    if not isinstance(value, dict):
        return []
    group = text(value.get("apiVersion")).rpartition("/")[0]
    metadata = mapping(value.get("metadata"))
    wanted = (text(metadata.get("namespace")) or "default", text(metadata.get("name")))
    return [
        each
        for each in pieces
        if (each.group, each.kind) == (group, text(value.get("kind")))
        and any((namespace or "default", name) == wanted for namespace, name in each.called)
    ]


def selects(target: Mapping[str, Any], piece: Piece) -> bool:
    """Whether a target or a selector of kustomize means an object."""
    version = text(piece.value.get("apiVersion")).rpartition("/")[2]
    for key, found in (("group", piece.group), ("version", version), ("kind", piece.kind)):
        if not _matches(text(target.get(key)), found):
            return False
    if not any(_matches(text(target.get("name")), name) for _, name in piece.called):
        return False
    if not any(_matches(text(target.get("namespace")), namespace) for namespace, _ in piece.called):
        return False
    labels, annotations = mapping(piece.metadata.get("labels")), mapping(piece.metadata.get("annotations"))
    return _chosen(text(target.get("labelSelector")), labels) and _chosen(
        text(target.get("annotationSelector")), annotations
    )


_LONGEST = 300
"""Characters of a regular expression that is looked at."""


def _matches(pattern: str, found: str) -> bool:
    if not pattern or pattern == found:
        return True
    if len(pattern) > _LONGEST or re.fullmatch(r"[\w./-]*", pattern):
        return False
    from sailwright.mesh.values.re2 import compiled

    expression = compiled(f"^(?:{pattern})$")
    return expression is not None and expression.search(found, 0) is not None


def _chosen(selector: str, labels: Mapping[str, Any]) -> bool:
    """A label selector as kubectl writes it: `a=b,c!=d,e,!f,g in (h,i)`."""
    for part in re.split(r",(?![^(]*\))", selector) if selector else ():
        part = part.strip()
        if found := re.fullmatch(r"([\w./-]+)\s+(in|notin)\s*\(([^)]*)\)", part):
            among = text(labels.get(found[1])) in [each.strip() for each in found[3].split(",")]
            if among != (found[2] == "in") and (found[2] == "in" or found[1] in labels):
                return False
        elif found := re.fullmatch(r"([\w./-]+)\s*(==|=|!=)\s*([\w.-]*)", part):
            if (labels.get(found[1]) == found[3]) != (found[2] != "!="):
                return False
        elif part.startswith("!"):
            if part[1:].strip() in labels:
                return False
        elif part not in labels:
            return False
    return True


def _operations(patch: Patch, aimed: Sequence[Piece], trace: Trace) -> str:
    operations = patch.value if isinstance(patch.value, list) else [patch.value]
    for piece in aimed:
        before, spots = piece.value, []
        result: Any = before
        for number, operation in enumerate(operations):
            if not _is_operation(operation):
                return "an operation of a JSON patch is incomplete"
            result, reason = apply(result, operation)
            if reason or not isinstance(result, dict):
                return f"a JSON patch cannot be applied: {reason}"
            spots.append((operation, patch.spot.below(number) if isinstance(patch.value, list) else patch.spot))
        if any(each["path"] == "/metadata/name" for each, _ in spots):
            piece.remember()
        _keep_places(before, result, piece.written, trace)
        piece.value.clear()
        piece.value.update(result)
        for operation, spot in spots:
            _trace_operation(piece.value, operation, spot, trace)
    return ""


def _is_operation(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.get("op") in _OPERATIONS
        and isinstance(value.get("path"), str)
        and (value["op"] not in ("move", "copy") or isinstance(value.get("from"), str))
        and (not value["path"] or value["path"].startswith("/"))
    )


def _keep_places(before: Any, after: Any, here: Spot, trace: Trace) -> None:
    """Maps and lists that a JSON patch made anew keep the places of what is in them; items of a list are found by what they are."""
    if before is after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in before.keys() & after.keys():
            spot = trace.spot(before, key, here)
            trace.put(after, key, spot)
            _keep_places(before[key], after[key], spot, trace)
    elif isinstance(before, list) and isinstance(after, list):
        old = {id(each): number for number, each in enumerate(before)}
        for number, each in enumerate(after):
            origin = old.get(id(each), number if number < len(before) else None)
            if origin is not None:
                spot = trace.spot(before, origin, here)
                trace.put(after, number, spot)
                _keep_places(before[origin], each, spot, trace)


def _trace_operation(value: Any, operation: Mapping[str, Any], spot: Spot, trace: Trace) -> None:
    path = parse_pointer(operation["path"])
    for key in path[:-1]:
        step = int(key) if isinstance(value, list) and str(key).isdigit() else key
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return
    if not path or operation["op"] in ("test", "remove"):
        return
    last: str | int = path[-1]
    if isinstance(value, list):
        last = len(value) - 1 if last == "-" else int(last) if str(last).isdigit() else last
    if isinstance(value, dict | list):
        trace.put(value, last, spot.below("value") if "value" in operation else spot)
