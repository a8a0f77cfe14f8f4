"""`patches` of a service file, applied to its rendered objects before injection, within bounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sailwright.diagnostics.finding import Path, pointer
from sailwright.diagnostics.problem import Problem
from sailwright.project.schema import did_you_mean, listed
from sailwright.project.service.model import Service
from sailwright.project.service.parts import ObjectPatch
from sailwright.render.json_patch import apply, merge, touched
from sailwright.render.privileges import privileges
from sailwright.render.template_input import Piece
from sailwright.runtime.records import replace

PROTECTED: tuple[Path, ...] = (
    ("apiVersion",),
    ("kind",),
    ("metadata", "name"),
    ("metadata", "namespace"),
    ("spec", "selector"),
    ("spec", "workloadSelector"),
)
"""What names an object and what it selects: changed, it would be another object."""


def patched(service: Service, pieces: Sequence[Piece]) -> tuple[tuple[Piece, ...], tuple[Problem, ...]]:
    """The objects with every patch applied in order, and what is wrong with the patches."""
    result = list(pieces)
    problems: list[Problem] = []
    for patch in service.patches:
        aimed = [index for index, piece in enumerate(result) if _aims_at(patch, piece)]
        if not aimed:
            problems.append(_no_target(patch, result))
        for index in aimed:
            result[index], wrong = _patch(result[index], patch)
            problems += wrong
    return tuple(result), tuple(dict.fromkeys(problems))


def _aims_at(patch: ObjectPatch, piece: Piece) -> bool:
    return patch.kind == piece.kind and patch.name in (None, piece.name)


def _no_target(patch: ObjectPatch, pieces: Sequence[Piece]) -> Problem:
    wanted = f"{patch.kind}/{patch.name}" if patch.name else patch.kind
    there = list(dict.fromkeys(f"{piece.kind}/{piece.name}" for piece in pieces))
    near = did_you_mean(wanted, there if patch.name else list(dict.fromkeys(piece.kind for piece in pieces)))
    message = f"the service renders no {wanted} that this patch could change"
    remedy = near or f"it renders {listed(there, 'and') if there else 'nothing'}"
    return Problem((*patch.path, "target"), message, remedy, rule="patch-target")


def _patch(piece: Piece, patch: ObjectPatch) -> tuple[Piece, list[Problem]]:
    problems: list[Problem] = []
    for step, at, result, place in _steps(piece, patch):
        if isinstance(result, str):
            problems.append(Problem(at, f"{_aim(step)}: {result}", _FAILED, rule="patch-failed"))
            break
        wrong = list(_refused(step, at, result))
        problems += wrong
        if wrong:
            break
        piece = replace(step, value=result, paths={**step.paths, place: at})
    return piece, problems


_FAILED = "look at the rendered object and correct the path"


_PLAIN_SIGHT = "remove it; privileges stand under `defaults` or `versions`, or in an included manifest, where reviewers look for them"


def _steps(piece: Piece, patch: ObjectPatch) -> Iterator[tuple[Piece, Path, dict[str, Any] | str, Path]]:
    """Each change: the object before it, its place in the service file, the object after it or why not, and what it touches."""
    base = (*patch.path, "patch")
    if isinstance(patch.patch, Mapping):
        for key, value in patch.patch.items():
            result = merge(piece.value, {key: value})
            yield piece, (*base, key), result, (key,)
            piece = replace(piece, value=result)
        return
    for index, operation in enumerate(patch.patch):
        changed, reason = apply(piece.value, operation)
        if not reason and not isinstance(changed, dict):
            reason = "nothing would be left of the object"
        place = (*base, index, "value") if "value" in operation else (*base, index)
        yield piece, place, reason or changed, touched(operation)
        piece = replace(piece, value=changed)


def _refused(piece: Piece, at: Path, result: dict[str, Any]) -> Iterator[Problem]:
    for path in PROTECTED:
        if _at(piece.value, path) != _at(result, path):
            message = f"{_aim(piece)}: a patch may not change {pointer(path)}"
            yield Problem(
                at, message, "a patch changes an object, it does not make another one", rule="patch-protected"
            )
    for granted in sorted(privileges(result) - privileges(piece.value)):
        message = f"{_aim(piece)}: a patch may not grant {granted}"
        yield Problem(at, message, _PLAIN_SIGHT, rule="patch-privilege")


def _at(value: Any, path: Path) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _aim(piece: Piece) -> str:
    return f"{piece.kind}/{piece.name}"
