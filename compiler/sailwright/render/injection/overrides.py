"""A user's own `istio-proxy` or `istio-init` container: its fields win over the injected ones, and are remembered."""

from __future__ import annotations

from typing import Any

from sailwright.render.injection import go_json, names
from sailwright.render.injection.merge import merged
from sailwright.render.injection.pod import Container, Pod, named
from sailwright.render.injection.probes import HANDLERS, PROBES
from sailwright.render.injection.remove_injection import brought_containers, own_overrides
from sailwright.render.injection.sidecar_template import Overlay

_FIELDS = ("containers", "initContainers")
_AUTO = "auto"
"""The image that a user writes to have the injected one."""


def native_proxy_moved(pod: Pod, overlay: Overlay) -> Pod:
    """A user's own sidecar among `containers`, moved to where the injected native one stands."""
    own = named(pod.containers(), names.PROXY)
    if own is None or named(overlay.containers("initContainers"), names.PROXY) is None:
        return pod
    rest = [container for container in pod.containers() if container is not own]
    return pod.with_spec(containers=rest, initContainers=[*pod.init_containers(), own])


def classic_proxy_moved(pod: Pod) -> Pod:
    """A user's own native sidecar, moved among `containers` for a classic injection: with two of that name no pod starts.

    istioctl leaves both.
    """
    own = named(pod.init_containers(), names.PROXY)
    if own is None or named(pod.containers(), names.PROXY) is not None:
        return pod
    rest = [container for container in pod.init_containers() if container is not own]
    classic = {key: value for key, value in own.items() if key != "restartPolicy"}
    return pod.with_spec(containers=[*pod.containers(), classic], initContainers=rest)


def has_no_sidecar(pod: Pod) -> bool:
    """Whether nobody wrote anything of the sidecar into the pod."""
    return names.OVERRIDES not in pod.annotations and not any(
        container.get("name") == names.PROXY for container in (*pod.containers(), *pod.init_containers())
    )


def own_containers(original: Pod, overlay: Overlay) -> dict[str, list[Container]]:
    """The user's containers that have the name of an injected one, by field, as they are laid over it."""
    earlier, noted = brought_containers(original), own_overrides(original)
    inits = [*original.init_containers(), *original.containers()]
    places = {"containers": original.containers(), "initContainers": inits}
    found = {
        field: [
            _without_auto(own)
            for injected in overlay.containers(field)
            if injected["name"] not in earlier[field]
            and (own := named([*noted.get(field, ()), *places[field]], injected["name"])) is not None
        ]
        for field in _FIELDS
    }
    return {field: own for field, own in found.items() if own}


def _without_auto(container: Container) -> Container:
    return {key: value for key, value in container.items() if (key, value) != ("image", _AUTO)}


def laid_over(pod: Pod, own: dict[str, list[Container]], *, one_handler: bool) -> Pod:
    """The pod with the user's own fields on top, and an annotation by which the next injection finds them.

    `one_handler`: a hook or probe of the user's replaces the template's. istioctl merges them, and the API server refuses a
    hook with two handlers.
    """
    if not own:
        return pod
    if one_handler:
        pod = _without_replaced_handlers(pod, own)
    spec = merged(pod.spec, {field: own[field] for field in _FIELDS if field in own})
    marks = {} if names.STATUS in pod.annotations else {names.OVERRIDES: go_json.dumps(own)}
    return Pod(pod.labels, {**pod.annotations, **marks}, spec)


def _without_replaced_handlers(pod: Pod, own: dict[str, list[Container]]) -> Pod:
    """The pod without the handlers in whose place the user's own containers have others."""
    changed: dict[str, list[Container]] = {}
    for field, containers in own.items():
        by_name = {container["name"]: container for container in containers}
        changed[field] = [
            _without_handlers(container, by_name.get(container["name"], {})) for container in pod.spec.get(field) or []
        ]
    return pod.with_spec(**changed)


def _without_handlers(container: Container, own: Container) -> Container:
    result = dict(container)
    for probe in PROBES:
        if isinstance(container.get(probe), dict):
            result[probe] = _without_other(container[probe], own.get(probe))
    hooks, wanted = container.get("lifecycle"), own.get("lifecycle")
    if isinstance(hooks, dict) and isinstance(wanted, dict):
        result["lifecycle"] = {hook: _without_other(handler, wanted.get(hook)) for hook, handler in hooks.items()}
    return result


def _without_other(handler: Any, own: Any) -> Any:
    """A hook or probe without its kind of handler, where the user's own one has another kind."""
    kinds = [kind for kind in HANDLERS if isinstance(own, dict) and own.get(kind) is not None]
    if not kinds or not isinstance(handler, dict):
        return handler
    return {key: value for key, value in handler.items() if key not in HANDLERS or key in kinds}


def follow_user(pod: Pod, original: Pod, *, tproxy: bool) -> Pod:
    """Make redirection follow the user that the user's own sidecar runs as: its traffic must not come back to it.

    TPROXY needs a root sidecar. istio-validation runs as the sidecar does; `-u` never becomes 0, which iptables refuses.
    """
    own = named([*original.containers(), *original.init_containers()], names.PROXY) or {}
    security = own.get("securityContext") or {}
    user, group = security.get("runAsUser"), security.get("runAsGroup")
    inits = pod.init_containers()
    init = named(inits, names.INIT) or named(inits, names.VALIDATION)
    if init is None or (user is None and group is None):
        return pod
    if tproxy and user is not None:
        pod = _as_root(pod)
    changed = dict(init)
    if not tproxy and init["name"] == names.VALIDATION:
        identity = {"runAsUser": user, "runAsGroup": group}
        changed["securityContext"] = {
            **(init.get("securityContext") or {}),
            **{key: value for key, value in identity.items() if value is not None},
        }
    if user:
        changed["args"] = _with_user(init.get("args") or [], user)
    return pod.with_spec(initContainers=[changed if c is init else c for c in pod.init_containers()])


def _as_root(pod: Pod) -> Pod:
    """The pod with a sidecar that runs as root: the one among `containers`, else the native one."""
    field = "containers" if named(pod.containers(), names.PROXY) else "initContainers"
    rooted = [
        {**container, "securityContext": {**(container.get("securityContext") or {}), "runAsUser": 0}}
        if container["name"] == names.PROXY
        else container
        for container in pod.spec.get(field) or []
    ]
    return pod.with_spec(**{field: rooted}) if rooted else pod


def _with_user(arguments: list[Any], user: int) -> list[Any]:
    if "-u" not in arguments:
        return arguments
    place = arguments.index("-u") + 1
    return [*arguments[:place], str(user), *arguments[place + 1 :]]
