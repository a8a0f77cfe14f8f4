"""What rendering a service needs to know beyond the service itself: its cluster, and the other services there."""

from __future__ import annotations

from collections.abc import Mapping

from sailwright.mesh.facts import Facts
from sailwright.project.service.model import Service
from sailwright.runtime.records import dataclass


@dataclass(frozen=True, slots=True)
class Neighbour:
    """What others need to know of a service: its hosts, its ports' numbers and the accounts its pods run as."""

    hosts: tuple[str, ...]
    ports: tuple[int, ...]
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RenderContext:
    """One cluster as its services see it: `neighbours` by NAMESPACE/NAME, `ports` by host.

    `everywhere` has the NAMESPACE/NAME of every service of the project, those of other environments included; `extra_kinds` are
    those that the project's own templates may yield beside ours.
    """

    facts: Facts
    sync_waves: bool
    neighbours: Mapping[str, Neighbour]
    ports: Mapping[str, tuple[int, ...]]
    everywhere: frozenset[str]
    extra_kinds: tuple[str, ...] = ()


def render_context(
    neighbours: Mapping[str, Neighbour],
    facts: Facts,
    *,
    sync_waves: bool,
    everywhere: frozenset[str],
    extra_kinds: tuple[str, ...] = (),
) -> RenderContext:
    """One cluster, from what its services need to know of each other."""
    ports = {host: neighbour.ports for neighbour in neighbours.values() for host in neighbour.hosts}
    return RenderContext(facts, sync_waves, neighbours, ports, everywhere, extra_kinds)


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


def neighbour(service: Service, facts: Facts) -> Neighbour:
    """What others need to know of a service."""
    return Neighbour(
        hosts=hosts_of(service, facts),
        ports=tuple(port.port for port in service.ports),
        accounts=tuple(dict.fromkeys(version.service_account.name for version in service.versions)),
    )
