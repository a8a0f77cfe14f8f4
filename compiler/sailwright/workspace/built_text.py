"""Manifests as `kustomize` or `helm` print them: rendered by the program on PATH, offline, without plugins.

Findings about what kustomize makes are placed in the files that it is made of, those about a chart in the text that helm prints.
"""

from __future__ import annotations

import os

from sailwright.runtime.errors import Failure
from sailwright.runtime.offline import printed_by
from sailwright.runtime.programs import find_program
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import manifests
from sailwright.source.source import parse
from sailwright.workspace.kustomize.by_program import kustomize_command
from sailwright.workspace.kustomize.printed import Printed, printed


@dataclass(frozen=True, slots=True)
class Build:
    """What to build: the folder of a kustomization or the folder of a Helm chart with its values files."""

    kustomize: str | None = None
    helm: str | None = None
    values: tuple[str, ...] = ()


def built(build: Build) -> Printed:
    """What the programs print. Raises Failure where a folder or a program is not there, or it fails."""
    found = []
    if build.kustomize is not None:
        found.append(_kustomized(build.kustomize))
    if build.helm is not None:
        found.append(_from_chart(build.helm, build.values))
    return Printed(
        tuple(manifest for each in found for manifest in each.manifests),
        tuple(source for each in found for source in each.sources),
        {text: folder for each in found for text, folder in each.charts.items()},
    )


def _kustomized(folder: str) -> Printed:
    _need_folder("--kustomize", folder, ("kustomization.yaml", "kustomization.yml", "Kustomization"))
    command = kustomize_command()
    if command is None:
        raise Failure("--kustomize needs `kustomize` or `kubectl` on PATH, and neither is there", 3)
    return printed(folder, command, f"<kustomize {os.path.normpath(folder)}>")


def _from_chart(chart: str, values: tuple[str, ...]) -> Printed:
    _need_folder("--helm", chart, ("Chart.yaml",))
    program = find_program("helm")
    if program is None:
        raise Failure("--helm needs `helm` on PATH, and it is not there", 3)
    for name in values:
        if not os.path.isfile(name):
            raise Failure(f"--values {name}: there is no such file")
    command = [program, "template", "release", chart, *(part for name in values for part in ("--values", name))]
    source = parse(f"<helm {os.path.normpath(chart)}>", printed_by(command), "manifest")
    return Printed(manifests(source), (source,), {source.path: chart})


def _need_folder(flag: str, folder: str, names: tuple[str, ...]) -> None:
    """A folder of this machine, so that no program is asked to fetch one, and no name is taken for a flag."""
    if folder.startswith("-") or not any(os.path.isfile(os.path.join(folder, name)) for name in names):
        raise Failure(f"{flag} {folder}: there is no {names[0]} in it")
