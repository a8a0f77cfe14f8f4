"""The templates of a project: `templates/NAME.yaml.j2` beside sailwright.yaml.

One with the name of a template of ours takes its place; any other makes a further object for every service. They may yield the kinds
we render and those of `output.extraKinds`, in the service's namespace, and never a Secret.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from sailwright.diagnostics.finding import Finding, Location
from sailwright.runtime.errors import Failure
from sailwright.runtime.regex import regex
from sailwright.source.files.checkout import Checkout, Unreadable

PATTERN = "templates/*.yaml.j2"
KINDS: Mapping[str, str] = {
    "serviceaccount": "ServiceAccount",
    "configmap": "ConfigMap",
    "service": "Service",
    "peerauthentication": "PeerAuthentication",
    "authorizationpolicy": "AuthorizationPolicy",
    "sidecar": "Sidecar",
    "serviceentry": "ServiceEntry",
    "destinationrule": "DestinationRule",
    "poddisruptionbudget": "PodDisruptionBudget",
    "deployment": "Deployment",
    "statefulset": "StatefulSet",
    "daemonset": "DaemonSet",
    "job": "Job",
    "cronjob": "CronJob",
    "horizontalpodautoscaler": "HorizontalPodAutoscaler",
    "virtualservice": "VirtualService",
    "httproute": "HTTPRoute",
    "grpcroute": "GRPCRoute",
    "tlsroute": "TLSRoute",
    "tcproute": "TCPRoute",
    "namespace": "Namespace",
    "waypoint": "Gateway",
}
"""Our templates of whole objects, and the kinds they yield. `pod` is the template of the pods inside workloads."""
OF_GATEWAY_API = frozenset(("httproute", "grpcroute", "tlsroute", "tcproute"))
"""Those of the routes of services with `routing.api: gateway`. For other services a template of such a name is a further object."""
OURS = frozenset((*KINDS, "pod", "kubernetes-gateway"))
RULE = "template-fault"

_LINE = regex(r"(?:template: )?line ([0-9]+): ")


def own_templates(checkout: Checkout) -> tuple[Mapping[str, str], tuple[Finding, ...]]:
    """The texts of a project's templates by name, and what is wrong with their files."""
    paths = checkout.glob(PATTERN)
    if not paths:
        return {}, ()
    from sailwright.source.templating.sandbox import SOURCE_LIMIT

    texts: dict[str, str] = {}
    findings = []
    for path in paths:
        data = checkout.read(path, SOURCE_LIMIT)
        name = path.rpartition("/")[2].removesuffix(".yaml.j2")
        reason = data.reason if isinstance(data, Unreadable) else _unfit(name, data)
        if reason or isinstance(data, Unreadable):
            findings.append(Finding(RULE, "error", reason, Location(path), "correct the template, or remove it"))
        else:
            texts[name] = data.decode()
    return texts, tuple(findings)


def _unfit(name: str, data: bytes) -> str:
    if name.startswith("inject-"):
        return "the templates of the sidecar are Istio's, and no project's: use `mesh.sidecar` or `istio.values`"
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return "the template is not UTF-8"
    return "the template holds private-use characters" if re.search("[\ue000\ue001]", text) else ""


def fault(name: str, failure: Failure) -> Finding:
    """A failure of a project's template, as a finding in it."""
    found = _LINE.match(failure.message)
    line = int(found[1]) if found else 1
    message = failure.message[found.end() :] if found else failure.message.removeprefix("template: ")
    location = Location(f"templates/{name}.yaml.j2", line, 1, line, 1)
    return Finding(RULE, "error", message, location, "correct the template, or remove it")


def hold_kind(name: str, value: Any, namespace: str, extra_kinds: Collection[str]) -> None:
    """Failure where what a project's template made is not an object it may make."""
    if not isinstance(value, dict) or not isinstance(value.get("apiVersion"), str):
        raise Failure("the template yields no Kubernetes object: give it apiVersion, kind and metadata")
    kind, metadata = value.get("kind"), value.get("metadata")
    if kind == "Secret":
        raise Failure("the template yields a Secret, which is never rendered")
    listed = kind in extra_kinds
    if not listed and (kind not in KINDS.values() or (kind == "Namespace" and name != "namespace")):
        raise Failure(f"the template yields the kind {kind}: list it under `output.extraKinds` of sailwright.yaml")
    if not isinstance(metadata, dict) or not isinstance(metadata.get("name"), str) or not metadata["name"]:
        raise Failure("the object that the template yields has no metadata.name: use `metadata: {{ metadata }}`")
    if kind != "Namespace" and metadata.get("namespace") != namespace:
        raise Failure(
            "the object that the template yields is not in the service's namespace: use `metadata: {{ metadata }}`"
        )
