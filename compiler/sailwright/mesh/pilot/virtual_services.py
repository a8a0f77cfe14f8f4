"""VirtualServices as istiod reads them: names in full, delegates merged in, oldest first.

Source: Istio `pilot/pkg/model/virtualservice.go` and `push_context.go`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.mesh.pilot import delegates
from sailwright.mesh.pilot.gateway_names import MESH, gateway_name
from sailwright.mesh.pilot.service_registry import creation
from sailwright.mesh.values.hosts import fqdn
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of `http`. `value` has its names in full; `paths` are those of its match entries in `manifest`.

    A rule of a delegate stands in the delegate's `manifest`; `via` is then the place in the root that hands over to it.
    """

    value: Mapping[str, Any]
    manifest: Manifest
    path: Path
    via: tuple[Manifest, Path] | None = None
    match_path: Path = ()
    """Where its one match is written, for a rule of the Gateway API; empty where `match` of `path` holds the entries."""

    def place_of(self, entry: int | None) -> Path:
        """Where a match entry is written in `manifest`; the rule itself, where it has none or joins a root's to its own."""
        if entry is None or self.via is not None:
            return self.path
        return self.match_path or (*self.path, "match", entry)


@dataclass(frozen=True, slots=True)
class LostRule:
    """A rule that istiod leaves out as it merges delegates in: the root's, or the delegate's under it; `reason` says why."""

    manifest: Manifest
    path: Path
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class VirtualService:
    """A VirtualService with hosts, or what istiod makes of a route of the Gateway API. `gateways` is never empty: `mesh` is the default. `tcp` and `tls` have names in full."""

    namespace: str
    name: str
    hosts: tuple[str, ...]
    gateways: tuple[str, ...]
    export_to: frozenset[str]
    rules: tuple[Rule, ...]
    tcp: tuple[Mapping[str, Any], ...]
    tls: tuple[Mapping[str, Any], ...]
    manifest: Manifest
    lost: tuple[LostRule, ...] = ()
    """The rules that delegation drops."""
    gateway_api: bool = False
    """Whether it is made of a route of the Gateway API: `manifest` is that route then, the oldest of several."""

    @property
    def title(self) -> str:
        """`namespace/name`."""
        return f"{self.namespace}/{self.name}"

    @property
    def kind(self) -> str:
        """The kind of the object: VirtualService, or that of a route."""
        return self.manifest.kind

    @property
    def answer_title(self) -> str:
        """What an answer calls it; empty where it is no VirtualService of the input."""
        return "" if self.gateway_api else self.title


def virtual_services(
    manifests: Iterable[Manifest], domain: str, default_export: frozenset[str] = frozenset({"*"})
) -> list[VirtualService]:
    """The VirtualServices that have hosts, in the order in which istiod prefers them: oldest, then name, then namespace."""
    found = sorted(
        (manifest for manifest in manifests if manifest.kind == "VirtualService"),
        key=lambda manifest: (creation(manifest), manifest.name, manifest.namespace or "default"),
    )
    children = {(child.namespace or "default", child.name): child for child in found if not child.spec.get("hosts")}
    return [_read(root, children, domain, default_export) for root in found if root.spec.get("hosts")]


def _read(
    manifest: Manifest,
    children: Mapping[tuple[str, str], Manifest],
    domain: str,
    default_export: frozenset[str],
) -> VirtualService:
    spec = manifest.spec
    namespace = manifest.namespace or "default"
    found: list[Rule | LostRule] = []
    for index, entry in enumerate(spec.get("http") or ()):
        rule = Rule(with_full_names(entry, namespace, domain), manifest, ("spec", "http", index))
        found.extend(_delegated(rule, children, domain, default_export) if entry.get("delegate") else [rule])
    return VirtualService(
        namespace=namespace,
        name=manifest.name,
        hosts=tuple(fqdn(host, namespace, domain) for host in spec["hosts"]),
        gateways=tuple(gateway_name(name, namespace) for name in spec.get("gateways") or (MESH,)),
        export_to=frozenset(spec.get("exportTo") or ()),
        rules=tuple(rule for rule in found if isinstance(rule, Rule)),
        tcp=tuple(with_full_names(entry, namespace, domain) for entry in spec.get("tcp") or ()),
        tls=tuple(with_full_names(entry, namespace, domain) for entry in spec.get("tls") or ()),
        manifest=manifest,
        lost=tuple(rule for rule in found if isinstance(rule, LostRule)),
    )


def _delegated(
    rule: Rule,
    children: Mapping[tuple[str, str], Manifest],
    domain: str,
    default_export: frozenset[str],
) -> list[Rule | LostRule]:
    """The rules of the delegate, narrowed by the root's rule; the root's is lost where it is missing or not exported to it."""
    root = rule.manifest.namespace or "default"
    reference = rule.value["delegate"]
    owner = reference.get("namespace") or root
    child = children.get((owner, reference.get("name") or ""))
    title = f"its delegate {owner}/{reference.get('name') or ''}"
    if child is None:
        return [LostRule(rule.manifest, rule.path, f"{title} is no VirtualService without hosts")]
    exported = frozenset(child.spec.get("exportTo") or default_export)
    if not {"*", root} & {owner if word == "." else word for word in exported}:
        return [LostRule(rule.manifest, rule.path, f"{title} is not exported to namespace {root}")]
    merged: list[Rule | LostRule] = []
    for index, entry in enumerate(child.spec.get("http") or ()):
        value = delegates.merge(rule.value, with_full_names(entry, owner, domain))
        path: Path = ("spec", "http", index)
        if value is None:
            reason = "its match does not fit the rule that hands over to it"
            merged.append(LostRule(child, path, reason))
        else:
            merged.append(Rule(value, child, path, via=(rule.manifest, rule.path)))
    return merged


def with_full_names(entry: Mapping[str, Any], namespace: str, domain: str) -> Mapping[str, Any]:
    """A rule with destinations, mirrors and gateways in full. Keys that hold null count as absent."""
    rule = {key: value for key, value in entry.items() if value is not None}
    if "match" in rule:
        rule["match"] = [_match(match, namespace) for match in rule["match"]]
    if "route" in rule:
        rule["route"] = [_with_destination(target, namespace, domain) for target in rule["route"]]
    if "mirror" in rule:
        rule["mirror"] = _destination(rule["mirror"], namespace, domain)
    if "mirrors" in rule:
        rule["mirrors"] = [_with_destination(mirror, namespace, domain) for mirror in rule["mirrors"]]
    return rule


def _match(match: Mapping[str, Any], namespace: str) -> Mapping[str, Any]:
    known = {key: value for key, value in match.items() if value is not None}
    if known.get("gateways"):
        known["gateways"] = [gateway_name(name, namespace) for name in known["gateways"]]
    return known


def _with_destination(target: Mapping[str, Any], namespace: str, domain: str) -> Mapping[str, Any]:
    return {**target, "destination": _destination(target.get("destination") or {}, namespace, domain)}


def _destination(destination: Mapping[str, Any], namespace: str, domain: str) -> Mapping[str, Any]:
    return {**destination, "host": fqdn(destination.get("host") or "", namespace, domain)}
