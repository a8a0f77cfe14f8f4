"""What was read of an object or a service file, as plain data: results that hang on nothing else hold while it is the same."""

from __future__ import annotations

from typing import Any

from sailwright.lint.noted_fields import ALL, CONTAINER, LISTS, POD, SERVICE_FILE, Noted
from sailwright.mesh.objects.sidecar_containers import INJECTED_CONTAINERS
from sailwright.mesh.values.kinds import template_of_kind


def read_part(value: dict[str, Any], noted: Noted) -> Any:
    """What was read of an object, as plain data: two of which this is the same are `same_but_for_unread`."""
    path = template_of_kind(str(value.get("apiVersion")), str(value.get("kind")))
    if path is None:
        return value
    whole = above = here = dict(value)
    for key in (*path, "spec"):
        if not isinstance(here.get(key), dict):
            return value
        above, here[key] = here, dict(here[key])
        here = above[key]
    above["spec"] = None
    lists = [
        [_read_container(each, noted) for each in here[key]] if isinstance(here.get(key), list) else here.get(key)
        for key in LISTS
    ]
    return whole, _read_keys({key: each for key, each in here.items() if key not in LISTS}, POD, noted), lists


def _read_container(container: Any, noted: Noted) -> Any:
    if not isinstance(container, dict) or container.get("name") in INJECTED_CONTAINERS:
        return container
    return container.get("name"), _read_keys(container, CONTAINER, noted)


def _read_keys(value: dict[str, Any], what: str, noted: Noted) -> Any:
    if (what, ALL) in noted:
        return value
    return [(key, value[key]) for key in sorted(key for key in value if (what, key) in noted)]


def read_part_of_file(value: Any, noted: Noted, what: str = SERVICE_FILE) -> Any:
    """What was read of a service file, and which keys it has: two of which this is the same are `same_file_but_for_unread`."""
    if not isinstance(value, dict) or (what, ALL) in noted:
        return value
    return [(key, _read_value(each, noted, what, key)) for key, each in value.items()]


def _read_value(value: Any, noted: Noted, what: str, key: str) -> Any:
    if isinstance(value, list):
        return [read_part_of_file(each, noted, f"{what}/{key}") for each in value]
    if isinstance(value, dict):
        return {"": read_part_of_file(value, noted, f"{what}/{key}")}
    return value if (what, key) in noted else ...
