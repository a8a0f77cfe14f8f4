"""Comparing our injection with the real istioctl's: as data, after dropping what only Go's zero values print."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sailwright.mesh.values.quantity import canonical

_ZEROES = ("creationTimestamp", "status")
_COUNTERS = ("minReadySeconds", "initialDelaySeconds", "port")
_JSON = ("sidecar.istio.io/status", "proxy.istio.io/overrides")


def comparable(value: Any, path: tuple[str, ...] = ()) -> Any:
    """Data without zero values, with quantities in one form and the JSON of two annotations as data."""
    if isinstance(value, dict):
        pairs = ((key, _entry(key, item, path)) for key, item in value.items())
        return {key: item for key, item in pairs if item not in (None, {}, []) and not _is_zero(key, item, path)}
    if isinstance(value, list):
        return [comparable(item, (*path, "*")) for item in value]
    if path[-2:-1] in (("limits",), ("requests",)):
        return _amount(value)
    return value


def _entry(key: str, item: Any, path: tuple[str, ...]) -> Any:
    if key in _JSON and isinstance(item, str):
        item = json.loads(item)
    return comparable(item, (*path, key))


def _is_zero(key: str, item: Any, path: tuple[str, ...]) -> bool:
    if path[-1:] == ("annotations",):
        return False
    return key in _ZEROES or (key in _COUNTERS and item == 0) or (key == "value" and item == "")


def _amount(value: Any) -> Any:
    """`1e3` and `1k` are one amount."""
    text = canonical(value)
    mantissa, exponent, power = (text or "").partition("e")
    return canonical(f"{mantissa}{'0' * int(power)}") if exponent and power.isdecimal() else text or value


def differences(real: Any, ours: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Each place where two values differ, with both of them."""
    if isinstance(real, dict) and isinstance(ours, dict):
        for key in sorted({*real, *ours}):
            yield from differences(real.get(key), ours.get(key), f"{path}/{key}")
    elif isinstance(real, list) and isinstance(ours, list) and len(real) == len(ours):
        for index, pair in enumerate(zip(real, ours, strict=True)):
            yield from differences(*pair, f"{path}/{index}")
    elif real != ours:
        yield path, real, ours
