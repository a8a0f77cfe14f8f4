"""What an object may do beyond its own pods: privileges that only the author of a workload may grant, in plain sight.

They are compared by whole value: another path of a hostPath volume, another port of the node, is another privilege.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sailwright.mesh.values.pod_security import Violation, containers, violations
from sailwright.render.injection import go_json, names
from sailwright.source.untyped import entries, get, mapping, text


class Privilege(NamedTuple):
    """A privilege in words, the value that grants it, and the word by which `namespaces.N.allow` lists it."""

    words: str
    value: str
    control: str


def privileges(value: Any) -> frozenset[Privilege]:
    """The privileges in a rendered object: those of every pod spec inside it, and what it opens to others."""
    return frozenset((*_of_pods(value), *_of_mesh(value))) if isinstance(value, dict) else frozenset()


def _of_pods(value: Any) -> Iterator[Privilege]:
    if isinstance(value, list):
        for item in value:
            yield from _of_pods(item)
    if not isinstance(value, dict):
        return
    if isinstance(value.get("containers"), list):
        yield from _of_pod({"spec": value})
    if isinstance(get(value, "spec", "containers"), list):
        yield from _of_annotations(mapping(get(value, "metadata", "annotations")))
        yield from (_privilege(found) for found in violations({"metadata": value.get("metadata")}, "baseline"))
    for child in value.values():
        yield from _of_pods(child)


def _privilege(found: Violation) -> Privilege:
    return Privilege(found.message, found.value, found.control)


def _of_pod(pod: Mapping[str, Any]) -> Iterator[Privilege]:
    """What `baseline` refuses, every added capability, and the identity that the pod runs as."""
    yield from (_privilege(found) for found in violations(pod, "baseline"))
    spec = mapping(pod["spec"])
    for _, container in containers(spec):
        added = get(container, "securityContext", "capabilities", "add")
        for capability in added if isinstance(added, list) else ():
            words = f"the capability {capability} for the container `{text(container.get('name'))}`"
            yield Privilege(words, str(capability), "capabilities")
    for key in ("serviceAccountName", "serviceAccount"):
        if account := spec.get(key):
            yield Privilege(f"the ServiceAccount `{account}`", str(account), "serviceAccount")


def _of_annotations(annotations: Mapping[str, Any]) -> Iterator[Privilege]:
    """What injection makes of a pod's annotations: volumes of the node, an image of its own."""
    volumes = go_json.loads(text(annotations.get(names.USER_VOLUME)))
    items = volumes.items() if isinstance(volumes, dict) else enumerate(volumes if isinstance(volumes, list) else ())
    for name, item in items:
        if isinstance(item, dict) and item.get("hostPath") is not None:
            words = f"the hostPath volume `{item.get('name', name)}`"
            yield Privilege(words, repr(item["hostPath"]), "hostPath")
    if image := annotations.get(names.PROXY_IMAGE):
        yield Privilege(f"the sidecar image {image}", str(image), "proxyImage")


def _of_mesh(value: Mapping[str, Any]) -> Iterator[Privilege]:
    """What one of Istio's objects opens: access for everybody, hosts of another namespace, code in the proxies."""
    kind, spec = value.get("kind"), mapping(value.get("spec"))
    allows = kind == "AuthorizationPolicy" and spec.get("action") in (None, "ALLOW")
    if allows and any(not rule for _, rule in entries(spec.get("rules"), ())):
        yield Privilege("access for everybody (a rule without `from`, `to` and `when`)", "", "access")
    if kind == "VirtualService":
        own = text(get(value, "metadata", "namespace"))
        for host in spec.get("hosts") or ():
            if isinstance(host, str) and (other := _namespace(host)) and other != own:
                yield Privilege(f"routes for `{host}`, of namespace {other}", host, "hosts")
    if kind == "EnvoyFilter":
        written = repr(spec.get("configPatches")).lower()
        for word in ("lua", "wasm"):
            if f".{word}" in written:
                yield Privilege(f"{word.title()} code in the proxies", "", "envoyFilter")


def _namespace(host: str) -> str:
    """The namespace in the full name of a Service; empty where the host is none."""
    parts = host.split(".")
    return parts[1] if len(parts) > 2 and parts[2] == "svc" else ""
