"""Weights: integers that sum to 100, in the default split, in every route, and whole in every overlay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.project.service.model import Service
from sailwright.project.service.parts import Destination

RULE = "weights-sum"


def sums(service: Service) -> Iterator[Problem]:
    """Splits whose weights do not sum to 100."""
    if service.weighted:
        parts = [(version.name, version.weight or 0, (*version.path, "weight")) for version in service.versions]
        yield from _sum("the weights of the versions", parts)
    for route in service.routes:
        parts = [
            (part.version or part.host or "", part.weight, weight_path(part))
            for part in route.destinations
            if part.weight is not None
        ]
        if parts:
            yield from _sum(
                f"the weights of the route `{route.name}`" if route.name else "the weights of this route", parts
            )


def weight_path(part: Destination) -> Path:
    """Where a part of a split has its weight: in a map it is the value, in a list it has a key of its own."""
    return part.path if isinstance(part.path[-1], str) else (*part.path, "weight")


def _sum(what: str, parts: list[tuple[str, int, Path]]) -> Iterator[Problem]:
    total = sum([weight for _, weight, _ in parts])
    if total != 100:
        terms = " + ".join(f"{name} {weight}" for name, weight, _ in parts)
        shown = f"{terms} = {total}" if len(parts) > 1 else terms
        rest = parts[-1][1] + 100 - total
        remedy = (
            f"write `weight: {rest}` here, or change another"
            if 0 <= rest <= 100
            else "change the weights so that they do"
        )
        if isinstance(parts[-1][2][-1], str) and parts[-1][2][-1] != "weight":
            remedy = remedy.replace("`weight: ", f"`{parts[-1][2][-1]}: ")
        yield Problem(parts[-1][2], f"{what} must sum to 100: {shown}", remedy, rule=RULE)


def partly_set(below: Mapping[str, Any], over: Mapping[str, Any]) -> Iterator[Problem]:
    """An overlay that sets some weights of a split and leaves others as they are below."""
    for index, names in _changed_splits(below.get("versions"), over.get("versions")):
        yield _partly(("versions", index, "weight"), names)
    for section in ("routes", "tcpRoutes", "tlsRoutes"):
        known = {route.get("name"): route.get("to") for route in below.get(section) or ()}
        for index, route in enumerate(over.get(section) or ()):
            old, new = known.get(route.get("name")), route.get("to")
            if isinstance(old, dict) and isinstance(new, dict) and any(new.values()):
                left = [name for name, weight in old.items() if weight and name not in new]
                if left:
                    yield _partly((section, index, "to"), left)


def _changed_splits(below: Any, over: Any) -> Iterator[tuple[int, list[str]]]:
    set_here = {item["name"]: item for item in over or ()}
    first = next((index for index, item in enumerate(over or ()) if item.get("weight") is not None), None)
    if first is None:
        return
    left = [
        item["name"]
        for item in below or ()
        if item.get("weight")
        and "weight" not in set_here.get(item["name"], {})
        and set_here.get(item["name"], {}).get("$patch") != "delete"
    ]
    if left:
        yield first, left


def _partly(path: Path, left: list[str]) -> Problem:
    names = ", ".join(f"`{name}`" for name in left)
    message = f"this overlay sets some weights and leaves {names} as below: an overlay that sets any weight sets all"
    return Problem(path, message, f"write the weight of {names} here too", rule="weights-overlay")
