"""What a change does to its own gate: every setting that decides and is not as in another commit is a finding.

With `--config-ref` that commit's settings count; against the base commit of `check` those at hand do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Finding, Location, Path, value_at
from sailwright.lint.engine_findings import engine_finding
from sailwright.project.model import DEFAULT_SERVICES
from sailwright.source.source import Document
from sailwright.source.untyped import items, mapping, same

TRUSTED = (
    "what the commit says counts in this run, and the change takes effect once it is merged:"
    " have the owners of the gate review it"
)
IN_FORCE = "it counts already; have the owners of the gate review this change, or take the settings of a trusted commit: --config-ref"


def settings_changes(
    here: Document | None, there: Document | None, ref: str, *, in_force: bool = False
) -> Iterator[Finding]:
    """A finding for each setting that decides about the change and is not as in the commit `ref`; None where there is no project file.

    Of the `lint:` block each setting, then the blocks of `_DECIDING`, environments that were there, and patterns that went.
    `in_force` says that the settings at hand are those that count.
    """
    remedy = IN_FORCE if in_force else TRUSTED
    new, old = _tree(here), _tree(there)
    for path, was, now in _differences(mapping(old.get("lint")), mapping(new.get("lint"))):
        told = f"lint.{'.'.join(map(str, path))}"
        message = f"{told} is {_words(now)} here and {_words(was)} in {ref}"
        yield engine_finding("gate-changed", message, remedy, _place(here, there, ("lint", *path)))
    for path in (*_deciding(old, new), *_of_environments(old, new)):
        gone = "not declared here, as it is" if value_at(new, path) is None and path[0] == "environments" else "not as"
        message = f"{'.'.join(map(str, path))} is {gone} in {ref}"
        yield engine_finding("gate-changed", message, remedy, _place(here, there, path))
    for key, pattern in _patterns_gone(old, new) if here is not None and there is not None else ():
        message = f"{key} names `{pattern}` in {ref}, and not here, or not for all its environments"
        yield engine_finding("gate-changed", message, remedy, _place(here, there, (key,)))


_DECIDING: tuple[Path, ...] = (
    ("validate",), ("namespaces",), ("known",), ("output", "extraKinds"), ("output", "path"), ("kubernetes",), ("istio",),
    ("requires",),
)  # fmt: skip
"""What else of the project file decides what is found: what is validated and how, what is known and allowed, for which mesh."""


def _deciding(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Path]:
    for way in _DECIDING:
        was, now = value_at(old, way), value_at(new, way)
        if isinstance(was, dict | None) and isinstance(now, dict | None):
            yield from (path for path, *_ in _differences(mapping(was), mapping(now), way))
        elif not same(was, now):
            yield way


def _of_environments(old: Mapping[str, Any], new: Mapping[str, Any], above: Path = ()) -> Iterator[Path]:
    """Environments and clusters that went, and what is said otherwise of the mesh in those that stay."""
    key = "clusters" if above else "environments"
    known = mapping(new.get(key))
    for name, block in mapping(old.get(key)).items():
        path: Path = (*above, key, name)
        was, now = mapping(block), mapping(known.get(name))
        if name not in known:
            yield path
            continue
        yield from ((*path, each) for each in ("istio", "kubernetes") if not same(was.get(each), now.get(each)))
        if not above:
            yield from _of_environments(was, now, path)


def _patterns_gone(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The patterns of files that are checked in fewer places than they were, each once."""
    services, known = _texts(old.get("services")), _texts(new.get("services"))
    default = list(DEFAULT_SERVICES)
    gone = [("services", each) for each in services or default if each not in (known or default)]
    entries = [mapping(entry) for entry in items(new.get("manifests"))]
    for before in map(mapping, items(old.get("manifests"))):
        for pattern in _texts(before.get("paths")):
            kept = (entry for entry in entries if pattern in _texts(entry.get("paths")))
            if not any(_covers(entry, before) for entry in kept):
                gone.append(("manifests", pattern))
    yield from dict.fromkeys(gone)


def _texts(value: object) -> list[str]:
    """Patterns, `./a` as `a`."""
    return [each.removeprefix("./") for each in items(value) if isinstance(each, str)]


def _covers(entry: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    """Whether an entry of `manifests` is in all places that another was in."""
    return all(
        key not in entry or (key in before and set(items(before[key])) <= set(items(entry[key])))
        for key in ("environments", "clusters")
    )


def baseline_change(path: str, here: str, there: str, ref: str) -> Iterator[Finding]:
    """A finding where the baseline file is not as in the commit; empty text where there is none."""
    if here != there:
        yield engine_finding("gate-changed", f"the baseline is not the one of {ref}", TRUSTED, Location(path))


def _tree(document: Document | None) -> Mapping[str, Any]:
    return mapping(document.value) if document is not None else {}


def _differences(old: Mapping[str, Any], new: Mapping[str, Any], above: Path = ()) -> Iterator[tuple[Path, Any, Any]]:
    """Path, old and new value of each setting that differs; of `rules` each rule by itself."""
    for key in sorted({*old, *new}, key=str):
        was, now = old.get(key), new.get(key)
        if (above, key) == ((), "rules"):
            yield from _differences(mapping(was), mapping(now), ("rules",))
        elif not same(was, now):
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
