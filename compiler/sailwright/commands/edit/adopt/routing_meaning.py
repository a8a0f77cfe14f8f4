"""DestinationRules and VirtualServices in one form, so that two that mean the same are equal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sailwright.commands.edit.adopt.routing import full
from sailwright.source.untyped import mapping

Tree = dict[str, Any]
OnlyPorts = Mapping[str, int]
"""The port of each host that has one alone: a destination that names it says nothing."""


def destination_rule(value: Tree, namespace: str) -> Tree:
    """A DestinationRule with its host in full and its subsets by name: their order says nothing."""
    spec = dict(mapping(value.get("spec")))
    spec["host"] = full(str(spec.get("host", "")), namespace)
    subsets = [subset for subset in spec.get("subsets") or () if isinstance(subset, dict)]
    spec["subsets"] = {str(subset.get("name")): {**subset, "labels": subset.get("labels") or {}} for subset in subsets}
    return {**value, "spec": spec}


def virtual_service(value: Tree, namespace: str, only_ports: OnlyPorts) -> Tree:
    """A VirtualService with hosts in full, without names of rules, weights of nothing, and matches of every port in turn."""
    spec = dict(mapping(value.get("spec")))
    spec["hosts"] = sorted(full(str(host), namespace) for host in spec.get("hosts") or ())
    gateways = [str(name) for name in spec.get("gateways") or ("mesh",)]
    spec["gateways"] = sorted(name if "/" in name or name == "mesh" else f"{namespace}/{name}" for name in gateways)
    for family in ("http", "tls", "tcp"):
        rules = [_rule(rule, namespace, only_ports) for rule in spec.get(family) or () if isinstance(rule, dict)]
        if family == "tls":
            rules = [_named_by_itself(rule, namespace) for rule in rules]
        spec[family] = _collapsed(rules)
    return {**value, "spec": spec}


def _rule(rule: Tree, namespace: str, only_ports: OnlyPorts) -> Tree:
    result = {key: entry for key, entry in rule.items() if key != "name"}
    route = [_part(part, namespace, only_ports) for part in rule.get("route") or () if isinstance(part, dict)]
    if len(route) > 1:
        route = [part for part in route if part.get("weight")]
    if len(route) == 1:
        route = [{key: entry for key, entry in route[0].items() if key != "weight"}]
    if route:
        result["route"] = sorted(route, key=repr)
    if isinstance(rule.get("mirror"), dict):
        result["mirror"] = _target(rule["mirror"], namespace, only_ports)
        if mapping(rule.get("mirrorPercentage")).get("value") == 100:
            del result["mirrorPercentage"]
    if isinstance(rule.get("mirrors"), list):
        result["mirrors"] = [_part(part, namespace, only_ports) for part in rule["mirrors"] if isinstance(part, dict)]
    return result


def _part(part: Tree, namespace: str, only_ports: OnlyPorts) -> Tree:
    return {**part, "destination": _target(mapping(part.get("destination")), namespace, only_ports)}


def _target(target: Mapping[str, Any], namespace: str, only_ports: OnlyPorts) -> Tree:
    result = {**target, "host": full(str(target.get("host", "")), namespace)}
    port = only_ports.get(result["host"])
    return result if port is None else _to_any(result, port)


def _named_by_itself(rule: Tree, namespace: str) -> Tree:
    """A TLS rule with the names it matches in full."""
    blocks = [block for block in rule.get("match") or () if isinstance(block, dict)]
    named = [
        {**block, "sniHosts": sorted(full(str(h), namespace) for h in block.get("sniHosts") or ())} for block in blocks
    ]
    return {**rule, "match": named}


def _collapsed(rules: list[Tree]) -> list[Tree]:
    """Rules that follow each other and differ in their port alone, as one: each leads to the port that it matches."""
    runs: list[tuple[Tree, list[Tree], set[int]]] = []
    for rule in rules:
        port = _own_port(rule)
        bare = _without_port(rule, port) if port is not None else rule
        if port is not None and runs and runs[-1][2] and runs[-1][0] == bare and port not in runs[-1][2]:
            runs[-1][2].add(port)
        else:
            runs.append((bare, [rule], set() if port is None else {port}))
    return [bare if len(ports) > 1 else first[0] for bare, first, ports in runs]


def _own_port(rule: Tree) -> int | None:
    """The one port that every match of a rule names."""
    found = {block.get("port") for block in rule.get("match") or ()}
    port = next(iter(found)) if len(found) == 1 else None
    return port if isinstance(port, int) else None


def _without_port(rule: Tree, port: int) -> Tree:
    """A rule without the port that it matches, and without the same one in its destinations."""
    blocks = [{key: entry for key, entry in block.items() if key != "port"} for block in rule["match"]]
    result = {key: entry for key, entry in rule.items() if key != "match"}
    if all(blocks):
        result["match"] = blocks
    if "route" in rule:
        result["route"] = [{**part, "destination": _to_any(part["destination"], port)} for part in rule["route"]]
    for key in ("mirror", "mirrors"):
        if isinstance(rule.get(key), dict):
            result[key] = _to_any(rule[key], port)
        elif isinstance(rule.get(key), list):
            result[key] = [{**part, "destination": _to_any(part["destination"], port)} for part in rule[key]]
    return result


def _to_any(target: Tree, port: int) -> Tree:
    return {key: entry for key, entry in target.items() if key != "port" or mapping(entry).get("number") != port}
