"""Of two manifests for one object the last one applied wins, and which one that is depends on the tool.

Alternatives of which only one is applied belong into folders of their own, or into overlays.
"""

from collections.abc import Hashable, Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import ANY_OBJECT
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

ID = "object-defined-twice"
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

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
    """Two service files that render one object are an error of the language, `duplicate-object`: not said again."""
    if manifest.kind and manifest.metadata.get("name") and manifest.origin is None:
        yield manifest.group, manifest.kind, manifest.namespace, manifest.name


KIND = ANY_OBJECT.grouped_by(_name)


def check(alike: tuple[Manifest, ...], _: World) -> Iterator[Problem]:
    """The objects of one kind, namespace and name, each against the first.

    Objects of one file are applied together; different files may be alternatives, so that it is information there.
    """
    if len(alike) == 1:
        return
    firsts = {_file(alike[0]): alike[0]}
    for manifest in alike[1:]:
        file = _file(manifest)
        first = firsts.get(file, alike[0])
        firsts.setdefault(file, manifest)
        yield Problem(
            manifest,
            ("metadata", "name"),
            f"{manifest.kind} {manifest.name} is defined twice: of both the last one applied holds",
            "keep one of the two",
            related=((first, ("metadata", "name"), "defined first here"),),
            severity=None if _file(first) == file else "info",
        )


def _file(manifest: Manifest) -> str:
    return manifest.locate(()).location.file
