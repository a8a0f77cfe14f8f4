"""When a pod is not injected: the injector's own rules, in its order."""

from __future__ import annotations

from sailwright.render.injection import names
from sailwright.render.injection.pod import Pod

SYSTEM_NAMESPACES = frozenset(("kube-system", "kube-public", "kube-node-lease", "local-path-storage"))

_YES = frozenset(("y", "yes", "true", "on"))


def skip_reason(pod: Pod, differences: frozenset[str]) -> str:
    """Why the injector leaves this pod alone; empty if it injects it."""
    if pod.spec.get("hostNetwork") is True:
        return "it uses the host's network"
    wanted = pod.labels.get(names.INJECT, pod.annotations.get(names.INJECT, ""))
    if "inject-strict" in differences:
        refused = wanted == "false"
    else:
        refused = wanted != "" and wanted.lower() not in _YES
    return f'`{names.INJECT}` is "{wanted}"' if refused else ""


def place_reason(namespace: str) -> str:
    """Why the injector leaves all pods of a namespace alone; empty if it does not."""
    if namespace in SYSTEM_NAMESPACES:
        return f"namespace `{namespace}` belongs to the system, and Istio never injects there"
    return ""


def is_windows(pod: Pod) -> bool:
    """Whether the pod runs on Windows, where neither the proxy's image nor the redirection of traffic works."""
    system = pod.spec.get("os")
    selector = pod.spec.get("nodeSelector")
    return "windows" in (
        system.get("name") if isinstance(system, dict) else None,
        selector.get("kubernetes.io/os") if isinstance(selector, dict) else None,
    )


def odd_inject_value(pod: Pod, differences: frozenset[str]) -> str:
    """A value of `sidecar.istio.io/inject` that this release ignores; empty if there is none."""
    wanted = pod.labels.get(names.INJECT, pod.annotations.get(names.INJECT, ""))
    return wanted if "inject-strict" in differences and wanted not in ("", "true", "false") else ""
