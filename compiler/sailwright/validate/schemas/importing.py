"""`sailwright schema import`: CustomResourceDefinitions as small files of a repository, for `validate.schemas`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any

from sailwright.mesh.values.names import domain_fault
from sailwright.runtime.atomic_file import replace
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass
from sailwright.source.emit import emit
from sailwright.source.manifest import Manifest, manifests
from sailwright.source.source import Source
from sailwright.validate.cel.rules import undecided_rules
from sailwright.validate.schemas.crd import CustomResource
from sailwright.validate.schemas.imported import defined

FOLDER = "schemas"
"""Beside sailwright.yaml."""

_PROSE = frozenset(("description", "example", "externalDocs", "title"))


@dataclass(frozen=True, slots=True)
class Imported:
    """A file that was written, its kind's API versions, and the rules in it that validation cannot decide."""

    path: str
    kind: str
    api_versions: tuple[str, ...]
    undecided: tuple[str, ...]


def import_schemas(sources: Iterable[Source], root: str) -> tuple[Imported, ...]:
    """Write one file a kind below `root`. Raises Failure, before anything is written, for a file that defines none."""
    definitions: dict[str, tuple[Manifest, tuple[CustomResource, ...]]] = {}
    for source in sources:
        for manifest, resources in _definitions(source):
            definitions[_file_name(manifest)] = (manifest, resources)
    return tuple(
        _write(os.path.normpath(os.path.join(root, FOLDER, name)), manifest, resources)
        for name, (manifest, resources) in sorted(definitions.items())
    )


def _definitions(source: Source) -> list[tuple[Manifest, tuple[CustomResource, ...]]]:
    if source.problems:
        problem = source.problems[0]
        raise Failure(f"{source.path}:{problem.location.line}: {problem.message}")
    found = [(manifest, tuple(defined((manifest,)))) for manifest in manifests(source)]
    kept = [(manifest, resources) for manifest, resources in found if resources]
    if not kept:
        raise Failure(
            f"{source.path}: it defines no kind: no CustomResourceDefinition of apiextensions.k8s.io/v1 is in it"
        )
    return kept


def _file_name(manifest: Manifest) -> str:
    """`plural.group`, which comes from a file and becomes a path: host names only."""
    if domain_fault(manifest.name):
        raise Failure(f"the definition '{manifest.name[:60]}' cannot be imported: its name must be plural.group")
    return f"{manifest.name}.yaml"


def _write(path: str, manifest: Manifest, resources: tuple[CustomResource, ...]) -> Imported:
    definition = {
        "apiVersion": manifest.api_version,
        "kind": manifest.kind,
        "metadata": {"name": manifest.name},
        "spec": {key: _facts(value) for key, value in manifest.spec.items() if key != "conversion"},
    }
    text = f"# Imported by sailwright schema import, without descriptions.\n{emit(definition)}"
    replace(path, text.encode(), make_folders=True)
    undecided = dict.fromkeys(f"{rule}: {why}" for each in resources for rule, why in undecided_rules(each.openapi))
    versions = tuple(each.api_version for each in resources)
    return Imported(path, resources[0].kind, versions, tuple(undecided))


def _facts(value: Any) -> Any:
    """Descriptions are most of a definition and judge nothing; below `properties` the keys are names of fields."""
    if isinstance(value, list):
        return [_facts(each) for each in value]
    return dict(_kept(value)) if isinstance(value, dict) else value


def _kept(value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, each in value.items():
        if key == "properties" and isinstance(each, dict):
            yield key, {name: _facts(inner) for name, inner in each.items()}
        elif key not in _PROSE:
            yield key, _facts(each)
