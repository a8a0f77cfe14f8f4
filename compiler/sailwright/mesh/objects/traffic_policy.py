"""The blocks of a traffic policy: its top level and its port level settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.runtime.records import dataclass
from sailwright.source.untyped import entries, mapping, number


@dataclass(frozen=True, slots=True)
class Policy:
    """One block of traffic policy. `subset` is empty for the rule's own; `port` is set for a port level entry."""

    path: Path
    value: Mapping[str, Any]
    subset: str
    port: int | None
    covered_ports: frozenset[int]
    """The ports that this block leaves to a more specific one."""

    def at(self, *keys: str | int) -> Path:
        """The path of something inside the block."""
        return (*self.path, *keys)


def policy_blocks(value: object, path: Path, subset: str) -> Iterator[Policy]:
    """The blocks of the traffic policy at `path`, the top level first; none where it is empty."""
    own = mapping(value)
    if not own:
        return
    levels = [
        (entry_path, entry, number(mapping(entry.get("port")).get("number")))
        for entry_path, entry in entries(own.get("portLevelSettings"), (*path, "portLevelSettings"))
    ]
    yield Policy(path, own, subset, None, frozenset(port for _, _, port in levels))
    for entry_path, entry, port in levels:
        yield Policy(entry_path, entry, subset, port, frozenset())
