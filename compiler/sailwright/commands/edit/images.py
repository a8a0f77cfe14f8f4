"""`image`: another image for a version, in the base or in one environment; markers behind the line stay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sailwright.commands.edit.overlays import item, overlaid, refuse_hidden
from sailwright.commands.edit.target_service import Chosen, apply, require_version
from sailwright.project.service.model import Service
from sailwright.source.edit import Add, Edit, Set

Images = Mapping[str, str]
"""Image by version."""


def exchange(chosen: Chosen, given: Images) -> Chosen | None:
    """The service with the images given; None where they are so already. Raises Failure for what is refused."""
    service = chosen.service
    for name in given:
        require_version(service, name)
    if all(images(service)[name] == image for name, image in given.items()):
        return None
    after = apply(chosen, _edits(chosen, given))
    for reached in after.reached:
        for version in reached.versions:
            if version.image != given.get(version.name, version.image):
                refuse_hidden(reached.written((*version.path, "image")), "this image itself")
    return after


def images(service: Service) -> dict[str, str]:
    """Today's images."""
    return {version.name: version.image for version in service.versions}


def _edits(chosen: Chosen, given: Images) -> Iterator[Edit]:
    if chosen.environment:
        yield from overlaid(chosen, "versions", {name: {"image": image} for name, image in given.items()})
        return
    for name, image in given.items():
        path = item(chosen.document.value, "versions", name)
        if path is not None:
            version = chosen.document.value["versions"][path[-1]]
            yield Set((*path, "image"), image) if "image" in version else Add((*path, "image"), image)
