"""Whether a request matches the rules of an AuthorizationPolicy, as Envoy's RBAC filter checks what istiod compiles of them.

On TCP an ALLOW rule that asks for HTTP vanishes, and a DENY rule loses what asks for HTTP and so denies more.
Sources: istio.io AuthorizationPolicy; pilot/pkg/security/authz/{builder,model,matcher}; Envoy's uri_template matcher.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.mesh.queries.peers import Peer
from sailwright.mesh.queries.verdicts import Verdict, every, opposite, some
from sailwright.runtime.records import dataclass, field
from sailwright.runtime.regex import regex
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, mapping, text, texts

ADDRESS = "the address of the caller"
ACCOUNT = "which service account the caller runs as"
TOKEN = "the claims of the request's token"  # noqa: S105 - a sentence
ANYWHERE = frozenset({"0.0.0.0/0", "::/0"})
_HTTP_OPERATIONS = ("hosts", "methods", "paths")
_HEADER = regex(r"request\.headers\[(?P<name>[^]]+)\]")


@dataclass(frozen=True, slots=True)
class Call:
    """A request as a pod's proxy sees it: the port of the pod, and of HTTP what the rules ask.

    `method` is None where the proxy sees bytes alone. `headers` are by lower-case name. `has_token`: whether some header or
    parameter of the request may hold a JWT.
    """

    port: int | None
    method: str | None = None
    path: str = ""
    host: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    has_token: bool = False
    query: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A call of one peer, asked of the rules of a policy that lies in `namespace`."""

    call: Call
    peer: Peer
    namespace: str
    denies: bool

    @property
    def is_http(self) -> bool:
        """Whether the proxy sees requests."""
        return self.call.method is not None


def matches(policy: Manifest, call: Call, peer: Peer) -> Verdict:
    """Whether some rule of a policy matches. One without rules never does."""
    denies = text(policy.spec.get("action")) in ("DENY", "AUDIT", "CUSTOM")
    check = Check(call, peer, policy.namespace or "default", denies)
    return some(_rule(rule, check) for _, rule in entries(policy.spec.get("rules"), ()))


def _rule(rule: Mapping[str, Any], check: Check) -> Verdict:
    if not check.is_http and not check.denies and _asks_for_http(rule):
        return False
    sources = [mapping(entry.get("source")) for _, entry in entries(rule.get("from"), ())]
    operations = [mapping(entry.get("operation")) for _, entry in entries(rule.get("to"), ())]
    parts: list[Verdict] = [matches_condition(entry, check) for _, entry in entries(rule.get("when"), ())]
    parts.append(some(matches_source(each, check) for each in sources) if sources else True)
    parts.append(some(_operation(each, check) for each in operations) if operations else True)
    return every(parts)


def _asks_for_http(rule: Mapping[str, Any]) -> bool:
    operations = (mapping(entry.get("operation")) for _, entry in entries(rule.get("to"), ()))
    sources = (mapping(entry.get("source")) for _, entry in entries(rule.get("from"), ()))
    keys = (text(entry.get("key")) for _, entry in entries(rule.get("when"), ()))
    return (
        any(each.get(key) or each.get(_inverse(key)) for each in operations for key in _HTTP_OPERATIONS)
        or any(each.get(key) for each in sources for key in ("requestPrincipals", "notRequestPrincipals"))
        or any(key.startswith("request.") for key in keys)
    )


def matches_source(source: Mapping[str, Any], check: Check) -> Verdict:
    """Whether the caller is one that a `source` asks for."""
    return every(_both(source, key, lambda written, key=key: _from(key, written, check)) for key in _SOURCES)


_SOURCES = ("principals", "namespaces", "serviceAccounts", "requestPrincipals", "ipBlocks", "remoteIpBlocks")


def _from(key: str, written: str, check: Check) -> Verdict | None:
    """Whether the caller is one of those written; None where the proxy ignores the key."""
    if key == "principals":
        return _principal(written, check.peer)
    if key == "namespaces":
        return _text(written, check.peer.namespace) if check.peer.namespace else False
    if key == "serviceAccounts":
        return _account(written, check)
    if key == "requestPrincipals":
        if not check.is_http:
            return None
        return TOKEN if check.call.has_token else False
    return True if written in ANYWHERE else ADDRESS


def _principal(written: str, peer: Peer) -> Verdict:
    """Whether a principal, its trust domain one of the mesh's, is the peer's."""
    if not peer.namespace:
        return False
    if written == "*":
        return True
    trust_domain, slash, rest = written.partition("/")
    own = peer.trust_domains[0] if peer.trust_domains else "cluster.local"
    if slash and trust_domain in peer.trust_domains:
        written = f"{own}/{rest}"
    start = f"{own}/ns/{peer.namespace}/sa/"
    if peer.account is not None:
        return _text(written, start + peer.account)
    if written.endswith("*"):
        known = written[:-1]
        return True if start.startswith(known) else ACCOUNT if known.startswith(start) else False
    if written.startswith("*"):
        ends_here = written[1:].rpartition("/sa/")[0]
        return ACCOUNT if not ends_here or start.endswith(f"{ends_here}/sa/") else False
    return ACCOUNT if written.startswith(start) else False


def _account(written: str, check: Check) -> Verdict:
    """Whether `NAMESPACE/ACCOUNT`, or an account of the policy's own namespace, is the peer's."""
    namespace, slash, account = written.rpartition("/")
    if check.peer.namespace != (namespace if slash else check.namespace):
        return False
    return ACCOUNT if check.peer.account is None else account == check.peer.account


def _operation(operation: Mapping[str, Any], check: Check) -> Verdict:
    parts: list[Verdict] = [matches_ports(operation, check)]
    if check.is_http:
        parts.append(_both(operation, "methods", lambda written: _text(written, check.call.method or "")))
        parts.append(_both(operation, "paths", lambda written: path_matches(written, check.call.path)))
        parts.append(_both(operation, "hosts", lambda written: _host(written, check.call.host)))
    return every(parts)


def matches_ports(operation: Mapping[str, Any], check: Check) -> Verdict:
    """Whether the port is one that an `operation` asks for."""
    return _both(operation, "ports", lambda written: _port(written, check))


def _port(written: str, check: Check) -> Verdict:
    return "the port of the pod" if check.call.port is None else written == str(check.call.port)


def _host(written: str, host: str) -> Verdict:
    """Whether a Host header is one, with its port where it has one; case does not count.

    istiod compares the whole `:authority` (pilot/pkg/security/authz/matcher/header.go, HostMatcher), and no proxy of the mesh
    takes the port away before.
    """
    return _text(written.lower(), host.lower())


def path_matches(pattern: str, path: str) -> bool:
    """Whether a path matches: as written, by a `*` at one end, or by a template (`{*}` one segment, `{**}` any number)."""
    if "{*}" not in pattern and "{**}" not in pattern:
        return _text(pattern, path)
    parts = re.split(r"(\{\*\*\}|\{\*\})", pattern)
    wild = {"{*}": "[^/]+", "{**}": ".*"}
    return re.fullmatch("".join(wild.get(part) or re.escape(part) for part in parts), path) is not None


def _both(asked: Mapping[str, Any], key: str, fits: Any) -> Verdict:
    """Whether one of the values of `key` fits, and none of those of its negative; what the proxy ignores always holds."""
    parts: list[Verdict] = []
    for name, wanted in ((key, True), (_inverse(key), False)):
        found = [verdict for written in texts(asked.get(name)) if (verdict := fits(written)) is not None]
        if found:
            parts.append(some(found) if wanted else opposite(some(found)))
    return every(parts)


def _inverse(key: str) -> str:
    return f"not{key[0].upper()}{key[1:]}"


def _text(pattern: str, value: str) -> bool:
    """Istio's string match: exact, `prefix*`, `*suffix`, and `*` for anything that is there."""
    if pattern == "*":
        return value != ""
    if pattern.endswith("*"):
        return value.startswith(pattern[:-1])
    return value.endswith(pattern[1:]) if pattern.startswith("*") else value == pattern


def matches_condition(entry: Mapping[str, Any], check: Check) -> Verdict:
    """Whether an entry of `when` holds."""
    key = text(entry.get("key"))
    values = {"values": entry.get("values"), "notValues": entry.get("notValues")}
    return _both(values, "values", lambda written: _when(key, written, check))


def _when(key: str, written: str, check: Check) -> Verdict | None:
    if key.startswith("request.") and not check.is_http:
        return None
    header = _HEADER.fullmatch(key)
    if header:
        return _text(written, check.call.headers.get(header["name"].lower(), ""))
    if key.startswith("request.auth."):
        return TOKEN if check.call.has_token else False
    if key == "destination.port":
        return _port(written, check)
    known = {
        "source.principal": "principals",
        "source.namespace": "namespaces",
        "source.serviceAccount": "serviceAccounts",
    }
    if key in known:
        return _from(known[key], written, check)
    if key in ("source.ip", "remote.ip"):
        return _from("ipBlocks", written, check)
    return f"the value of {key}"


def asks_who(policy: Manifest) -> bool:
    """Whether every rule of a policy asks for an identity."""
    rules = [rule for _, rule in entries(policy.spec.get("rules"), ())]
    return bool(rules) and all(_identifies(rule) for rule in rules)


def names_callers(policy: Manifest) -> bool:
    """Whether a rule of a policy looks at who calls, to take some callers in or to leave them out."""
    for _, rule in entries(policy.spec.get("rules"), ()):
        sources = [mapping(entry.get("source")) for _, entry in entries(rule.get("from"), ())]
        if any(key.removeprefix("not").lower() in _IDENTITIES for source in sources for key in source):
            return True
        if any(
            f"{text(entry.get('key')).removeprefix('source.')}s".lower() in _IDENTITIES
            for _, entry in entries(rule.get("when"), ())
        ):
            return True
    return False


_IDENTITIES = frozenset(("principals", "namespaces", "serviceaccounts"))


def _identifies(rule: Mapping[str, Any]) -> bool:
    def named() -> Iterator[bool]:
        for _, entry in entries(rule.get("from"), ()):
            yield any(mapping(entry.get("source")).get(key) for key in _SOURCES[:3])

    keys = {text(entry.get("key")) for _, entry in entries(rule.get("when"), ()) if entry.get("values")}
    sources = list(named())
    identities = {"source.principal", "source.namespace", "source.serviceAccount"}
    return (bool(sources) and all(sources)) or bool(keys & identities)
