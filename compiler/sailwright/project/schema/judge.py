"""The two schemas of ours, their validators (built once per process, when first needed), and the problems of a tree."""

from __future__ import annotations

import os
from functools import cache
from itertools import count
from typing import Any, Literal

from sailwright.diagnostics.problem import Problem
from sailwright.diagnostics.schema_fit import FEW, in_document, surely_fits

Name = Literal["service", "project"]


def problems(name: Name, tree: Any, *, complete: bool = True) -> tuple[Problem, ...]:
    """What the schema refuses, in the order of the tree.

    `complete=False` leaves out what must be there only once overlays are applied (the schema's `allOf`).
    """
    if next(_asked(name)) < FEW and surely_fits(schema(name), tree, in_document(schema(name))):
        return ()
    if _compiled(name, True).is_valid(tree) or (not complete and _compiled(name, False).is_valid(tree)):
        return ()  # most trees are complete as they are, and a second validator costs as much as a hundred services
    from sailwright.diagnostics.schema_error import schema_errors
    from sailwright.diagnostics.schema_words import worded_by_description

    held = _schema(name, complete)
    return worded_by_description(schema_errors(_compiled(name, complete).iter_errors(tree), tree, held), tree, held)


@cache
def _asked(_name: Name) -> count[int]:
    return count()


@cache
def text(name: Name) -> str:
    """The schema as it stands in the package."""
    room = os.path.dirname(os.path.dirname(__file__))
    folder = room if name == "project" else os.path.join(room, name)
    with open(os.path.join(folder, f"{name}.schema.json"), encoding="utf-8") as file:
        return file.read()


def editor_text(name: Name) -> str:
    """The same schema as SchemaStore keeps them, for editors: draft-07, in which nothing stands beside a `$ref`."""
    import json

    def older(node: Any) -> Any:
        if isinstance(node, list):
            return [older(item) for item in node]
        if not isinstance(node, dict):
            return node
        found = {
            _DRAFT_07.get(key, key) if isinstance(value, dict) else key: older(value) for key, value in node.items()
        }
        reference = found.get("$ref")
        if isinstance(reference, str):
            reference = reference.replace("#/$defs/", "#/definitions/")
            beside = {key: value for key, value in found.items() if key != "$ref"}
            return (
                {**beside, "allOf": [*beside.get("allOf", ()), {"$ref": reference}]} if beside else {"$ref": reference}
            )
        return found

    return json.dumps({**older(schema(name)), "$schema": "http://json-schema.org/draft-07/schema#"}, indent=2) + "\n"


_DRAFT_07 = {"$defs": "definitions"}


@cache
def schema(name: Name) -> dict[str, Any]:
    """The schema as data; not to be changed."""
    import json

    parsed: dict[str, Any] = json.loads(text(name))
    return parsed


def _schema(name: Name, complete: bool) -> dict[str, Any]:
    whole = schema(name)
    return whole if complete else {key: value for key, value in whole.items() if key != "allOf"}


@cache
def _compiled(name: Name, complete: bool) -> Any:
    import jsonschema_rs

    return jsonschema_rs.validator_for(_schema(name, complete))
