"""Baked proxies: the release each runs and the control plane revision it belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from sailwright.diagnostics.finding import Path
from sailwright.mesh.objects.namespaces import REVISION_LABEL
from sailwright.mesh.objects.sidecar_containers import STATUS_ANNOTATION, baked, embedded, proxy_environment
from sailwright.mesh.objects.workloads import Container, Workload
from sailwright.mesh.queries.project_namespaces import namespace_istio, version_in
from sailwright.mesh.values.image import image
from sailwright.mesh.values.releases import Numbers, release_numbers
from sailwright.runtime.records import dataclass
from sailwright.runtime.regex import regex
from sailwright.source.untyped import text

if TYPE_CHECKING:
    from sailwright.mesh.index import Index
    from sailwright.mesh.world import World

_ISTIOD = regex(r"istiod(?:-(?P<revision>[a-z0-9-]+))?\.[^.:]+\.svc(?:\.[^:]+)?(?::\d+)?")
"""The Service of a control plane: `istiod` for the default revision, `istiod-R` for R."""

PROXY_IMAGE_ANNOTATION: Final = "sidecar.istio.io/proxyImage"
REVISION_ANNOTATION: Final = "istio.io/rev"


@dataclass(frozen=True, slots=True)
class BakedProxy:
    """The istio-proxy container of a manifest and its release; `release` is empty where the image's tag is none."""

    workload: Workload
    container: Container
    release: Numbers


def baked_proxy(workload: Workload) -> BakedProxy | None:
    """The proxy that stands in a workload's manifest, None where it has none or leaves it to the injector."""
    proxy = workload.proxy
    if proxy is None or not baked(proxy):
        return None
    return BakedProxy(workload, proxy, release_numbers(image(proxy.image).tag))


def proxy_image(workload: Workload) -> tuple[Path, str]:
    """Where a workload writes the image of its sidecar, and what: baked in, or in an annotation for the injector; else empty."""
    proxy, annotated = workload.proxy, workload.annotations.get(PROXY_IMAGE_ANNOTATION, "")
    if proxy is not None and baked(proxy):
        return (*proxy.path, "image"), proxy.image
    return (workload.path("metadata", "annotations", PROXY_IMAGE_ANNOTATION), annotated) if annotated else ((), "")


def foreign_proxy(workload: Workload, mesh: World) -> BakedProxy | None:
    """Its proxy of a known release, unless that was rendered with the release of sailwright.yaml: this is judged there, once."""
    proxy = baked_proxy(workload)
    if proxy is None or not proxy.release:
        return None
    declared = mesh.declared("istio", "version") or text(namespace_istio(mesh, workload.namespace).get("version"))
    known = release_numbers(version_in(mesh, workload.namespace)) if declared else ()
    return None if workload.manifest.origin is not None and proxy.release == known else proxy


def newest_proxies(index: Index) -> Mapping[str, BakedProxy]:
    """The newest proxy of each namespace; of several the first."""
    newest: dict[str, BakedProxy] = {}
    for proxy in filter(None, map(baked_proxy, index.each_workload())):
        known = newest.get(proxy.workload.namespace)
        if proxy.release and (known is None or proxy.release > known.release):
            newest[proxy.workload.namespace] = proxy
    return newest


@dataclass(frozen=True, slots=True)
class NamedRevision:
    """A revision, and where in a manifest it is named."""

    source: str
    revision: str
    path: Path


def revisions_named(proxy: BakedProxy) -> Iterator[NamedRevision]:
    """Every place of a baked proxy that names its control plane, the annotation first."""
    workload, variables = proxy.workload, proxy_environment(proxy.workload)
    annotation = workload.annotations.get(REVISION_ANNOTATION)
    if annotation:
        path = workload.path("metadata", "annotations", REVISION_ANNOTATION)
        yield NamedRevision(f"annotation {REVISION_ANNOTATION}", annotation, path)
    status = text(embedded(workload.annotations.get(STATUS_ANNOTATION, "")).get("revision"))
    if status:
        path = workload.path("metadata", "annotations", STATUS_ANNOTATION)
        yield NamedRevision(f"annotation {STATUS_ANNOTATION}", status, path)
    label = workload.labels.get(REVISION_LABEL)
    if label:
        yield NamedRevision(f"label {REVISION_LABEL}", label, workload.path("metadata", "labels", REVISION_LABEL))
    config, config_path = variables.get("PROXY_CONFIG", ("", ()))
    address, address_path = variables.get("CA_ADDR", ("", ()))
    discovery = text(embedded(config).get("discoveryAddress"))
    for source, written, path in (("discoveryAddress", discovery, config_path), ("CA_ADDR", address, address_path)):
        found = _ISTIOD.fullmatch(written)
        if found and not (found["revision"] or "").startswith("revision-tag-"):
            yield NamedRevision(source, found["revision"] or "default", path)


def revision_of(workload: Workload) -> str | None:
    """The revision a baked workload names, None where it names none."""
    if workload.proxy is None:
        return None
    return next((named.revision for named in revisions_named(BakedProxy(workload, workload.proxy, ()))), None)
