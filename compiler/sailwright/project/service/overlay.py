"""Overlays: maps merge, null removes, lists whose items all have a name merge by it, everything else is replaced."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from sailwright.project.service.trace import Spot, Trace
from sailwright.runtime.records import dataclass

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
            if "versions" not in over.trace.path:  # what `defaults` will put there is not known yet
                if value is None:
                    report("no-effect", over.trace.child(key).spot, key)
                else:
                    report_no_effect_keys(over.child(key), report)
            result[key], children[key] = value, over.trace.child(key)
        elif value is None:
            del result[key]
            children.pop(key, None)
        else:
            _lay(key, base, over, result, children, report)
    return Traced(result, base.trace.having(children))


def report_no_effect_keys(new: Traced, report: Report) -> None:
    """`report` hears of every `before` and deletion in a value that has nothing below it for them to refer to."""
    if plain(new.value) or new.trace.path[-1:] == (_OPAQUE,):
        return
    if isinstance(new.value, dict):
        for key in new.value:
            report_no_effect_keys(new.child(key), report)
    elif _named(new.value):
        _merge_named(Traced([], new.trace), new, report)


def underlay(defaults: Traced, own: Traced) -> Traced:
    """The map `own` with `defaults` put under it: the same merge, but the spot of the whole is that of `own`."""
    result = dict(defaults.value)
    children = dict(own.trace.children)
    for key, value in own.value.items():
        if value is None or key not in result:
            result[key] = value
        else:
            _lay(key, defaults, own, result, children, _silent)
    inherited = defaults.value.keys() - own.value.keys()
    return Traced(result, Trace(own.trace.document, own.trace.path, children, (defaults.trace, inherited)))


def _lay(
    key: str, base: Traced, over: Traced, result: dict[str, Any], children: dict[str | int, Trace], report: Report
) -> None:
    """Lay one entry upon another: merged where both are maps, or lists of named items, else replaced."""
    old, new = base.value[key], over.value[key]
    if key == _OPAQUE:
        result[key], children[key] = new, over.trace.child(key)
    elif isinstance(old, dict) and isinstance(new, dict):
        if not new:
            report("no-effect", over.trace.child(key).spot, key)
        merged = overlay(base.child(key), over.child(key), report)
        result[key], children[key] = merged.value, merged.trace
    elif _named(old) and _named(new):
        merged = _merge_named(base.child(key), over.child(key), report)
        result[key], children[key] = merged.value, merged.trace
    elif type(new) is type(old) and new == old:
        report("no-effect", over.trace.child(key).spot, key)
    else:
        result[key], children[key] = new, over.trace.child(key)


def settled(new: Traced) -> Traced:
    """A value nothing more is laid upon: without its nulls, and without the words that only the items of overlays need."""
    value, trace = new.value, new.trace
    if plain(value):
        return new
    if isinstance(value, dict):
        kept = [key for key, entry in value.items() if entry is not None]
        entries = {key: new.child(key) if key == _OPAQUE else settled(new.child(key)) for key in kept}
        children = {key: entry.trace for key, entry in entries.items()}
        return Traced({key: entry.value for key, entry in entries.items()}, trace.having(children))
    items = [_bare(settled(new.child(index))) for index, item in enumerate(value) if not _deleted(item)]
    return Traced([item.value for item in items], trace.having(dict(enumerate(item.trace for item in items))))


def plain(value: Any) -> bool:
    """Whether a value holds nothing that only overlays understand: no null, and no item with `before` or `$patch`."""
    if value.__class__ not in _NESTED:
        return True
    nodes = [value]
    for node in nodes:  # those below are added on the way
        if node.__class__ is dict:
            for entry in node.values():
                if entry is None:
                    return False
                if entry.__class__ in _NESTED:
                    nodes.append(entry)
        else:
            for entry in node:
                if entry.__class__ in _NESTED:
                    if "before" in entry or "$patch" in entry:
                        return False
                    nodes.append(entry)
    return True


def _bare(item: Traced) -> Traced:
    if not isinstance(item.value, dict):
        return item
    return Traced({key: entry for key, entry in item.value.items() if key not in _OVERLAY_WORDS}, item.trace)


Items = dict[str, "Traced | int"]
"""Items of a list by name; a number stands for the base's item at that index, as it is."""


def _merge_named(base: Traced, new: Traced, report: Report) -> Traced:
    items: Items = {item["name"]: index for index, item in enumerate(base.value)}
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
            below = items[name]
            below = base.child(below) if isinstance(below, int) else below
            items[name] = overlay(below, Traced(changes, over.trace), report)
        else:
            items = _insert(items, name, over, item.get("before"), report)
    return _list(base, items)


def _list(base: Traced, items: Items) -> Traced:
    """The list of the items, and the traces of those that are new, changed or moved."""
    values: list[Any] = []
    children: dict[str | int, Trace] = {}
    for index, item in enumerate(items.values()):
        if isinstance(item, Traced):
            values.append(item.value)
            children[index] = item.trace
        else:
            values.append(base.value[item])
            if item != index or item in base.trace.children:
                children[index] = base.trace.child(item)
    return Traced(values, base.trace.having(children))


def _insert(items: Items, name: str, new: Traced, before: str | None, report: Report) -> Items:
    if before is None:
        return {**items, name: new}
    if before not in items:
        report("before-unknown", new.trace.spot.below("before"), before)
        return {**items, name: new}
    result: Items = {}
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
