"""Find a template by Istio release, and render it to data."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from itertools import count
from typing import Any

from sailwright.runtime.digests import sha256
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass, field
from sailwright.source.templating.compiled import PIECES, ROOTS
from sailwright.source.templating.data_builder import DataBuilder, data_builder
from sailwright.source.templating.placeholders import placeholder
from sailwright.source.templating.runtime import RUNTIME, Context, Undefined
from sailwright_templates import FOLDER

Release = tuple[int, int, int]


def release_key(text: str) -> Release:
    """`1.26` is (1, 26, 0), `1.26.2` is (1, 26, 2)."""
    numbers = [int(part) for part in text.split("-")[0].split(".")] + [0, 0]
    return numbers[0], numbers[1], numbers[2]


@dataclass(frozen=True)
class Templates:
    """The template set of one Istio release.

    A folder of sailwright_templates is named after the first release in which its texts hold; the newest folder that is not
    newer than `release` wins, file by file. `project` has the texts of a project's own templates by name: they go first, and run
    in a sandbox.
    """

    release: str
    project: Mapping[str, str] = field(default_factory=dict)
    _builders: dict[str, Callable[[Context], DataBuilder]] = field(default_factory=dict, repr=False)

    def render(self, name: str, variables: Mapping[str, Any]) -> Any:
        """The data that template `name` (`virtualservice`, without the ending) yields for these variables."""
        builder = self._builders.get(name)
        if builder is None:
            builder = self._builders[name] = self._load(name)
        context = Context(variables)
        value = builder(context)(context.values)
        if name not in self.project:
            return value
        from sailwright.source.templating.sandbox import plain

        return plain(value)

    def _load(self, name: str) -> Callable[[Context], DataBuilder]:
        if name in self.project:
            from sailwright.source.templating.sandbox import compile_sandboxed, sandboxed

            return partial(_of_text, sandboxed(compile_sandboxed(self.project[name], f"{name}.yaml.j2")), name)
        folder = self.folder(name)
        source = _text(folder, name)
        root = ROOTS.get(digest_of(source))
        if root is not None:
            return partial(_of_notes, root, name, {})
        return partial(_of_text, _compiled(source, f"{folder}/{name}.yaml.j2"), name)

    def folder(self, name: str) -> str:
        """The release folder that holds template `name` for this release."""
        wanted = release_key(self.release)
        held = [
            folder for folder in _folders() if f"{name}.yaml.j2" in _folders()[folder] and release_key(folder) <= wanted
        ]
        if not held:
            raise Failure(f"no template `{name}` for Istio {self.release}", 3)
        return max(held, key=release_key)


def _of_text(root: Callable[[Context], Iterable[str]], name: str, context: Context) -> DataBuilder:
    """The builder of the text that a template writes."""
    return data_builder("".join(root(context)), name)


_MOST = 1024
"""Ways through one template that are known; then all are forgotten."""


def _of_notes(
    root: Callable[[Context], None], name: str, known: dict[tuple[int, ...], DataBuilder], context: Context
) -> DataBuilder:
    """The same for a template that was compiled ahead: it notes which texts it writes, and only the values in them."""
    root(context)
    if Undefined in {*map(type, context.values)}:
        str(next(value for value in context.values if type(value) is Undefined))
    notes = tuple(context.notes)
    if notes not in known:
        if len(known) >= _MOST:
            known.clear()
        known[notes] = data_builder(_noted(notes), name)
    return known[notes]


def _noted(notes: Iterable[int]) -> str:
    """The text that was noted, with placeholders for its values."""
    numbers = count()
    return "".join(
        piece if at == 0 else placeholder(next(numbers)) + piece
        for note in notes
        for at, piece in enumerate(PIECES[note])
    )


def digest_of(source: str) -> str:
    """What a template's text is known by in compiled.py."""
    return sha256(source.encode()).hex()[:32]


@cache
def _compiled(source: str, name: str) -> Callable[[Context], Any]:
    """A template of ours that somebody changed and has not compiled yet."""
    from sailwright.source.templating.compiling import compile_template

    scope = dict(RUNTIME)
    exec(compile_template(source, name), scope)  # noqa: S102  # Jinja's compiler made it from a template of ours
    root: Callable[[Context], Any] = scope["root"]
    return root


@cache
def _folders() -> dict[str, frozenset[str]]:
    names = (name for name in os.listdir(FOLDER) if name[:1].isdigit())
    return {name: frozenset(os.listdir(os.path.join(FOLDER, name))) for name in names}


@cache
def _text(folder: str, name: str) -> str:
    with open(os.path.join(FOLDER, folder, f"{name}.yaml.j2"), encoding="utf-8") as file:
        return file.read()
