"""What one of Istio's objects or a route of the Gateway API opens: access for everybody, hosts of others, code in the proxies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sailwright.diagnostics.finding import Path
from sailwright.render.privileges import Found, Privilege, Surroundings
from sailwright.render.route_privileges import is_route, of_route
from sailwright.runtime.regex import regex
from sailwright.source.untyped import entries, items, mapping, text, texts

_CODE: Final = regex(r"\.(lua|wasm|golang|dynamic_modules)\b")
"""The filters of Envoy that run code (envoyproxy.io, `envoy.filters.http.*` and their `@type`)."""
_HOSTS: Final = {"VirtualService": "routes", "ServiceEntry": "a ServiceEntry", "DestinationRule": "a traffic policy"}
_GROUPS: Final = ("networking.istio.io/", "security.istio.io/", "extensions.istio.io/")
_EVERYBODY: Final = "access for everybody (a rule without `from`, `to` and `when`)"


def of_the_mesh(value: Mapping[str, Any]) -> bool:
    """Whether an object is one of Istio's or a route of the Gateway API: they make no pods."""
    return text(value.get("apiVersion")).startswith(_GROUPS) or is_route(value)


def of_mesh(value: Mapping[str, Any], around: Surroundings) -> Iterator[Found]:
    """The privileges of one of these objects."""
    kind, spec = value.get("kind"), mapping(value.get("spec"))
    if is_route(value):
        yield from of_route(value, around, lambda host: _whose(host, around, stays=False, in_mesh=True))
    elif kind == "AuthorizationPolicy":
        yield from _open(spec)
    elif kind in _HOSTS:
        yield from _hosts(str(kind), spec, around)
    elif kind == "EnvoyFilter":
        words = dict.fromkeys(_CODE.findall(repr(spec.get("configPatches")).lower()))
        for word in words:
            yield _code(word, repr(spec.get("configPatches")), "envoyFilter", ("spec", "configPatches"))
    elif kind == "WasmPlugin":
        yield _code("wasm", repr(spec), "wasmPlugin", ("kind",))
    elif kind == "TrafficExtension":
        word = "lua" if spec.get("lua") is not None else "wasm"
        yield _code(word, repr(spec), "wasmPlugin", ("kind",))


def _code(word: str, value: str, control: str, path: Path) -> Found:
    return Privilege(f"{word.replace('_', ' ').title()} code in the proxies", value, control), path


def _open(spec: Mapping[str, Any]) -> Iterator[Found]:
    if spec.get("action") not in (None, "", "ALLOW"):
        return
    for path, rule in entries(spec.get("rules"), ("spec", "rules")):
        if not any(rule.values()):
            yield Privilege(_EVERYBODY, "", "access"), path


def _hosts(kind: str, spec: Mapping[str, Any], around: Surroundings) -> Iterator[Found]:
    """Hosts of another namespace, unless the object stays in its own one by `exportTo`, and those of another service."""
    private = {".", "~", around.namespace}
    stays = bool(spec.get("exportTo")) and set(texts(spec.get("exportTo"))) <= private
    in_mesh = kind != "VirtualService" or not spec.get("gateways") or "mesh" in items(spec.get("gateways"))
    if kind == "DestinationRule":
        named: list[tuple[Path, Any]] = [(("spec", "host"), spec.get("host"))]
    else:
        named = [(("spec", "hosts", at), host) for at, host in enumerate(items(spec.get("hosts")))]
    for path, written in named:
        host = text(written).lower()
        if host and "." not in host and host != "*" and kind != "ServiceEntry":
            host = f"{host}.{around.namespace}.svc.{around.domain}"
        whose = _whose(host, around, stays=stays, in_mesh=in_mesh)
        if whose:
            yield Privilege(f"{_HOSTS[kind]} for `{written}`, {whose}", host, "hosts"), path


def _whose(host: str, around: Surroundings, *, stays: bool, in_mesh: bool) -> str:
    """Whose host it is in words; empty where it is the service's own, or nobody's."""
    if host == "*" or (host.startswith("*.") and f".svc.{around.domain}".endswith(host[1:])):
        return "" if stays or not in_mesh else "the hosts of every namespace"
    parts = host.split(".")
    namespace = parts[1] if len(parts) > 2 and parts[2] == "svc" else ""
    if namespace and namespace != around.namespace:
        return "" if stays else f"of namespace {namespace}"
    owner = around.hosts.get(host) if namespace else None
    return f"of the service {owner.service}" if owner is not None and owner.is_another(around.owner) else ""
