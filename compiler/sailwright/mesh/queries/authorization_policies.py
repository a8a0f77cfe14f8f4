"""What an AuthorizationPolicy asks of requests: its sources, operations and conditions, each with its path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from sailwright.diagnostics.finding import Path
from sailwright.mesh.objects.run_time_labels import of_some_pods
from sailwright.mesh.objects.selectors import match_labels
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.istioctl_compat import in_mesh
from sailwright.mesh.queries.pod_proxies import in_ambient_mode
from sailwright.mesh.queries.traffic_policies import Governed, all_tcp
from sailwright.mesh.values import kinds
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, items, mapping, text, texts

if TYPE_CHECKING:
    from sailwright.mesh.index import Index

Part = tuple[Path, Mapping[str, Any]]

HTTP_ONLY: Final = ("methods", "notMethods", "paths", "notPaths", "hosts", "notHosts")
"""What an operation can ask of requests alone."""


def sources(policy: Manifest) -> Iterator[Part]:
    """The `source` of each entry of `from`, of all its rules."""
    return _parts(policy, "from", "source")


def operations(policy: Manifest) -> Iterator[Part]:
    """The `operation` of each entry of `to`, of all its rules."""
    return _parts(policy, "to", "operation")


def conditions(policy: Manifest) -> Iterator[Part]:
    """Each entry of `when`, of all its rules."""
    for path, rule in entries(policy.spec.get("rules"), ("spec", "rules")):
        yield from entries(rule.get("when"), (*path, "when"))


def principals(policy: Manifest) -> Iterator[tuple[Path, str]]:
    """The principals that its sources name."""
    for path, source in sources(policy):
        for position, written in enumerate(items(source.get("principals"))):
            if isinstance(written, str):
                yield (*path, "principals", position), written


def of_requests(policy: Manifest) -> Iterator[tuple[Path, str, list[str]]]:
    """What only requests have, each with its name and the ports that its own operation asks for."""
    for path, operation in operations(policy):
        yield from (((*path, key), key, texts(operation.get("ports"))) for key in HTTP_ONLY if key in operation)
    for path, source in sources(policy):
        keys = (key for key in ("requestPrincipals", "notRequestPrincipals") if key in source)
        yield from (((*path, key), key, []) for key in keys)
    for path, condition in conditions(policy):
        key = text(condition.get("key"))
        if key.startswith("request."):
            yield (*path, "key"), key, []


def pod_ports(index: Index, selector: dict[str, str], namespace: str) -> dict[str, Governed]:
    """The pods' ports that Services lead to, as a policy writes them; not those that are TCP in one pod and HTTP in another."""
    found: dict[str, Governed] = {}
    unsettled: set[str] = set()
    for workload in index.selected(selector, namespace):
        for service in index.services_of(workload) if index.injected(workload) is not False else ():
            for port in service.ports:
                number = str(workload.port_number(port.on_pod))
                known = found.setdefault(number, Governed(service.hosts[0], service, port))
                if known.port.protocol.is_tcp != port.protocol.is_tcp:
                    unsettled.add(number)
    return {number: governed for number, governed in found.items() if number not in unsettled}


def reason_if_tcp(ports: Mapping[str, Governed], wanted: Sequence[str]) -> str:
    """Why each of the wanted ports of the pods is TCP; empty where one is not, or is unknown."""
    found = tuple(ports[port] for port in wanted if port in ports)
    return str(found[0]) if len(found) == len(wanted) and all_tcp(found) else ""


def _parts(policy: Manifest, key: str, inner: str) -> Iterator[Part]:
    for rule_path, rule in entries(policy.spec.get("rules"), ("spec", "rules")):
        for path, entry in entries(rule.get(key), (*rule_path, key)):
            yield (*path, inner), mapping(entry.get(inner))


class Authorization:
    """The AuthorizationPolicies of a world by the workloads they are for. One for some pods of a workload does not count."""

    def __init__(self, index: Index) -> None:
        self._root = index.mesh.root_namespace
        self._of_workload: dict[Manifest, list[Manifest]] = {}
        self._of_namespace: dict[str, list[Manifest]] = {}
        self._selecting: dict[str, list[tuple[Mapping[str, str], Manifest]]] = {}
        for policy in index.of(kinds.AUTHORIZATION_POLICY):
            namespace, selector = index.namespace_of(policy), match_labels(policy)
            if not selector:
                self._of_namespace.setdefault(namespace, []).append(policy)
                continue
            self._selecting.setdefault(namespace, []).append((selector, policy))
            if of_some_pods(selector):
                continue
            for workload in index.selected(selector, None if namespace == self._root else namespace):
                self._of_workload.setdefault(workload.manifest, []).append(policy)

    def selecting(self, workload: Workload) -> tuple[Manifest, ...]:
        """The policies whose selector selects a workload."""
        return tuple(self._of_workload.get(workload.manifest, ()))

    def for_pods(self, namespace: str, labels: Mapping[str, str]) -> tuple[Manifest, ...]:
        """All policies for pods with these labels, whether or not the repository holds their workload."""
        places = dict.fromkeys((namespace, self._root))
        found = [pair for place in places for pair in self._selecting.get(place, ())]
        chosen = (policy for selector, policy in found if selector.items() <= labels.items())
        return (*chosen, *self.of_namespace(namespace))

    def of_namespace(self, namespace: str) -> tuple[Manifest, ...]:
        """The policies for every workload of a namespace: its own without a selector, and the mesh's."""
        places = dict.fromkeys((namespace, self._root))
        return tuple(policy for place in places for policy in self._of_namespace.get(place, ()))


class Members:
    """The workloads that are in the mesh, or may be."""

    def __init__(self, index: Index) -> None:
        found = [pod for pod in index.workloads if _is_member(index, pod)]
        self._pods = frozenset(map(id, found))
        self.namespaces = frozenset(pod.namespace for pod in found)

    def __bool__(self) -> bool:
        return bool(self._pods)

    def __contains__(self, pod: Workload) -> bool:
        return id(pod) in self._pods


def _is_member(index: Index, pod: Workload) -> bool:
    namespace = index.namespace(pod.namespace)
    if index.facts.compat:
        ambient = pod.annotations.get("ambient.istio.io/redirection") == "enabled"
        return ambient or in_mesh(pod.containers, pod.labels, pod.annotations, namespace.labels)
    return in_ambient_mode(index, pod) is True or index.injected(pod) is not False
