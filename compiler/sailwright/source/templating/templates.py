"""Find a template by Istio release, and render it to data."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from sailwright.runtime.digests import sha256
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass, field
from sailwright.source.templating.compiled import ROOTS
from sailwright.source.templating.data_builder import data_builder
from sailwright.source.templating.runtime import RUNTIME, Context
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
    _roots: dict[str, Callable[[Context], Any]] = field(default_factory=dict, repr=False)

    def render(self, name: str, variables: Mapping[str, Any]) -> Any:
        """The data that template `name` (`virtualservice`, without the ending) yields for these variables."""
        root = self._roots.get(name)
        if root is None:
            root = self._roots[name] = self._load(name)
        context = Context(variables)
        text = "".join(root(context))
        value = data_builder(text, name)(context.values)
        if name not in self.project:
            return value
        from sailwright.source.templating.sandbox import plain

        return plain(value)

    def _load(self, name: str) -> Callable[[Context], Any]:
        if name in self.project:
            from sailwright.source.templating.sandbox import compile_sandboxed, sandboxed

            return sandboxed(compile_sandboxed(self.project[name], f"{name}.yaml.j2"))
        folder = self.folder(name)
        source = _text(folder, name)
        return ROOTS.get(digest_of(source)) or _compiled(source, f"{folder}/{name}.yaml.j2")

    def folder(self, name: str) -> str:
        """The release folder that holds template `name` for this release."""
        wanted = release_key(self.release)
        held = [
            folder for folder in _folders() if f"{name}.yaml.j2" in _folders()[folder] and release_key(folder) <= wanted
        ]
        if not held:
            raise Failure(f"no template `{name}` for Istio {self.release}", 3)
        return max(held, key=release_key)


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
