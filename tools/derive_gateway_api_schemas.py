"""Derive the schemas of the Gateway API's kinds from its bundles of CustomResourceDefinitions: types, limits and rules, no prose.

usage: python -m tools.derive_gateway_api_schemas     # the bundles come by `go mod download`, where they are not there already

Writes one file a kind to compiler/sailwright/validate/schemas/gateway_api/: the schemas of each version that a bundle serves, by
bundle and channel, the newest first and the experimental channel before the standard one. A bundle is named only where the
schema is another than all before it; what is the same in several places is written once, below `$defs`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tools.derive_istio_schemas import Schema, compact, count, facts_of, shared

MODULE = "sigs.k8s.io/gateway-api"
BUNDLES = ("1.7.0", "1.6.3", "1.5.1", "1.4.1", "1.3.0", "1.2.1", "1.1.0")
"""The newest patch of each bundle that may be there with an Istio from 1.24 to 1.31; 1.1 is the oldest whose GRPCRoute they take."""
CHANNELS = ("experimental", "standard")
TARGET = Path(__file__).parent.parent / "compiler" / "sailwright" / "validate" / "schemas" / "gateway_api"


def main() -> None:
    folders = {bundle: downloaded(bundle) for bundle in BUNDLES}
    TARGET.mkdir(exist_ok=True)
    for name, text in derived(folders).items():
        (TARGET / name).write_text(text)
        print(f"{name}: {len(text) // 1000} kB")


def downloaded(bundle: str) -> Path:
    """The folder of a bundle's definitions, from Go's module cache or the network."""
    environment = {**os.environ, "GOTOOLCHAIN": "auto"}  # a bundle may ask for a newer Go than is installed
    command = ["go", "mod", "download", "-json", f"{MODULE}@v{bundle}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: {done.stderr.strip()}")
    return definitions_in(Path(json.loads(done.stdout)["Dir"]))


def cached(bundle: str) -> Path | None:
    """The folder of a bundle's definitions where Go's module cache has it."""
    cache = os.environ.get("GOMODCACHE") or os.path.expanduser("~/go/pkg/mod")
    folder = definitions_in(Path(cache) / f"{MODULE}@v{bundle}")
    return folder if folder.is_dir() else None


def definitions_in(module: Path) -> Path:
    return module / "config" / "crd"


def derived(folders: dict[str, Path]) -> dict[str, str]:
    """The files to write, by name."""
    kinds: dict[str, dict[str, Any]] = {}
    for bundle, folder in folders.items():
        for channel in CHANNELS:
            for definition in _definitions(folder / channel):
                _add(kinds, definition["spec"], f"{bundle} {channel}")
    return {f"{kind}.json": _written(facts) for kind, facts in sorted(kinds.items())}


def _definitions(folder: Path) -> Iterator[dict[str, Any]]:
    for file in sorted(folder.glob("gateway.networking*.yaml")):
        for document in yaml.load_all(file.read_text(), yaml.CSafeLoader):
            if document and document["kind"] == "CustomResourceDefinition":
                yield document


def _add(kinds: dict[str, dict[str, Any]], spec: dict[str, Any], place: str) -> None:
    kind = spec["names"]["kind"]
    facts = kinds.setdefault(kind, {"group": spec["group"], "kind": kind, "versions": {}})
    for version in spec["versions"]:
        if version["served"]:
            found = facts["versions"].setdefault(version["name"], {})
            schema = facts_of(version["schema"]["openAPIV3Schema"])
            if schema not in found.values():
                found[place] = schema


def _written(facts: dict[str, Any]) -> str:
    """The file: compact JSON, one shared subschema a line."""
    counts: Counter[str] = Counter()
    for found in facts["versions"].values():
        for schema in found.values():
            count(schema, counts)
    names: dict[str, str] = {}
    definitions: dict[str, Schema] = {}
    versions = {
        version: {place: shared(schema, counts, names, definitions) for place, schema in found.items()}
        for version, found in facts["versions"].items()
    }
    head = compact({"group": facts["group"], "kind": facts["kind"]})[:-1]
    lines = [f'{head},"versions":{{']
    lines.append(",\n".join(f"{json.dumps(version)}:{_places(found)}" for version, found in versions.items()))
    lines.append('},"$defs":{')
    lines.append(",\n".join(f"{json.dumps(name)}:{compact(schema)}" for name, schema in definitions.items()))
    return "\n".join([*lines, "}}", ""])


def _places(found: dict[str, Schema]) -> str:
    inner = ",\n".join(f"{json.dumps(place)}:{compact(schema)}" for place, schema in found.items())
    return f"{{\n{inner}\n}}"


if __name__ == "__main__":
    main()
