"""The names under which a workload appears in the mesh."""

from __future__ import annotations

from collections.abc import Mapping

from sailwright.render.injection import names
from sailwright.render.injection.pod import Pod
from sailwright.render.injection.pod_templates import Owner
from sailwright.render.injection.settings import InjectionSettings

_LONGEST_LABEL = 63


def workload_name(labels: Mapping[str, str], owner: Owner, differences: frozenset[str]) -> str:
    """ISTIO_META_WORKLOAD_NAME; empty leaves it out."""
    own = labels.get(names.WORKLOAD_NAME, "") if "workload-name-label" in differences else ""
    return own or owner.name


def owner_reference(owner: Owner) -> str:
    """ISTIO_META_OWNER; empty leaves it out."""
    if not owner.api_version or not owner.name:
        return ""
    namespace = owner.namespace or "default"
    return f"kubernetes://apis/{owner.api_version}/namespaces/{namespace}/{owner.kind.lower()}s/{owner.name}"


def canonical_name(labels: Mapping[str, str], owner: Owner, differences: frozenset[str]) -> str:
    """The canonical service of a workload, cut to the length of a label."""
    chosen = labels.get(names.CANONICAL_NAME) or labels.get("app.kubernetes.io/name") or labels.get("app") or owner.name
    cut = chosen.encode()[:_LONGEST_LABEL].decode(errors="ignore")
    return cut.strip("-_.") if "canonical-name-trimmed" in differences else cut.removesuffix("-")


def otel_attributes(settings: InjectionSettings, pod: Pod, owner: Owner) -> str:
    """OTEL_RESOURCE_ATTRIBUTES as OpenTelemetry's rules for Kubernetes derive them; empty where nobody asks for them."""
    if not settings.mesh.otel_resource_attributes or "otel-attributes" not in settings.differences:
        return ""
    prefix = "resource.opentelemetry.io/service."
    annotations = pod.annotations
    version = annotations.get(f"{prefix}version") or pod.labels.get("app.kubernetes.io/version") or _image_version(pod)
    namespace = owner.namespace or "default"
    applications = [container["name"] for container in pod.containers() if container["name"] != names.PROXY]
    instance = ".".join((namespace, "$(POD_NAME)", *applications[:1]))
    attributes = {
        "service.namespace": annotations.get(f"{prefix}namespace") or namespace,
        "service.version": version,
        "service.instance.id": annotations.get(f"{prefix}instance.id") or instance,
    }
    return ",".join(f"{name}={value}" for name, value in attributes.items() if value)


def _image_version(pod: Pod) -> str:
    """The tag and digest of a pod's only application image; empty where there are several, or neither."""
    images = [str(c.get("image") or "") for c in pod.containers() if c["name"] != names.PROXY]
    if len(images) != 1:
        return ""
    reference, _, digest = images[0].partition("@")
    _, colon, tag = reference.rpartition("/")[2].partition(":")
    return "@".join(filter(None, (tag if colon else "", digest)))
