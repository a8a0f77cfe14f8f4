"""From DestinationRules and VirtualServices to traffic policies, weights and routes: an object is carried wholly or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sailwright.commands.edit.adopt.inventory import Inventory, Notes, namespace_of
from sailwright.runtime.records import dataclass, field
from sailwright.source.manifest import Manifest

Tree = dict[str, Any]
_SETTINGS = ("timeout", "retries", "fault", "corsPolicy", "headers", "rewrite", "mirrorPercentage")
_ACTIONS = ("redirect", "directResponse", "delegate")
_SECTIONS = {"http": "routes", "tls": "tlsRoutes", "tcp": "tcpRoutes"}


@dataclass(frozen=True, slots=True)
class Host:
    """The service that is drafted, and its versions."""

    name: str
    namespace: str
    versions: tuple[str, ...]

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


def routing(host: Host, found: Inventory, notes: Notes) -> Routing:
    """Everything about the host that service.yaml can say. Notes tell what it cannot."""
    result = Routing(subsets={name: name for name in host.versions})
    kinds: tuple[tuple[str, Callable[..., Refusal | None]], ...] = (
        ("DestinationRule", _policy),
        ("VirtualService", _routes),
    )
    for kind, take in kinds:
        taken = False
        for manifest in found.of(kind):
            if _about(manifest, host):
                refusal = Refusal("another one says it already for this host") if taken else None
                refusal = refusal or take(manifest, host, result, notes)
                taken = taken or refusal is None
                if refusal:
                    notes.add(manifest, ("spec",), f"{refusal.reason}; left as it is")
    return result


def _about(manifest: Manifest, host: Host) -> bool:
    """Whether an object is about the host: a VirtualService also where it leads to it under other names."""
    namespace = namespace_of(manifest)
    if manifest.kind == "DestinationRule":
        return host.is_meant(str(manifest.spec.get("host", "")), namespace)
    return any(host.is_meant(str(name), namespace) for name in manifest.spec.get("hosts") or ())


def _policy(manifest: Manifest, host: Host, result: Routing, notes: Notes) -> Refusal | None:
    spec = manifest.spec
    if "workloadSelector" in spec:
        return Refusal("`workloadSelector` has no field in service.yaml")
    for index, subset in enumerate(spec.get("subsets") or ()):
        version = (subset.get("labels") or {}).get("version", subset["name"])
        path = ("spec", "subsets", index)
        if version not in host.versions:
            notes.add(manifest, path, f"subset {subset['name']} has no workload among these files; left out")
            continue
        if version != subset["name"]:
            notes.add(
                manifest, path, f"subset {subset['name']} becomes {version}: subsets are named as their versions are"
            )
        result.subsets[subset["name"]] = version
        if "trafficPolicy" in subset:
            result.versions.setdefault(version, {})["trafficPolicy"] = _short(subset["trafficPolicy"])
    if "trafficPolicy" in spec:
        result.top["trafficPolicy"] = _short(spec["trafficPolicy"])
    if "exportTo" in spec:
        result.top["exportTo"] = spec["exportTo"]
    if len(host.versions) == 1 and not ("trafficPolicy" in spec or result.versions):
        notes.add(manifest, ("spec",), "one version without a policy needs no DestinationRule: none is rendered")
    return None


def _short(policy: Tree) -> Tree:
    """`loadBalancer: {simple: WORD}` as a bare word."""
    balancer = policy.get("loadBalancer")
    if isinstance(balancer, dict) and balancer.keys() == {"simple"}:
        return {**policy, "loadBalancer": balancer["simple"]}
    return policy


def _routes(manifest: Manifest, host: Host, result: Routing, notes: Notes) -> Refusal | None:
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
            notes.add(
                manifest, ("spec", family), "what no rule matches was refused, and now goes to the versions by weight"
            )
        if routes:
            top[section] = routes
    result.top |= top
    if len(host.versions) == 1 and not top:
        notes.add(manifest, ("spec",), "one version without a route setting needs no VirtualService: none is rendered")
    if len(host.versions) > 1 and weights is not None:
        for name in host.versions:
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
    if not host.is_meant(_host(part), namespace):
        result = {"host": full(_host(part), namespace) + (".cluster.local" if "." not in _host(part) else "")}
        if "subset" in target:
            result["subset"] = target["subset"]
        if "port" in target:
            result["port"] = target["port"]["number"]
        return {**result, **extra}
    version = subsets.get(target.get("subset", "")) if "subset" in target else _only(host)
    if version is None:
        named = f"subset {target['subset']}, which no version is" if "subset" in target else "all versions at once"
        return Refusal(f"it leads to {named}")
    return {"version": version, **extra}


def _only(host: Host) -> str | None:
    return host.versions[0] if len(host.versions) == 1 else None


def _split(rule: Tree, host: Host, namespace: str, subsets: Mapping[str, str]) -> dict[str, int] | Refusal:
    parts = [_destination(part, host, namespace, subsets) for part in rule.get("route") or ()]
    if refusal := _refused(parts):
        return refusal
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
