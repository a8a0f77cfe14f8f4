"""A project in memory, compiled: what its services render to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import dedent
from typing import Any

from sailwright.diagnostics.finding import Finding
from sailwright.diagnostics.merge import merge_environments
from sailwright.runtime.cache import open_cache
from sailwright.source.files.checkout import Unreadable
from sailwright.source.files.patterns import matches
from sailwright.workspace.compile import Compilation, compile_project

PROJECT = """\
apiVersion: sailwright/v1alpha1
services: ["*.yaml"]
istio: {version: 1.31.0, sidecarMode: native}
"""
HEAD = "apiVersion: sailwright/v1alpha1\n"
ONE = """\
name: cart
namespace: shop
ports: [{name: http, port: 8080, appProtocol: http}]
versions: [{name: v1, image: "cart:1"}]
"""
TWO = """\
name: cart
namespace: shop
ports: [{name: http, port: 8080, appProtocol: http}]
versions: [{name: v1, image: "cart:1", weight: 80}, {name: v2, image: "cart:2", weight: 20}]
"""


@dataclass(frozen=True)
class Files:
    """A checkout of texts by path."""

    texts: Mapping[str, str]
    root: str = "."

    def shown(self, path: str) -> str:
        return path

    def holds(self, path: str) -> bool:
        return ".." not in path

    def read(self, path: str, limit: int) -> bytes | Unreadable:
        text = self.texts.get(path)
        return Unreadable("No such file") if text is None else text.encode()[:limit]

    def glob(self, pattern: str) -> tuple[str, ...]:
        return tuple(sorted(path for path in self.texts if matches(pattern, path) and path != "sailwright.yaml"))


def compiled(
    *services: str, project: str = PROJECT, files: Mapping[str, str] | None = None, injecting: bool = True
) -> Compilation:
    """The compilation of service files (without their first line) and further files."""
    texts = {f"s{number}.yaml": HEAD + dedent(text) for number, text in enumerate(services)}
    found = compile_project(
        Files({"sailwright.yaml": project, **texts, **(files or {})}), open_cache(), injecting=injecting
    )
    assert isinstance(found, Compilation), found.findings
    return found


def objects(*services: str, injecting: bool = False, **project: Any) -> dict[str, dict[str, Any]]:
    """The objects of a sound project by KIND/NAME, in their order; of all its clusters, the last one wins."""
    compilation = compiled(*services, injecting=injecting, **project)
    files = [file for target in compilation.targets for file in compilation.files(target)]
    findings = [*compilation.findings, *(finding for file in files for finding in file.findings)]
    assert not [finding.message for finding in findings if finding.severity == "error"]
    return {
        f"{rendered_object.kind}/{rendered_object.name}": rendered_object.value
        for file in files
        for rendered_object in file.rendered_objects
    }


def told(*services: str, **project: Any) -> list[Finding]:
    """Everything that is wrong with a project, rendering included."""
    compilation = compiled(*services, **project)
    files = [file for target in compilation.targets for file in compilation.files(target)]
    return list(merge_environments([*compilation.findings, *(finding for file in files for finding in file.findings)]))
