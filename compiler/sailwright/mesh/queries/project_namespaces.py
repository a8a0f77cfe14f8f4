"""What sailwright.yaml says of namespaces for one world, and where: under its environment, else at the top."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sailwright.diagnostics.finding import Path
from sailwright.source.untyped import get, mapping

if TYPE_CHECKING:
    from sailwright.mesh.world import World


def namespace_blocks(mesh: World) -> Iterator[tuple[str, Path]]:
    """Each namespace that the project file describes for this world: its name and the path of the block.

    One that is described at the top and under the environment comes twice.
    """
    if mesh.project is None:
        return
    places: list[Path] = [("namespaces",)]
    if mesh.environment is not None:
        places.append(("environments", mesh.environment, "namespaces"))
    for place in places:
        for name in mapping(get(mesh.project.value, *map(str, place))):
            yield str(name), (*place, str(name))
