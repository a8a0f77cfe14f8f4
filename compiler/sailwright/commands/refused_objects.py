"""Objects that decide about a request and that the API server would never have let in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sailwright.diagnostics.finding import Path, pointer
from sailwright.mesh.pilot.gateway_names import is_wildcard
from sailwright.mesh.pilot.push_context import PushContext
from sailwright.mesh.pilot.sidecar_scope import Caller, Scope
from sailwright.mesh.pilot.virtual_services import VirtualService
from sailwright.mesh.values.hosts import overlap
from sailwright.route.envoy.outbound import dialled_service
from sailwright.route.request import Request, without_port
from sailwright.route.simulator import Simulator
from sailwright.runtime.errors import Failure
from sailwright.source.manifest import Manifest
from sailwright.source.placeholders import is_unknown
from sailwright.validate.webhook import distinct, message_of, subject_of


def refuse_refused(simulator: Simulator, asked: Iterable[tuple[Caller, Request]]) -> None:
    """Raises Failure (status 2) where Istio's webhook refuses an object that has a say about one of the requests.

    What the cluster has in its place nobody can tell, so neither where the requests go. Of a caller without a proxy none has.
    """
    hosts: dict[Caller, set[str]] = {}
    for caller, request in asked:
        if not caller.proxied:
            continue
        hosts.setdefault(caller, set()).add(_host(simulator.scope(caller), request))
    found = (
        manifest
        for caller, names in hosts.items()
        for manifest in _deciding(simulator.push_context, simulator.scope(caller), names)
    )
    for manifest in dict.fromkeys(found):
        for place, message in _refusals(manifest, simulator.push_context.istio_version):
            if is_unknown(manifest.value, place, message):
                raise Failure(_undecided(manifest, place))
            location = manifest.locate(place).location
            title = f"{manifest.kind} {manifest.namespace or 'default'}/{manifest.name}"
            where = f"{location.file}:{location.line}: {title}: {pointer(place)}"
            raise Failure(f"{where}: {message}: Istio refuses this object; correct it, then ask again")


def _undecided(manifest: Manifest, path: Path) -> str:
    location = manifest.locate(path).location
    title = f"{manifest.kind} {manifest.namespace or 'default'}/{manifest.name}"
    return (
        f"cannot decide: {location.file}:{location.line}: {title}: {pointer(path)} is filled in before the object is applied: "
        "ask of what is applied"
    )


def _host(scope: Scope, request: Request) -> str:
    """The host a request is about: that of the service whose name it has, else the name itself."""
    name = without_port(request.authority).lower()
    service = dialled_service(scope, name, request.port)
    return service.host if service else name


def _deciding(push_context: PushContext, scope: Scope, hosts: Iterable[str]) -> Iterator[Manifest]:
    wanted = set(hosts)
    for virtual_service in push_context.virtual_services:
        wild = (name for name in virtual_service.hosts if is_wildcard(name))
        if wanted.intersection(virtual_service.hosts) or any(overlap(name, host) for name in wild for host in wanted):
            yield virtual_service.manifest
            yield from (rule.manifest for rule in virtual_service.rules)
            yield from _destination_rules(scope, virtual_service)


def _destination_rules(scope: Scope, virtual_service: VirtualService) -> Iterator[Manifest]:
    for rule in virtual_service.rules:
        for target in rule.value.get("route") or ():
            service = scope.services.get(target["destination"]["host"])
            found = scope.destination_rule(service) if service else None
            yield from found.manifests if found else ()


def _refusals(manifest: Manifest, release: str) -> Iterator[tuple[Path, str]]:
    """What is refused, and where. Fields that Istio does not know are dropped on the way in, and refuse nothing."""
    reading = message_of(manifest.value, release)
    if reading is None:
        return
    spec, unreadable = reading
    unreadable = tuple(each for each in unreadable if not each.key)
    yield from ((each.path, each.message) for each in unreadable)
    if not unreadable:
        found = distinct(subject_of(manifest.value, spec, release))
        yield from ((each.path, each.message) for each in found if each.severity == "error")
