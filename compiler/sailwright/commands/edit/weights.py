"""`weight`: move traffic between versions, in the base or in one environment, the sum kept at 100."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.commands.edit.overlays import item, overlaid, refuse_hidden
from sailwright.commands.edit.target_service import Chosen, apply, require_version
from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.suggestions import did_you_mean, listed
from sailwright.project.service.model import Service
from sailwright.project.service.parts import Route
from sailwright.runtime.errors import Failure
from sailwright.source.edit import Add, Edit, Set

Weights = Mapping[str, int]
"""Weight by version, or by host in a route that has some."""


def move(chosen: Chosen, given: Weights, route: str | None, step: int | None, before: Chosen | None) -> Chosen | None:
    """The service with the weights given, the rest shared out; None where they are so already.

    `before` is the service of the last commit, which `step` counts from. Raises Failure for what is refused.
    """
    current = weights(chosen.service, route)
    for name in given:
        if name not in current:
            require_version(chosen.service, name)
    wanted = planned(current, given)
    if wanted == current:
        return None
    if step is not None:
        _hold(step, weights(before.service, route) if before else current, wanted)
    edits = _route_edits(chosen, str(route), wanted) if route else _version_edits(chosen, wanted)
    after = apply(chosen, edits)
    for service in after.reached:
        if _taking(weights(service, route)) != _taking(wanted):
            path: Path = (*_route(service, route).path, "to") if route else (*service.versions[0].path, "weight")
            refuse_hidden(service.written(path), "these weights itself")
    return after


def weights(service: Service, route: str | None) -> dict[str, int]:
    """Today's split: of the default route, or of a named one."""
    if route is None:
        if len(service.versions) == 1:
            return {service.versions[0].name: 100}
        return {version.name: version.weight or 0 for version in service.versions}
    parts = _route(service, route).destinations
    if len(parts) == 1:
        return {parts[0].version or parts[0].host or "": 100}
    return {part.version or part.host or "": part.weight or 0 for part in parts}


def _route(service: Service, name: str) -> Route:
    found = next((route for route in service.routes if route.name == name), None)
    if found is None:
        names = [route.name for route in service.routes if route.name]
        remedy = did_you_mean(name, names) or (
            f"its routes are {listed(names, 'and')}" if names else "it has no named routes"
        )
        raise Failure(f"--route {name}: {service.name} has no such route; {remedy}")
    if not found.destinations:
        raise Failure(f"--route {name}: this route has no destinations, so there is nothing to weigh")
    return found


def planned(current: Weights, given: Weights) -> dict[str, int]:
    """The whole split: what is given, and the rest for the one other part that can take it. Raises Failure."""
    rest = 100 - sum(given.values())
    if rest < 0:
        raise Failure(f"the weights given sum to {100 - rest}, which is above 100")
    others = [name for name in current if name not in given]
    takers = [name for name in others if current[name]] or others
    result = {name: given.get(name, 0) for name in {**current, **given}}
    if rest == 0:
        return result
    if sum(current[name] for name in others) == rest:
        return {**result, **{name: current[name] for name in others}}
    if len(takers) != 1:
        missing = f"{listed(takers, 'and')} could take the other {rest}" if takers else f"{rest} are missing"
        raise Failure(f"the weights given sum to {100 - rest}, and {missing}: name the weight of each")
    return {**result, takers[0]: rest}


def _taking(split: Weights) -> dict[str, int]:
    """The parts of a split that take anything: an environment may have versions of its own that take nothing."""
    return {name: weight for name, weight in split.items() if weight}


def _hold(step: int, before: Weights, wanted: Weights) -> None:
    for name, weight in wanted.items():
        moved = abs(weight - before.get(name, 0))
        if moved > step:
            raise Failure(
                f"{name} would move by {moved}, from {before.get(name, 0)} to {weight}, and --step allows {step} a commit: "
                "go there in several commits"
            )


def _version_edits(chosen: Chosen, wanted: Weights) -> Iterator[Edit]:
    if chosen.environment:
        yield from overlaid(chosen, "versions", {name: {"weight": weight} for name, weight in wanted.items()})
        return
    for name, weight in wanted.items():
        path = item(chosen.document.value, "versions", name)
        if path is not None:
            version = _at(chosen.document.value, path)
            yield Set((*path, "weight"), weight) if "weight" in version else Add((*path, "weight"), weight)


def _route_edits(chosen: Chosen, name: str, wanted: Weights) -> Iterator[Edit]:
    route = _route(chosen.service, name)
    path = chosen.service.written((*route.path, "to"))
    tree = chosen.document.value
    in_overlay = path.path[:2] == ("environments", chosen.environment)
    to = _at(tree, path.path) if path.document is chosen.document else None
    if chosen.environment and not in_overlay:
        yield from overlaid(chosen, str(route.path[0]), {name: {"to": _split(to, wanted)}})
    elif isinstance(to, list):
        for index, part in enumerate(to):
            weight = wanted[part.get("version") or part["host"]]
            at = (*path.path, index, "weight")
            yield Set(at, weight) if "weight" in part else Add(at, weight)
        known = {part.get("version") or part["host"] for part in to}
        for extra, (new, weight) in enumerate((name, weight) for name, weight in wanted.items() if name not in known):
            yield Add((*path.path, len(to) + extra), {"version": new, "weight": weight})
    elif isinstance(to, dict):
        for part, weight in wanted.items():
            yield Set((*path.path, part), weight) if part in to else Add((*path.path, part), weight)
    else:
        yield Set(path.path, dict(wanted))


def _split(to: Any, wanted: Weights) -> Any:
    """The destinations of a route with new weights, in the form the route has below."""
    if isinstance(to, list):
        return [{**part, "weight": wanted[part.get("version") or part["host"]]} for part in to]
    return dict(wanted)


def _at(tree: Any, path: Path) -> Any:
    for key in path:
        tree = tree[key]
    return tree
