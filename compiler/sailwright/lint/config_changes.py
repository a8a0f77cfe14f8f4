"""What a change does to its own judge: every setting of the linter that is not as in another commit is a finding.

With `--config-ref` that commit's settings count; against the base commit of `check` those at hand do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Finding, Location, Path
from sailwright.lint.engine_findings import engine_finding
from sailwright.source import Document

_REMEDY = "the settings of the commit count here; have the owners of the gate review this change"
_IN_FORCE = (
    "it counts already; have the owners of the gate review this change, or judge by a trusted commit: --config-ref"
)


def settings_changes(
    here: Document | None, there: Document | None, ref: str, *, in_force: bool = False
) -> Iterator[Finding]:
    """A finding for each part of the `lint:` block that is not as in the commit `ref`; None where there is no project file.

    `in_force` says that the settings at hand are those that count.
    """
    new, old = _block(here), _block(there)
    for path, was, now in _differences(old, new):
        told = f"lint.{'.'.join(map(str, path))}"
        message = f"{told} is {_words(now)} here and {_words(was)} in {ref}"
        yield engine_finding(
            "gate-changed", message, _IN_FORCE if in_force else _REMEDY, _place(here, there, ("lint", *path))
        )


def baseline_change(path: str, here: str, there: str, ref: str) -> Iterator[Finding]:
    """A finding where the baseline file is not as in the commit; empty text where there is none."""
    if here != there:
        yield engine_finding("gate-changed", f"the baseline is not the one of {ref}", _REMEDY, Location(path))


def _block(document: Document | None) -> Mapping[str, Any]:
    return _map(_map(document.value).get("lint")) if document is not None else {}


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _differences(old: Mapping[str, Any], new: Mapping[str, Any], above: Path = ()) -> Iterator[tuple[Path, Any, Any]]:
    """Path, old and new value of each setting that differs; of `rules` each rule by itself."""
    for key in sorted({*old, *new}, key=str):
        was, now = old.get(key), new.get(key)
        if (above, key) == ((), "rules"):
            yield from _differences(_map(was), _map(now), ("rules",))
        elif was != now:
            yield (*above, key), was, now


def _words(value: object) -> str:
    if value is None:
        return "absent"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return f"`{value}`"


def _place(here: Document | None, there: Document | None, path: Path) -> Location:
    if here is not None:
        return here.locate(path, key=True)
    return Location(there.source.path if there is not None else "sailwright.yaml")
