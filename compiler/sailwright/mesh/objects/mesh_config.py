"""MeshConfig: what it says, with Istio's defaults where it says nothing, and where it is read from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, get, mapping, text, texts

if TYPE_CHECKING:
    from sailwright.source.source import Source


@dataclass(frozen=True, slots=True)
class MeshSettings:
    """What rules ask of from MeshConfig (pkg/config/mesh DefaultMeshConfig)."""

    config: Mapping[str, Any]

    @property
    def root_namespace(self) -> str:
        """Where mesh-wide configuration lies."""
        return text(self.config.get("rootNamespace")) or "istio-system"

    @property
    def trust_domain(self) -> str:
        """The trust domain of the mesh's identities."""
        return text(self.config.get("trustDomain")) or "cluster.local"

    @property
    def auto_mtls(self) -> bool:
        """Whether sidecars talk mTLS to each other by themselves; the default."""
        return self.config.get("enableAutoMtls") is not False

    def default_export(self, key: str) -> tuple[str, ...]:
        """Who sees the objects that name no namespaces: `key` is as `defaultServiceExportTo`. Empty: everybody."""
        return tuple(texts(self.config.get(key)))

    @property
    def access_log_providers(self) -> bool:
        """Whether a default access log provider is named."""
        return bool(get(self.config, "defaultProviders", "accessLogging"))

    @property
    def access_log_file(self) -> bool:
        """Whether every proxy writes an access log to a file."""
        return bool(self.config.get("accessLogFile"))

    @property
    def proxy_metadata(self) -> Mapping[str, Any]:
        """`defaultConfig.proxyMetadata`: environment of every proxy."""
        return mapping(get(self.config, "defaultConfig", "proxyMetadata"))

    @property
    def proxy_image_type(self) -> str:
        """`defaultConfig.image.imageType`: the variant of the proxy's image."""
        return text(get(self.config, "defaultConfig", "image", "imageType"))

    def extension_providers(self, kind: str) -> frozenset[str]:
        """The names of the extension providers of one kind, as `lightstep`."""
        found = entries(self.config.get("extensionProviders"), ())
        return frozenset(text(provider.get("name")) for _, provider in found if kind in provider)


def of_config_maps(config_maps: Iterable[Manifest], revision: str) -> Mapping[str, Any]:
    """The MeshConfig of a revision, where one ConfigMap holds it; else empty."""
    name = "istio" if revision == "default" else f"istio-{revision}"
    found = [manifest for manifest in config_maps if manifest.name == name]
    return from_config_map(mapping(found[0].value.get("data"))) if len(found) == 1 else {}


def from_config_map(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The MeshConfig in the data of istiod's ConfigMap (`istio`, or `istio-REVISION`); empty where it cannot be read."""
    from sailwright.source.source import parse

    documents = parse("mesh", text(data.get("mesh")).encode(), "manifest").documents
    return mapping(documents[0].value) if documents else {}


def read_mesh_config(path: str) -> dict[str, Any]:
    """The MeshConfig in a file, as `istioctl analyze --meshConfigFile` takes it: bare, or as `data.mesh` of the ConfigMap
    that istiod reads.

    Raises Failure (status 2) where the file holds none.
    """
    from sailwright.runtime.errors import Failure
    from sailwright.source.files.files import read
    from sailwright.source.source import parse

    config = _one_map(read(path))
    if config.get("kind") != "ConfigMap":
        return config
    data = config.get("data")
    written = data.get("mesh") if isinstance(data, dict) else None
    if not isinstance(written, str):
        raise Failure(f"{path}: this ConfigMap has no `data.mesh`: give istiod's, or the MeshConfig alone")
    return _one_map(parse(f"{path}, data.mesh", written.encode()))


def _one_map(source: Source) -> dict[str, Any]:
    from sailwright.runtime.errors import Failure

    if source.problems:
        problem = source.problems[0]
        raise Failure(f"{source.path}:{problem.location.line}: {problem.message}")
    values = [document.value for document in source.documents if document.value is not None]
    if not values:
        return {}
    if len(values) > 1 or not isinstance(values[0], dict):
        raise Failure(f"{source.path}: a MeshConfig is one map, such as `outboundTrafficPolicy: {{mode: ALLOW_ANY}}`")
    return values[0]
