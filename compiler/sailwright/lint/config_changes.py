"""What a change does to its own judge: every setting of the linter that is not as in another commit is a finding.

With `--config-ref` that commit's settings count; against the base commit of `check` those at hand do.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Finding, Location, Path
from sailwright.lint.engine_findings import engine_finding
from sailwright.project.model import DEFAULT_SERVICES
from sailwright.runtime.records import replace
from sailwright.source.source import Document

_REMEDY = "the settings of the commit count in this run; have the owners of the gate review this change"
_IN_FORCE = "it counts already; have the owners of the gate review this change, or take the settings of a trusted commit: --config-ref"


def settings_changes(
    here: Document | None, there: Document | None, ref: str, *, in_force: bool = False
) -> Iterator[Finding]:
    """A finding for each setting that decides about the change and is not as in the commit `ref`; None where there is no project file.

    Of the `lint:` block each setting, then the blocks of `_DECIDING`. `in_force` says that the settings at hand are those that count.
    """
    new, old = _block(here), _block(there)
    for path, was, now in _differences(old, new):
        told = f"lint.{'.'.join(map(str, path))}"
        message = f"{told} is {_words(now)} here and {_words(was)} in {ref}"
        yield engine_finding(
            "gate-changed", message, _IN_FORCE if in_force else _REMEDY, _place(here, there, ("lint", *path))
        )
    for way in _DECIDING:
        was_block, now_block = _at(there, way), _at(here, way)
        both_maps = isinstance(was_block, dict | None) and isinstance(now_block, dict | None)
        pairs = (
            _differences(_map(was_block), _map(now_block), way) if both_maps else iter(((way, was_block, now_block),))
        )
        for path, was, now in pairs:
            if was != now:
                yield engine_finding(
                    "gate-changed", f"{_dotted(path)} is not as in {ref}", _IN_FORCE, _place(here, there, path)
                )


_DECIDING: tuple[Path, ...] = (
    ("validate",), ("namespaces",), ("known",), ("output", "extraKinds"), ("kubernetes", "version"), ("istio", "version"),
    ("istio", "controlPlanes"), ("requires",),
)  # fmt: skip
"""What else of the project file decides what is found: what is validated and how, what is known and allowed, for which release."""


def hidden_files(
    here: Document | None, there: Document | None, root: str, ref: str, *, in_force: bool = False
) -> Iterator[Finding]:
    """A finding for the files that the project file of `ref` has checked and nothing checks any more: an error, unless `in_force`.

    An entry of `manifests` that goes hides files, and so does a project file laid beside them.
    """
    from sailwright.runtime.git import work_tree
    from sailwright.source.files.checkout import Disk
    from sailwright.source.files.patterns import compiled

    earlier = [compiled(pattern) for pattern in _patterns(there)]
    tree, disk = work_tree(root), Disk(root)
    listing = tree.run(
        "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *filter(None, (tree.inside,))
    )
    paths = (name.removeprefix(tree.inside) for name in listing.decode("utf-8", "surrogateescape").split("\0") if name)
    were = {path for path in paths if any(pattern.fullmatch(path) for pattern in earlier)}
    checked = {path for pattern in _patterns(here) for path in disk.glob(pattern)}
    for path in sorted(path for path in were - checked if os.path.isfile(os.path.join(root, path))):
        message = f"this file was checked in {ref}, and nothing checks it any more"
        remedy = "name it by `manifests` or `services`, and lay no other project file above it"
        finding = engine_finding("gate-changed", message, remedy, Location(path))
        yield finding if in_force else replace(finding, severity="error")


def _patterns(document: Document | None) -> list[str]:
    """The patterns by which a project file names what is checked."""
    value = _map(document.value) if document is not None else {}
    services = value.get("services", list(DEFAULT_SERVICES)) if document is not None else []
    entries = value.get("manifests")
    listed = [entry.get("paths") for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    return [
        pattern
        for group in (services, *listed)
        if isinstance(group, list)
        for pattern in group
        if isinstance(pattern, str)
    ]


def baseline_change(path: str, here: str, there: str, ref: str) -> Iterator[Finding]:
    """A finding where the baseline file is not as in the commit; empty text where there is none."""
    if here != there:
        yield engine_finding("gate-changed", f"the baseline is not the one of {ref}", _REMEDY, Location(path))


def _at(document: Document | None, path: Path) -> Any:
    """The value at a path of a project file; None where there is none."""
    value = document.value if document is not None else None
    for key in path:
        value = _map(value).get(str(key))
    return value


def _dotted(path: Path) -> str:
    return ".".join(map(str, path))


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
