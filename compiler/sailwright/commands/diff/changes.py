"""What a pull request changes about one service, in the mesh's words: versions, weights, routes, policies, sidecar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from sailwright.commands.diff.differences import differences, shown
from sailwright.project.istio import IstioSettings
from sailwright.project.service.model import Service
from sailwright.project.service.parts import Destination, Route, Version
from sailwright.runtime.records import dataclass

Area = Literal["service", "versions", "traffic", "policies", "sidecar", "workload"]
"""The heading a change stands under, in the order of a report."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change, told in one line."""

    area: Area
    text: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A service as one cluster has it, and what the project says of Istio there."""

    service: Service
    istio: IstioSettings


def compare(before: Seen | None, after: Seen | None) -> Iterator[Change]:
    """The changes of one service in one cluster; None where a side has no such service there."""
    if before is None and after is not None:
        yield Change("service", f"new service{_with_versions(after.service)}")
    elif after is None and before is not None:
        yield Change("service", f"removed{_with_versions(before.service)}")
    elif before is not None and after is not None:
        yield from _versions(before.service, after.service)
        yield from _traffic(before.service, after.service)
        yield from _policies(before.service, after.service)
        yield from _sidecar(before, after)
        yield from _workload(before.service, after.service)


def _with_versions(service: Service) -> str:
    if not service.versions:
        return f" for {', '.join(service.external.hosts)}" if service.external else ""
    return ": " + ", ".join(
        version.name if version.weight is None else f"{version.name} {version.weight} %" for version in service.versions
    )


def _versions(before: Service, after: Service) -> Iterator[Change]:
    known = {version.name: version for version in before.versions}
    present = {version.name: version for version in after.versions}
    for name, version in present.items():
        if name not in known:
            image = f", image {version.image}" if version.image else ""
            yield Change("versions", f"new version {name}{image}")
    for name, version in known.items():
        now = present.get(name)
        if now is None:
            yield Change("versions", f"version {name} removed")
            continue
        if now.retire != version.retire:
            yield Change("versions", f"{name} {'retires: no traffic, its subset stays' if now.retire else 'is back'}")
        if now.image != version.image:
            yield Change("versions", f"{name}: image {_images(version.image, now.image)}")


def _images(before: str, after: str) -> str:
    """Two images; where only the tag differs, the name once."""
    name, colon, tag = before.rpartition(":")
    if colon and "/" not in tag and after.startswith(name + ":"):
        return f"{name}: {tag} -> {after[len(name) + 1 :]}"
    return f"{before or 'none'} -> {after or 'none'}"


def _traffic(before: Service, after: Service) -> Iterator[Change]:
    if split := _split(_weights(before.versions), _weights(after.versions)):
        yield Change("traffic", f"default route: {split}")
    old = {**before.default_route, "mirrors": [_mirror(mirror) for mirror in before.default_mirrors]}
    new = {**after.default_route, "mirrors": [_mirror(mirror) for mirror in after.default_mirrors]}
    for line in differences(old, new):
        yield Change("traffic", f"default route: {line}")
    yield from _routes(before, after)


def _routes(before: Service, after: Service) -> Iterator[Change]:
    old, new = _by_name(before.routes), _by_name(after.routes)
    for name, route in new.items():
        earlier = old.get(name)
        if earlier is None:
            yield Change("traffic", f"new route {name}: {_conditions(route)} -> {_targets(route.destinations)}")
            continue
        if split := _split(_shares(earlier.destinations), _shares(route.destinations)):
            yield Change("traffic", f"route {name}: {split}")
        for line in differences(list(earlier.match), list(route.match), "match"):
            yield Change("traffic", f"route {name}: {line}")
        kept = {**earlier.settings, "mirrors": [_mirror(mirror) for mirror in earlier.mirrors]}
        for line in differences(kept, {**route.settings, "mirrors": [_mirror(mirror) for mirror in route.mirrors]}):
            yield Change("traffic", f"route {name}: {line}")
    for name in old:
        if name not in new:
            yield Change("traffic", f"route {name} removed")
    common = [name for name in old if name in new]
    if common != [name for name in new if name in old]:
        order = ", ".join(name for name in new if name in old)
        yield Change("traffic", f"routes are tried in another order: {order}")


def _by_name(routes: Iterable[Route]) -> dict[str, Route]:
    """Routes by name; an unnamed one by its block and number."""
    return {route.name or f"{route.path[0]}[{route.path[1]}]": route for route in routes}


def _conditions(route: Route) -> str:
    return " or ".join(shown(block) for block in route.match) or "everything"


def _targets(destinations: tuple[Destination, ...]) -> str:
    shares = _shares(destinations)
    return ", ".join(f"{name} {share} %" if len(shares) > 1 else name for name, share in shares.items()) or "no service"


def _mirror(mirror: Any) -> str:
    target = mirror.version or ":".join(str(part) for part in (mirror.host, mirror.subset, mirror.port) if part)
    return f"{target} {100 if mirror.percentage is None else mirror.percentage:g} %"


def _weights(versions: Iterable[Version]) -> Mapping[str, int]:
    return {version.name: version.weight for version in versions if version.weight}


def _shares(destinations: tuple[Destination, ...]) -> Mapping[str, int]:
    shares: dict[str, int] = {}
    for one in destinations:
        name = one.version or ":".join(str(part) for part in (one.host, one.subset, one.port) if part)
        shares[name] = shares.get(name, 0) + (100 if one.weight is None else one.weight)
    return {name: share for name, share in shares.items() if share}


def _split(before: Mapping[str, int], after: Mapping[str, int]) -> str:
    """`v1 80 -> 50 %, v2 20 -> 50 %`, the destinations whose share changes; empty where none does."""
    names = [*before, *(name for name in after if name not in before)]
    moved = [name for name in names if before.get(name, 0) != after.get(name, 0)]
    return ", ".join(f"{name} {before.get(name, 0)} -> {after.get(name, 0)} %" for name in moved)


def _policies(before: Service, after: Service) -> Iterator[Change]:
    for line in differences(before.traffic_policy or {}, after.traffic_policy or {}):
        yield Change("policies", f"traffic policy: {line}")
    for version in after.versions:
        earlier = before.version(version.name)
        for line in differences((earlier and earlier.traffic_policy) or {}, version.traffic_policy or {}):
            yield Change("policies", f"traffic policy of {version.name}: {line}")
    if before.mesh.mtls != after.mesh.mtls:
        yield Change("policies", f"mTLS {shown(before.mesh.mtls)} -> {shown(after.mesh.mtls)}")
    for word in ("inbound", "outbound"):
        old, new = (_parties(getattr(side.access_policy, word)) for side in (before, after))
        if old != new:
            yield Change("policies", f"{word}: {_parties_changed(old, new)}")
    for word, old_value, new_value in (
        ("exposed on", before.expose and before.expose.hosts, after.expose and after.expose.hosts),
        ("gateways", before.expose and before.expose.gateways, after.expose and after.expose.gateways),
        ("exported to", before.export_to, after.export_to),
    ):
        if old_value != new_value:
            yield Change("policies", f"{word} {shown(old_value)} -> {shown(new_value)}")


def _parties(parties: Iterable[Any] | None) -> tuple[str, ...] | None:
    return None if parties is None else tuple(f"{party.kind} {party.value}" for party in parties)


def _parties_changed(before: tuple[str, ...] | None, after: tuple[str, ...] | None) -> str:
    if before is None or after is None:
        return f"{'anybody' if before is None else shown(before)} -> {'anybody' if after is None else shown(after)}"
    added = [f"now also {party}" for party in after if party not in before]
    return ", ".join(added + [f"no longer {party}" for party in before if party not in after]) or "in another order"


def _sidecar(before: Seen, after: Seen) -> Iterator[Change]:
    old, new = before.service.mesh, after.service.mesh
    if old.inject != new.inject:
        yield Change("sidecar", f"injection {old.inject} -> {new.inject}")
    if old.waypoint != new.waypoint:
        yield Change(
            "sidecar", f"waypoint {old.waypoint or 'of its namespace'} -> {new.waypoint or 'of its namespace'}"
        )
    for line in differences(old.sidecar, new.sidecar):
        yield Change("sidecar", f"sidecar: {line}")
    if old.inject == new.inject == "build" and not after.service.external:
        for line in differences(_baked(before.istio), _baked(after.istio)):
            yield Change("sidecar", f"sidecar: {line}")


def _baked(istio: IstioSettings) -> dict[str, Any]:
    """What the project decides about a baked sidecar."""
    return {
        "Istio": istio.version,
        "revision": istio.revision,
        "mode": istio.sidecar_mode,
        "cni": istio.cni,
        "network": istio.network,
        "clusterId": istio.cluster_id,
        "values": istio.values,
        "meshConfig": istio.mesh_config,
    }


def _workload(before: Service, after: Service) -> Iterator[Change]:
    old, new = ({port.name: _port(port) for port in side.ports} for side in (before, after))
    for line in differences(old, new, "port"):
        yield Change("workload", line)
    by_line: dict[str, list[str]] = {}
    for version in after.versions:
        earlier = before.version(version.name)
        if earlier is None:
            continue
        for line in differences(_settings(earlier), _settings(version)):
            by_line.setdefault(line, []).append(version.name)
    for line, names in by_line.items():
        yield Change("workload", f"{', '.join(names)}: {line}")
    for line in differences(before.service_settings, after.service_settings, "service"):
        yield Change("workload", line)


def _port(port: Any) -> dict[str, Any]:
    return {"port": port.port, "targetPort": port.target_port, "appProtocol": port.app_protocol}


def _settings(version: Version) -> dict[str, Any]:
    return {key: value for key, value in version.settings.items() if key != "image"} | {
        "workload": version.workload_name,
        "selector": dict(version.selector),
    }
