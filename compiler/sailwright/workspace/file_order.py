"""The order of the files of a cluster: what is rendered for all services, the services by name, and the files by hand.

The place of a file is a text that says by itself where it comes: where services come or go, the others keep theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sailwright.mesh.world import World
    from sailwright.render.rendering import RenderedFile
    from sailwright.workspace.packed_services import Keyed
    from sailwright.workspace.selection import WorldSet

Key = tuple[str, str]
"""The namespace and the name of a service."""

NOWHERE = ""
"""In the place of a place, where there is no file."""

_SHARED, _SERVICE, _WRITTEN = "0", "1", "2"
_DIGITS = 6


def place_of_service(key: Key) -> str:
    """The place of the file of a service."""
    return _SERVICE + "\0".join(key)


def is_of_service(place: str) -> bool:
    """Whether a place is that of the file of a service."""
    return place.startswith(_SERVICE)


def file_places(shared: Iterable[str], services: Iterable[tuple[Key, str]], paths: Iterable[str]) -> dict[str, str]:
    """The places of the files of a cluster, by path: the `shared` ones, those of services, and in their order what else `paths` name."""
    rendered = {path: place_of_service(key) for key, path in services} | _numbered(shared, _SHARED)
    return _numbered((path for path in paths if path not in rendered), _WRITTEN) | rendered


def _numbered(paths: Iterable[str], first: str) -> dict[str, str]:
    return {path: f"{first}{number:0{_DIGITS}}" for number, path in enumerate(dict.fromkeys(paths))}


def places_of_files(found: WorldSet) -> tuple[dict[str, str], ...]:
    """The places of the files of each world."""
    rendered, output = found.rendered, found.project.output.path
    return tuple(
        _in_world(world, rendered.files[target], rendered.keyed[target], output)
        for target, world in zip(rendered.compilation.targets, found.worlds, strict=True)
    )


def _in_world(world: World, files: Sequence[RenderedFile], keyed: Keyed, output: str) -> dict[str, str]:
    services = [(key, f"{output}/{file.path}") for key, file in keyed]
    ours = {path for _, path in services}
    shared = (path for path in (f"{output}/{file.path}" for file in files) if path not in ours)
    return file_places(shared, services, paths_of(world))


def paths_of(world: World) -> Iterable[str]:
    """The paths of the files of a world, each once."""
    return dict.fromkeys(manifest.document.source.path for manifest in world.manifests)
