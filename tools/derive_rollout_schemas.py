"""Derive the schemas of Argo Rollouts' and Flagger's kinds from their CustomResourceDefinitions: types, limits, defaults and rules, no prose.

usage: python -m tools.derive_rollout_schemas     # the definitions come by `go mod download`, where they are not there already

Writes compiler/sailwright/validate/schemas/rollouts.json: all kinds in one file, since they share the pod template; what is the same in
several places is written once, below `$defs`. The status, which controllers write, is taken as it is.
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

MODULES = {
    "github.com/argoproj/argo-rollouts@v1.10.2": "manifests/crds/*-crd.yaml",
    "github.com/fluxcd/flagger@v1.36.1": "artifacts/flagger/crd.yaml",
}
"""The newest release of each module that the module proxy lists, and where its definitions are."""
TARGET = Path(__file__).parent.parent / "compiler" / "sailwright" / "validate" / "schemas" / "rollouts.json"


def main() -> None:
    folders = {module: downloaded(module) for module in MODULES}
    TARGET.write_text(derived(folders))
    print(f"{TARGET.name}: {TARGET.stat().st_size // 1000} kB")


def downloaded(module: str) -> Path:
    """The folder of a module, from Go's module cache or the network."""
    if found := cached(module):
        return found
    environment = {**os.environ, "GOTOOLCHAIN": "auto"}  # a module may ask for a newer Go than is installed
    command = ["go", "mod", "download", "-json", module]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    found = cached(module)
    if found is None:
        sys.exit(f"{' '.join(command)}: {done.stderr.strip() or done.stdout.strip()}")
    return found


def cached(module: str) -> Path | None:
    """The folder of a module where Go's module cache has it."""
    folder = Path(os.environ.get("GOMODCACHE") or os.path.expanduser("~/go/pkg/mod")) / module
    return folder if folder.is_dir() else None


def derived(folders: dict[str, Path]) -> str:
    """The file to write: compact JSON, one kind or shared subschema a line."""
    kinds = {
        (spec["group"], spec["names"]["kind"], version["name"]): _schema(version)
        for module, folder in folders.items()
        for spec in _definitions(folder, MODULES[module])
        for version in spec["versions"]
        if version["served"]
    }
    counts: Counter[str] = Counter()
    for schema in kinds.values():
        count(schema, counts)
    names: dict[str, str] = {}
    definitions: dict[str, Schema] = {}
    lines = [
        f'"{group}/{version} {kind}":{compact(shared(schema, counts, names, definitions))}'
        for (group, kind, version), schema in sorted(kinds.items())
    ]
    written = [f"{json.dumps(name)}:{compact(schema)}" for name, schema in definitions.items()]
    return "\n".join(['{"kinds":{', ",\n".join(lines), '},"$defs":{', ",\n".join(written), "}}", ""])


def _definitions(folder: Path, pattern: str) -> Iterator[dict[str, Any]]:
    for file in sorted(folder.glob(pattern)):
        for document in yaml.load_all(file.read_text(), yaml.CSafeLoader):
            if document and document["kind"] == "CustomResourceDefinition":
                yield document["spec"]


def _schema(version: dict[str, Any]) -> Schema:
    schema: Schema = facts_of(version["schema"]["openAPIV3Schema"])
    if "status" in schema["properties"]:
        schema["properties"]["status"] = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    return schema


if __name__ == "__main__":
    main()
