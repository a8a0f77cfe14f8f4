"""DestinationRules and routes by the host that they are for, and which rules govern the calls of a client."""

from __future__ import annotations

from functools import cached_property

from sailwright.mesh.objects.host_lookup import Registry
from sailwright.mesh.objects.routing import Destination, DestinationRule, Subset, VirtualService
from sailwright.mesh.values.hosts import covers


class RulesByHost:
    """The DestinationRules of a world by host, which may be a wildcard."""

    def __init__(self, rules: tuple[DestinationRule, ...]) -> None:
        self._by_host: dict[str, list[DestinationRule]] = {}
        for rule in rules:
            self._by_host.setdefault(rule.host, []).append(rule)

    @cached_property
    def _wildcards(self) -> list[str]:
        """The wildcard hosts, the most specific first."""
        return sorted((known for known in self._by_host if known.startswith("*")), key=len, reverse=True)

    def of(self, host: str) -> tuple[DestinationRule, ...]:
        """The DestinationRules for a full host name, of any namespace; the most specific hosts first."""
        exact = self._by_host.get(host, ())
        if not self._wildcards:
            return tuple(exact)
        wild = (known for known in self._wildcards if known != host and covers(known, host))
        return (*exact, *(rule for known in wild for rule in self._by_host[known]))

    def effective(self, host: str, client: str, registry: Registry, root: str) -> tuple[DestinationRule, ...]:
        """The DestinationRules that govern calls of a client namespace to a host, merged by Istio where there are several.

        The client's own namespace goes first, then the service's, then the root namespace; in the first of them that
        has any, the most specific host wins (pilot/pkg/model/push_context.go, destinationRule).
        """
        candidates = self.of(host)
        service = registry.service(host)
        for namespace in dict.fromkeys((client, service.namespace if service else client, root)):
            own = namespace == client
            found = [
                rule for rule in candidates if rule.namespace == namespace and (own or rule.exports.visible_in(client))
            ]
            if found:
                return tuple(rule for rule in found if rule.host == found[0].host)
        return ()

    def subsets(self, host: str) -> dict[str, list[tuple[DestinationRule, Subset]]]:
        """The subsets that any DestinationRule defines for a full host name, by name."""
        found: dict[str, list[tuple[DestinationRule, Subset]]] = {}
        for rule in self.of(host):
            for subset in rule.subsets:
                found.setdefault(subset.name, []).append((rule, subset))
        return found


def destinations_by_host(
    virtual_services: tuple[VirtualService, ...],
) -> dict[str, list[tuple[VirtualService, Destination]]]:
    """Every destination (mirrors too) of any VirtualService, by its full host name."""
    found: dict[str, list[tuple[VirtualService, Destination]]] = {}
    for virtual_service in virtual_services:
        for destination in virtual_service.destinations:
            found.setdefault(destination.full_host, []).append((virtual_service, destination))
    return found
