"""What a service needs before it can do without a sidecar, and what the clusters need before the first one does.

Source: istio.io, ambient/migrate (before-you-begin, install-ambient-components, migrate-policies).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sailwright.commands.migrate.plan import Reason, Step
from sailwright.commands.migrate.trial import Trial, Wanted, lines_of, place_of, reason_of, service_file
from sailwright.mesh.objects.selectors import match_labels
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.data_plane import HBONE_METADATA
from sailwright.mesh.queries.ztunnel_policies import asks_for_http
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.project.service.model import Service
from sailwright.runtime.records import dataclass
from sailwright.source.files.files import PROJECT_FILE
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, get
from sailwright.workspace.selection import WorldSet

REQUEST_KINDS = (kinds.VIRTUAL_SERVICE, kinds.HTTP_ROUTE, kinds.GRPC_ROUTE, kinds.DESTINATION_RULE)
"""What callers in ambient mode apply at a waypoint only."""
HBONE = ("istio", "meshConfig", "defaultConfig", "proxyMetadata", HBONE_METADATA)
"""Where sailwright.yaml says that sidecars speak HBONE, as pods in ambient mode do."""
GUIDE = "istio.io, ambient/migrate"


@dataclass(frozen=True, slots=True)
class Needs:
    """What one cluster has of each service, by its file, that says whether and how it can do without sidecars.

    `about_requests` have routes or a traffic policy. `routes` have the first VirtualService, `on_host_network` the workloads of that
    kind, `policies` hand-written ones that select the pods and that only a proxy for requests can enforce.
    """

    about_requests: frozenset[str]
    routes: Mapping[str, Manifest]
    on_host_network: Mapping[str, Sequence[Workload]]
    policies: Mapping[str, Sequence[Manifest]]


def needs_of(world: World) -> Needs:
    """What one cluster has of all services."""
    routes: dict[str, Manifest] = {}
    for manifest in world.index.of(kinds.VIRTUAL_SERVICE):
        routes.setdefault(service_file(manifest), manifest)
    hosted: dict[str, list[Workload]] = {}
    for workload in world.index.workloads:
        if workload.host_network:
            hosted.setdefault(service_file(workload.manifest), []).append(workload)
    policies: dict[str, list[Manifest]] = {}
    for policy in world.index.of(kinds.AUTHORIZATION_POLICY, kinds.REQUEST_AUTHENTICATION):
        attached = policy.spec.get("targetRefs") or policy.spec.get("targetRef")
        if policy.origin is None and not attached and _for_requests(policy):
            for file in _selected(policy, world):
                policies.setdefault(file, []).append(policy)
    return Needs(frozenset(map(service_file, world.index.of(*REQUEST_KINDS))), routes, hosted, policies)


def needs_waypoint(service: Service, needs: Iterable[Needs]) -> bool:
    """Whether something of a service is about requests: its routes and traffic policy, or policies of others that ask for HTTP."""
    return any(service.file in each.about_requests or service.file in each.policies for each in needs)


def blockers_of(service: Service, needs: Iterable[Needs]) -> tuple[Reason, ...]:
    """Why a service cannot move yet; each once."""
    found = dict.fromkeys(reason for each in needs for reason in _blockers(service, each))
    return tuple(found)


def _blockers(service: Service, needs: Needs) -> Iterator[Reason]:
    if service.mesh.mtls == "DISABLE":
        place = service.written(("mesh", "mtls")).location()
        yield Reason("ztunnel always takes mutual TLS: `mtls: DISABLE` has no effect there", "remove it first", place)
    route = needs.routes.get(service.file)
    if route is not None:
        text = "its routes are a VirtualService: Istio supports no subsets at waypoints, and VirtualServices there as an alpha feature"
        yield Reason(text, "move its routes first: sailwright migrate --to gateway-api", place_of(route, ()))
    for workload in needs.on_host_network.get(service.file, ()):
        text = "its pods are on the host network, which ambient mode does not capture"
        place = place_of(workload.manifest, workload.path("spec", "hostNetwork"))
        yield Reason(text, "keep it as it is", place)
    for policy in needs.policies.get(service.file, ()):
        title = f"{policy.kind} {policy.namespace or 'default'}/{policy.name}"
        text = f"{title} selects its pods and has HTTP conditions: ztunnel would refuse every call that it allows"
        do = "write one more with `targetRefs` to its Service, and delete this one right after its pods have restarted"
        yield Reason(text, do, policy.locate(("spec",)).location)


def _for_requests(policy: Manifest) -> bool:
    if policy.kind == "RequestAuthentication":
        return bool(policy.spec.get("jwtRules"))
    rules = (rule for _, rule in entries(policy.spec.get("rules"), ()))
    return policy.spec.get("action") in ("CUSTOM", "AUDIT") or any(map(asks_for_http, rules))


def _selected(policy: Manifest, world: World) -> dict[str, None]:
    """The files of the services whose pods a policy selects."""
    index = world.index
    namespace = index.namespace_of(policy)
    everywhere = namespace == index.mesh.root_namespace
    found = index.selected(match_labels(policy), None if everywhere else namespace)
    return dict.fromkeys(filter(None, (service_file(workload.manifest) for workload in found)))


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
