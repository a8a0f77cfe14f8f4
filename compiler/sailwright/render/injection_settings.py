"""The injector's settings for what a project file says of Istio."""

from __future__ import annotations

import marshal
import os.path
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sailwright.mesh.values.releases import NEWEST
from sailwright.render.injection.settings import InjectionSettings, settings_from
from sailwright.runtime.cache import Cache
from sailwright.runtime.digests import sha256
from sailwright.runtime.errors import Failure
from sailwright.source.files.discovery import PROJECT_FILE

if TYPE_CHECKING:
    from sailwright.project.istio import IstioSettings

SettingsArguments = Mapping[str, Any]
"""What a project says of Istio in one place, as plain data: the arguments of `settings_from` (None where it says nothing), and `strict_patch`."""


def settings_arguments(istio: IstioSettings) -> SettingsArguments:
    """Only keys that the project writes stand above its values."""
    return {
        "values": dict(istio.values),
        "mesh_config": dict(istio.mesh_config),
        "release": istio.version,
        "revision": istio.revision,
        "sidecar_mode": istio.sidecar_mode,
        "cni": istio.cni if "cni" in istio.given else None,
        "cluster_domain": istio.cluster_domain if "clusterDomain" in istio.given else None,
        "cluster_id": istio.cluster_id,
        "network": istio.network,
        "strict_patch": istio.strict_patch,
    }


def settings_with(
    place: SettingsArguments,
    *,
    release: str | None = None,
    revision: str | None = None,
    sidecar_mode: str | None = None,
) -> InjectionSettings:
    """Settings for one place of a project; flags win. Raises Failure as `settings_from` does."""
    chosen = {
        "release": release or place["release"] or str(NEWEST),
        "revision": revision or place["revision"],
        "sidecar_mode": sidecar_mode or place["sidecar_mode"] or "classic",
    }
    given = {name: value for name, value in place.items() if name != "strict_patch"}
    return settings_from(**{**given, **chosen})


def project_settings(istio: IstioSettings) -> InjectionSettings:
    """Settings for one place of a project that is read already."""
    return settings_with(settings_arguments(istio))


_KIND = "istio"
_FILES = ("values", "meshConfig")


def istio_by_namespace(folder: str, cache: Cache) -> Mapping[str, SettingsArguments]:
    """What a project says of Istio in each namespace that it declares; the empty name stands for all others.

    It is remembered, since to read a project takes longer than to inject a file. An entry of the cache is named by the digest
    of sailwright.yaml and holds the digests of the files that it names besides: as long as none of them changes, the answer
    cannot change either. Raises Failure where the project file is at fault.
    """
    key = _digest(os.path.join(folder, PROJECT_FILE))
    return _remembered(folder, cache, key) or _read(folder, cache, key)


def _read(folder: str, cache: Cache, key: str) -> Mapping[str, SettingsArguments]:
    from sailwright.project.reading import read_project
    from sailwright.project.service.resolve import Target
    from sailwright.source.files.checkout import Disk

    reading = read_project(Disk(folder))
    if reading.project is None:
        first = next(finding for finding in reading.findings if finding.severity == "error")
        raise Failure(f"{first.location.file}:{first.location.line}: {first.message}")
    project = reading.project
    places = {name: settings_arguments(project.istio_for(Target(), name)) for name in ("", *project.namespaces)}
    named = {name: _digest(os.path.join(folder, name)) for name in _named_files(project.document.value)}
    cache.store(_KIND, key, marshal.dumps((named, places)))
    return places


def _remembered(folder: str, cache: Cache, key: str) -> Mapping[str, SettingsArguments] | None:
    data = cache.load(_KIND, key)
    if data is None:
        return None
    try:
        named, places = marshal.loads(data)  # noqa: S302  # the user's own cache folder, which only the user may write
    except (ValueError, EOFError, TypeError):
        return None
    unchanged = all(_digest(os.path.join(folder, name)) == digest for name, digest in named.items())
    return places if unchanged else None


def _named_files(tree: Mapping[str, Any]) -> Iterator[str]:
    for place in (tree, *(tree.get("namespaces") or {}).values()):
        block = (place or {}).get("istio") or {}
        yield from (block[key] for key in _FILES if isinstance(block.get(key), str))


def _digest(path: str) -> str:
    """The digest of a file; empty where it cannot be read."""
    try:
        with open(path, "rb") as file:
            return sha256(file.read()).hex()
    except OSError:
        return ""
