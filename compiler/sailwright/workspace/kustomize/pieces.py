"""What kustomize works on: objects that change step by step, and where each of their parts was written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.runtime.records import dataclass, field
from sailwright.source.manifest import Manifest, Spot
from sailwright.source.untyped import text


class Trace:
    """Where parts were written that are no copy of what stands at the same path of their object's own file.

    Keyed by the map or list that holds the part, so that a part keeps its place when the list around it is put together anew.
    """

    def __init__(self) -> None:
        self._spots: dict[tuple[int, str | int], Spot] = {}
        self._held: list[object] = []

    def put(self, holder: dict[str, Any] | list[Any], key: str | int, spot: Spot) -> None:
        """Say where one part was written."""
        self._spots[id(holder), key] = spot
        self._held.append(holder)  # its id must not become that of another one

    def spot(self, holder: object, key: str | int, here: Spot) -> Spot:
        """Where the part of a holder was written that stands at `here` itself."""
        return self._spots.get((id(holder), key)) or here.below(key)

    def find(self, value: Any, path: Path, here: Spot) -> Spot:
        """Where the part at a path was written."""
        for key in path:
            here = self.spot(value, key, here)
            try:
                value = value[key]
            except (KeyError, IndexError, TypeError):
                value = None
        return here


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """One object on its way through kustomizations: `value` changes in place, `manifest` is the object as it was written.

    `names` are the namespaces and names it had before, `affixes` the prefixes and suffixes that it got. `hashed`: its name gets the
    hash of its content at the end. `unread` are the reasons why something changes it that cannot be read.
    """

    value: dict[str, Any] = field(repr=False)
    manifest: Manifest
    names: list[tuple[str, str]] = field(default_factory=list)
    affixes: list[tuple[str, str]] = field(default_factory=list)
    hashed: bool = False
    unread: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """Its kind."""
        return text(self.value.get("kind"))

    @property
    def group(self) -> str:
        """Its API group, empty for the core group."""
        return text(self.value.get("apiVersion")).rpartition("/")[0]

    @property
    def metadata(self) -> dict[str, Any]:
        """Its metadata, made where there are none."""
        return map_at(self.value, "metadata")

    @property
    def name(self) -> str:
        """Its name now."""
        return text(self.metadata.get("name"))

    @property
    def namespace(self) -> str:
        """Its namespace now, empty where it names none."""
        return text(self.metadata.get("namespace"))

    @property
    def written(self) -> Spot:
        """Where it was written."""
        return Spot(self.manifest.document, self.manifest.base)

    def remember(self) -> None:
        """Keep what it is called before that changes."""
        self.names.append((self.namespace, self.name))

    @property
    def called(self) -> tuple[tuple[str, str], ...]:
        """Every namespace and name it had or has, the first one first."""
        return (*self.names, (self.namespace, self.name))


def map_at(value: dict[str, Any], key: str) -> dict[str, Any]:
    """The map at a key, made where there is none."""
    if not isinstance(value.get(key), dict):
        value[key] = {}
    found: dict[str, Any] = value[key]
    return found


def holders(value: Any, keys: tuple[str, ...], *, create: bool = False) -> Iterator[dict[str, Any]]:
    """The maps that hold the last of some keys, every item of a list looked at; with `create` maps are made on the way."""
    if isinstance(value, list):
        for each in value:
            yield from holders(each, keys, create=create)
    elif isinstance(value, dict):
        if len(keys) == 1:
            yield value
        elif create and value.get(keys[0]) is None:
            yield from holders(map_at(value, keys[0]), keys[1:], create=True)
        else:
            yield from holders(value.get(keys[0]), keys[1:], create=create)
