"""Services that lie in no file: a repository seldom has them all, so where their requests end cannot be decided."""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.mesh.index import Index
from sailwright.mesh.queries.absence import host_absence_known
from sailwright.mesh.values.hosts import fqdn, service_host, service_of
from sailwright.mesh.values.names import is_dns_label
from sailwright.route.envoy.actions import BLOCKED, PASSTHROUGH
from sailwright.route.envoy.answers import Answer, undecidable

_UNKNOWN = (PASSTHROUGH, BLOCKED)
_KEPT = ("virtualService", "name")


def with_missing_services(answer: Answer, index: Index, namespace: str, target: str) -> Answer:
    """The answer; "cannot decide" in its place where a Service that it depends on is in no file, and may be in the cluster.

    `target` is the host that is asked for, as the caller in `namespace` writes it.
    """
    missing = next(_missing(answer, index, namespace, target), None)
    if missing is None:
        return answer
    service = service_of(missing, index.domain)
    title = f"Service {service[1]}/{service[0]}" if service else f"a ServiceEntry for {missing}"
    kept = {key: answer[key] for key in _KEPT if key in answer}
    return {**undecidable(f"{title} is in no file"), **kept}


def _full_name(target: str, index: Index) -> str | None:
    """The full name of the Service that a host which the mesh does not know can only be.

    A name counts that only a Service can have: with a namespace of the repository behind it, or with `.svc`.
    """
    short = target.removesuffix(f".svc.{index.domain}").removesuffix(".svc")
    name, _, place = short.partition(".")
    if "." in place or not is_dns_label(name) or not is_dns_label(place):
        return None
    if short == target and place not in index.derived(_places):
        return None
    return service_host(name, place, index.domain)


def _places(index: Index) -> frozenset[str]:
    """The namespaces that objects of the repository are in."""
    return frozenset(manifest.namespace for manifest in index.manifests if manifest.namespace)


def _missing(answer: Answer, index: Index, namespace: str, target: str) -> Iterator[str]:
    """The hosts that an answer takes to be absent, and that may not be: those of destinations, and the one that is asked for where
    only a Service can have it, or a VirtualService or DestinationRule is about that very Service.
    """
    asked = fqdn(target, namespace, index.domain)
    unrouted = answer["kind"] in _UNKNOWN and "reason" not in answer
    if unrouted and _is_service_of_rules(asked, index) and not host_absence_known(index, asked, namespace):
        yield asked
    full = _full_name(target, index) if unrouted and target not in index.registry.absent else None
    if full and not index.registry.services(full) and not host_absence_known(index, full, namespace):
        yield full
    for destination in answer.get("destinations") or ():
        host = str(destination.get("host"))
        unknown = destination.get("unknown") and not index.registry.services(host)
        if unknown and not host_absence_known(index, host, namespace):
            yield host


def _is_service_of_rules(host: str, index: Index) -> bool:
    """Whether a Service that is in no file has routes or a traffic policy."""
    if service_of(host, index.domain) is None or index.registry.services(host):
        return False
    routed = any(host in each.hosts for each in index.virtual_services if each.in_mesh)
    return routed or any(each.host == host for each in index.destination_rules)
