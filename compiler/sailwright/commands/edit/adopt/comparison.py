"""One object before and after adoption, compared by meaning: what is the same, what was added and is safe, what is different."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.commands.diff.differences import differences
from sailwright.commands.edit.adopt.api_defaults import without_defaults
from sailwright.commands.edit.adopt.inventory import DEFAULT_NAMESPACE
from sailwright.commands.edit.adopt.routing_meaning import OnlyPorts, destination_rule, virtual_service
from sailwright.runtime.records import dataclass, field
from sailwright.source.untyped import mapping

Tree = dict[str, Any]
_MANAGED_BY = "app.kubernetes.io/managed-by"
_OUR_LABELS = frozenset(("app.kubernetes.io/name", "app.kubernetes.io/part-of", _MANAGED_BY))
_OUR_ANNOTATIONS = ("sailwright.dev/", "argocd.argoproj.io/sync-wave")
DOMAIN = "cluster.local"
IMPLIED: Mapping[str, Mapping[str, Any]] = {
    "AuthorizationPolicy": {"action": "ALLOW", "rules": []},
    "ServiceEntry": {"location": "MESH_EXTERNAL", "resolution": "NONE"},
}
"""What the absence of a field means in Istio's objects (security/v1beta1, networking/v1alpha3)."""
_READ_ELSEWHERE = frozenset(("apiVersion", "kind", "metadata", "status"))


@dataclass(slots=True)
class Comparison:
    """What adoption does to an object. With anything in `different` the draft does not keep it.

    `added` and `changed` are differences that no request and no pod notices.
    """

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)


def compare(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    only_ports: OnlyPorts | None = None,
    domain: str = DOMAIN,
) -> Comparison:
    """Compare an object with what is rendered in its place; `only_ports` has the port of each host that has one.

    `domain` is the DNS domain of the cluster, in which short hosts are completed.
    """
    result = Comparison()
    _metadata(before, after, result)
    kind = str(before.get("kind", ""))
    old, new = without_defaults(before), without_defaults(after)
    if kind == "Service":
        _ports(old, new, result)
    namespace = str(mapping(before.get("metadata")).get("namespace") or DEFAULT_NAMESPACE)
    if domain != DOMAIN and kind in ("VirtualService", "DestinationRule"):
        old, new = _of_domain(old, domain), _of_domain(new, domain)
    if kind == "VirtualService":
        old, new = (virtual_service(side, namespace, only_ports or {}) for side in (old, new))
    elif kind == "DestinationRule":
        old, new = destination_rule(old, namespace), destination_rule(new, namespace)
    elif kind in IMPLIED:
        old, new = (_without_implied(side, IMPLIED[kind]) for side in (old, new))
    result.different += differences(_body(old), _body(new))
    return result


def _without_implied(value: Tree, implied: Mapping[str, Any]) -> Tree:
    """An object of Istio's without the fields that say what their absence says."""
    spec = mapping(value.get("spec"))
    return {**value, "spec": {key: entry for key, entry in spec.items() if entry != implied.get(key)}}


def merged(by_cluster: Mapping[str, Comparison]) -> Comparison:
    """The comparisons of an object in several clusters as one: a line that is not so in all of them names where it is."""
    result = Comparison()
    for word in ("added", "changed", "different"):
        places: dict[str, list[str]] = {}
        for title, one in by_cluster.items():
            for line in getattr(one, word):
                places.setdefault(line, []).append(title)
        lines = getattr(result, word)
        for line, titles in places.items():
            lines.append(line if len(titles) == len(by_cluster) else f"{line} (in {', '.join(titles)})")
    return result


def _of_domain(value: Any, domain: str) -> Any:
    """An object with the hosts of a cluster in the usual domain; hosts that are written in that one are none of its own."""
    if isinstance(value, dict):
        return {key: _of_domain(entry, domain) for key, entry in value.items()}
    if isinstance(value, list):
        return [_of_domain(entry, domain) for entry in value]
    if not isinstance(value, str):
        return value
    if value.endswith(f".svc.{domain}"):
        return f"{value.removesuffix(domain)}{DOMAIN}"
    return f"{value}." if value.endswith(f".svc.{DOMAIN}") else value


def _body(value: Tree) -> Tree:
    return {key: entry for key, entry in value.items() if key not in _READ_ELSEWHERE}


def _metadata(before: Mapping[str, Any], after: Mapping[str, Any], result: Comparison) -> None:
    old, new = mapping(before.get("metadata")), mapping(after.get("metadata"))
    for what, word in (("labels", "label"), ("annotations", "annotation")):
        had, has = mapping(old.get(what)), mapping(new.get(what))
        for key, value in had.items():
            if key not in has:
                result.different.append(f"the {word} {key} is gone")
            elif str(has[key]) != str(value):
                line = f"the {word} {key} {value} -> {has[key]}"
                (result.changed if key == _MANAGED_BY else result.different).append(line)
        for key in has.keys() - had.keys():
            ours = key in _OUR_LABELS if what == "labels" else key.startswith(_OUR_ANNOTATIONS)
            if not ours:
                result.different.append(f"the {word} {key} is new")


def _ports(old: Tree, new: Tree, result: Comparison) -> None:
    """A port may get a name and an `appProtocol` that says what its name says."""
    before, after = mapping(old.get("spec")).get("ports"), mapping(new.get("spec")).get("ports")
    if not isinstance(before, list) or not isinstance(after, list) or len(before) != len(after):
        return
    for port, now in zip(before, after, strict=True):
        for line in _declared(port, now):
            (result.changed if "Istio detected it" in line else result.added).append(line)


def _declared(port: Tree, now: Tree) -> Iterator[str]:
    from sailwright.commands.edit.adopt.ports import named_protocol

    title = f"port {port.get('name') or port.get('port')}"
    if "name" not in port and "name" in now:
        port["name"] = now["name"]
        yield f"{title} is named {now['name']}"
    if "appProtocol" not in port and "appProtocol" in now:
        said = named_protocol(port)
        port["appProtocol"] = now["appProtocol"]
        if said == now["appProtocol"]:
            yield f"{title}: appProtocol {now['appProtocol']}, as its name says"
        else:
            yield f"{title}: appProtocol {now['appProtocol']}, where Istio detected it so far"
