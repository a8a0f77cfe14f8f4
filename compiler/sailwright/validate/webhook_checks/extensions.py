"""WasmPlugin and TrafficExtension."""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.mesh.values.urls import scheme
from sailwright.runtime.regex import regex
from sailwright.validate.webhook_checks.selectors import policy_target
from sailwright.validate.webhook_checks.subject import Message, Subject, error

_SCHEMES = ("", "file", "http", "https", "oci")
_HEXADECIMAL = regex("[a-f0-9]{64}")


def check_wasm_plugin(plugin: Subject) -> Iterator[Problem]:
    spec = plugin.spec
    yield from policy_target(spec)
    yield from _wasm(spec, ("spec",))
    yield from _match(spec.get("match", []))


def check_traffic_extension(extension: Subject) -> Iterator[Problem]:
    spec = extension.spec
    yield from policy_target(spec)
    if ("wasm" in spec) == ("lua" in spec):
        yield error(("spec",), "a TrafficExtension needs exactly one of wasm and lua")
    if "wasm" in spec:
        yield from _wasm(spec["wasm"], ("spec", "wasm"))
    yield from _match(spec.get("match", []))


def _wasm(plugin: Message, path: Path) -> Iterator[Problem]:
    url = plugin.get("url", "")
    if not url:
        yield error(path, "the plugin needs a url")
    elif fault := _url_fault(url):
        yield error((*path, "url"), fault)
    digest = plugin.get("sha256", "")
    if digest and _HEXADECIMAL.fullmatch(digest) is None:
        yield error((*path, "sha256"), "sha256 must be 64 characters of 0-9 and a-f")
    if len(plugin.get("imagePullSecret", "").encode()) > 253:
        yield error((*path, "imagePullSecret"), "imagePullSecret is longer than 253 characters")
    if len(plugin.get("pluginName", "").encode()) > 256:
        yield error((*path, "pluginName"), "pluginName is longer than 256 characters")
    yield from _environment(plugin.get("vmConfig", {}).get("env", []), (*path, "vmConfig", "env"))


def _url_fault(url: str) -> str | None:
    """A reference without a scheme is an image in a registry; Go reads `host:port/image` only with a scheme before it."""
    found = scheme(url)
    if found is None or not (found or url.startswith("/")):
        found = None if scheme(f"http://{url}") is None else "http"
    if found is None:
        return f"'{url}' is not a URL"
    return None if found in _SCHEMES else f"scheme '{found}' is none of oci, https, http and file"


def _environment(variables: list[Message], path: Path) -> Iterator[Problem]:
    """Istio reports the first fault only."""
    names: set[str] = set()
    for place, variable in enumerate(variables):
        where, name = (*path, place), variable.get("name", "")
        fault = None
        if not name:
            fault = "the variable needs a name"
        elif len(name.encode()) > 256:
            fault = "the variable's name is longer than 256 characters"
        elif name in names:
            where, fault = (*where, "name"), f"two variables are named '{name}'"
        elif variable.get("valueFrom", "INLINE") != "INLINE" and variable.get("value"):
            fault = "a value needs valueFrom: INLINE"
        if fault:
            yield error(where, fault)
            return
        names.add(name)


def _match(selectors: list[Message]) -> Iterator[Problem]:
    """Istio reports the first fault only."""
    for place, selector in enumerate(selectors):
        for number, port in enumerate(selector.get("ports", ())):
            if not 1 <= port.get("number", 0) <= 65535:
                yield error(
                    ("spec", "match", place, "ports", number), f"port {port.get('number', 0)} is outside 1..65535"
                )
                return
