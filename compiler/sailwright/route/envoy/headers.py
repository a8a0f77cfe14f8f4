"""Header operations, in the order in which Envoy carries them out.

Within one level Envoy removes before it sets, and sets before it adds; the operations of a destination come before those of its rule.
Source: Istio `pilot/pkg/networking/core/route/route.go` (TranslateHeadersOperations), Envoy's header parser.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sailwright.runtime.records import dataclass

AUTHORITY = (":authority", "host")


@dataclass(frozen=True, slots=True)
class Operations:
    """What one level does to headers: names in lower case; `write` holds (name, value, whether to append)."""

    remove: tuple[str, ...] = ()
    write: tuple[tuple[str, str, bool], ...] = ()

    def then(self, later: Operations) -> Operations:
        """One level that does what both do, as istiod joins a single destination's to its rule's."""
        return Operations(self.remove + later.remove, self.write + later.write)


def operations(headers: Mapping[str, Any] | None, side: str) -> Operations:
    """The operations of `headers.request` or `headers.response`, the host's left out: that is a rewrite."""
    chosen = (headers or {}).get(side) or {}
    return Operations(
        tuple(name.lower() for name in chosen.get("remove") or () if not _internal(name)),
        tuple(
            (name.lower(), value, append)
            for key, append in (("set", False), ("add", True))
            for name, value in sorted((chosen.get(key) or {}).items())
            if not _internal(name)
        ),
    )


def host_rewrite(headers: Mapping[str, Any] | None) -> str:
    """The host that request operations set; `set` beats `add`. Empty where they set none."""
    request = (headers or {}).get("request") or {}
    for key in ("set", "add"):
        for name, value in (request.get(key) or {}).items():
            if name.lower() in AUTHORITY:
                return str(value)
    return ""


def apply(levels: tuple[Operations, ...], headers: dict[str, str]) -> dict[str, str]:
    """The headers, by lower-case name, after every level; `headers` itself is changed."""
    for level in levels:
        for name in level.remove:
            headers.pop(name, None)
        for name, value, append in sorted(level.write, key=lambda written: written[2]):
            known = headers.get(name)
            headers[name] = f"{known},{value}" if append and known is not None else value
    return headers


def _internal(name: str) -> bool:
    return name.startswith(":") or name.lower() == "host"
