"""The injector's values: the chart's defaults with the user's on top, and typed look-ups in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sailwright.mesh.values.releases import Release, line_of
from sailwright.render.injection.release_differences import default_values
from sailwright.runtime.records import dataclass


@dataclass(frozen=True, slots=True)
class ChartValues:
    """Complete values. Look-ups take a dotted path and raise ValueError, naming it, where the value has another type."""

    data: Mapping[str, Any]

    def get(self, path: str) -> Any:
        """The value at a dotted path; None where it is missing."""
        value: Any = self.data
        for key in path.split("."):
            value = value.get(key) if isinstance(value, Mapping) else None
        return value

    def text(self, path: str) -> str:
        """A scalar as Go prints it; empty where it is missing or null."""
        value = self.get(path)
        if value is None:
            return ""
        if isinstance(value, (dict, list)):
            raise ValueError(f"{path}: text is needed, not a {'mapping' if isinstance(value, dict) else 'list'}")
        return str(value).lower() if isinstance(value, bool) else _plain(value)

    def flag(self, path: str) -> bool:
        """A boolean; false where it is missing or null."""
        value = self.get(path)
        if not isinstance(value, bool | None):
            raise ValueError(f"{path}: true or false is needed, not `{value}`")
        return bool(value)

    def number(self, path: str) -> int:
        """An integer, which may stand in quotes; 0 where it is missing or null."""
        text = self.text(path) or "0"
        if not text.removeprefix("-").isdecimal():
            raise ValueError(f"{path}: an integer is needed, not `{text}`")
        return int(text)

    def mapping(self, path: str) -> dict[str, Any]:
        """A mapping; empty where it is missing or null."""
        value = self.get(path)
        if not isinstance(value, dict | None):
            raise ValueError(f"{path}: a mapping is needed, not `{value}`")
        return value or {}

    def texts(self, path: str) -> tuple[str, ...]:
        """A list of texts; empty where it is missing or null."""
        value = self.get(path)
        if not isinstance(value, list | None) or any(isinstance(item, (dict, list)) for item in value or ()):
            raise ValueError(f"{path}: a list of texts is needed, not `{value}`")
        return tuple(str(item) for item in value or ())


def chart_values(values: Mapping[str, Any], release: Release) -> ChartValues:
    """`values` over the charts' defaults of a release.

    Maps are merged, as Helm does it. A complete document (the `values` of the istio-sidecar-injector ConfigMap) is taken
    at its word where a missing key has a meaning: its `resources` replace ours.
    """
    image = {"hub": line_of(release).hub, "tag": str(release)}
    merged = _merged(_merged(default_values(), {"global": image}), values)
    given = values.get("global")
    if isinstance(given, Mapping) and "istioNamespace" in given and "sidecarInjectorWebhook" in values:
        proxy = given.get("proxy")
        resources = proxy.get("resources") if isinstance(proxy, Mapping) else None
        merged = _merged(merged, {"global": {"proxy": {"resources": None}}})
        merged["global"]["proxy"]["resources"] = resources
    if "cni" not in _section(values, "pilot") and "istio_cni" in values:  # where charts before 1.24 kept it
        merged = _merged(merged, {"pilot": {"cni": values["istio_cni"]}})
    return ChartValues(merged)


def overlaid(values: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Values with single settings by dotted path on top."""
    result = dict(values)
    for path, value in settings.items():
        nested: Any = value
        for key in reversed(path.split(".")):
            nested = {key: nested}
        result = _merged(result, nested)
    return result


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(base)
    for key, value in over.items():
        below = result.get(key)
        both = isinstance(below, Mapping) and isinstance(value, Mapping)
        result[key] = _merged(below, value) if both else value  # type: ignore[arg-type]  # mypy does not see through `both`
    return result


def _section(values: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    section = values.get(key)
    return section if isinstance(section, Mapping) else {}


def _plain(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
