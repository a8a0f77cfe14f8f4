"""Whether every caller sees the same of a mesh: in most, nothing is hidden from anybody, and no host is decided twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sailwright.mesh.index import Index


def seen_alike(index: Index) -> bool:
    """Whether services and subsets are the same for all callers: `index.derived(seen_alike)`.

    So they are where each host has one service that is exported to all, and at most one DestinationRule, exported to all and in the
    service's own namespace. What a Sidecar leaves out is another matter.
    """
    hosts: set[str] = set()
    for service in (*index.services, *index.service_entries):
        if not service.exports.everywhere or not hosts.isdisjoint(service.hosts):
            return False
        hosts.update(service.hosts)
    ruled: set[str] = set()
    for rule in index.destination_rules:
        if rule.host in ruled or rule.host.startswith("*") or rule.workload_selector or not rule.exports.everywhere:
            return False
        ruled.add(rule.host)
        if any(service.namespace != rule.namespace for service in index.registry.services(rule.host)):
            return False
    return True
