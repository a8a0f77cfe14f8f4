"""ProxyConfig: how a pod's is merged over the mesh's, and the PROXY_CONFIG text."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sailwright.mesh.values.proxy_config import DEFAULTS, ProxyConfig
from sailwright.render.injection import go_json

_ONE_OF = ("serviceCluster", "tracingServiceName")
"""Setting one of these clears the other."""


def merged(base: ProxyConfig, over: Any, where: str) -> ProxyConfig:
    """`over` (as written by a user) on top of `base`: metadata by key, every other field as a whole.

    Raises ValueError, with the field's place, where a value has the wrong type.
    """
    if over == {}:
        return base
    from sailwright.mesh.values.protobuf import read_message
    from sailwright.mesh.values.proxy_fields import PROXY_CONFIG

    given = read_message(PROXY_CONFIG, over, where)
    result = {**base, **given}
    if "proxyMetadata" in base and "proxyMetadata" in given:
        result["proxyMetadata"] = {**base["proxyMetadata"], **given["proxyMetadata"]}
    for name, other in (_ONE_OF, reversed(_ONE_OF)):
        if name in given and other not in given:
            result.pop(other, None)
    return result


_NEWER = {
    "fileFlushInterval": "proxy-config-flushing",
    "fileFlushMinSizeKb": "proxy-config-flushing",
    "statsCompression": "proxy-config-compression",
    "connectionSettings": "proxy-config-connections",
}
_NEWER_HEADERS = dict.fromkeys(("xForwardedHost", "xForwardedPort"), "proxy-config-forwarding")


def known(config: ProxyConfig, differences: frozenset[str]) -> ProxyConfig:
    """A config without the fields that a release does not have yet: it takes no notice of them."""
    kept = {name: value for name, value in config.items() if _NEWER.get(name) in differences or name not in _NEWER}
    if headers := kept.get("proxyHeaders"):
        kept["proxyHeaders"] = {
            name: value
            for name, value in headers.items()
            if _NEWER_HEADERS.get(name) in differences or name not in _NEWER_HEADERS
        }
    return kept


def annotated(base: ProxyConfig, text: str) -> ProxyConfig:
    """The config of a pod whose `proxy.istio.io/config` annotation holds this YAML. Raises ValueError, as `merged`."""
    given = _parsed(text)
    return merged(base, given, "") if given is not None else base


@lru_cache(maxsize=256)
def annotation_fault(text: str) -> str:
    """Why Istio refuses that annotation though it can be read; empty if it does not. The mesh's own config is no excuse."""
    from sailwright.mesh.values.proxy_config import proxy_config_fault

    return proxy_config_fault(annotated(DEFAULTS, text))


@lru_cache(maxsize=256)
def _parsed(text: str) -> Any:
    from sailwright.source.source import parse

    source = parse("", text.encode("utf-8", "replace"), "manifest")
    if source.problems:
        raise ValueError(f"this is not YAML: {source.problems[0].message}")
    return source.documents[0].value if source.documents else None


def proxy_config_text(config: ProxyConfig) -> str:
    """The value of PROXY_CONFIG: what differs from the defaults, and a line feed."""
    changed = {name: value for name, value in config.items() if DEFAULTS.get(name) != value}
    if not changed:
        return "{}\n"
    from sailwright.mesh.values.protobuf import printed
    from sailwright.mesh.values.proxy_fields import PROXY_CONFIG

    return go_json.dumps(printed(PROXY_CONFIG, changed)) + "\n"
