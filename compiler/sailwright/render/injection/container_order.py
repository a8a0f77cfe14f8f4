"""The order of containers: who starts first, and which one `kubectl exec` means."""

from __future__ import annotations

from sailwright.render.injection import names
from sailwright.render.injection.pod import Container, Pod, named


def in_container_order(pod: Pod, *, holds: bool) -> Pod:
    """The pod with its containers in the injector's order.

    Native: redirection, then the sidecar, then the user's. Classic: istio-validation first, istio-init last (or user inits
    would find no network), and the sidecar last, or first where the application waits for it.
    """
    inits = pod.init_containers()
    containers = _moved(pod.containers(), names.PROXY, first=holds)
    native = named(inits, names.PROXY) is not None
    if native:
        inits = _moved(inits, names.PROXY, first=True)
    inits = _moved(inits, names.VALIDATION, first=True)
    inits = _moved(inits, names.INIT, first=native)
    return pod.with_spec(containers=containers, initContainers=inits or None)


def _moved(containers: list[Container], name: str, *, first: bool) -> list[Container]:
    moved = named(containers, name)
    if moved is None:
        return containers
    rest = [container for container in containers if container is not moved]
    return [moved, *rest] if first else [*rest, moved]
