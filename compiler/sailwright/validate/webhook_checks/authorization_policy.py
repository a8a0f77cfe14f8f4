"""AuthorizationPolicy: what each rule may ask, by action."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.mesh.values.names import is_cidr, is_ip
from sailwright.runtime.regex import regex
from sailwright.validate.webhook_checks.selectors import policy_target
from sailwright.validate.webhook_checks.subject import Message, Subject, error, warning

_SOURCE_FIELDS = (
    "principals",
    "requestPrincipals",
    "namespaces",
    "serviceAccounts",
    "ipBlocks",
    "remoteIpBlocks",
    "trustDomains",
)
_OPERATION_FIELDS = ("ports", "methods", "paths", "hosts")
#: What an external authorizer cannot be asked before the request is forwarded to it.
_NOT_CUSTOM = ("namespaces", "serviceAccounts", "trustDomains", "principals", "requestPrincipals")
_NOT_CUSTOM_KEYS = ("source.namespace", "source.serviceAccount", "source.trustDomain", "source.principal")
_IP_KEYS = ("source.ip", "remote.ip", "destination.ip")
_PLAIN_KEYS = (
    "source.namespace",
    "source.principal",
    "source.serviceAccount",
    "source.trustDomain",
    "request.auth.principal",
    "request.auth.audiences",
    "request.auth.presenter",
    "connection.sni",
)
_MAP_KEYS = ("request.headers", "request.auth.claims", "experimental.envoy.filters.")
#: A segment of a path template beside {*} and {**}: RFC 3986 pchar.
_SEGMENT = regex(r"[a-zA-Z0-9\-._~%!$&'()+,;:@=]+")


def check(policy: Subject) -> Iterator[Problem]:
    spec = policy.spec
    action = spec.get("action", "ALLOW")
    yield from policy_target(spec)
    yield from _action(spec, action)
    for place, rule in enumerate(spec.get("rules", ())):
        path: Path = ("spec", "rules", place)
        yield from _from(rule, place, path)
        yield from _to(rule, place, path)
        for number, condition in enumerate(rule.get("when", ())):
            yield from _condition(condition, (*path, "when", number))
        if action == "DENY" and _http_only(rule):
            yield warning(path, "on a TCP port this rule denies everything: its conditions are HTTP only, add ports")


def _both(names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        yield name
        yield f"not{name[0].upper()}{name[1:]}"


def _action(spec: Message, action: str) -> Iterator[Problem]:
    rules = spec.get("rules", ())
    if action in ("CUSTOM", "DENY") and not rules:
        yield error(("spec",), f"{action} without rules never applies: `rules: [{{}}]` is every request")
    if "provider" in spec and action != "CUSTOM":
        yield error(("spec", "provider"), f"a provider is for action CUSTOM, not {action}")
    if action != "CUSTOM":
        return
    if rules and not spec.get("provider", {}).get("name"):
        yield error(("spec",), "CUSTOM needs provider.name")
    for place, rule in enumerate(rules):
        path: Path = ("spec", "rules", place)
        for number, origin in enumerate(rule.get("from", ())):
            for name in _both(_NOT_CUSTOM):
                if origin.get("source", {}).get(name):
                    yield error((*path, "from", number, "source", name), f"CUSTOM cannot ask for {name}")
        for number, condition in enumerate(rule.get("when", ())):
            key = condition.get("key", "")
            if key in _NOT_CUSTOM_KEYS or key.startswith("request.auth."):
                yield error((*path, "when", number, "key"), f"CUSTOM cannot ask for {key}")


def _from(rule: Message, number: int, path: Path) -> Iterator[Problem]:
    for place, origin in enumerate(rule.get("from", ())):
        where = (*path, "from", place)
        if "source" not in origin:
            yield error(where, f"rule {number}: `from` needs a source")
            continue
        source, where = origin["source"], (*where, "source")
        accounts = any(source.get(name) for name in _both(("serviceAccounts",)))
        if accounts and any(source.get(name) for name in _both(("principals", "namespaces"))):
            yield error(where, f"rule {number}: serviceAccounts excludes principals and namespaces")
        if not any(source.get(name) for name in _both(_SOURCE_FIELDS)):
            yield error(where, f"rule {number}: the source is empty, it would match nothing")
        for name in _both(("ipBlocks", "remoteIpBlocks")):
            yield from _addresses(source.get(name, ()), (*where, name))
        for name in _both(_SOURCE_FIELDS):
            values = source.get(name, ())
            faults = _account_fault if name.lower().endswith("serviceaccounts") else _empty_fault
            yield from _first_fault(faults, values, (*where, name))


def _first_fault(fault_of: Callable[[str], str | None], values: list[str], path: Path) -> Iterator[Problem]:
    """Istio reports one fault a list."""
    for place, value in enumerate(values):
        if fault := fault_of(value):
            yield error((*path, place), f"{path[-1]}: {fault}")
            return


def _empty_fault(value: str) -> str | None:
    return None if value else "an empty value matches nothing: remove it"


def _account_fault(value: str) -> str | None:
    parts = value.split("/")
    if len(parts) > 2 or not all(parts):
        return f"'{value}' is neither a service account nor namespace/account"
    return None


def _to(rule: Message, number: int, path: Path) -> Iterator[Problem]:
    for place, target in enumerate(rule.get("to", ())):
        where = (*path, "to", place)
        if "operation" not in target:
            yield error(where, f"rule {number}: `to` needs an operation")
            continue
        operation, where = target["operation"], (*where, "operation")
        if not any(operation.get(name) for name in _both(_OPERATION_FIELDS)):
            yield error(where, f"rule {number}: the operation is empty, it would match nothing")
        for name in _both(("ports",)):
            yield from _ports(operation.get(name, ()), (*where, name))
        for name in _both(_OPERATION_FIELDS):
            yield from _first_fault(_empty_fault, operation.get(name, []), (*where, name))
        for name in _both(("paths",)):
            yield from _first_fault(_path_fault, operation.get(name, []), (*where, name))


def _path_fault(path: str) -> str | None:
    """{*} stands for a segment, {**} for the rest; no other braces, and {**} is the last of them."""
    template = "{*}" in path or "{**}" in path
    rest_taken = False
    for segment in path.strip("/").split("/"):
        if segment in ("{*}", "{**}"):
            if rest_taken:
                return f"'{path}': {{**}} must be the last operator"
            rest_taken = segment == "{**}"
        elif "{" in segment or "}" in segment:
            return f"'{path}': only {{*}} and {{**}} may have braces, and each must be a whole segment"
        elif template and _SEGMENT.fullmatch(segment) is None:
            return f"'{path}': '{segment}' is not allowed in a path template"
    return None


def _addresses(values: list[str], path: Path) -> Iterator[Problem]:
    for place, value in enumerate(values):
        if not (is_cidr(value) if "/" in value else is_ip(value)):
            yield error((*path, place), f"'{value}' is neither an IP address nor a CIDR block")


def _ports(values: list[str], path: Path) -> Iterator[Problem]:
    for place, value in enumerate(values):
        if not re.fullmatch(r"[0-9]{1,9}", value) or int(value) > 65535:
            yield error((*path, place), f"'{value}' is not a port")


def _condition(condition: Message, path: Path) -> Iterator[Problem]:
    key = condition.get("key", "")
    if not key:
        yield error(path, "a condition needs a key")
        return
    if not condition.get("values") and not condition.get("notValues"):
        yield error(path, f"the condition on {key} needs values or notValues")
        return
    for name in ("values", "notValues"):
        faults = list(_condition_faults(key, condition.get(name, []), path, name))
        if faults:
            yield error(faults[0].path, f"{name} of {key}: " + "; ".join(fault.message for fault in faults))


def _condition_faults(key: str, values: list[str], path: Path, name: str) -> Iterator[Problem]:
    if empty := list(_first_fault(_empty_fault, values, (*path, name))):
        yield from empty
    elif key in _IP_KEYS:
        yield from _addresses(values, (*path, name))
    elif key == "destination.port":
        yield from _ports(values, (*path, name))
    elif fault := _key_fault(key):
        yield error((*path, "key"), fault)


def _key_fault(key: str) -> str | None:
    if key.startswith(_MAP_KEYS):
        opening = key.find("[")
        well_formed = key.endswith("]") and 0 < opening < len(key) - 2
        return None if well_formed else f"'{key}' needs the form {key.partition('[')[0]}[NAME]"
    if key in _PLAIN_KEYS:
        return None
    return f"'{key}' is not an attribute that can be asked for"


def _http_only(rule: Message) -> bool:
    sources = [origin["source"] for origin in rule.get("from", ()) if "source" in origin]
    operations = [target["operation"] for target in rule.get("to", ()) if "operation" in target]
    tcp_source = tuple(name for name in _SOURCE_FIELDS if name != "requestPrincipals")
    tcp_from = any(source.get(name) for source in sources for name in _both(tcp_source))
    tcp_to = any(operation.get(name) for operation in operations for name in _both(("ports",)))
    return bool(sources and not operations and not tcp_from) or bool(operations and not tcp_to)
