"""What belongs to a service by name: its accounts, and the ConfigMaps and Secrets that come of its files."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname, join, normpath
from typing import Final

from sailwright.project.service.model import Service
from sailwright.render.service_objects import config_map_name, service_accounts
from sailwright.runtime.regex import regex
from sailwright.source.files.checkout import Checkout, Unreadable
from sailwright.source.files.private import among_ours
from sailwright.source.manifest import Manifest, manifests
from sailwright.source.source import MANIFEST_LIMIT, parse
from sailwright.source.untyped import get, text

_WORTH_READING: Final = regex(rb"ServiceAccount|ConfigMap|Secret|Certificate")


Seen = dict[tuple[str, str], tuple[str, ...]]
"""What included files hold, by path and namespace: the services of all clusters read each once."""


def owned_objects(service: Service, checkout: Checkout, seen: Seen) -> tuple[str, ...]:
    """KIND/NAME of the ServiceAccounts, ConfigMaps and Secrets that are rendered, included, or made of what is included."""
    found: dict[str, None] = {}
    if not service.external and not service.workload.external:
        found |= dict.fromkeys(f"ServiceAccount/{account.name}" for account in service_accounts(service))
    if service.config:
        found[f"ConfigMap/{config_map_name(service)}"] = None
    for pattern in service.include:
        for path in checkout.glob(normpath(join(dirname(service.file), pattern))):
            key = (path, service.namespace)
            if key not in seen:
                seen[key] = tuple(_of_file(path, service.namespace, checkout))
            found |= dict.fromkeys(seen[key])
    return tuple(found)


def _of_file(path: str, namespace: str, checkout: Checkout) -> Iterator[str]:
    data = Unreadable("") if among_ours(path) else checkout.read(path, MANIFEST_LIMIT)
    if isinstance(data, Unreadable) or not _WORTH_READING.search(data):
        return
    for manifest in manifests(parse(checkout.shown(path), data, "manifest")):
        if manifest.namespace in (None, namespace):
            yield from _made_of(manifest)


def _made_of(manifest: Manifest) -> Iterator[str]:
    """The object itself, or the Secret that its controller writes (External Secrets, Sealed Secrets, cert-manager)."""
    if manifest.kind in ("ServiceAccount", "ConfigMap"):
        yield f"{manifest.kind}/{manifest.name}"
    elif manifest.kind == "ExternalSecret":
        yield f"Secret/{text(get(manifest.spec, 'target', 'name')) or manifest.name}"
    elif manifest.kind == "SealedSecret":
        yield f"Secret/{text(get(manifest.spec, 'template', 'metadata', 'name')) or manifest.name}"
    elif manifest.kind == "Certificate" and text(manifest.spec.get("secretName")):
        yield f"Secret/{manifest.spec['secretName']}"
