"""Derive the schemas of Istio's kinds from its CustomResourceDefinitions, as facts: types, limits and rules, no prose.

usage: python tools/derive_istio_schemas.py FOLDER     # of istio-X.Y.Z.yaml files, one a release

Writes one file a kind to compiler/sailwright/validate/schemas/istio/. A release line is named only where the schema changed;
what is the same in several places or releases is written once, below `$defs`.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

TARGET = Path(__file__).parent.parent / "compiler" / "sailwright" / "validate" / "schemas" / "istio"
SHARED_FROM = 160
"""Subschemas shorter than this many characters of JSON are repeated rather than shared."""

Schema = dict[str, Any]


def main(folder: Path) -> None:
    releases = sorted(folder.glob("istio-*.yaml"), key=_release)
    kinds: dict[str, dict[str, Any]] = {}
    for file in releases:
        line = ".".join(map(str, _release(file)[:2]))
        for definition in yaml.load_all(file.read_text(), yaml.CSafeLoader):
            if definition and definition["kind"] == "CustomResourceDefinition":
                _add(kinds, definition, line)
    for kind, facts in kinds.items():
        (TARGET / f"{kind}.json").write_text(_written(facts))
    print(f"{len(kinds)} kinds from {len(releases)} releases")


def _release(file: Path) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", file.name))


def _add(kinds: dict[str, dict[str, Any]], definition: dict[str, Any], line: str) -> None:
    spec = definition["spec"]
    kind = spec["names"]["kind"]
    facts = kinds.setdefault(kind, {"group": spec["group"], "kind": kind, "releases": {}})
    facts["versions"] = [version["name"] for version in spec["versions"]]
    schemas = [facts_of(version["schema"]["openAPIV3Schema"]) for version in spec["versions"]]
    if any(schema != schemas[0] for schema in schemas):
        sys.exit(f"{kind} {line}: its versions differ, which the file format cannot say")
    if not facts["releases"] or list(facts["releases"].values())[-1] != schemas[0]:
        facts["releases"][line] = schemas[0]


def facts_of(schema: Any) -> Any:
    """The schema without what is told to humans; property names are no keywords."""
    if isinstance(schema, list):
        return [facts_of(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: {name: facts_of(each) for name, each in value.items()} if key == "properties" else facts_of(value)
        for key, value in sorted(schema.items())
        if key != "description"
    }


def _written(facts: dict[str, Any]) -> str:
    """The file: compact JSON, one shared subschema a line."""
    counts: Counter[str] = Counter()
    for schema in facts["releases"].values():
        count(schema, counts)
    names: dict[str, str] = {}
    definitions: dict[str, Any] = {}
    releases = {line: shared(schema, counts, names, definitions) for line, schema in facts["releases"].items()}
    head = {name: facts[name] for name in ("group", "kind", "versions")}
    lines = [json.dumps(head, separators=(",", ":"))[:-1] + ',"releases":{']
    lines.append(",\n".join(f"{json.dumps(line)}:{compact(schema)}" for line, schema in releases.items()))
    lines.append('},"$defs":{')
    lines.append(",\n".join(f"{json.dumps(name)}:{compact(schema)}" for name, schema in definitions.items()))
    return "\n".join([*lines, "}}", ""])


def compact(schema: Any) -> str:
    return json.dumps(schema, separators=(",", ":"))


def subschemas(schema: Schema) -> list[Schema]:
    found = [each for each in schema.get("properties", {}).values() if isinstance(each, dict)]
    return found + [schema[key] for key in ("items", "additionalProperties") if isinstance(schema.get(key), dict)]


def count(schema: Schema, counts: Counter[str]) -> None:
    text = compact(schema)
    counts[text] += 1
    if counts[text] == 1:
        for each in subschemas(schema):
            count(each, counts)


def shared(schema: Schema, counts: Counter[str], names: dict[str, str], definitions: dict[str, Any]) -> Schema:
    text = compact(schema)
    if text in names:
        return {"$ref": f"#/$defs/{names[text]}"}
    written = dict(schema)
    if "properties" in schema:
        written["properties"] = {
            name: shared(each, counts, names, definitions) for name, each in schema["properties"].items()
        }
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            written[key] = shared(schema[key], counts, names, definitions)
    if counts[text] < 2 or len(text) < SHARED_FROM:
        return written
    names[text] = str(len(names))
    definitions[names[text]] = written
    return {"$ref": f"#/$defs/{names[text]}"}


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
