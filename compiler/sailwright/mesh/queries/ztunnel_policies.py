"""What ztunnel makes of AuthorizationPolicies: it sees connections, not requests.

Of an ALLOW policy, the rules that ask for something of HTTP are left out, so it allows less. Of a DENY policy what asks for HTTP is
left out of each entry, and an entry that is empty then matches nothing: a DENY rule that has such an entry alone under `from`, `to`
or in `when` never holds, and denies nothing (istio/istio#61126). CUSTOM and AUDIT are not supported.
Sources: Istio `pilot/pkg/serviceregistry/kube/controller/ambient/authorization.go` (handleRule); ztunnel `src/rbac.rs`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from sailwright.mesh.queries.policy_matches import Call, Check, matches_condition, matches_ports, matches_source
from sailwright.mesh.queries.verdicts import Verdict, every, some
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, mapping, text

HTTP_OPERATIONS: Final = ("hosts", "notHosts", "methods", "notMethods", "paths", "notPaths")
HTTP_SOURCES: Final = ("remoteIpBlocks", "notRemoteIpBlocks", "requestPrincipals", "notRequestPrincipals")
CONDITIONS: Final = frozenset(
    ("source.ip", "source.namespace", "source.principal", "destination.ip", "destination.port")
)
"""The keys of `when` that ztunnel knows."""
_SOURCES: Final = ("principals", "namespaces", "serviceAccounts", "ipBlocks")


def asks_for_http(rule: Mapping[str, Any]) -> bool:
    """Whether a rule asks for something that ztunnel does not see."""
    return next(http_parts(rule), None) is not None


def http_parts(rule: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What of a rule ztunnel does not see: the path below the rule, and the key."""
    for path, entry in entries(rule.get("to"), ("to",)):
        operation = mapping(entry.get("operation"))
        yield from (((*path, "operation", key), key) for key in HTTP_OPERATIONS if operation.get(key))
    for path, entry in entries(rule.get("from"), ("from",)):
        source = mapping(entry.get("source"))
        yield from (((*path, "source", key), key) for key in HTTP_SOURCES if source.get(key))
    for path, entry in entries(rule.get("when"), ("when",)):
        key = text(entry.get("key"))
        if key not in CONDITIONS:
            yield (*path, "key"), key


def denies_nothing(rule: Mapping[str, Any]) -> bool:
    """Whether a DENY rule never holds at ztunnel, because nothing is left of a part of it that asks for HTTP."""
    operations = [mapping(entry.get("operation")) for _, entry in entries(rule.get("to"), ())]
    sources = [mapping(entry.get("source")) for _, entry in entries(rule.get("from"), ())]
    unknown = any(text(entry.get("key")) not in CONDITIONS for _, entry in entries(rule.get("when"), ()))
    empty = bool(operations) and not any(_has(each, ("ports",)) for each in operations)
    return unknown or empty or (bool(sources) and not any(_has(each, _SOURCES) for each in sources))


def matches_at_ztunnel(policy: Manifest, call: Call, peer: Any) -> Verdict:
    """Whether some rule of an ALLOW or DENY policy holds for a connection."""
    denies = policy.spec.get("action") == "DENY"
    check = Check(Call(call.port), peer, policy.namespace or "default", denies)
    return some(_rule(rule, check) for _, rule in entries(policy.spec.get("rules"), ()))


def _rule(rule: Mapping[str, Any], check: Check) -> Verdict:
    if not check.denies and asks_for_http(rule):
        return False
    parts: list[Verdict] = []
    if rule.get("to"):
        operations = (mapping(entry.get("operation")) for _, entry in entries(rule.get("to"), ()))
        parts.append(some(matches_ports(each, check) for each in operations if _has(each, ("ports",))))
    if rule.get("from"):
        sources = (mapping(entry.get("source")) for _, entry in entries(rule.get("from"), ()))
        known = ({key: found for key, found in each.items() if key not in HTTP_SOURCES} for each in sources)
        parts.append(some(matches_source(each, check) for each in known if _has(each, _SOURCES)))
    for _, entry in entries(rule.get("when"), ()):
        parts.append(matches_condition(entry, check) if text(entry.get("key")) in CONDITIONS else False)
    return every(parts)


def _has(asked: Mapping[str, Any], keys: Iterable[str]) -> bool:
    """Whether anything that ztunnel sees is asked."""
    return any(asked.get(key) or asked.get(f"not{key[0].upper()}{key[1:]}") for key in keys)
