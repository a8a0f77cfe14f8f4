"""Derive the schemas of Kubernetes' kinds from the package kubernetes-validate, as facts: types, limits and names, no prose.

usage: make schemas

Writes compiler/sailwright/validate/schemas/kubernetes/: `definitions.jsonl` has each distinct definition once, one per line, for
all minor versions; `MINOR.json` says which kinds the version serves and which line holds each definition.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent.parent / "compiler" / "sailwright" / "validate" / "schemas" / "kubernetes"
PROSE = frozenset({"description", "title", "$schema", "$id", "default"})
NAMED = frozenset({"properties", "patternProperties"})
"""Below these, keys are names of fields and not keywords."""

Schema = dict[str, Any]


def main() -> None:
    found = find_spec("kubernetes_validate")
    if found is None or not found.submodule_search_locations:
        sys.exit("the package kubernetes-validate is not installed: it is in the development set")
    written = derived(Path(found.submodule_search_locations[0]) / "kubernetes-json-schema")
    TARGET.mkdir(exist_ok=True)
    for name, text in written.items():
        (TARGET / name).write_text(text)
    print(f"{len(written) - 2} minor versions from kubernetes-validate {version('kubernetes-validate')}")


def derived(source: Path) -> dict[str, str]:
    """The text of each file, by its name, from a folder of `vMINOR.0-local-strict` folders."""
    lines: dict[str, int] = {}
    files = {}
    for folder in sorted(source.glob("v1.*.0-local-strict"), key=lambda each: int(each.name.split(".")[1])):
        definitions = json.loads((folder / "_definitions.json").read_bytes())["$defs"]
        minor = ".".join(folder.name.removeprefix("v").split(".")[:2])
        files[f"{minor}.json"] = _text(_index(definitions, lines)) + "\n"
    source_text = _text({"package": "kubernetes-validate", "version": version("kubernetes-validate")})
    return {**files, "definitions.jsonl": "".join(f"{line}\n" for line in lines), "source.json": source_text + "\n"}


def _index(definitions: dict[str, Schema], lines: dict[str, int]) -> dict[str, Any]:
    """The kinds by API version, and the line of each definition that a kind needs; new lines are added to `lines`."""
    kinds: dict[str, dict[str, str]] = {}
    for name, definition in definitions.items():
        if (served := _served(definition)) is not None:
            kinds.setdefault(served[0], {})[served[1]] = name
    facts = {name: _facts(definition) for name, definition in definitions.items()}
    needed = _reachable(facts, {name for each in kinds.values() for name in each.values()})
    return {
        "kinds": {key: dict(sorted(kinds[key].items())) for key in sorted(kinds)},
        "definitions": {name: lines.setdefault(_text(facts[name]), len(lines)) for name in sorted(needed)},
    }


def _served(definition: Schema) -> tuple[str, str] | None:
    """The API version and kind of which objects are made. DeleteOptions and the like belong to every group: no objects."""
    named = definition.get("x-kubernetes-group-version-kind", ())
    if len(named) != 1 or "apiVersion" not in definition.get("properties", {}):
        return None
    group, kind, number = (named[0][key] for key in ("group", "kind", "version"))
    return (f"{group}/{number}" if group else number), kind


def _facts(schema: Any, *, named: bool = False) -> Any:
    """The schema without what is said to humans, and with references into its own `$defs`."""
    if isinstance(schema, list):
        return [_facts(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: value for key, value in schema.items() if named or not (key in PROSE or key.startswith("x-"))}
    if isinstance(reference := kept.get("$ref"), str) and not named:
        kept["$ref"] = "#/$defs/" + reference.rpartition("/")[2]
    return {key: _facts(value, named=not named and key in NAMED) for key, value in kept.items()}


def _reachable(definitions: dict[str, Schema], names: set[str]) -> set[str]:
    found: set[str] = set()
    pending = list(names)
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending += _references(definitions[name])
    return found


def _references(schema: Any) -> list[str]:
    if isinstance(schema, list):
        return [name for each in schema for name in _references(each)]
    if not isinstance(schema, dict):
        return []
    own = [schema["$ref"].rpartition("/")[2]] if isinstance(schema.get("$ref"), str) else []
    return own + [name for each in schema.values() for name in _references(each)]


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


if __name__ == "__main__":
    main()
