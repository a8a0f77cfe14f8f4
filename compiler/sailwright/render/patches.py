"""`patches` of a service file, applied to its rendered objects before injection, within bounds."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sailwright.diagnostics.finding import Path, pointer
from sailwright.diagnostics.problem import Problem
from sailwright.diagnostics.suggestions import did_you_mean, listed
from sailwright.project.service.model import Service
from sailwright.project.service.parts import ObjectPatch
from sailwright.render.json_patch import apply, merge, touched
from sailwright.render.object_privileges import beyond_patches
from sailwright.render.privileges import Surroundings, remedy
from sailwright.render.template_input import RenderedObject
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


def patched(
    service: Service, rendered_objects: Sequence[RenderedObject], around: Surroundings, allowed: Collection[str] = ()
) -> tuple[tuple[RenderedObject, ...], tuple[Problem, ...]]:
    """The objects with every patch applied in order, and what is wrong with the patches.

    `allowed` are the privileges that the project lets patches grant in this namespace (`namespaces.N.allow`).
    """
    result = list(rendered_objects)
    problems: list[Problem] = []
    for patch in service.patches:
        aimed = [index for index, rendered_object in enumerate(result) if _aims_at(patch, rendered_object)]
        if not aimed:
            problems.append(_no_target(patch, result))
        for index in aimed:
            result[index], wrong = _patch(result[index], patch, around, allowed)
            problems += wrong
    return tuple(result), tuple(dict.fromkeys(problems))


def _aims_at(patch: ObjectPatch, rendered_object: RenderedObject) -> bool:
    return patch.kind == rendered_object.kind and patch.name in (None, rendered_object.name)


def _no_target(patch: ObjectPatch, rendered_objects: Sequence[RenderedObject]) -> Problem:
    wanted = f"{patch.kind}/{patch.name}" if patch.name else patch.kind
    there = list(
        dict.fromkeys(f"{rendered_object.kind}/{rendered_object.name}" for rendered_object in rendered_objects)
    )
    near = did_you_mean(
        wanted,
        there if patch.name else list(dict.fromkeys(rendered_object.kind for rendered_object in rendered_objects)),
    )
    message = f"the service renders no {wanted} that this patch could change"
    remedy = near or f"it renders {listed(there, 'and') if there else 'nothing'}"
    return Problem((*patch.path, "target"), message, remedy, rule="patch-target")


def _patch(
    rendered_object: RenderedObject, patch: ObjectPatch, around: Surroundings, allowed: Collection[str]
) -> tuple[RenderedObject, list[Problem]]:
    problems: list[Problem] = []
    for step, at, result, place in _steps(rendered_object, patch):
        if isinstance(result, str):
            problems.append(Problem(at, f"{_aim(step)}: {result}", _FAILED, rule="patch-failed"))
            break
        wrong = list(_refused(step, at, result, around, allowed))
        problems += wrong
        if wrong:
            break
        rendered_object = replace(step, value=result, paths={**step.paths, place: at})
    return rendered_object, problems


_FAILED = "look at the rendered object and correct the path"


def _steps(
    rendered_object: RenderedObject, patch: ObjectPatch
) -> Iterator[tuple[RenderedObject, Path, dict[str, Any] | str, Path]]:
    """Each change: the object before it, its place in the service file, the object after it or why not, and what it touches."""
    base = (*patch.path, "patch")
    if isinstance(patch.patch, Mapping):
        for key, value in patch.patch.items():
            result = merge(rendered_object.value, {key: value})
            yield rendered_object, (*base, key), result, (key,)
            rendered_object = replace(rendered_object, value=result)
        return
    for index, operation in enumerate(patch.patch):
        changed, reason = apply(rendered_object.value, operation)
        if not reason and not isinstance(changed, dict):
            reason = "nothing would be left of the object"
        place = (*base, index, "value") if "value" in operation else (*base, index)
        yield rendered_object, place, reason or changed, touched(operation)
        rendered_object = replace(rendered_object, value=changed)


def _refused(
    rendered_object: RenderedObject, at: Path, result: dict[str, Any], around: Surroundings, allowed: Collection[str]
) -> Iterator[Problem]:
    for path in PROTECTED:
        if _at(rendered_object.value, path) != _at(result, path):
            message = f"{_aim(rendered_object)}: a patch may not change {pointer(path)}"
            yield Problem(
                at, message, "a patch changes an object, it does not make another one", rule="patch-protected"
            )
    granted = beyond_patches(result, around) - beyond_patches(rendered_object.value, around)
    for words, control in sorted({(each.words, each.control) for each in granted if each.control not in allowed}):
        message = f"{_aim(rendered_object)}: a patch may not grant {words}"
        yield Problem(at, message, _remedy(control, around.namespace), rule="patch-privilege")


def _remedy(control: str, namespace: str) -> str:
    own = control in ("capabilities", "serviceAccount")
    return f"{'say it under `versions`; else ' if own else ''}{remedy(control, namespace)}"


def _at(value: Any, path: Path) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _aim(rendered_object: RenderedObject) -> str:
    return f"{rendered_object.kind}/{rendered_object.name}"
