"""EnvoyFilter: do applyTo, match and patch fit together, and is the patch readable without Envoy's schema at hand?"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.mesh.values.re2 import syntax_fault
from sailwright.runtime.regex import regex
from sailwright.validate.webhook_checks.selectors import label_selector
from sailwright.validate.webhook_checks.subject import Message, Subject, error, warning

_SCOPE = ", so it is for every workload of the namespace"
_LISTENER = ("LISTENER", "FILTER_CHAIN", "NETWORK_FILTER", "HTTP_FILTER")
_ROUTE = ("ROUTE_CONFIGURATION", "VIRTUAL_HOST", "HTTP_ROUTE")
_OBJECTS = ("listener", "routeConfiguration", "cluster", "waypoint")
_CONNECTION_MANAGERS = ("envoy.filters.network.http_connection_manager", "envoy.http_connection_manager")
#: Fields of Envoy's HttpFilter and (network) Filter messages; other patches carry larger messages that are not judged.
_FILTER_FIELDS = {
    "HTTP_FILTER": frozenset(("name", "typedConfig", "configDiscovery", "isOptional", "disabled")),
    "NETWORK_FILTER": frozenset(("name", "typedConfig", "configDiscovery")),
}
_SNAKE = regex(r"_([a-z])")
#: Names that Envoy has retired -> the name to write.
_RETIRED = {
    "envoy.buffer": "envoy.filters.http.buffer",
    "envoy.cors": "envoy.filters.http.cors",
    "envoy.csrf": "envoy.filters.http.csrf",
    "envoy.ext_authz": "envoy.filters.http.ext_authz",
    "envoy.fault": "envoy.filters.http.fault",
    "envoy.grpc_http1_bridge": "envoy.filters.http.grpc_http1_bridge",
    "envoy.grpc_json_transcoder": "envoy.filters.http.grpc_json_transcoder",
    "envoy.grpc_web": "envoy.filters.http.grpc_web",
    "envoy.gzip": "envoy.filters.http.gzip",
    "envoy.http_connection_manager": "envoy.filters.network.http_connection_manager",
    "envoy.ip_tagging": "envoy.filters.http.ip_tagging",
    "envoy.lua": "envoy.filters.http.lua",
    "envoy.mongo_proxy": "envoy.filters.network.mongo_proxy",
    "envoy.ratelimit": "envoy.filters.network.ratelimit",
    "envoy.redis_proxy": "envoy.filters.network.redis_proxy",
    "envoy.router": "envoy.filters.http.router",
    "envoy.squash": "envoy.filters.http.squash",
    "envoy.tcp_proxy": "envoy.filters.network.tcp_proxy",
    "mysql_proxy": "envoy.filters.network.mysql_proxy",
}


def check(envoy_filter: Subject) -> Iterator[Problem]:
    spec = envoy_filter.spec
    selector = list(label_selector(spec.get("workloadSelector"), ("spec", "workloadSelector"), "labels", _SCOPE))
    if refused := [problem for problem in selector if problem.severity == "error"]:
        yield from refused
        return
    yield warning((), "an EnvoyFilter reaches into Envoy's internals: check it at every upgrade, prefer another API")
    yield from selector
    for place, patch in enumerate(spec.get("configPatches", ())):
        yield from _config_patch(patch, ("spec", "configPatches", place))


def _config_patch(entry: Message, path: Path) -> Iterator[Problem]:
    """Istio stops at the first fault of a patch, except for objects that do not fit and for the patch's own value."""
    if incomplete := _incomplete(entry, path):
        yield incomplete
        return
    apply_to, match = entry["applyTo"], entry.get("match", {})
    version = match.get("proxy", {}).get("proxyVersion", "")
    if version and (fault := syntax_fault(version)):
        yield error((*path, "match", "proxy", "proxyVersion"), fault)
        return
    present = [name for name in _OBJECTS if name in match]
    wanted = _wanted_object(apply_to)
    if present and wanted and wanted not in present:
        yield error((*path, "match", present[-1]), f"applyTo {apply_to} is matched by {wanted}, not by {present[-1]}")
        if apply_to in _LISTENER:
            return
    network_filter = match.get("listener", {}).get("filterChain", {}).get("filter")
    if apply_to in _LISTENER and network_filter is not None:
        problems = list(_filter_match(network_filter, apply_to, (*path, "match", "listener", "filterChain", "filter")))
        yield from problems
        if any(problem.severity == "error" for problem in problems):
            return
    yield from _value(apply_to, entry["patch"].get("value"), (*path, "patch", "value"))


def _incomplete(entry: Message, path: Path) -> Problem | None:
    if entry.get("applyTo", "INVALID") == "INVALID":
        return error(path, "a patch needs applyTo")
    if "patch" not in entry:
        return error(path, "the entry needs a patch")
    operation = entry["patch"].get("operation", "INVALID")
    if operation == "INVALID":
        return error((*path, "patch"), "the patch needs an operation")
    if operation != "REMOVE" and "value" not in entry["patch"]:
        return error((*path, "patch"), f"{operation} needs a value")
    return None


def _wanted_object(apply_to: str) -> str | None:
    if apply_to in _LISTENER:
        return "listener"
    if apply_to in _ROUTE:
        return "routeConfiguration"
    return "cluster" if apply_to == "CLUSTER" else None


def _filter_match(network_filter: Message, apply_to: str, path: Path) -> Iterator[Problem]:
    name, inner = network_filter.get("name", ""), network_filter.get("subFilter")
    if apply_to in ("LISTENER", "FILTER_CHAIN"):
        yield warning(path, f"a filter match has no effect with applyTo {apply_to}")
    if not name:
        yield error(path, "the filter match needs a name")
        return
    if inner is not None:
        if apply_to != "HTTP_FILTER":
            yield error((*path, "subFilter"), "subFilter is for applyTo HTTP_FILTER")
            return
        if name not in _CONNECTION_MANAGERS:
            yield error((*path, "name"), f"subFilter needs the filter name {_CONNECTION_MANAGERS[0]}")
            return
        if not inner.get("name"):
            yield error((*path, "subFilter"), "subFilter needs a name")
            return
    for place, given in (((*path, "name"), name), ((*path, "subFilter", "name"), (inner or {}).get("name", ""))):
        if given in _RETIRED:
            yield warning(place, f"'{given}' is a retired name: write '{_RETIRED[given]}'")


def _value(apply_to: str, value: Message | None, path: Path) -> Iterator[Problem]:
    fields = _FILTER_FIELDS.get(apply_to)
    if value is None or fields is None:
        return
    given = {_SNAKE.sub(lambda match: match[1].upper(), name): name for name in value}
    typed = value.get(given.get("typedConfig", ""))
    if isinstance(typed, dict) and ".v2." in str(typed.get("@type", "")):
        yield error((*path, given["typedConfig"]), "Envoy's v2 API is gone: use the v3 type")
        return
    unknown = [name for name in value if _SNAKE.sub(lambda match: match[1].upper(), name) not in fields]
    if unknown:
        yield warning((*path, unknown[0]), f"Envoy's filter has no field '{unknown[0]}'")
    elif not {"typedConfig", "configDiscovery"} & given.keys():
        yield warning(path, f"filter '{value.get('name', '')}' needs a typed_config: Envoy finds none by name alone")
