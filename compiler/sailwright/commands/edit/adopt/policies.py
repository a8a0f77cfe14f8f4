"""AuthorizationPolicy, PeerAuthentication and Sidecar of a service, in the words of service.yaml where it has them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sailwright.commands.edit.adopt.carried import Carried
from sailwright.commands.edit.adopt.groups import Group
from sailwright.commands.edit.adopt.inventory import Inventory, is_label, labels_of
from sailwright.commands.edit.adopt.pods import account_name
from sailwright.project.schema.judge import schema
from sailwright.runtime.records import dataclass, field
from sailwright.runtime.regex import regex
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import items, mapping, text

Tree = dict[str, Any]
KINDS: Mapping[str, str] = {
    "AuthorizationPolicy": "security.istio.io",
    "PeerAuthentication": "security.istio.io",
    "Sidecar": "networking.istio.io",
}
"""The API group of each kind that may become words of a service."""
_PRINCIPAL = regex(r"cluster\.local/ns/([a-z0-9-]+)/sa/([a-z0-9.-]+)")
_NOTHING = "~/*"


@dataclass(frozen=True, slots=True)
class Accounts:
    """The services, NAMESPACE/NAME, by the ServiceAccount that all their pods run as, where it is theirs alone."""

    services: Mapping[tuple[str, str], str] = field(default_factory=dict)
    hosts: Mapping[str, str] = field(default_factory=dict)
    """The services by the egress host, NAMESPACE/HOST, that stands for them alone."""


def accounts(groups: Iterable[Group], carried: Carried) -> Accounts:
    """Whom the principals and the egress hosts of policies mean."""
    found: dict[tuple[str, str], list[str]] = {}
    hosts: dict[str, str] = {}
    for group in groups:
        title = f"{group.namespace}/{group.name}"
        names = {account_name(workload) for workload in group.workloads}
        if names and not any(workload in carried for workload in group.workloads):
            for name in names:
                found.setdefault((group.namespace, name), []).append(title if len(names) == 1 else "")
        if len(group.services) == 1 and group.services[0] not in carried:
            hosts[f"{group.namespace}/{group.services[0].name}.{group.namespace}.svc.cluster.local"] = title
    return Accounts({key: titles[0] for key, titles in found.items() if len(titles) == 1 and titles[0]}, hosts)


def policies(group: Group, found: Inventory, carried: Carried, known: Accounts) -> tuple[Tree, tuple[Manifest, ...]]:
    """The words of a service for the policies that are named as it is and are about its pods, and those policies.

    What has no word stays as it is; whether the words mean the same is for the comparison to say.
    """
    tree: Tree = {}
    taken: list[Manifest] = []
    selector = _selector(group, carried)
    for kind, api_group in KINDS.items():
        policy = found.find(kind, group.namespace, group.name)
        if policy is None or policy.group != api_group or policy in carried:
            continue
        word = _WORDS[kind](policy, selector, known)
        if word is None:
            continue
        taken.append(policy)
        for key, value in word.items():
            tree[key] = {**tree.get(key, {}), **value}
    return tree, tuple(taken)


def _selector(group: Group, carried: Carried) -> Mapping[str, str]:
    """The labels by which the policies of the service will know its pods."""
    if group.service is not None and group.service not in carried:
        return mapping(group.service.spec.get("selector"))
    app = labels_of(group.workloads[0]).get("app") if group.workloads else None
    return {"app": app or group.name}


def _inbound(policy: Manifest, selector: Mapping[str, str], known: Accounts) -> Tree | None:
    spec = policy.spec
    rules = items(spec.get("rules"))
    selects = mapping(spec.get("selector")) == {"matchLabels": selector}
    if not selects or spec.keys() - {"selector", "action", "rules"} or spec.get("action", "ALLOW") != "ALLOW":
        return None
    if not rules:
        return {"accessPolicy": {"inbound": []}}
    if len(rules) > 1 or mapping(rules[0]).keys() != {"from"}:
        return None
    callers: list[Tree] = []
    for entry in items(rules[0]["from"]):
        source = mapping(mapping(entry).get("source"))
        if mapping(entry).keys() != {"source"} or len(source) != 1:
            return None
        (key,) = source
        listed = items(source[key])
        if not listed or not all(isinstance(one, str) and one for one in listed):
            return None
        if key == "principals":
            callers += (_caller(name, known) for name in listed)
        elif key == "namespaces" and all(map(is_label, listed)):
            callers += ({"namespace": name} for name in listed)
        else:
            return None
    return {"accessPolicy": {"inbound": callers}} if callers else None


def _caller(principal: str, known: Accounts) -> Tree:
    match = _PRINCIPAL.fullmatch(principal)
    service = known.services.get((match[1], match[2])) if match else None
    return {"service": service} if service else {"principal": principal}


def _mutual_tls(policy: Manifest, selector: Mapping[str, str], known: Accounts) -> Tree | None:  # noqa: ARG001
    mode = mapping(policy.spec.get("mtls")).get("mode")
    wanted = {"selector": {"matchLabels": selector}, "mtls": {"mode": mode}}
    known_modes = schema("service")["$defs"]["Mesh"]["properties"]["mtls"]["enum"]
    return {"mesh": {"mtls": mode}} if mode and mode in known_modes and policy.spec == wanted else None


def _outbound(policy: Manifest, selector: Mapping[str, str], known: Accounts) -> Tree | None:
    spec = policy.spec
    egress = items(spec.get("egress"))
    if spec.keys() != {"workloadSelector", "egress"} or mapping(spec["workloadSelector"]) != {"labels": selector}:
        return None
    if len(egress) != 1 or mapping(egress[0]).keys() != {"hosts"}:
        return None
    hosts = items(egress[0]["hosts"])
    if hosts == [_NOTHING]:
        return {"accessPolicy": {"outbound": []}}
    callees = list(_callees(hosts, known))
    return {"accessPolicy": {"outbound": callees}} if len(callees) == len(hosts) else None


def _callees(hosts: Iterable[object], known: Accounts) -> Iterator[Tree]:
    host_name = re.compile(schema("service")["$defs"]["Host"]["pattern"])
    for host in hosts:
        namespace, _, name = text(host).partition("/")
        if text(host) in known.hosts:
            yield {"service": known.hosts[text(host)]}
        elif name == "*" and is_label(namespace):
            yield {"namespace": namespace}
        elif namespace == "*" and name != "*" and host_name.fullmatch(name):
            yield {"host": name}


_WORDS = {"AuthorizationPolicy": _inbound, "PeerAuthentication": _mutual_tls, "Sidecar": _outbound}
