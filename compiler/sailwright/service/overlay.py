"""Overlays: maps merge, null removes, lists whose items all have a name merge by it, everything else is replaced."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sailwright.service.trace import Spot, Trace

Tree = Mapping[str, Any]
_NESTED = (dict, list)
_OVERLAY_WORDS = ("before", "$patch")
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
    """The map `base` with the map `over` laid upon it; `report` hears of keys that change nothing and stray `before`s.

    A null with nothing below it stays: in a version it removes what `defaults` will put there. `settled` takes the rest out.
    """
    result = dict(base.value)
    children = dict(base.trace.children)
    for key, value in over.value.items():
        if key not in result:
            if value is None and "versions" not in over.trace.spot.path:
                report("no-effect", over.trace.child(key).spot, key)
            result[key], children[key] = value, over.trace.child(key)
        elif value is None:
            del result[key]
            children.pop(key, None)
        elif key == _OPAQUE:
            result[key], children[key] = value, over.trace.child(key)
        else:
            merged = _merge(base.child(key), over.child(key), report)
            if merged.value is not result[key]:
                result[key], children[key] = merged.value, merged.trace
    return Traced(result, Trace(base.trace.spot, children))


def underlay(defaults: Traced, own: Traced) -> Traced:
    """The map `own` with `defaults` put under it: the same merge, but the spot of the whole is that of `own`."""
    result = dict(defaults.value)
    children = dict(own.trace.children)
    for key in defaults.value.keys() - own.value.keys():
        children[key] = defaults.trace.child(key)
    for key, value in own.value.items():
        if value is None or key not in result or key == _OPAQUE:
            result[key] = value
        else:
            merged = _merge(defaults.child(key), own.child(key), _silent)
            result[key], children[key] = merged.value, merged.trace
    return Traced(result, Trace(own.trace.spot, children))


def settled(new: Traced) -> Traced:
    """A value nothing more is laid upon: without its nulls, and without the words that only the items of overlays need."""
    value, trace = new.value, new.trace
    if plain(value):
        return new
    if isinstance(value, dict):
        kept = [key for key, entry in value.items() if entry is not None]
        entries = {key: new.child(key) if key == _OPAQUE else settled(new.child(key)) for key in kept}
        children = {key: entry.trace for key, entry in entries.items()}
        return Traced({key: entry.value for key, entry in entries.items()}, Trace(trace.spot, children))
    items = [_bare(settled(new.child(index))) for index, item in enumerate(value) if not _deleted(item)]
    return Traced([item.value for item in items], Trace(trace.spot, dict(enumerate(item.trace for item in items))))


def plain(value: Any) -> bool:
    """Whether a value holds nothing that only overlays understand: no null, and no item with `before` or `$patch`."""
    if value.__class__ is dict:
        for entry in value.values():
            if entry is None or (entry.__class__ in _NESTED and not plain(entry)):
                return False
    elif value.__class__ is list:
        for entry in value:
            if entry.__class__ in _NESTED and not (plain(entry) and "before" not in entry and "$patch" not in entry):
                return False
    return True


def _bare(item: Traced) -> Traced:
    if not isinstance(item.value, dict):
        return item
    return Traced({key: entry for key, entry in item.value.items() if key not in _OVERLAY_WORDS}, item.trace)


def _merge(base: Traced, new: Traced, report: Report) -> Traced:
    if isinstance(base.value, dict) and isinstance(new.value, dict):
        if not new.value:
            report("no-effect", new.trace.spot, str(new.trace.spot.path[-1]))
        return overlay(base, new, report)
    if _named(base.value) and _named(new.value):
        return _merge_named(base, new, report)
    if type(new.value) is type(base.value) and new.value == base.value:
        report("no-effect", new.trace.spot, str(new.trace.spot.path[-1]))
        return base
    return new


def _merge_named(base: Traced, new: Traced, report: Report) -> Traced:
    items = {item["name"]: base.child(index) for index, item in enumerate(base.value)}
    for index, item in enumerate(new.value):
        name, over = item["name"], new.child(index)
        if _deleted(item):
            if items.pop(name, None) is None:
                report("no-effect", over.trace.spot, name)
        elif name in items:
            changes = {key: value for key, value in item.items() if key != "name" and key not in _OVERLAY_WORDS}
            if "before" in item:
                report("before-existing", over.trace.spot.below("before"), name)
            elif not changes:
                report("no-effect", over.trace.spot, name)
            items[name] = overlay(items[name], Traced(changes, over.trace), report)
        else:
            items = _insert(items, name, over, item.get("before"), report)
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


def _silent(_blame: Blame, _spot: Spot, _key: str) -> None:
    """Putting defaults under a version blames nobody: a version may repeat a default."""
