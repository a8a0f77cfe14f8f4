"""Which workloads, hosts and namespaces an object is for: selectors, targetRefs, exportTo, gateway names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.mesh.values.names import (
    domain_fault,
    ip_fault,
    is_dns_label,
    is_ip,
    partial_wildcard_fault,
    wildcard_domain_fault,
)
from sailwright.validate.webhook_checks.subject import Message, error, warning

#: What a policy may be attached to: (group, kind); the empty group is Kubernetes' core.
_TARGETS = frozenset(
    (
        ("core", "Service"),
        ("networking.istio.io", "ServiceEntry"),
        ("gateway.networking.k8s.io", "Gateway"),
        ("gateway.networking.k8s.io", "GatewayClass"),
    )
)


def label_selector(selector: Message | None, path: Path, key: str, scope: str = "") -> Iterator[Problem]:
    """`selector.matchLabels` or `workloadSelector.labels` (`key`); `scope` says what a selector without labels takes."""
    if selector is None:
        return
    labels = selector.get(key) or {}
    for name, value in labels.items():
        if not name:
            yield error((*path, key, name), f"a selector's label key is empty: '={value}'")
        if "*" in name or "*" in value:
            yield error((*path, key, name), f"a selector takes no wildcard: '{name}={value}'")
    if not labels:
        yield warning(path, f"the selector has no labels{scope}")


def policy_target(spec: Message) -> Iterator[Problem]:
    """`selector`, `targetRef` and `targetRefs` of a policy: one of them, well formed."""
    present = [name for name in ("selector", "targetRef", "targetRefs") if name in spec]
    if len(present) > 1:
        yield error(("spec", present[1]), f"only one of {', '.join(present)} may be set")
    yield from label_selector(spec.get("selector"), ("spec", "selector"), "matchLabels")
    if "targetRef" in spec:
        yield from _target(spec["targetRef"], ("spec", "targetRef"))
    for place, target in enumerate(spec.get("targetRefs", ())):
        yield from _target(target, ("spec", "targetRefs", place))


def _target(target: Message, path: Path) -> Iterator[Problem]:
    if not target.get("name"):
        yield error(path, "the target needs a name")
    if target.get("namespace"):
        yield error((*path, "namespace"), "a policy cannot be attached across namespaces: leave namespace out")
    group, kind = target.get("group") or "core", target.get("kind", "")
    if (group, kind) not in _TARGETS:
        yield error(
            path, f"a policy cannot be attached to {group}/{kind}: Service, ServiceEntry, Gateway or GatewayClass"
        )


def export_to(spec: Message, namespace: str, none_allowed: bool = False, own_only: bool = False) -> Iterator[Problem]:
    """`none_allowed`: a ServiceEntry may be exported to nobody ("~"); `own_only`: a DestinationRule with a selector."""
    entries: Sequence[str] = spec.get("exportTo", ())
    seen: set[str] = set()
    for place, entry in enumerate(entries):
        key = namespace if entry == "." else entry
        where: Path = ("spec", "exportTo", place)
        if key in seen:
            yield error(
                where, f"exportTo names '{entry}' twice" if key == entry else "exportTo has '.' and its namespace"
            )
        elif fault := None if none_allowed and entry == "~" else _visibility_fault(key):
            yield error(where, fault)
        else:
            seen.add(key)
    where = ("spec", "exportTo")
    if own_only and seen and namespace not in seen:
        yield error(where, "with a workloadSelector, exportTo may only name the object's own namespace ('.')")
    elif own_only and len(seen) > 1:
        yield error(where, "with a workloadSelector, exportTo may have one entry only")
    if "*" in seen and len(entries) > 1:
        yield error(where, "'*' exports to every namespace: remove the other entries")
    if "~" in seen and len(entries) > 1:
        yield error(where, "'~' exports to no namespace: remove the other entries")


def _visibility_fault(entry: str) -> str | None:
    if entry in (".", "*") or is_dns_label(entry):
        return None
    if entry == "~":
        return "exportTo '~' (nobody) is for ServiceEntries only"
    return "exportTo takes '.', '*' or the name of a namespace"


def gateway_names(names: Sequence[str], path: Path, generated: bool = False) -> Iterator[Problem]:
    """Istio stops reading the list at the first name without a slash, `mesh` included, and so does this.

    `generated`: the object was made from Gateway API objects, whose names are not held to DNS labels.
    """
    for place, name in enumerate(names):
        where = (*path, place)
        namespace, slash, gateway = name.partition("/")
        if not slash:
            if "." in name:
                gateway, namespace = name.split(".")[:2]
                yield warning(where, f"'{name}' is the old form, write '{namespace}/{gateway}'")
            if fault := domain_fault(name):
                yield error(where, fault)
            return
        if not namespace or not gateway:
            yield error(where, "a gateway needs both a namespace and a name")
        if not is_dns_label(namespace):
            yield error(where, f"'{namespace}' is not a namespace")
        if not is_dns_label(gateway) and not generated:
            yield error(where, f"'{gateway}' is not the name of a Gateway")


def namespaced_host(entry: str, path: Path, gateway: bool, generated: bool = False) -> Iterator[Problem]:
    """`namespace/host` of a Sidecar's egress, or of a Gateway's server, where the namespace may be left out."""
    namespace, slash, host = entry.partition("/")
    if not slash:
        if gateway:
            yield from _namespaced_host_name(entry, path, gateway)
        else:
            yield error(path, "the host must be namespace/host, as in ./* or shop/api.example.com")
        return
    if not namespace or not host:
        yield error(path, "the entry needs both a namespace and a host")
    words = ("*", ".", "~") if generated or not gateway else ("*", ".")
    if namespace not in words and not is_dns_label(namespace):
        yield error(path, f"'{namespace}' is not a namespace")
    yield from _namespaced_host_name(host, path, gateway)


def _namespaced_host_name(host: str, path: Path, gateway: bool) -> Iterator[Problem]:
    if host != "*" and "." not in host:
        yield error(path, "a short name does not do: write the full host")
    if fault := wildcard_domain_fault(host):
        if not gateway:
            yield error(path, fault)
        if not is_ip(host):
            yield error(path, fault)
    if fault := partial_wildcard_fault(host):
        yield error(path, fault)


def bind_fault(bind: str) -> str | None:
    return ip_fault(bind) if bind else None
