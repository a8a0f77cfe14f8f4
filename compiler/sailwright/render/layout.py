"""Where each rendered file stands, and the kustomization.yaml that lists it.

`<environment>/[<cluster>/]<namespace>/<service>.yaml` below the output path, or
`<namespace>/<service>/manifests.yaml` with `layout: service`. All paths here are relative to the output path and use `/`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from posixpath import basename, dirname
from typing import Literal

from sailwright.source.emit import emit

Layout = Literal["namespace", "service"]

KUSTOMIZATION = "kustomization.yaml"
NAMESPACE_FILE = "namespace.yaml"
GATEWAY_FILE = "gateway.yaml"
OURS = b"# Rendered by sailwright from "
"""A file that starts with these bytes was written by us, and only such a file is ever removed."""

APART = "# What stands below runs in different clusters and is never applied together: point at one of the folders.\n"


def header(source: str) -> str:
    """The first line of every rendered file; `source` is the file it comes from, relative to the project."""
    return f"{OURS.decode()}{source}. Do not edit.\n"


def source_of(first_line: bytes) -> str | None:
    """The source a header line names, or None where the file is not ours."""
    if not first_line.startswith(OURS):
        return None
    rest = first_line[len(OURS) :].decode("utf-8", "replace")
    return rest.removesuffix("\n").removesuffix(". Do not edit.")


def world_folder(environment: str, cluster: str | None) -> str:
    """The folder of one (environment, cluster)."""
    return environment if cluster is None else f"{environment}/{cluster}"


def service_file(layout: Layout, folder: str, namespace: str, service: str) -> str:
    """The path of one service's manifests below its world's folder."""
    if layout == "service":
        return f"{folder}/{namespace}/{service}/manifests.yaml"
    return f"{folder}/{namespace}/{service}.yaml"


def namespace_file(folder: str, namespace: str) -> str:
    """The path of a rendered Namespace object (`render: true`)."""
    return f"{folder}/{namespace}/{NAMESPACE_FILE}"


def gateway_file(folder: str, namespace: str) -> str:
    """The path of the project's own Gateway."""
    return f"{folder}/{namespace}/{GATEWAY_FILE}"


def waypoint_file(folder: str, namespace: str, name: str) -> str:
    """The path of the Gateway of a waypoint. No service's file has such a name: theirs have no dot in them."""
    return f"{folder}/{namespace}/waypoint.{name}.yaml"


def ancestors(path: str) -> Iterable[str]:
    """Every folder above `path`, nearest first, ending with "" (the output path itself)."""
    while path:
        path = dirname(path)
        yield path


def kustomizations(files: Iterable[str], apart: Collection[str], source: str) -> Mapping[str, bytes]:
    """The kustomization.yaml of every folder that holds one of `files` at any depth, by path.

    `apart` names the folders whose sub-folders are separate worlds. Two worlds hold the same objects, which kustomize
    refuses in one build, so such a folder lists what is below only when it is one.
    """
    children: dict[str, set[str]] = {}
    for file in files:
        child = file
        for folder in ancestors(file):
            listed = children.setdefault(folder, set())
            if child in listed:
                break
            listed.add(child)
            child = folder
    return {
        f"{folder}/{KUSTOMIZATION}" if folder else KUSTOMIZATION: _kustomization(
            [basename(child) for child in listed], folder in apart and len(listed) > 1, source
        )
        for folder, listed in children.items()
    }


def _kustomization(names: list[str], apart: bool, source: str) -> bytes:
    """One kustomization.yaml: kustomize keeps the order of `resources` because of `fifo`."""
    listed = [] if apart else sorted(names, key=lambda name: (name != NAMESPACE_FILE, name))
    text = emit(
        {
            "apiVersion": "kustomize.config.k8s.io/v1beta1",
            "kind": "Kustomization",
            "resources": listed,
            "sortOptions": {"order": "fifo"},
        }
    )
    return (header(source) + (APART if apart else "") + text).encode()
