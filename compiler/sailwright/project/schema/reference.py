"""The field reference in docs/: one table for the file, then one for each block, made from the schema alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sailwright.project.schema.judge import Name, schema
from sailwright.project.schema.tasks import index

_WORDS = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true/false"}
_INTRODUCTION = {
    "service": "service.yaml: every field",
    "project": "sailwright.yaml: every field",
}


def reference(name: Name) -> str:
    """The Markdown page of a schema; that of service.yaml begins with the index of tasks."""
    whole = schema(name)
    lines = [
        f"# {_INTRODUCTION[name]}",
        "",
        str(whole["description"]),
        "",
        f"This page is generated from the JSON Schema that `sailwright schema {name}` prints and that editors use for completion.",
        "",
        *(index() if name == "service" else ()),
        *(("", "## Fields", "") if name == "service" else ()),
        *_table(whole, whole),
    ]
    for block in _blocks(whole):
        definition = whole["$defs"][block]
        lines += ["", f"## {block}", "", str(definition["description"]), ""]
        lines += _table(whole, definition) if "properties" in definition else [f"Type: {_type(whole, definition)}."]
        for example in definition.get("examples", ())[:3]:
            lines += ["", f"Example: `{_inline(example)}`"]
    return "\n".join(lines) + "\n"


def _blocks(whole: dict[str, Any]) -> list[str]:
    """The definitions that are blocks of their own, in the order in which the file first mentions them."""
    seen: dict[str, None] = {}

    def visit(node: Any) -> None:
        if isinstance(node, dict):
            target = str(node.get("$ref", "")).removeprefix("#/$defs/")
            if target in whole["$defs"] and target not in seen:
                seen[target] = None
                visit(whole["$defs"][target])
            for key, value in node.items():
                if key not in ("allOf", "$defs", "examples", "propertyNames"):
                    visit(value)
        elif isinstance(node, list):
            for value in node:
                visit(value)

    visit({key: value for key, value in whole.items() if key != "$defs"})
    return list(seen)


def _table(whole: dict[str, Any], node: dict[str, Any]) -> list[str]:
    required = set(node.get("required", ())) | _needed_later(whole, node)
    rows = ["| field | type | meaning |", "|---|---|---|"]
    for field, inner in node["properties"].items():
        if not field.startswith("$"):  # `$patch` is explained with the overlays
            rows += _rows(whole, field, inner, field in required)
    return rows


def _needed_later(whole: dict[str, Any], node: dict[str, Any]) -> set[str]:
    """Fields of a block that must be there once overlays are applied: what `Complete` says of it, wherever it is used."""
    found: set[str] = set()

    def visit(rule: dict[str, Any], shape: dict[str, Any]) -> None:
        rule, shape = _target(whole, rule), _target(whole, shape)
        if shape is node or shape == node:
            found.update(rule.get("required", ()))
        for field, inner in rule.get("properties", {}).items():
            visit(inner, shape.get("properties", {}).get(field, {}))
        if "items" in rule and "items" in shape:
            visit(rule["items"], shape["items"])

    if "Complete" in whole["$defs"]:
        visit(whole["$defs"]["Complete"], whole)
    return found


def _rows(whole: dict[str, Any], field: str, node: dict[str, Any], required: bool, indent: str = "") -> Iterator[str]:
    target = _target(whole, node)
    meaning = str(node.get("description") or target.get("description", ""))
    if required:
        meaning += " Required."
    yield f"| `{indent}{field}` | {_type(whole, node)} | {_cell(meaning)} |"
    if "$ref" not in node:
        for name, inner in node.get("properties", {}).items():
            yield from _rows(whole, name, inner, name in node.get("required", ()), f"{indent}{field}.")


def _type(whole: dict[str, Any], node: dict[str, Any]) -> str:
    if "$ref" in node:
        name = node["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})" if name in whole["$defs"] else _type(whole, _target(whole, node))
    if "anyOf" in node:
        return " or ".join(_type(whole, option) for option in node["anyOf"] if option != {"type": "null"})
    if "enum" in node:
        return " ".join(f"`{choice}`" for choice in node["enum"] if choice)
    if "const" in node:
        return f"`{node['const']}`"
    kinds = node.get("type", [])
    names = [kind for kind in ([kinds] if isinstance(kinds, str) else kinds) if kind != "null"]
    return " or ".join(_kind(whole, node, kind) for kind in names) or "anything"


def _kind(whole: dict[str, Any], node: dict[str, Any], kind: str) -> str:
    if kind == "array":
        return f"list of {_type(whole, node['items'])}" if "items" in node else "list"
    if kind == "object":
        values = node.get("additionalProperties")
        return f"map of {_type(whole, values)}" if isinstance(values, dict) else "map"
    word = _WORDS[kind]
    if kind != "string" and "minimum" in node and node.get("maximum", 1 << 31) < 1 << 31:
        return f"{word} {node['minimum']}-{node['maximum']}"
    return word


def _target(whole: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in node:
        return node
    target: Any = whole
    for key in node["$ref"].removeprefix("#/").split("/"):
        target = target[key]
    return dict(target)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _inline(example: Any) -> str:
    return json.dumps(example, ensure_ascii=False)
