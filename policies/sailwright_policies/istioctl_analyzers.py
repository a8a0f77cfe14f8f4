"""The checks of `istioctl analyze` that decide by other means than our rules: what `--compat istioctl` asks instead of them.

The rules hold what a proxy does; these hold what the analyzers print, with the objects, places and words of theirs.
Source: pkg/config/analysis/analyzers (virtualservice, gateway, service).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sailwright.lint.kinds import GATEWAY, MESH, SERVICE, VIRTUAL_SERVICE
from sailwright.lint.rule import Analyzer, Problem
from sailwright.source.untyped import mapping, texts

if TYPE_CHECKING:
    from sailwright.diagnostics.finding import Severity
    from sailwright.mesh.index import Index
    from sailwright.mesh.objects.routing import Destination, Gateway, Server, VirtualService
    from sailwright.mesh.objects.services import Service
    from sailwright.mesh.objects.workloads import Workload
    from sailwright.mesh.world import World


def _target(index: Index, virtual_service: VirtualService, destination: Destination) -> Service | None:
    from sailwright.mesh.queries.istioctl_compat import scoped_hosts

    export_to = virtual_service.manifest.spec.get("exportTo")
    return index.derived(scoped_hosts).find(destination.host, virtual_service.namespace, export_to)


def _destination_host(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    from sailwright.mesh.queries.istioctl_compat import shown_destination

    for destination in virtual_service.destinations:
        if _target(mesh.index, virtual_service, destination) is None:
            what = "mirror host" if destination.is_mirror else "host"
            path = shown_destination(virtual_service.manifest, destination, mirror_of_rule=True)
            yield Problem(virtual_service.manifest, path, f"the {what} `{destination.host}` is not found")


DESTINATION_HOST = Analyzer(VIRTUAL_SERVICE, _destination_host)


def _destination_port_missing(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    from sailwright.mesh.queries.istioctl_compat import shown_destination

    for destination in virtual_service.destinations:
        if destination.port is not None or not destination.host:
            continue
        target = _target(mesh.index, virtual_service, destination)
        if target and len(target.ports) > 1:
            numbers = ", ".join(str(port.number) for port in target.ports)
            message = f"`{destination.host}` has several ports ({numbers}) and the destination names none"
            path = shown_destination(virtual_service.manifest, destination, mirror_of_rule=False)
            yield Problem(virtual_service.manifest, path, message)


DESTINATION_PORT_MISSING = Analyzer(VIRTUAL_SERVICE, _destination_port_missing)


def _destination_port(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    from sailwright.mesh.queries.istioctl_compat import shown_destination

    for destination in virtual_service.destinations:
        target = _target(mesh.index, virtual_service, destination) if destination.port is not None else None
        if destination.port is not None and target and target.port(destination.port) is None:
            numbers = ", ".join(str(port.number) for port in target.ports) or "none"
            message = f"`{destination.host}` has no port {destination.port} (it has {numbers})"
            path = shown_destination(virtual_service.manifest, destination, mirror_of_rule=False)
            severity: Severity | None = "warning" if destination.is_idle else None
            meant = next((port.number for port in target.ports if port.target == destination.port), None)
            remedy = (
                f"write {meant}: routes name the Service's port, not the pods'" if meant else "name one of its ports"
            )
            yield Problem(virtual_service.manifest, path, message, remedy, severity=severity)


DESTINATION_PORT = Analyzer(VIRTUAL_SERVICE, _destination_port)


def _destination_subset(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    from sailwright.mesh.queries.istioctl_compat import named_service, shown_destination

    for destination in virtual_service.destinations:
        named = (*named_service(destination.host, virtual_service.namespace), destination.subset)
        if destination.subset and named not in mesh.index.derived(_subsets):
            what = "mirror" if destination.is_mirror else "host"
            message = f"the {what}+subset `{destination.host}+{destination.subset}` is not found"
            path = shown_destination(virtual_service.manifest, destination, mirror_of_rule=True)
            yield Problem(virtual_service.manifest, path, message)


DESTINATION_SUBSET = Analyzer(VIRTUAL_SERVICE, _destination_subset)


def _subsets(index: Index) -> frozenset[tuple[str, str, str]]:
    """Namespace, name and subset of every DestinationRule, whatever its exportTo; wildcards stand for themselves."""
    from sailwright.mesh.queries.istioctl_compat import full_name, named_service

    return frozenset(
        (*named_service(full_name(rule.written_host, rule.namespace), rule.namespace), subset.name)
        for rule in index.destination_rules
        for subset in rule.subsets
    )


def _gateway_route(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    if virtual_service.gateways:
        splits = mesh.index.derived(_splits)
        plain = [found.host for found in _routes(virtual_service) if not found.subset]
        for other in dict.fromkeys(name for host in plain for name in splits.get(host, ())):
            message = f"the subset of {other} has no effect on requests through the gateway"
            yield Problem(virtual_service.manifest, (), message)


GATEWAY_ROUTE = Analyzer(VIRTUAL_SERVICE, _gateway_route)


def _routes(virtual_service: VirtualService) -> Iterator[Destination]:
    return (found for found in virtual_service.destinations if found.block == "http" and not found.is_mirror)


def _splits(index: Index) -> Mapping[str, Mapping[str, None]]:
    """The hosts that are routed by subset, as they are written, with the VirtualServices that do so."""
    found: dict[str, dict[str, None]] = {}
    for each in index.virtual_services:
        own = texts(each.manifest.spec.get("hosts"))
        for destination in _routes(each):
            if destination.subset and destination.host in own:
                found.setdefault(destination.host, {})[f"{each.namespace}/{each.manifest.name}"] = None
    return found


def _mesh_host(_: None, mesh: World) -> Iterator[Problem]:
    from sailwright.mesh.queries.istioctl_compat import full_name, scopes
    from sailwright.mesh.values.hosts import overlap

    claims: dict[tuple[str, str], list[VirtualService]] = {}
    for each in mesh.index.virtual_services:
        for scope in scopes(each.manifest.spec.get("exportTo"), each.namespace) if each.in_mesh else ():
            for host in texts(each.manifest.spec.get("hosts")):
                claims.setdefault((scope, full_name(host, each.namespace)), []).append(each)
    everywhere = {host: found for (scope, host), found in claims.items() if scope == "*"}
    reported: set[VirtualService] = set()
    for (scope, host), found in claims.items():
        if scope != "*":
            found = found + [other for known, others in everywhere.items() if overlap(host, known) for other in others]
        if len(found) > 1:
            names = ",".join(sorted(f"{each.namespace}/{each.manifest.name}" for each in found))
            for each in found:
                if each not in reported:
                    reported.add(each)
                    message = f"the VirtualServices {names} define the same host `{scope}/{host}` for the mesh"
                    yield Problem(each.manifest, ("metadata", "name"), message, "merge them into one")


MESH_HOST = Analyzer(MESH, _mesh_host)


def _gateway_conflict(_: None, mesh: World) -> Iterator[Problem]:
    from sailwright.mesh.objects.selectors import selector_text
    from sailwright.mesh.queries.istioctl_compat import near_selectors

    index = mesh.index
    known: dict[tuple[str, int], dict[str, dict[str, str]]] = {}
    for gateway in index.gateways.values():
        for server in gateway.servers:  # of several servers on one port the last counts
            group = known.setdefault((selector_text(gateway.selector), server.port), {})
            group[gateway.full_name] = dict.fromkeys(server.hosts, server.bind)
    near = index.derived(near_selectors)
    for gateway in index.gateways.values():
        own = selector_text(gateway.selector)
        for server in gateway.servers:
            others = [
                name
                for text in near[gateway.full_name]
                for name, hosts in known.get((text, server.port), {}).items()
                if name != gateway.full_name and _claimed(server, hosts)
            ]
            if others:
                names, hosts = ",".join(sorted(others)), ",".join(server.hosts)
                message = f"conflicts with the gateways {names} (selector {own}, port {server.port}, hosts {hosts})"
                yield Problem(gateway.manifest, (), message, "keep one of them")


GATEWAY_CONFLICT = Analyzer(MESH, _gateway_conflict)


def _claimed(server: Server, hosts: dict[str, str]) -> bool:
    """Whether a host of the server is known with its bind. If none is, they all are from now on, as in Istio's own."""
    if any(hosts.get(host, None if server.bind else "\0") == server.bind for host in server.hosts):
        return True
    hosts.update(dict.fromkeys(server.hosts, server.bind))
    return False


def _gateway_port(gateway: Gateway, mesh: World) -> Iterator[Problem]:
    from sailwright.mesh.objects.selectors import selector_text
    from sailwright.mesh.queries.istioctl_compat import shown

    selector = selector_text(gateway.selector)
    reached = mesh.index.derived(_reached).get(selector)
    for server in gateway.servers if reached is not None else ():
        if server.value.get("port") is not None and server.port not in (reached or ()):
            message = f"no Service of the gateway's pods leads to port {server.port}"
            numbers = ", ".join(map(str, sorted(reached or ()))) or "none"
            remedy = f"add it to a Service of the pods with {selector} (they reach {numbers})"
            place = shown(gateway.manifest, "spec", "selector", min(gateway.selector, default=""))
            yield Problem(gateway.manifest, place, message, remedy)


GATEWAY_PORT = Analyzer(GATEWAY, _gateway_port)


def _reached(index: Index) -> Mapping[str, set[int]]:
    """The ports that lead to the pods of each selector of Gateways; only selectors that have pods."""
    from sailwright.mesh.objects.selectors import selector_text

    selectors = {selector_text(gateway.selector): gateway.selector for gateway in index.gateways.values()}
    pods = {name: index.selected(selector) for name, selector in selectors.items()}
    return {name: _ports(index, found) for name, found in pods.items() if found}


def _ports(index: Index, pods: tuple[Workload, ...]) -> set[int]:
    """`protocol: TCP` has to be written, and a Service without a selector takes every pod."""
    from sailwright.mesh.objects.selectors import selects

    reached: set[int] = set()
    for service in index.services:
        if any(pod.namespace == service.namespace and selects(service.selector, pod.labels) for pod in pods):
            for port in service.ports:
                if mapping(service.spec["ports"][port.path[-1]]).get("protocol") == "TCP":
                    target = port.target or 0
                    number = target if isinstance(target, int) else int(target) if target.isdecimal() else 0
                    reached |= {port.number, number or port.number}
    return reached


def _gateway_selector(gateway: Gateway, mesh: World) -> Iterator[Problem]:
    """The checks that find no pods of a Gateway, each with a message of its own.

    The credential check looks for the namespace of the first pod, which a file may leave out. The conflict check takes
    selectors from the Gateways with servers, and so misses a Gateway without any.
    """
    from sailwright.mesh.objects.selectors import selector_text
    from sailwright.mesh.queries.istioctl_compat import near_selectors, shown

    pods = mesh.index.selected(gateway.selector)
    near = mesh.index.derived(near_selectors)[gateway.full_name]
    place = shown(gateway.manifest, "spec", "selector", min(gateway.selector, default=""))
    for asking, is_without in (
        ("gateway ports", not pods),
        ("gateway credentials", not pods or not pods[0].namespace),
        ("gateway conflicts", bool(gateway.selector) and not near),
    ):
        if is_without:
            yield Problem(gateway.manifest, place, f"{asking}: no pod has {selector_text(gateway.selector)}")


GATEWAY_SELECTOR = Analyzer(GATEWAY, _gateway_selector)


def _service_ports(_: None, mesh: World) -> Iterator[Problem]:
    """Any two ports that lead to one pod port, whatever their protocols."""
    from sailwright.mesh.queries.istioctl_compat import services_of_deployments

    for workload, services in services_of_deployments(mesh.index):
        targets: dict[str, dict[int, str]] = {}
        for service in services:
            for port in service.ports:
                targets.setdefault(str(port.target or port.number), {})[port.number] = service.name
        for target, found in targets.items():
            if len(found) > 1:
                ports = ", ".join(f"{name}:{number}" for number, name in sorted(found.items()))
                message = f"the pod port {target} is reached through several Service ports: {ports}"
                yield Problem(workload.manifest, ("metadata", "name"), message)


SERVICE_PORTS = Analyzer(MESH, _service_ports)


def _external_name_port(service: Service, _: World) -> Iterator[Problem]:
    """The analyzer does not know that ExternalName Services are aliases."""
    from sailwright.mesh.objects.services import is_control_plane

    for port in service.ports if service.is_external_name and not is_control_plane(service) else ():
        if port.protocol.is_auto or port.name == "tcp":
            message = f"port {port.number} of an ExternalName Service is {port.protocol.name}: {port.protocol.reason}"
            yield Problem(service.manifest, port.path, message, "name it http, https or tls, as the server speaks")


EXTERNAL_NAME_PORT = Analyzer(SERVICE, _external_name_port)
