"""From DestinationRules and VirtualServices to traffic policies, weights and routes: an object is carried wholly or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sailwright.commands.edit.adopt.carried import Carried
from sailwright.commands.edit.adopt.groups import Group
from sailwright.commands.edit.adopt.inventory import Inventory, namespace_of
from sailwright.commands.edit.adopt.versions import VersionDraft
from sailwright.runtime.records import dataclass, field
from sailwright.source.manifest import Manifest

Tree = dict[str, Any]
_SETTINGS = ("timeout", "retries", "fault", "corsPolicy", "headers", "rewrite", "mirrorPercentage")
_ACTIONS = ("redirect", "directResponse", "delegate")
_SECTIONS = {"http": "routes", "tls": "tlsRoutes", "tcp": "tcpRoutes"}


@dataclass(frozen=True, slots=True)
class Host:
    """The service that is drafted, its versions, and its port where it has one alone."""

    name: str
    namespace: str
    versions: tuple[str, ...]
    only_port: int | None = None

    @property
    def fqdn(self) -> str:
        """Its host in full."""
        return f"{self.name}.{self.namespace}.svc.cluster.local"

    def is_meant(self, host: str, namespace: str) -> bool:
        """Whether a host in an object of `namespace` is this service."""
        return full(host, namespace) == full(self.name, self.namespace)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an object stays as it is."""

    reason: str


@dataclass(slots=True)
class Routing:
    """What the objects about one host come to: keys of the file's top, and by version."""

    top: Tree = field(default_factory=dict)
    versions: dict[str, Tree] = field(default_factory=dict)
    subsets: dict[str, str] = field(default_factory=dict)
    """The version that a subset means."""


def full(host: str, namespace: str) -> str:
    """A short name as Istio completes it; the cluster domain is left off."""
    name = host.removesuffix(".cluster.local")
    return name if "." in name else f"{name}.{namespace}.svc"


Rules = Mapping[tuple[str, str], list[Manifest]]
"""The DestinationRules and VirtualServices by kind and host in full."""


def rules_by_host(found: Inventory) -> Rules:
    """The routing objects by the hosts that they are about."""
    result: dict[tuple[str, str], list[Manifest]] = {}
    for kind in ("DestinationRule", "VirtualService"):
        for manifest in found.of(kind):
            hosts = [manifest.spec.get("host")] if kind == "DestinationRule" else manifest.spec.get("hosts") or ()
            for host in dict.fromkeys(full(str(name), namespace_of(manifest)) for name in hosts):
                result.setdefault((kind, host), []).append(manifest)
    return result


def rules_about(group: Group, rules: Rules, carried: Carried) -> tuple[Manifest | None, Manifest | None]:
    """The DestinationRule and the VirtualService that a service.yaml can take over: the only ones about its host."""
    result: list[Manifest | None] = []
    for kind in ("DestinationRule", "VirtualService"):
        about = rules.get((kind, full(group.name, group.namespace)), [])
        fitting = [one for one in about if namespace_of(one) == group.namespace]
        if len(about) > 1:
            for manifest in fitting:
                carried.add(manifest, "others speak of the same host, and Istio merges them")
        kept = [manifest for manifest in fitting if manifest not in carried]
        result.append(kept[0] if kept else None)
    return result[0], result[1]


def routing(
    host: Host,
    rule: Manifest | None,
    routes: Manifest | None,
    versions: tuple[VersionDraft, ...],
    carried: Carried,
) -> Routing:
    """What the objects about a host come to in service.yaml; an object that it cannot say wholly is carried along."""
    result = Routing(subsets={version.name: version.name for version in versions if version.subset is not None})
    taken: list[Manifest] = []
    for manifest, refusal in (
        (rule, _policy(rule, result, versions) if rule else None),
        (routes, _routes(routes, host, result) if routes else None),
    ):
        if refusal is not None and manifest is not None:
            carried.add(manifest, refusal.reason)
        elif manifest is not None:
            taken.append(manifest)
    names = {f"{one.kind[0].lower()}{one.kind[1:]}": one.name for one in taken if one.name != host.name}
    if names:
        result.top["names"] = names
    return result


def _policy(manifest: Manifest, result: Routing, versions: tuple[VersionDraft, ...]) -> Refusal | None:
    spec = manifest.spec
    if "workloadSelector" in spec:
        return Refusal("`workloadSelector` has no field in service.yaml")
    if spec.get("subsets") and not any(version.subset is not None for version in versions):
        return Refusal("its subsets and the workloads among these files do not pair")
    for version in versions:
        if version.traffic_policy:
            result.versions.setdefault(version.name, {})["trafficPolicy"] = _short(dict(version.traffic_policy))
    if "trafficPolicy" in spec:
        result.top["trafficPolicy"] = _short(spec["trafficPolicy"])
    if "exportTo" in spec:
        result.top["exportTo"] = spec["exportTo"]
    return None


def _short(policy: Tree) -> Tree:
    """`loadBalancer: {simple: WORD}` as a bare word."""
    balancer = policy.get("loadBalancer")
    if isinstance(balancer, dict) and balancer.keys() == {"simple"}:
        return {**policy, "loadBalancer": balancer["simple"]}
    return policy


def _routes(manifest: Manifest, host: Host, result: Routing) -> Refusal | None:
    spec, namespace = manifest.spec, namespace_of(manifest)
    hosts = [str(name) for name in spec.get("hosts") or () if not host.is_meant(str(name), namespace)]
    gateways = [str(name) for name in spec.get("gateways") or ["mesh"]]
    outside = [name if "/" in name else f"{namespace}/{name}" for name in gateways if name != "mesh"]
    if "mesh" not in gateways or bool(hosts) != bool(outside):
        return Refusal("service.yaml binds one set of hosts to the mesh and to gateways alike, and this differs")
    top: Tree = {"expose": {"hosts": hosts, "gateways": outside}} if hosts else {}
    weights: dict[str, int] | None = None
    for family, section in _SECTIONS.items():
        rules = list(spec.get(family) or ())
        default = rules.pop() if rules and _catches_all(rules[-1], family, host, namespace) else None
        routes = [_rule(rule, index, host, namespace, result.subsets) for index, rule in enumerate(rules)]
        if refusal := _refused(routes):
            return refusal
        if default is not None:
            split = _split(default, host, namespace, result.subsets)
            if isinstance(split, Refusal):
                return split
            if weights is not None and split != weights:
                return Refusal("its http, tls and tcp defaults differ")
            weights = split
            top |= _settings(default, host, namespace, result.subsets)
        elif rules:
            return Refusal("it has no default route: what no rule matches is refused today")
        if routes:
            top[section] = routes
    if spec.get("exportTo", result.top.get("exportTo")) != result.top.get("exportTo"):
        return Refusal("it is exported otherwise than the DestinationRule")
    result.top |= top
    if len(host.versions) > 1 and weights:
        for name in result.subsets:
            result.versions.setdefault(name, {})["weight"] = weights.get(name, 0)
    return None


def _refused(parts: Iterable[Any]) -> Refusal | None:
    return next((part for part in parts if isinstance(part, Refusal)), None)


def _catches_all(rule: Tree, family: str, host: Host, namespace: str) -> bool:
    """Whether a rule is the default: it leads to versions, and matches everything (for TLS, the service's own name)."""
    if any(key in rule for key in _ACTIONS):
        return False
    if not all(host.is_meant(_host(part), namespace) for part in rule.get("route") or ()):
        return False
    matches = rule.get("match") or []
    if family == "tls":
        return len(matches) == 1 and matches[0].keys() <= {"sniHosts", "port"}
    return not matches or all(match.keys() <= {"port"} for match in matches)


def _host(part: Tree) -> str:
    return str((part.get("destination") or {}).get("host", ""))


def _rule(rule: Tree, index: int, host: Host, namespace: str, subsets: Mapping[str, str]) -> Tree | Refusal:
    result: Tree = {"name": rule.get("name") or f"route-{index + 1}"}
    if "match" in rule:
        result["match"] = rule["match"]
    result |= {key: rule[key] for key in _ACTIONS if key in rule}
    if "route" in rule:
        parts = [_destination(part, host, namespace, subsets) for part in rule["route"]]
        if refusal := _refused(parts):
            return refusal
        result["to"] = _to(parts)
    return result | _settings(rule, host, namespace, subsets)


def _to(parts: list[Any]) -> Any:
    """The shortest form: a version, weights by version, or the list."""
    if len(parts) == 1:
        weightless = {key: value for key, value in parts[0].items() if key != "weight"}
        return parts[0]["version"] if weightless.keys() == {"version"} else [weightless]
    if all(part.keys() == {"version", "weight"} for part in parts):
        return {part["version"]: part["weight"] for part in parts}
    return parts


def _destination(part: Tree, host: Host, namespace: str, subsets: Mapping[str, str]) -> Tree | Refusal:
    target = part.get("destination") or {}
    extra: Tree = {key: part[key] for key in ("weight", "headers") if key in part}
    own = host.is_meant(_host(part), namespace)
    if own and "subset" in target and target["subset"] not in subsets:
        return Refusal(f"it leads to subset {target['subset']}, which no version is")
    if own and (target.get("port") or {}).get("number", host.only_port) == host.only_port:
        version = subsets[target["subset"]] if "subset" in target else _only(host, subsets)
        if version is not None:
            return {"version": version, **extra}
    short = "." not in _host(part)
    result = (
        {"host": full(_host(part), namespace) + (".cluster.local" if short else "")} if not own else {"host": host.fqdn}
    )
    if "subset" in target:
        result["subset"] = target["subset"]
    if "port" in target:
        result["port"] = target["port"]["number"]
    return {**result, **extra}


def _only(host: Host, subsets: Mapping[str, str]) -> str | None:
    """The one version, where it is no subset: what leads to it leads to the host."""
    return host.versions[0] if len(host.versions) == 1 and not subsets else None


def _split(rule: Tree, host: Host, namespace: str, subsets: Mapping[str, str]) -> dict[str, int] | Refusal:
    whole: list[Tree] = list(rule.get("route") or ())
    target: Tree = (whole[0].get("destination") or {}) if len(whole) == 1 else {"subset": ""}
    if "subset" not in target and (target.get("port") or {}).get("number", host.only_port) == host.only_port:
        return {}  # to the host, whichever the version
    parts = [_destination(part, host, namespace, subsets) for part in whole]
    if refusal := _refused(parts):
        return refusal
    if any("version" not in part for part in parts if isinstance(part, dict)):
        return Refusal("the default route leads to the host and to versions, or to a port of its own")
    if any("headers" in part for part in parts if isinstance(part, dict)):
        return Refusal("the default route changes headers by destination")
    weights = {part["version"]: part.get("weight", 0) for part in parts if isinstance(part, dict)}
    if len(parts) == 1:
        return dict.fromkeys(weights, 100)
    total = sum(weights.values())
    return weights if total == 100 else Refusal(f"the weights of its default route sum to {total}, not to 100")


def _settings(rule: Tree, host: Host, namespace: str, subsets: Mapping[str, str]) -> Tree:
    result: Tree = {key: rule[key] for key in _SETTINGS if key in rule}
    if "mirror" in rule:
        result["mirror"] = _mirror(rule["mirror"], "to", host, namespace, subsets)
    if "mirrors" in rule:
        result["mirrors"] = [
            {**item, "destination": _mirror(item["destination"], "version", host, namespace, subsets)}
            for item in rule["mirrors"]
        ]
    return result


def _mirror(target: Tree, word: str, host: Host, namespace: str, subsets: Mapping[str, str]) -> Tree:
    part = _destination({"destination": target}, host, namespace, subsets)
    if isinstance(part, Refusal):
        return target
    return {word: part["version"]} if "version" in part else part
