"""What AuthorizationPolicies tell apart: paths, methods, headers, identities and whether there is a token, one value for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from sailwright.mesh.values.kinds import AUTHORIZATION_POLICY, kind_of
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, mapping, text, texts

OTHER = "sailwright"
"""A text that stands for all that no policy names."""
Identity = tuple[str, str]
"""Namespace and service account; OTHER stands for those that no policy names."""


@dataclass(frozen=True, slots=True)
class PolicyValues:
    """The values that some policies ask about, as they stand there; `asks_token`: some rule asks for claims of a JWT."""

    paths: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    identities: tuple[Identity, ...] = ()
    asks_token: bool = False


def policy_values(policies: Iterable[Manifest]) -> PolicyValues:
    """What some policies name, each value once, in order."""
    found = [policy for policy in policies if kind_of(policy.api_version, policy.kind) == AUTHORIZATION_POLICY]
    operations = [each for policy in found for each in _blocks(policy, "to", "operation")]
    conditions = [each for policy in found for rule in _rules(policy) for _, each in entries(rule.get("when"), ())]
    keys = [text(each.get("key")) for each in conditions]
    sources = [each for policy in found for each in _blocks(policy, "from", "source")]
    return PolicyValues(
        paths=_distinct(operations, "paths", _samples_of_path),
        methods=_distinct(operations, "methods", _samples),
        hosts=_distinct(operations, "hosts", _samples),
        headers=tuple(dict.fromkeys(_headers(conditions))),
        identities=tuple(dict.fromkeys(each for policy in found for each in _identities(policy))),
        asks_token=any(key.startswith("request.auth.") for key in keys)
        or any(each.get(key) for each in sources for key in ("requestPrincipals", "notRequestPrincipals")),
    )


def _rules(policy: Manifest) -> Iterator[Mapping[str, object]]:
    return (rule for _, rule in entries(policy.spec.get("rules"), ()))


def _blocks(policy: Manifest, key: str, inner: str) -> Iterator[Mapping[str, object]]:
    return (mapping(each.get(inner)) for rule in _rules(policy) for _, each in entries(rule.get(key), ()))


def _distinct(
    blocks: Iterable[Mapping[str, object]], key: str, samples: Callable[[str], Iterable[str]]
) -> tuple[str, ...]:
    inverse = f"not{key[0].upper()}{key[1:]}"
    written = (found for block in blocks for name in (key, inverse) for found in texts(block.get(name)))
    return tuple(dict.fromkeys(sample for found in written for sample in samples(found)))


def _samples(pattern: str) -> Iterator[str]:
    """Values that a pattern of Istio's string match takes, the shortest among them."""
    if pattern == "*":
        return
    if pattern.endswith("*"):
        yield pattern[:-1]
        yield pattern[:-1] + OTHER
    elif pattern.startswith("*"):
        yield OTHER + pattern[1:]
    else:
        yield pattern


def _samples_of_path(pattern: str) -> Iterator[str]:
    if "{" in pattern:
        for several in ("", OTHER, f"{OTHER}/{OTHER}"):
            yield pattern.replace("{**}", several).replace("{*}", OTHER)
        return
    yield from (f"/{found}" if not found.startswith("/") else found for found in _samples(pattern))


def _headers(conditions: Iterable[Mapping[str, object]]) -> Iterator[tuple[str, str]]:
    for condition in conditions:
        key = text(condition.get("key"))
        if key.startswith("request.headers["):
            name = key[len("request.headers[") : -1].lower()
            written = (*texts(condition.get("values")), *texts(condition.get("notValues")))
            yield from ((name, value) for found in written for value in _samples(found) or ())
            if "*" in written:
                yield name, OTHER


def _identities(policy: Manifest) -> Iterator[Identity]:
    """The callers that a policy names: by principal, namespace or service account, in `from` and in `when`."""
    own = policy.namespace or "default"
    for block in (*_blocks(policy, "from", "source"), *_as_sources(policy)):
        for key in ("principals", "notPrincipals"):
            yield from (_principal(found) for found in texts(block.get(key)) if found != "*")
        for key in ("namespaces", "notNamespaces"):
            yield from ((name, OTHER) for found in texts(block.get(key)) for name in _samples(found))
        for key in ("serviceAccounts", "notServiceAccounts"):
            for found in texts(block.get(key)):
                namespace, slash, account = found.rpartition("/")
                yield (namespace if slash else own), account


def _as_sources(policy: Manifest) -> Iterator[Mapping[str, object]]:
    """The conditions on the caller, in the form of a source."""
    names = {
        "source.principal": "principals",
        "source.namespace": "namespaces",
        "source.serviceAccount": "serviceAccounts",
    }
    for rule in _rules(policy):
        for _, condition in entries(rule.get("when"), ()):
            name = names.get(text(condition.get("key")))
            if name:
                yield {name: [*texts(condition.get("values")), *texts(condition.get("notValues"))]}


def _principal(pattern: str) -> Identity:
    """An identity that a pattern of a principal takes: `td/ns/N/sa/A`, `td/ns/N/*`, `*/sa/A`."""
    _, _, place = pattern.partition("/ns/")
    namespace = place.partition("/")[0].rstrip("*") or OTHER
    account = pattern.rpartition("/sa/")[2] if "/sa/" in pattern else OTHER
    return namespace, account.rstrip("*") or OTHER
