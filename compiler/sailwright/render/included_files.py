"""The files that belong to a service beside its service.yaml: `config.files` and `include`."""

from __future__ import annotations

import os.path
from collections.abc import Collection, Iterator
from posixpath import dirname, join, normpath
from typing import Any

from sailwright.diagnostics.finding import Finding, Location, Path
from sailwright.diagnostics.problem import Problem
from sailwright.project.service.model import Service
from sailwright.project.service.trace import Spot
from sailwright.render.privileges import remedy
from sailwright.render.template_input import RenderedObject
from sailwright.runtime.digests import sha256
from sailwright.runtime.records import dataclass
from sailwright.runtime.regex import regex
from sailwright.source.files.checkout import Checkout, Unreadable
from sailwright.source.files.private import OURS, among_ours
from sailwright.source.manifest import Manifest, manifests, of_another_program
from sailwright.source.source import MANIFEST_LIMIT, Source, parse

CONFIG_LIMIT = 1 << 20
"""Bytes of a ConfigMap: what the API server takes (core/v1, MaxSecretSize)."""

_KEY = regex(r"[-._a-zA-Z0-9]{1,253}")
"""Keys of a ConfigMap (core/v1, IsConfigMapKey)."""


@dataclass(frozen=True, slots=True)
class IncludedFiles:
    """The text of the config files by key (None: the service has none), and the included objects in their order."""

    config: dict[str, str] | None
    included: tuple[RenderedObject, ...]
    problems: tuple[Problem, ...]
    findings: tuple[Finding, ...]

    @property
    def config_digest(self) -> str | None:
        """A short text that changes with the config files."""
        if self.config is None:
            return None
        parts = (f"{key}\0{text}\0" for key, text in sorted(self.config.items()))
        return sha256("".join(parts).encode()).hex()[:16]


NONE = IncludedFiles(None, (), (), ())


def included_files(service: Service, checkout: Checkout, allowed: Collection[str] = ()) -> IncludedFiles:
    """Read the files beside a service; their paths start from the folder of its service.yaml.

    `allowed` are the kinds beyond those of every namespace that the project lets this one include.
    """
    if service.config is None and not service.include:
        return NONE
    problems: list[Problem] = []
    findings: list[Finding] = []
    folder = dirname(service.file)
    config = _config(service, folder, checkout, problems) if service.config else None
    included: list[RenderedObject] = []
    for index, pattern in enumerate(service.include):
        found = checkout.glob(normpath(join(folder, pattern)))
        if not found:
            message = f"no file matches `{pattern}`"
            problems.append(Problem(("include", index), message, "correct the path", rule="include-missing"))
        for path in found:
            included += _include(service, ("include", index), path, checkout, allowed, problems, findings)
    return IncludedFiles(config, tuple(included), tuple(problems), tuple(findings))


def _config(service: Service, folder: str, checkout: Checkout, problems: list[Problem]) -> dict[str, str]:
    texts: dict[str, str] = {}
    size = 0
    for key, name, path in service.config.files if service.config else ():
        data = _content(checkout, normpath(join(folder, name)), CONFIG_LIMIT)
        if isinstance(data, Unreadable):
            problems.append(Problem(path, f"{name}: {data.reason}", "correct the path", rule="config-file"))
            continue
        size += len(data)
        if key in texts or not _KEY.fullmatch(key):
            message = f"two files would be `{key}`" if key in texts else f"`{key}` cannot be a key of a ConfigMap"
            problems.append(Problem(path, message, "give it a key: `files: {KEY: PATH}`", rule="config-file"))
        try:
            texts[key] = data.decode()
        except UnicodeDecodeError:
            message = f"{name}: this is a binary file, and config files are text"
            problems.append(Problem(path, message, "mount it from a volume or an image instead", rule="config-file"))
    if size > CONFIG_LIMIT:
        message = f"the config files have {size:,} bytes, and a ConfigMap holds {CONFIG_LIMIT:,}"
        problems.append(Problem(("config", "files"), message, "mount large files from a volume", rule="config-file"))
    return texts


def _content(checkout: Checkout, path: str, limit: int) -> bytes | Unreadable:
    """A file that becomes part of what is rendered."""
    return Unreadable(f"{OURS} is for editors, no content") if among_ours(path) else checkout.read(path, limit)


def _include(
    service: Service,
    at: Path,
    path: str,
    checkout: Checkout,
    allowed: Collection[str],
    problems: list[Problem],
    findings: list[Finding],
) -> Iterator[RenderedObject]:
    data = _content(checkout, path, MANIFEST_LIMIT)
    if isinstance(data, Unreadable):
        problems.append(Problem(at, f"{path}: {data.reason}", "correct the path", rule="include-missing"))
        return
    source = parse(checkout.shown(path), data, "manifest")
    if reason := _left_out(source, os.path.join(checkout.root, path)):
        message = f"{path}: {reason}, and what an include names is rendered as it is"
        remedy = "include the objects themselves, or take this out of `include`"
        problems.append(Problem(at, message, remedy, rule="include-unfit"))
        return
    findings += source.problems
    for manifest in manifests(source):
        wrong = _unfit(manifest, service, allowed)
        if wrong is not None:
            findings.append(wrong)
        else:
            yield _piece(manifest, service)


def _left_out(source: Source, where: str) -> str:
    """Why a file, or the first document of it that is none, holds no object for the cluster; empty where all do."""
    from sailwright.source.other_programs import whole_file

    if (source.problems or not manifests(source)) and (reason := whole_file(source, where)):
        return reason
    for document in source.documents:
        if document.value is not None and not isinstance(document.value, dict):
            return f"document {document.index + 1} is no map"
        if reason := of_another_program(document):
            return f"document {document.index + 1} is no object of the cluster: {reason}"
    return ""


def _unfit(manifest: Manifest, service: Service, allowed: Collection[str]) -> Finding | None:
    """Why a manifest cannot be included."""
    from sailwright.render.guarded_kinds import guarded

    def finding(path: Path, message: str, remedy: str) -> Finding:
        location: Location = manifest.document.locate(manifest.base + path)
        return Finding(
            "include-unfit", "error", message, location, remedy, object=manifest.ref, path=manifest.base + path
        )

    if not manifest.kind or not manifest.api_version or not manifest.name:
        return finding(
            (), "this is no Kubernetes object", "give it apiVersion, kind and metadata.name, or do not include it"
        )
    if manifest.kind == "Secret":
        return finding(
            ("kind",), "a Secret is never rendered", "name it where it is used, and keep it out of the repository"
        )
    why = guarded(manifest.kind, manifest.group)
    if why and manifest.kind not in allowed:
        return finding(
            ("kind",),
            f"a {manifest.kind} {why}, and the project does not allow it in namespace {service.namespace}",
            remedy(manifest.kind, service.namespace),
        )
    if manifest.namespace not in (None, service.namespace):
        message = f"the service renders into {service.namespace}, and this object is for {manifest.namespace}"
        return finding(("metadata", "namespace"), message, "include it from a service of that namespace")
    return None


def _piece(manifest: Manifest, service: Service) -> RenderedObject:
    """An included object, in the service's namespace where it names none."""
    from sailwright.render.guarded_kinds import cluster_scoped

    value: dict[str, Any] = manifest.value
    if manifest.namespace is None and not cluster_scoped(manifest.kind, manifest.group):
        name, rest = {"name": manifest.name, "namespace": service.namespace}, manifest.metadata
        value = {**value, "metadata": {**name, **{key: entry for key, entry in rest.items() if key not in name}}}

    def written(path: Path) -> Spot:
        return Spot(manifest.document, manifest.base + path)

    return RenderedObject(value, {(key,): (key,) for key in value}, written)
