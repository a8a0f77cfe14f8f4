"""Edits of named items in the overlay of one environment: what is there is changed, what is not is added."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from sailwright.commands.edit.target_service import Chosen
from sailwright.diagnostics.finding import Path
from sailwright.project.service.trace import Spot
from sailwright.runtime.errors import Failure
from sailwright.source.edit import Add, Edit, Set


def item(tree: Mapping[str, Any], section: str, name: str, at: Path = ()) -> Path | None:
    """The path of the item called `name` in a list of the file or of an overlay."""
    items = tree.get(section) or ()
    return next(((*at, section, index) for index, found in enumerate(items) if found.get("name") == name), None)


def overlaid(chosen: Chosen, section: str, changes: Mapping[str, Mapping[str, Any]]) -> Iterator[Edit]:
    """Edits after which the overlay of the chosen environment says `changes` about items of a list.

    They are made one after the other, so that an added item's index counts those added before it.
    """
    tree = chosen.document.value
    name = str(chosen.environment)
    items = [{"name": key, **change} for key, change in changes.items()]
    environments = tree.get("environments")
    overlay = (environments or {}).get(name)
    if not environments:
        yield _put(("environments",), {name: {section: items}}, "environments" in tree)
    elif not overlay:
        yield _put(("environments", name), {section: items}, name in environments)
    elif not overlay.get(section):
        yield _put(("environments", name, section), items, section in overlay)
    else:
        yield from _items(overlay, section, changes, ("environments", name))


def _put(path: Path, value: Any, present: bool) -> Edit:
    return Set(path, value) if present else Add(path, value)


def _items(
    overlay: Mapping[str, Any], section: str, changes: Mapping[str, Mapping[str, Any]], at: Path
) -> Iterator[Edit]:
    length = len(overlay[section])
    for name, change in changes.items():
        path = item(overlay, section, name, at)
        if path is None:
            yield Add((*at, section, length), {"name": name, **change})
            length += 1
            continue
        present = overlay[section][path[-1]]
        for key, value in change.items():
            yield Set((*path, key), value) if key in present else Add((*path, key), value)


def refuse_hidden(spot: Spot, what: str) -> NoReturn:
    """Fail because the overlay at `spot` sets what the command would set below it."""
    place = f"{spot.location().file}:{spot.location().line}"
    if spot.path[:1] != ("environments",):
        raise Failure(f"{place}: this sets {what} and would hide the change; edit that line by hand")
    environment = spot.path[1]
    if spot.path[2:3] == ("clusters",):
        whose, remedy = f"cluster {spot.path[3]} in {environment}", "edit that line by hand"
    else:
        whose, remedy = f"environment {environment}", f"--env {environment} changes it there"
    raise Failure(f"{place}: the overlay of {whose} sets {what} and would hide the change; {remedy}")
