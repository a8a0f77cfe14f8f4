"""Overlays: maps merge, null removes, lists whose items all have a name merge by it, everything else is replaced."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sailwright.service.trace import Spot, Trace

Tree = Mapping[str, Any]
_NESTED = (dict, list)
_LIST_WORDS = ("name", "before", "$patch")
_OPAQUE = "patches"
"""Patches are carried as they are: a null in a merge patch (RFC 7386) has a meaning of its own."""
Blame = Literal["no-effect", "before-unknown", "before-existing"]
Report = Callable[[Blame, Spot, str], None]


@dataclass(frozen=True, slots=True)
class Traced:
    """A value, and where it came from."""

    value: Any
    trace: Trace

    def child(self, key: str | int) -> Traced:
        """An entry of this map or list."""
        return Traced(self.value[key], self.trace.child(key))


def overlay(base: Traced, over: Traced, report: Report) -> Traced:
    """The map `base` with the map `over` laid upon it; `report` hears of keys that change nothing and stray `before`s."""
    result = dict(base.value)
    children = dict(base.trace.children)
    for key, value in over.value.items():
        present, trace = key in result, over.trace.child(key)
        if value is None:
            if not present:
                report("no-effect", trace.spot, key)
            result.pop(key, None)
            children.pop(key, None)
            continue
        new = Traced(value, trace)
        if key == _OPAQUE:
            result[key], children[key] = value, trace
            continue
        merged = _merge(base.child(key), new, report) if present else fresh(new)
        if present and merged.value is result[key]:
            continue
        result[key], children[key] = merged.value, merged.trace
    return Traced(result, Trace(base.trace.spot, children))


def underlay(defaults: Traced, own: Traced) -> Traced:
    """The map `own` with `defaults` put under it: the same merge, but the place of the whole is that of `own`."""
    merged = overlay(defaults, own, _silent)
    children = {key: merged.trace.child(key) for key in merged.value if key not in own.value or key in defaults.value}
    return Traced(merged.value, Trace(own.trace.spot, {**own.trace.children, **children}))


def fresh(new: Traced) -> Traced:
    """A value nothing lies under: without its nulls, and without the words that only an overlay needs."""
    value, trace = new.value, new.trace
    if _plain(value):
        return new
    if isinstance(value, dict):
        entries = {key: fresh(new.child(key)) for key, entry in value.items() if entry is not None}
        entries = {key: entry for key, entry in entries.items() if key not in _LIST_WORDS or key == "name"}
    else:
        kept = [fresh(new.child(index)) for index, item in enumerate(value) if not _deleted(item)]
        entries = dict(enumerate(kept))
    children = {key: entry.trace for key, entry in entries.items()}
    values = {key: entry.value for key, entry in entries.items()}
    return Traced(values if isinstance(value, dict) else list(values.values()), Trace(trace.spot, children))


def _merge(base: Traced, new: Traced, report: Report) -> Traced:
    if isinstance(base.value, dict) and isinstance(new.value, dict):
        if not new.value:
            report("no-effect", new.trace.spot, str(new.trace.spot.path[-1]))
        return overlay(base, new, report)
    if _named(base.value) and _named(new.value):
        return _merge_named(base, new, report)
    merged = fresh(new)
    if type(merged.value) is type(base.value) and merged.value == base.value:
        report("no-effect", new.trace.spot, str(new.trace.spot.path[-1]))
        return base
    return merged


def _merge_named(base: Traced, new: Traced, report: Report) -> Traced:
    items = {item["name"]: base.child(index) for index, item in enumerate(base.value)}
    for index, item in enumerate(new.value):
        name, over = item["name"], new.child(index)
        if _deleted(item):
            if items.pop(name, None) is None:
                report("no-effect", over.trace.spot, name)
        elif name in items:
            if "before" in item:
                report("before-existing", over.trace.spot.below("before"), name)
            changes = {key: value for key, value in item.items() if key not in _LIST_WORDS}
            if not changes:
                report("no-effect", over.trace.spot, name)
            items[name] = overlay(items[name], Traced(changes, over.trace), report)
        else:
            items = _insert(items, name, fresh(over), item.get("before"), report)
    merged = list(items.values())
    return Traced([item.value for item in merged], Trace(base.trace.spot, dict(enumerate(i.trace for i in merged))))


def _insert(items: dict[str, Traced], name: str, new: Traced, before: str | None, report: Report) -> dict[str, Traced]:
    if before is None:
        return {**items, name: new}
    if before not in items:
        report("before-unknown", new.trace.spot.below("before"), before)
        return {**items, name: new}
    result = {}
    for key, item in items.items():
        if key == before:
            result[name] = new
        result[key] = item
    return result


def _named(value: Any) -> bool:
    if not isinstance(value, list) or not value:
        return False
    names = {item.get("name") for item in value if isinstance(item, dict)}
    return len(names) == len(value) and all(isinstance(name, str) for name in names)


def _deleted(item: Any) -> bool:
    return isinstance(item, dict) and item.get("$patch") == "delete"


def _plain(value: Any) -> bool:
    """Whether a value holds nothing that only overlays understand: no null, no `before`, no `$patch`."""
    if isinstance(value, dict):
        if "before" in value or "$patch" in value:
            return False
        return all(entry is not None and (entry.__class__ not in _NESTED or _plain(entry)) for entry in value.values())
    if isinstance(value, list):
        return all(entry.__class__ not in _NESTED or _plain(entry) for entry in value)
    return value is not None


def _silent(_blame: Blame, _spot: Spot, _key: str) -> None:
    """Putting defaults under a version blames nobody: a version may repeat a default."""
