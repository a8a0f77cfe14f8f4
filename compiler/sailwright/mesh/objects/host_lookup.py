"""Which host a client means: Services, ServiceEntries and what was declared to exist elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from sailwright.diagnostics.suggestions import one_edit_keys
from sailwright.mesh.values.hosts import covers, service_host, service_of

if TYPE_CHECKING:
    from sailwright.mesh.objects.services import Service

Decision = Literal["known", "unknown", "undecided"]


class Registry:
    """The hosts of a World. `elsewhere` are the declared hosts outside of it, None where nobody declared any.

    `absent` are hosts that are known not to be here: the project has their services in other environments or clusters.
    """

    def __init__(
        self,
        services: Iterable[Service],
        elsewhere: tuple[str, ...] | None,
        domain: str,
        absent: frozenset[str] = frozenset(),
    ) -> None:
        self.absent = absent
        self.asked_in_vain = False
        """Whether `meant` was asked and found nothing since this was last set: of a part of a mesh it might, in all of it."""
        self._exact: dict[str, list[Service]] = {}
        self._wildcards: dict[str, list[Service]] = {}
        self._elsewhere = elsewhere
        self._domain = domain
        self._unplaced: set[str] = set()
        for service in services:
            for host in service.hosts:
                table = self._wildcards if host.startswith("*") else self._exact
                table.setdefault(host, []).append(service)
            if service.manifest.namespace is None and not service.is_entry:
                self._unplaced.add(service.name)

    @property
    def hosts(self) -> Mapping[str, list[Service]]:
        """The Services and ServiceEntries of each full name without a wildcard; Kubernetes Services come first."""
        return self._exact

    def named(self, host: str) -> tuple[Service, ...]:
        """The Services and ServiceEntries that have exactly this host, a wildcard too."""
        return tuple(self._exact.get(host) or self._wildcards.get(host) or ())

    def services(self, host: str, namespace: str | None = None) -> tuple[Service, ...]:
        """What stands behind a full name, for a client of `namespace` (None: for anybody).

        Of what it sees an exact name beats a wildcard, and a longer wildcard a shorter one, as in Istio's service index.
        """
        exact = _visible(self._exact.get(host, ()), namespace)
        if exact:
            return exact
        for pattern in sorted((pattern for pattern in self._wildcards if covers(pattern, host)), key=len, reverse=True):
            found = _visible(self._wildcards[pattern], namespace)
            if found:
                return found
        return ()

    def service(self, host: str, namespace: str | None = None) -> Service | None:
        """The first of `services`: a Kubernetes Service goes before a ServiceEntry of the same name."""
        return next(iter(self.services(host, namespace)), None)

    def decide(self, host: str, namespace: str | None = None) -> Decision:
        """Whether a full name exists for a client of `namespace`, as far as a repository can know.

        A Service whose file names no namespace may lie in any. Without declared hosts, one that is not in the
        repository may be somewhere else; not so a Service that is here and not exported.
        """
        if self.services(host, namespace):
            return "known"
        service = service_of(host, self._domain)
        if service is not None and service[0] in self._unplaced:
            return "known"
        if any(not hidden.is_entry for hidden in self.services(host)):
            return "unknown"
        if self._elsewhere is None:
            return "unknown" if host in self.absent else "undecided"
        return "known" if any(covers(pattern.lower(), host) for pattern in self._elsewhere) else "unknown"

    def meant(self, host: str, namespace: str) -> str | None:
        """The host of the repository that a client of `namespace` in all likelihood means by one that is nowhere.

        Either the full name of a Service that is written without its end (`reviews.shop`), or one that differs by a slip
        of the hand from a name of the same namespace.
        """
        name, _, place = host.removesuffix(".svc").partition(".")
        found = [service_host(name, place, self._domain)]
        service = service_of(host, self._domain)
        if service is not None:
            near = (self._by_slip.get((slip, service[1]), ()) for slip in one_edit_keys(service[0]))
            found = sorted({each for each_slip in near for each in each_slip})
        seen = (each for each in found if each != host and each in self._exact and self.services(each, namespace))
        meant = next(seen, None)
        self.asked_in_vain |= meant is None
        return meant

    @cached_property
    def _by_slip(self) -> Mapping[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = {}
        for host in self._exact:
            service = service_of(host, self._domain)
            for slip in one_edit_keys(service[0]) if service else ():
                found.setdefault((slip, service[1] if service else ""), []).append(host)
        return found


def _visible(services: Iterable[Service], namespace: str | None) -> tuple[Service, ...]:
    return tuple(service for service in services if namespace is None or service.exports.visible_in(namespace))
