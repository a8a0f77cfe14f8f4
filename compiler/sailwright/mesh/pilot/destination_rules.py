"""Which DestinationRule a caller gets for a host, and which subsets it defines.

Source: Istio `pilot/pkg/model/destination_rule.go` and `push_context.go` (setDestinationRules, destinationRule).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sailwright.mesh.objects.export_to import EVERYWHERE, HERE
from sailwright.mesh.pilot.gateway_names import is_wildcard, most_specific
from sailwright.mesh.pilot.service_registry import creation
from sailwright.mesh.values.hosts import fqdn
from sailwright.runtime.records import dataclass, field
from sailwright.source.manifest import Manifest


@dataclass(slots=True, eq=False)
class DestinationRule:
    """Every DestinationRule of one namespace, host and audience, merged: the first policy, all subsets.

    `selector` narrows it to the workloads of its own namespace that carry these labels; None is for all.
    """

    namespace: str
    export_to: frozenset[str]
    selector: Mapping[str, str] | None
    policy: Mapping[str, Any] | None
    subsets: dict[str, Mapping[str, Any]]
    manifests: list[Manifest]


@dataclass(slots=True)
class HostRules:
    """The rules of one namespace by host, full names and wildcards apart."""

    exact: dict[str, list[DestinationRule]] = field(default_factory=dict)
    wildcards: dict[str, list[DestinationRule]] = field(default_factory=dict)

    def find(self, host: str) -> list[DestinationRule] | None:
        """The rules of the most specific host that covers `host`."""
        return most_specific(host, self.exact, self.wildcards)

    def add(self, host: str, rule: DestinationRule) -> None:
        """Merge a rule into those of its host; rules for other audiences or other workloads stay apart.

        As in istiod the last rule that was already there decides whether the new one also stands on its own.
        """
        known = (self.wildcards if is_wildcard(host) else self.exact).setdefault(host, [])
        apart = True
        for other in known:
            wider_audience = bool(other.export_to) and rule.export_to >= other.export_to
            rivals = rule.selector is not None and other.selector is not None and rule.selector != other.selector
            if not (rule.export_to == other.export_to or wider_audience) or rivals:
                apart = True
                continue
            apart = rule.selector != other.selector
            _absorb(other, rule)
        if apart:
            known.append(rule)


def _absorb(other: DestinationRule, rule: DestinationRule) -> None:
    other.subsets = {**rule.subsets, **other.subsets}
    other.policy = rule.policy if other.policy is None else other.policy
    other.manifests = [*other.manifests, *rule.manifests]


class DestinationRules:
    """The DestinationRules of a world, by the namespace that owns them and by who may use them."""

    def __init__(
        self, manifests: Iterable[Manifest], domain: str, root_namespace: str, default: frozenset[str]
    ) -> None:
        self._root = root_namespace
        self._local: dict[str, HostRules] = {}
        self._exported: dict[str, HostRules] = {}
        self._root_private = HostRules()
        found = [manifest for manifest in manifests if manifest.kind == "DestinationRule"]
        found.sort(
            key=lambda manifest: (
                not manifest.spec.get("workloadSelector"),
                creation(manifest),
                manifest.name,
                manifest.namespace or "default",
            )
        )
        for manifest in found:
            self._add(manifest, domain, default)

    def _add(self, manifest: Manifest, domain: str, default: frozenset[str]) -> None:
        namespace = manifest.namespace or "default"
        selector = manifest.spec.get("workloadSelector")
        exported = frozenset({HERE}) if selector else frozenset(manifest.spec.get("exportTo") or ())
        host = fqdn(manifest.spec.get("host") or "", namespace, domain)
        if not exported or exported & {EVERYWHERE, HERE, namespace}:
            self._local.setdefault(namespace, HostRules()).add(host, _read(manifest, namespace, exported))
        private = exported in ({HERE}, {namespace}) or (not exported and HERE in default)
        if not private:
            self._exported.setdefault(namespace, HostRules()).add(host, _read(manifest, namespace, exported))
        elif namespace == self._root:
            self._root_private.add(host, _read(manifest, namespace, exported))

    def of(self, host: str, owner: str, caller: str, labels: Mapping[str, str]) -> DestinationRule | None:
        """The rule that a workload of namespace `caller` applies to `host`, whose service belongs to namespace `owner`."""
        chosen: DestinationRule | None = None
        for rule in self._candidates(host, owner, caller):
            if rule.selector is None:
                chosen = rule
            elif rule.namespace == caller and rule.selector.items() <= labels.items():
                return rule
        return chosen

    def _candidates(self, host: str, owner: str, caller: str) -> list[DestinationRule]:
        own = self._root_private if caller == self._root else self._local.get(caller)
        found = own.find(host) if own else None
        if found is not None:
            return found
        for namespace in (owner, self._root):
            rules = self._exported.get(namespace)
            exported = [
                rule
                for rule in (rules.find(host) if rules else None) or ()
                if not rule.export_to or rule.export_to & {EVERYWHERE, caller}
            ]
            if exported:
                return exported
        return []


def _read(manifest: Manifest, namespace: str, exported: frozenset[str]) -> DestinationRule:
    spec = manifest.spec
    selector = spec.get("workloadSelector")
    return DestinationRule(
        namespace=namespace,
        export_to=exported,
        selector=None if selector is None else selector.get("matchLabels") or {},
        policy=spec.get("trafficPolicy"),
        subsets={name: subset for subset in reversed(spec.get("subsets") or ()) if (name := subset.get("name"))},
        manifests=[manifest],
    )
