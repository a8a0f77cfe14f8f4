"""Words that are accepted and should be told about: deprecated ones, and those that have no effect."""

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.project.service.model import Service

_MESH_SECTIONS = ("trafficPolicy", "routes", "tcpRoutes", "tlsRoutes", "expose", "accessPolicy")


def balancers(service: Service) -> Iterator[Problem]:
    """LEAST_CONN is the name LEAST_REQUEST had before Istio 1.14."""
    policies: list[tuple[Mapping[str, Any] | None, Path]] = [(service.traffic_policy, ("trafficPolicy",))]
    policies += [(version.traffic_policy, (*version.path, "trafficPolicy")) for version in service.versions]
    for policy, path in policies:
        ports = (policy or {}).get("portLevelSettings") or ()
        blocks = [(policy or {}, path)] + [(port, (*path, "portLevelSettings", at)) for at, port in enumerate(ports)]
        for block, at in blocks:
            if (block.get("loadBalancer") or {}).get("simple") == "LEAST_CONN":
                message = "LEAST_CONN is the deprecated name of LEAST_REQUEST"
                yield Problem(
                    (*at, "loadBalancer"),
                    message,
                    "write LEAST_REQUEST",
                    severity="warning",
                    rule="deprecated-load-balancer",
                )


def outside_the_mesh(service: Service) -> Iterator[Problem]:
    """With `mesh.inject: none` nothing of Istio is rendered."""
    if service.mesh.inject != "none" or service.external:
        return
    sections: list[Path] = [(section,) for section in _MESH_SECTIONS if service.written_in(section)]
    sections += [(key,) for key in service.default_route]
    sections += [("mesh", key) for key in ("mtls", "sidecar") if service.written_in("mesh", key)]
    if len(service.versions) > 1:
        sections += [(*version.path, "weight") for version in service.versions if version.weight][:1]
    for path in sections:
        message = f"`{path[-1]}` is not rendered: the service is outside the mesh (`mesh.inject: none`)"
        yield Problem(
            path, message, "remove it, or inject a sidecar", severity="warning", rule="outside-the-mesh", key=True
        )


def in_ambient_mode(service: Service) -> Iterator[Problem]:
    """Without a sidecar, its settings do nothing; without ambient mode, a waypoint does nothing."""
    mesh = service.mesh
    found: list[tuple[Path, str, str]] = []
    if mesh.inject == "ambient":
        no_sidecar = "in ambient mode pods have no sidecar"
        if service.written_in("mesh", "sidecar"):
            found.append((("mesh", "sidecar"), no_sidecar, "remove it"))
        if service.access_policy.outbound is not None:
            remedy = "remove it; `exportTo` limits who sees a service"
            found.append((("accessPolicy", "outbound"), no_sidecar, remedy))
        if mesh.mtls == "DISABLE":
            found.append((("mesh", "mtls"), "ztunnel always takes mutual TLS", "write STRICT or PERMISSIVE"))
    elif mesh.waypoint and mesh.inject != "namespace" and not service.external:
        found.append(
            (
                ("mesh", "waypoint"),
                f"with `mesh.inject: {mesh.inject}` no call to it passes a waypoint",
                "write `mesh: {inject: ambient}`, or remove it",
            )
        )
    for path, why, remedy in found:
        message = f"`{path[-1]}` has no effect: {why}"
        yield Problem(path, message, remedy, severity="warning", rule="ambient-setting", key=True)
