"""What rendering a service needs to know beyond the service itself: its cluster, and the other services there."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from sailwright.mesh.facts import Facts
from sailwright.mesh.values.pod_security import newest
from sailwright.mesh.values.releases import LINES
from sailwright.project.model import Namespace
from sailwright.project.service.model import Service
from sailwright.render.look_up import LookUp
from sailwright.render.privileges import Owner, Surroundings
from sailwright.runtime.records import dataclass, field
from sailwright.source.untyped import get, text

_ISTIO: Final = ("istio", "index.docker.io/istio", "gcr.io/istio-release", "registry.istio.io/release")
"""Registries of Istio's images beside those that the charts name."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """What others need to know of a service: its hosts, its ports' numbers and the accounts its pods run as.

    `team` is its `owner` where it names one, `owned` what belongs to it by KIND/NAME, `exposed` the Gateways that it names. `inject` is
    the way of its pods into the mesh, empty where it has none; `waypoint` the one that its file names.
    """

    hosts: tuple[str, ...]
    ports: tuple[int, ...]
    accounts: tuple[str, ...]
    team: str | None = None
    owned: tuple[str, ...] = ()
    exposed: tuple[str, ...] = ()
    inject: str = ""
    waypoint: str = ""


@dataclass(frozen=True, slots=True)
class RenderContext:
    """One cluster as its services see it: `neighbours` by NAMESPACE/NAME, `ports` by host.

    `everywhere` has the NAMESPACE/NAME of every service of the project, those of other environments included; `extra_kinds` are
    those that the project's own templates and included files may hold beside ours. `users` are as in `Around`. `accounts` and `files` have the owners of
    ServiceAccounts, and of ConfigMaps and Secrets, by namespace and KIND/NAME; `owners` those of the services' hosts. `hubs` are
    the registries of Istio's images. `waypoints` has what the project file says of the waypoints of namespaces, `rendered_namespaces`
    those whose Namespace is rendered. `asked` gathers the names that rendering asks for: while the answers stay the same, so does
    what it renders.
    """

    facts: Facts
    sync_waves: bool
    neighbours: LookUp[Neighbour]
    ports: LookUp[tuple[int, ...]]
    everywhere: LookUp[None]
    users: Mapping[str, Neighbour] = field(default_factory=dict)
    extra_kinds: tuple[str, ...] = ()
    accounts: Mapping[str, Mapping[str, Owner]] = field(default_factory=dict)
    files: Mapping[str, Mapping[str, Owner]] = field(default_factory=dict)
    owners: Mapping[str, Owner] = field(default_factory=dict)
    hubs: frozenset[str] = frozenset()
    waypoints: Mapping[str, str] = field(default_factory=dict)
    rendered_namespaces: frozenset[str] = frozenset()
    asked: set[str] = field(default_factory=set, repr=False)


@dataclass(frozen=True, slots=True)
class Around:
    """The services of one cluster by what is asked of them: `neighbours` by NAMESPACE/NAME, `ports` and `owners` by host, and the owners
    of ServiceAccounts (`accounts`), and of ConfigMaps and Secrets (`files`), by namespace and KIND/NAME.

    `users` has as many of the neighbours as say which ways into the mesh, waypoints and Gateways each namespace uses.
    """

    neighbours: Mapping[str, Neighbour]
    ports: Mapping[str, tuple[int, ...]]
    accounts: Mapping[str, Mapping[str, Owner]]
    files: Mapping[str, Mapping[str, Owner]]
    owners: Mapping[str, Owner]
    users: Mapping[str, Neighbour]


def around(neighbours: Mapping[str, Neighbour]) -> Around:
    """All of it from the neighbours. Of two services that name one host or object the later name counts."""
    accounts: dict[str, dict[str, Owner]] = {}
    files: dict[str, dict[str, Owner]] = {}
    owners: dict[str, Owner] = {}
    for key, neighbour in sorted(neighbours.items()):
        owner, namespace = Owner(key, neighbour.team), key.partition("/")[0]
        owners |= dict.fromkeys(neighbour.hosts, owner)
        for name in neighbour.owned:
            (accounts if is_account(name) else files).setdefault(namespace, {})[name] = owner
    return Around(neighbours, ports_by_host(neighbours), accounts, files, owners, neighbours)


def is_account(name: str) -> bool:
    """Whether a KIND/NAME is that of a ServiceAccount."""
    return name.startswith("ServiceAccount/")


def render_context(
    known: Around,
    facts: Facts,
    *,
    sync_waves: bool,
    everywhere: Mapping[str, None],
    extra_kinds: tuple[str, ...] = (),
    namespaces: Mapping[str, Namespace] = MappingProxyType({}),
) -> RenderContext:
    """One cluster, from what its services need to know of each other."""
    asked: set[str] = set()
    waypoints = {name: each.waypoint for name, each in namespaces.items() if each.waypoint}
    rendered = frozenset(name for name, each in namespaces.items() if each.render)
    return RenderContext(
        facts,
        sync_waves,
        LookUp(known.neighbours, asked),
        LookUp(known.ports, asked),
        LookUp(everywhere, asked),
        known.users,
        extra_kinds,
        known.accounts,
        known.files,
        known.owners,
        hubs(facts.values),
        waypoints,
        rendered,
        asked,
    )


def ports_by_host(neighbours: Mapping[str, Neighbour]) -> dict[str, tuple[int, ...]]:
    """The ports of each host; of two services that name one host the later name counts, in whatever order they were read."""
    return {host: neighbours[key].ports for key in sorted(neighbours) for host in neighbours[key].hosts}


def surroundings(service: Service, context: RenderContext) -> Surroundings:
    """What the privileges of a service's objects are measured by."""
    facts, namespace, asked = context.facts, service.namespace, context.asked
    return Surroundings(
        owner=Owner(service.key, service.owner),
        namespace=namespace,
        domain=facts.cluster_domain,
        accounts=LookUp(context.accounts.get(namespace, {}), asked, f"{namespace}/"),
        files=LookUp(context.files.get(namespace, {}), asked, f"{namespace}/"),
        hosts=LookUp(context.owners, asked),
        kubernetes=newest(facts.kubernetes_versions),
        hubs=context.hubs,
    )


def hubs(values: Mapping[str, Any]) -> frozenset[str]:
    """Where Istio's images come from: its own registries, and what the project's values name."""
    own = get(values, "global", "hub")
    whole = (text(get(values, "global", key, "image")) for key in ("proxy", "proxy_init"))
    named = (text(own), *(image.partition("@")[0].rpartition("/")[0] for image in whole))
    return frozenset((*_ISTIO, *(line.hub for line in LINES), *filter(None, named)))


def full_name(name: str, namespace: str, facts: Facts) -> str:
    """The fully qualified host of a Kubernetes Service."""
    return f"{name}.{namespace}.svc.{facts.cluster_domain}"


def hosts_of(service: Service, facts: Facts) -> tuple[str, ...]:
    """The hosts callers reach a service by: its own, or those of the outside service it stands for."""
    if service.external:
        return service.external.hosts
    return (full_name(service.host_name, service.namespace, facts),)


def host_in(written: str, namespace: str, context: RenderContext) -> str:
    """A host as the author wrote it, in full: `ratings` and `ratings.bookinfo` are Services, other names stand for themselves."""
    name, _, rest = written.partition(".")
    if not rest:
        return full_name(name, namespace, context.facts)
    if rest.endswith(".svc"):
        return f"{written}.{context.facts.cluster_domain}"
    return full_name(name, rest, context.facts) if f"{rest}/{name}" in context.neighbours else written


def neighbour(service: Service, facts: Facts, owned: tuple[str, ...] = ()) -> Neighbour:
    """What others need to know of a service."""
    return Neighbour(
        hosts=hosts_of(service, facts),
        ports=tuple(port.port for port in service.ports),
        accounts=tuple(dict.fromkeys(version.service_account.name for version in service.versions)),
        team=service.owner,
        owned=owned,
        exposed=service.expose.gateways if service.expose else (),
        inject="" if service.external or service.workload.external else service.mesh.inject,
        waypoint=service.mesh.waypoint,
    )
