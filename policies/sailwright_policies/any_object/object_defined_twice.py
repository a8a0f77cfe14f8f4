"""Of two manifests for one object the last one applied wins, and which one that is depends on the tool.

Alternatives of which only one is applied belong into folders of their own, or into overlays.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
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


def check(world: World) -> Iterator[Problem]:
    """Kind, namespace and name of each object against those before it."""
    first: dict[tuple[str, str, str | None, str], Manifest] = {}
    for manifest in world.manifests:
        if not manifest.kind or not manifest.metadata.get("name"):
            continue
        other = first.setdefault((manifest.group, manifest.kind, manifest.namespace, manifest.name), manifest)
        if other is not manifest:
            yield Problem(
                manifest,
                ("metadata", "name"),
                f"{manifest.kind} {manifest.name} is defined twice",
                "keep one of the two",
                related=((other, ("metadata", "name"), "defined first here"),),
            )
