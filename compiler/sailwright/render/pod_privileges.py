"""What the pods of an object may do: the Pod Security level `baseline`, and whose accounts, Secrets and images they use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sailwright.diagnostics.finding import Path
from sailwright.mesh.values.pod_security_baseline import Violation, baseline, containers, seccomp_annotations
from sailwright.render.injection import go_json, names
from sailwright.render.look_up import LookUp
from sailwright.render.privileges import Found, Owner, Privilege, Surroundings
from sailwright.render.references import references
from sailwright.source.untyped import get, items, mapping, text

_TEMPLATES: Final[Mapping[str, Path]] = {
    "Pod": (),
    "PodTemplate": ("template",),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
    **dict.fromkeys(
        ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job"), ("spec", "template")
    ),
}
"""Where Kubernetes' own kinds have their pods; in other kinds they are looked for everywhere."""
_WITHOUT_PODS: Final = frozenset(
    (
        *("ServiceAccount", "ConfigMap", "Service", "PodDisruptionBudget", "HorizontalPodAutoscaler", "Namespace"),
        *("NetworkPolicy", "Ingress", "PersistentVolumeClaim"),
    )
)
_NATIVE: Final = frozenset(("", "apps", "batch", "autoscaling", "policy", "networking.k8s.io"))
"""The groups of those kinds: another group has kinds of the same name that do have pods (Knative's Service)."""
_LISTS: Final = ("initContainers", "containers", "ephemeralContainers")
_INJECTED: Final = frozenset((names.PROXY, names.INIT, names.VALIDATION))
_READ: Final = frozenset((names.USER_VOLUME, names.OVERRIDES, names.PROXY_IMAGE, names.BOOTSTRAP))
"""The annotations of which injection makes volumes, images and fields of containers."""
_OF_REDIRECTION: Final = frozenset(("NET_ADMIN", "NET_RAW"))
"""The capabilities that injection itself gives to istio-init, and to the sidecar of a TPROXY pod."""


def of_pods(value: Mapping[str, Any], around: Surroundings) -> Iterator[Found]:
    """The privileges of all pods in an object."""
    for place, pod in pods_in(value):
        for privilege, path in _of_pod(pod, around):
            yield privilege, (*place, *path)


def choices_of_pods(value: Mapping[str, Any]) -> Iterator[Found]:
    """What pods choose within `baseline`: capabilities, their account, the image of their sidecar."""
    for place, pod in pods_in(value):
        spec = mapping(pod.get("spec"))
        for path, container in containers(spec):
            for capability in items(get(container, "securityContext", "capabilities", "add")):
                words = f"the capability {capability} for the container `{text(container.get('name'))}`"
                yield Privilege(words, str(capability), "capabilities"), (*place, *path)
        for key in ("serviceAccountName", "serviceAccount"):
            if account := spec.get(key):
                words = f"the ServiceAccount `{account}`"
                yield Privilege(words, str(account), "serviceAccount"), (*place, "spec", key)
        if image := _annotations(pod).get(names.PROXY_IMAGE):
            path = (*place, "metadata", "annotations", names.PROXY_IMAGE)
            yield Privilege(f"the sidecar image {image}", str(image), "proxyImage"), path


def pods_in(value: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """The pods and pod templates in an object, each a map with `metadata` and `spec`, and where they are."""
    kind, group = text(value.get("kind")), text(value.get("apiVersion")).rpartition("/")[0]
    native = group in _NATIVE
    if native and kind in _WITHOUT_PODS:
        return
    place = _TEMPLATES.get(kind) if native else None
    if place is None:
        yield from _anywhere(value, ())
        return
    pod = get(value, *map(str, place)) if place else value
    if isinstance(pod, dict):
        yield place, pod


def _anywhere(value: Any, place: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Whatever has a list of containers is a pod spec: kinds of others hold them where they like."""
    children: Iterator[tuple[str | int, Any]] = iter(())
    if isinstance(value, list):
        children = iter(enumerate(value))
    elif isinstance(value, dict):
        children = iter(value.items())
        if isinstance(get(value, "spec", "containers"), list):
            yield place, value
            children = ((key, child) for key, child in value.items() if key not in ("metadata", "spec"))
        elif isinstance(value.get("containers"), list):
            yield place[:-1] if place[-1:] == ("spec",) else place, {"spec": value}
            return
    for key, child in children:
        yield from _anywhere(child, (*place, key))


def _of_pod(pod: Mapping[str, Any], around: Surroundings) -> Iterator[Found]:
    whole = {**pod, "spec": mapping(pod.get("spec"))}
    baked = names.STATUS in _annotations(pod)
    for found in baseline(whole, around.kubernetes):
        if not (baked and _brought(found, whole, around)):
            yield _found(found)
    written = _annotations(pod)
    if any("seccomp" in name for name in written):
        yield from map(_found, seccomp_annotations(written, whole["spec"]))
    if not _READ.isdisjoint(written):
        yield from _of_annotations(written, around)
    for path, container in containers(whole["spec"]):
        yield from _of_image(container, path, around)
    yield from _of_others(pod, around)


def _found(violation: Violation) -> Found:
    return Privilege(violation.message, violation.value, violation.control), violation.path


def _brought(found: Violation, pod: Mapping[str, Any], around: Surroundings) -> bool:
    """Whether a pod that was injected before has this from Istio's own container."""
    if found.control != "capabilities" or found.value not in _OF_REDIRECTION:
        return False
    container = pod["spec"][found.path[1]][found.path[2]]
    return container.get("name") in _INJECTED and of_istio(text(container.get("image")), around)


def _of_annotations(annotations: Mapping[str, Any], around: Surroundings) -> Iterator[Found]:
    """What injection makes of a pod's annotations: volumes, an image of its own, fields of the sidecar's container."""
    for key, spec in (
        (names.USER_VOLUME, {"volumes": _volumes(annotations)}),
        (names.OVERRIDES, mapping(go_json.loads(text(annotations.get(names.OVERRIDES))))),
    ):
        path: Path = ("metadata", "annotations", key)
        for found in baseline({"spec": spec}, around.kubernetes):
            yield Privilege(found.message, found.value, found.control), path
        for _, container in containers(spec):
            yield from ((privilege, path) for privilege, _ in _of_image(container, (), around))
    image = text(annotations.get(names.PROXY_IMAGE))
    if "/" in image and not of_istio(image, around):
        path = ("metadata", "annotations", names.PROXY_IMAGE)
        yield Privilege(f"the sidecar image {image}", image, "proxyImage"), path


def _volumes(annotations: Mapping[str, Any]) -> list[Any]:
    """The volumes of the annotation `userVolume`: a map by name, or a list."""
    volumes = go_json.loads(text(annotations.get(names.USER_VOLUME)))
    if isinstance(volumes, dict):
        return [{"name": name, **item} for name, item in volumes.items() if isinstance(item, dict)]
    return items(volumes)


def _of_image(container: Mapping[str, Any], path: Path, around: Surroundings) -> Iterator[Found]:
    """A container with the name of an injected one is laid over it: its image runs as the sidecar, or as root before it."""
    name, image = text(container.get("name")), text(container.get("image"))
    if name in _INJECTED and image not in ("", "auto") and not of_istio(image, around):
        yield Privilege(f"the image {image} for `{name}`", image, "proxyImage"), (*path, "image")


def of_istio(image: str, around: Surroundings) -> bool:
    """Whether an image comes from where the project takes Istio's images from."""
    return image.partition("@")[0].rpartition("/")[0] in around.hubs


def _of_others(pod: Mapping[str, Any], around: Surroundings) -> Iterator[Found]:
    """Accounts, Secrets and ConfigMaps that belong to another service; one that no file mentions is unknown."""
    spec, annotations = mapping(pod.get("spec")), _annotations(pod)
    for key in ("serviceAccountName", "serviceAccount"):
        yield from _of_another("ServiceAccount", spec.get(key), ("spec", key), around, around.accounts)
    for kind, name, path in references(spec, ("spec",)):
        yield from _of_another(kind, name, path, around, around.files)
    if _READ.isdisjoint(annotations):
        return
    overrides = mapping(go_json.loads(text(annotations.get(names.OVERRIDES))))
    for key, value in ((names.USER_VOLUME, {"volumes": _volumes(annotations)}), (names.OVERRIDES, overrides)):
        for kind, name, _ in references(value, ()):
            yield from _of_another(kind, name, ("metadata", "annotations", key), around, around.files)
    path = ("metadata", "annotations", names.BOOTSTRAP)
    yield from _of_another("ConfigMap", annotations.get(names.BOOTSTRAP), path, around, around.files)


def _of_another(kind: str, name: object, path: Path, around: Surroundings, owners: LookUp[Owner]) -> Iterator[Found]:
    owner = owners.get(f"{kind}/{name}")
    if owner is not None and owner.is_another(around.owner):
        control = kind[0].lower() + kind[1:]
        yield Privilege(f"the {kind} `{name}` of the service {owner.service}", str(name), control), path


def _annotations(pod: Mapping[str, Any]) -> dict[str, Any]:
    return mapping(get(pod, "metadata", "annotations"))


def may_bring(pod: Mapping[str, Any]) -> bool:
    """Whether a pod has annotations by which injection brings privileges into it."""
    return not _READ.isdisjoint(_annotations(pod))


def of_injection(after: Mapping[str, Any], before: Mapping[str, Any], around: Surroundings) -> Iterator[Privilege]:
    """The privileges that injection brought into a pod beside its own containers: by volumes, and settings of the pod.

    Without the annotations that make such things, what it brings is the same for every pod.
    """
    if not may_bring(before):
        return
    old = mapping(before.get("spec"))
    new = {
        key: value
        for key, value in mapping(after.get("spec")).items()
        if key not in _LISTS and value is not old.get(key)
    }
    if "volumes" in new:
        new["volumes"] = [volume for volume in items(new["volumes"]) if volume not in items(old.get("volumes"))]
    yield from (_found(found)[0] for found in baseline({"spec": new}, around.kubernetes))
    yield from (privilege for privilege, _ in _of_others({"spec": new}, around))
