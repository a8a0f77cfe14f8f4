"""What the sidecar's template writes for each pod anew, rendered once for many pods, with room for the names and ports that differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass
from sailwright.source.shared_parts import share

Render = Callable[[str, Mapping[str, Any]], Any]


class _Room:
    """Stands for some text that is not empty. A template may ask whether it is empty, and write it; whatever else it does fails.

    It is no text to `is string`, which no template of the injection asks; a project cannot replace these templates.
    """

    __slots__ = ("variable",)

    def __init__(self, variable: str) -> None:
        self.variable = variable

    def __bool__(self) -> bool:
        return True

    def _fail(self, *_: object) -> Any:
        raise TypeError(f"{self.variable} is not known")

    __call__ = __contains__ = __eq__ = __getitem__ = __iter__ = __len__ = __lt__ = __str__ = _fail
    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class SidecarForm:
    """The environment and the metadata. `open` has the entries of the environment that have room for something, by their place, and
    `first` the same as they were filled in first: they are often equal.
    """

    env: list[dict[str, Any]]
    open: Mapping[int, dict[str, Any]]
    first: Mapping[int, dict[str, Any]]
    metadata: Mapping[str, Any]

    def filled_env(self, variables: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The environment of one pod. It has the very entries of other pods where they are equal."""
        env = [*self.env]
        for place, entry in self.open.items():
            own, other = _filled(entry, variables), self.first[place]
            env[place] = other if own == other else own
        return env

    def filled_metadata(self, variables: Mapping[str, Any]) -> Any:
        """The labels and annotations of one pod."""
        return _filled(self.metadata, variables)


def sidecar_form(render: Render, context: Mapping[str, Any], variables: Mapping[str, Any]) -> SidecarForm | None:
    """The form for all pods that have this context, and the same variables but for texts. None where a template asks for more of a text.

    The `variables` are those of the first of these pods.
    """
    rooms = {name: _Room(name) if isinstance(value, str) and value else value for name, value in variables.items()}
    try:
        env, metadata = (render(name, {**context, **rooms}) for name in ("inject-env", "inject-metadata"))
    except (Failure, TypeError):
        return None
    places = {place: entry for place, entry in enumerate(env) if _has_room(entry)}
    first = {place: _filled(entry, variables) for place, entry in places.items()}
    env = [first.get(place, entry) for place, entry in enumerate(env)]
    share(env)
    return SidecarForm(env, places, first, metadata)


def form_key(variables: Mapping[str, Any]) -> tuple[Any, ...]:
    """What is the same for all pods of one form: the variables that are no text, and which texts are empty."""
    return tuple([bool(value) if type(value) is str else value for value in variables.values()])


def _has_room(value: Any) -> bool:
    if isinstance(value, dict):
        value = [*value.values()]
    return any(map(_has_room, value)) if isinstance(value, list) else type(value) is _Room


def _filled(value: Any, variables: Mapping[str, Any]) -> Any:
    kind = type(value)
    if kind is _Room:
        return variables[value.variable]
    if kind is dict:
        return {key: _filled(item, variables) for key, item in value.items()}
    return [_filled(item, variables) for item in value] if kind is list else value
