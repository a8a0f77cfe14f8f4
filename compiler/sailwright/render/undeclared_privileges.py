"""Privileges in a service's final objects that sailwright.yaml does not list for its namespace, each at the line that causes it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Final

from sailwright.diagnostics.finding import Finding, Location, Path
from sailwright.mesh.values.pod_security_baseline import CONTROLS
from sailwright.render.object_privileges import privileges
from sailwright.render.pod_privileges import may_bring, of_injection, pods_in
from sailwright.render.privileges import Found, Surroundings, remedy
from sailwright.render.template_input import RenderedObject
from sailwright.source.manifest import Origin, Written

RULE: Final = "privilege-not-allowed"


def undeclared_privileges(
    drafted: Sequence[RenderedObject],
    patched: Sequence[RenderedObject],
    final: Sequence[RenderedObject],
    written: Callable[[Path], Written],
    templates: Mapping[str, str],
    around: Surroundings,
    allowed: Collection[str],
) -> tuple[Finding, ...]:
    """The findings about one service: its objects before patches, before injection and as they will run, in the same order.

    What injection itself adds is no matter of the service: it is measured by the level that the namespace enforces.
    """
    found: dict[tuple[Location, str], Finding] = {}
    for first, before, after in zip(drafted, patched, final, strict=True):
        wrong = [each for each in _of_one(before, after, around) if each[0].control not in allowed]
        known = dict(privileges(first.value, around)) if wrong else {}
        for privilege, path in wrong:
            if _is_written_backend(first, privilege in known, path):
                continue
            origin = Origin(first.written or written, first.paths)
            spot = origin.find(known.get(privilege, path))
            if privilege.value == "*" and spot.path[-3:-1] == ("expose", "hosts"):
                continue  # `expose-host` says so
            location = _in_template(first, _word(privilege.control, path), templates) or spot.document.locate(spot.path)
            found.setdefault(
                (location, privilege.control),
                Finding(
                    RULE, "error", _message(after, privilege.words, privilege.control), location,
                    remedy(privilege.control, around.namespace), path=spot.path,
                ),
            )  # fmt: skip
    return tuple(found.values())


def _is_written_backend(first: RenderedObject, drafted: bool, path: Path) -> bool:
    """Whether it is the `host` of a route of the service file, which a VirtualService of the same words would send to as well."""
    ours = first.written is None and first.template is None
    return ours and drafted and ("backendRefs" in path or "backendRef" in path)


def _of_one(before: RenderedObject, after: RenderedObject, around: Surroundings) -> Iterator[Found]:
    """The privileges of an object, and those that injection made of its annotations."""
    found = list(privileges(before.value, around))
    yield from found
    if after is before:
        return
    pods, seen = dict(pods_in(before.value)), {privilege for privilege, _ in found}
    if not any(map(may_bring, pods.values())):
        return
    for place, pod in pods_in(after.value):
        for privilege in of_injection(pod, pods.get(place, {}), around):
            if privilege not in seen:
                yield privilege, place


def _message(rendered_object: RenderedObject, words: str, control: str) -> str:
    beyond = ", beyond the Pod Security level `baseline`" if control in CONTROLS else ""
    return f"{rendered_object.kind}/{rendered_object.name} has {words}{beyond}: the project does not allow it here"


def _word(control: str, path: Path) -> str:
    """What a template says for a control: mostly its field, else what is written in its place."""
    fields = [part for part in path if part in ("parentRefs", "backendRefs", "backendRef")]
    return str(fields[-1]) if control == "hosts" and fields else _WORDS.get(control, control)


def _in_template(rendered_object: RenderedObject, word: str, templates: Mapping[str, str]) -> Location | None:
    """The line of the project's template that writes it; None where the object is of ours, or only passes it on."""
    for name in dict.fromkeys((rendered_object.template, "pod") if rendered_object.template else ()):
        for number, line in enumerate(templates.get(name or "", "").splitlines(), 1):
            if word in line:
                return Location(f"templates/{name}.yaml.j2", number, 1, number, len(line) + 1)
    return None


_WORDS: Final = {
    "access": "rules",
    "envoyFilter": "configPatches",
    "wasmPlugin": "kind",
    "proxyImage": "mage",
    "probeHost": "host",
}
"""What a template says for those controls that are no fields."""
