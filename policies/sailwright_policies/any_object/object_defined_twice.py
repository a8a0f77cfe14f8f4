"""Of two manifests for one object the last one applied wins, and which one that is depends on the tool.

Alternatives of which only one is applied belong into folders of their own, or into overlays.
"""

from collections.abc import Hashable, Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import ANY_OBJECT
from sailwright.lint.rule import Preset, Problem
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

ID = "object-defined-twice"
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()
PRESET: Preset = "strict"

BAD = """
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data: {level: info}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings  # finding
  namespace: shop
data: {level: debug}
"""

GOOD = """
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data: {level: info}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: books}
data: {level: debug}
"""


def _name(manifest: Manifest, _: World) -> Iterator[Hashable]:
    if manifest.kind and manifest.metadata.get("name"):
        yield manifest.group, manifest.kind, manifest.namespace, manifest.name


KIND = ANY_OBJECT.grouped_by(_name)


def check(alike: tuple[Manifest, ...], _: World) -> Iterator[Problem]:
    """The objects of one kind, namespace and name, each against the first."""
    for manifest in alike[1:]:
        yield Problem(
            manifest,
            ("metadata", "name"),
            f"{manifest.kind} {manifest.name} is defined twice",
            "keep one of the two",
            related=((alike[0], ("metadata", "name"), "defined first here"),),
        )
