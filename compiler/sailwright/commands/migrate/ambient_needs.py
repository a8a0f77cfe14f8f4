"""What a service needs before it can do without a sidecar, and what the clusters need before the first one does.

Source: istio.io, ambient/migrate (before-you-begin, install-ambient-components, migrate-policies).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sailwright.commands.migrate.plan import Reason, Step
from sailwright.commands.migrate.trial import Trial, Wanted, lines_of, reason_of
from sailwright.mesh.objects.selectors import match_labels
from sailwright.mesh.queries.data_plane import HBONE_METADATA
from sailwright.mesh.queries.ztunnel_policies import asks_for_http
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.project.service.model import Service
from sailwright.source.files.files import PROJECT_FILE
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, get
from sailwright.workspace.selection import WorldSet

REQUEST_KINDS = (kinds.VIRTUAL_SERVICE, kinds.HTTP_ROUTE, kinds.GRPC_ROUTE, kinds.DESTINATION_RULE)
"""What callers in ambient mode apply at a waypoint only."""
HBONE = ("istio", "meshConfig", "defaultConfig", "proxyMetadata", HBONE_METADATA)
"""Where sailwright.yaml says that sidecars speak HBONE, as pods in ambient mode do."""
GUIDE = "istio.io, ambient/migrate"


def needs_waypoint(service: Service, side: WorldSet) -> bool:
    """Whether something of a service is about requests: its routes and traffic policy, or policies of others that ask for HTTP."""
    for world in side.worlds:
        if any(_rendered_from(service, manifest) for manifest in world.index.of(*REQUEST_KINDS)):
            return True
        if next(_request_policies(service, world), None) is not None:
            return True
    return False


def blockers_of(service: Service, side: WorldSet) -> tuple[Reason, ...]:
    """Why a service cannot move yet; each once."""
    found = dict.fromkeys(reason for world in side.worlds for reason in _blockers(service, world))
    return tuple(found)


def _blockers(service: Service, world: World) -> Iterator[Reason]:
    if service.mesh.mtls == "DISABLE":
        place = service.written(("mesh", "mtls")).location()
        yield Reason("ztunnel always takes mutual TLS: `mtls: DISABLE` has no effect there", "remove it first", place)
    for manifest in world.index.of(kinds.VIRTUAL_SERVICE):
        if _rendered_from(service, manifest):
            text = "its routes are a VirtualService: Istio supports no subsets at waypoints, and VirtualServices there as an alpha feature"
            yield Reason(
                text, "move its routes first: sailwright migrate --to gateway-api", manifest.locate(()).location
            )
            break
    for workload in world.index.workloads:
        if _rendered_from(service, workload.manifest) and workload.host_network:
            text = "its pods are on the host network, which ambient mode does not capture"
            yield Reason(
                text, "keep it as it is", workload.manifest.locate(workload.path("spec", "hostNetwork")).location
            )
    for policy in _request_policies(service, world):
        title = f"{policy.kind} {policy.namespace or 'default'}/{policy.name}"
        text = f"{title} selects its pods and has HTTP conditions: ztunnel would refuse every call that it allows"
        do = "write one more with `targetRefs` to its Service, and delete this one right after its pods have restarted"
        yield Reason(text, do, policy.locate(("spec",)).location)


def _request_policies(service: Service, world: World) -> Iterator[Manifest]:
    """Hand-written policies that select the pods of a service and that only a proxy for requests can enforce."""
    for policy in world.index.of(kinds.AUTHORIZATION_POLICY, kinds.REQUEST_AUTHENTICATION):
        attached = policy.spec.get("targetRefs") or policy.spec.get("targetRef")
        if policy.origin is None and not attached and _for_requests(policy) and _selects(policy, service, world):
            yield policy


def _for_requests(policy: Manifest) -> bool:
    if policy.kind == "RequestAuthentication":
        return bool(policy.spec.get("jwtRules"))
    rules = (rule for _, rule in entries(policy.spec.get("rules"), ()))
    return policy.spec.get("action") in ("CUSTOM", "AUDIT") or any(map(asks_for_http, rules))


def _selects(policy: Manifest, service: Service, world: World) -> bool:
    index = world.index
    namespace = index.namespace_of(policy)
    everywhere = namespace == index.mesh.root_namespace
    found = index.selected(match_labels(policy), None if everywhere else namespace)
    return any(_rendered_from(service, workload.manifest) for workload in found)


def _rendered_from(service: Service, manifest: Manifest) -> bool:
    return manifest.origin is not None and manifest.locate(()).location.file == service.file


def first_steps(side: WorldSet, *, waypoints: bool) -> tuple[Reason | Step, ...]:
    """What comes before the first service: the parts of ambient mode in the clusters, and sidecars that can speak to it."""
    found: list[Reason | Step] = [
        Reason(
            f"the clusters need ztunnel, istio-cni and istiod with the profile ambient ({GUIDE}/install-ambient-components)",
            "install them; no pod changes by that",
        )
    ]
    if waypoints:
        found.append(Reason("waypoints need the CRDs of the Gateway API", "install the standard channel"))
    if not speaks_hbone(side):
        text = "sidecars speak to pods in ambient mode once they know HBONE: all of them restart"
        if isinstance(get(side.project.document.value, "istio", "meshConfig"), str):
            found.append(
                Reason(text, f'write `defaultConfig: {{proxyMetadata: {{{HBONE_METADATA}: "true"}}}}` into that file')
            )
        else:
            found += [Reason(text), Step(PROJECT_FILE, lines_of(HBONE, "true"))]
    return tuple(found)


def speaks_hbone(side: WorldSet) -> bool:
    """Whether all sidecars of a project are built to speak HBONE."""
    configs = (side.project.istio_for(target).mesh_config for target in side.services)
    return all(get(dict(config), *HBONE[2:]) == "true" for config in configs)


def hbone(side: WorldSet) -> Wanted:
    """What sailwright.yaml says for sidecars that do."""
    return Wanted(side.project.document, {HBONE: "true"})


def left_alone(service: Service) -> tuple[Reason, ...]:
    """Why a service has nothing to do."""
    if service.mesh.inject == "ambient":
        return (Reason("it is in ambient mode already"),)
    if service.mesh.inject == "namespace":
        return (Reason("the labels of its namespace decide about its pods: they move with these"),)
    return (Reason("it has no pods with a sidecar"),)


def other_findings(trial: Trial, services: Mapping[str, Service]) -> tuple[Reason, ...]:
    """What lint finds about hand-written files once all that can move has moved."""
    files = {service.file for service in services.values()}
    return tuple(reason_of(each) for each in trial.new_findings() if each.location.file not in files)
