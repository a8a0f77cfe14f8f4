"""Variables that Flux fills in after kustomize: `${NAME}` and its forms with a default, by the values that are declared.

Source: Flux's postBuild and github.com/fluxcd/pkg/envsubst. What is not declared here may come from the cluster, and stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sailwright.runtime.records import replace
from sailwright.runtime.regex import regex
from sailwright.source.manifest import Manifest
from sailwright.source.placeholders import KEPT_TEXT, filled, with_defaults
from sailwright.source.source import Source, parse

_VARIABLE = regex(r"(?<!\$)\$\{([A-Za-z_]\w*)(?::?[=-][^${}]*)?\}")
_CASES = regex(r"(?<!\$)\$\{([A-Za-z_]\w*)(\^\^|,,)\}")
_DISABLED = "kustomize.toolkit.fluxcd.io/substitute"


def as_written(source: Source) -> Source:
    """A file with its variables, where reading it has put their defaults in."""
    if not source.documents or source.dialect != "manifest" or b"${" not in source.data:
        return source
    return parse(source.path, source.data, "manifest")


def substituted(manifest: Manifest, values: Mapping[str, str]) -> Manifest:
    """An object as Flux applies it."""
    if "disabled" in (manifest.annotations.get(_DISABLED), manifest.labels.get(_DISABLED)):
        return manifest
    value = _filled(manifest.value, values, manifest.document.source.text)
    return replace(manifest, value=value, traced=manifest.traced or manifest.written)


def _filled(value: Any, values: Mapping[str, str], written: str) -> Any:
    """The same data with the declared variables, and the defaults of others."""
    if isinstance(value, str):
        if "${" not in value:
            return value
        found = _VARIABLE.sub(lambda one: values.get(one[1], one[0]), value)
        found = _CASES.sub(lambda one: _cased(values.get(one[1]), one[2]) or one[0], found)
        return with_defaults(found, written) if "${" in found else filled(value, found, written)
    if isinstance(value, dict):
        return {key: each if key in KEPT_TEXT else _filled(each, values, written) for key, each in value.items()}
    return [_filled(each, values, written) for each in value] if isinstance(value, list) else value


def _cased(value: str | None, sign: str) -> str:
    return (value or "").upper() if sign == "^^" else (value or "").lower()
