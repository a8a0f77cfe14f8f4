"""Objects without what the API server fills in by itself: two objects that differ in nothing else are one to a cluster.

The defaults are those of Kubernetes (pkg/apis/*/v1/defaults.go).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Tree = dict[str, Any]
RUNNING = ("uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "selfLink", "ownerReferences")
"""Metadata that only a running object has."""
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_KEPT_EMPTY = frozenset(("emptyDir", "podSelector", "namespaceSelector", "selector", "labelSelector", "rules"))
"""Maps and lists that say something though they are empty."""

_PROBE = {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3}
_CONTAINER = {"terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File"}
_POD = {
    "restartPolicy": "Always",
    "dnsPolicy": "ClusterFirst",
    "schedulerName": "default-scheduler",
    "terminationGracePeriodSeconds": 30,
    "enableServiceLinks": True,
    "hostNetwork": False,
    "hostPID": False,
    "hostIPC": False,
    "shareProcessNamespace": False,
}
_QUARTER = {"maxSurge": "25%", "maxUnavailable": "25%"}
_JOB = {
    "backoffLimit": 6,
    "completions": 1,
    "parallelism": 1,
    "completionMode": "NonIndexed",
    "suspend": False,
    "manualSelector": False,
    "podReplacementPolicy": "TerminatingOrFailed",
}
SPECS: Mapping[str, Mapping[str, Any]] = {
    "Deployment": {
        "replicas": 1,
        "revisionHistoryLimit": 10,
        "progressDeadlineSeconds": 600,
        "minReadySeconds": 0,
        "paused": False,
        "strategy": {"type": "RollingUpdate"},
    },
    "StatefulSet": {
        "replicas": 1,
        "revisionHistoryLimit": 10,
        "minReadySeconds": 0,
        "podManagementPolicy": "OrderedReady",
        "updateStrategy": {"type": "RollingUpdate"},
        "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"},
    },
    "DaemonSet": {
        "revisionHistoryLimit": 10,
        "minReadySeconds": 0,
        "updateStrategy": {"type": "RollingUpdate"},
    },
    "Job": _JOB,
    "CronJob": {
        "concurrencyPolicy": "Allow",
        "suspend": False,
        "successfulJobsHistoryLimit": 3,
        "failedJobsHistoryLimit": 1,
    },
    "Service": {
        "type": "ClusterIP",
        "sessionAffinity": "None",
        "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 10800}},
        "internalTrafficPolicy": "Cluster",
        "externalTrafficPolicy": "Cluster",
        "ipFamilyPolicy": "SingleStack",
        "allocateLoadBalancerNodePorts": True,
        "publishNotReadyAddresses": False,
    },
    "HorizontalPodAutoscaler": {"minReplicas": 1},
}
_ROLLING: Mapping[str, Mapping[str, Any]] = {
    "Deployment": _QUARTER,
    "StatefulSet": {"partition": 0},
    "DaemonSet": {"maxSurge": 0, "maxUnavailable": 1},
}
_STRATEGY = {"Deployment": "strategy", "StatefulSet": "updateStrategy", "DaemonSet": "updateStrategy"}
PODS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("Deployment", "StatefulSet", "DaemonSet", "Job"), ("spec", "template")),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
}


def without_defaults(value: Mapping[str, Any]) -> Tree:
    """An object without the fields that hold what they would hold anyway, and without empty ones."""
    kind = str(value.get("kind", ""))
    result: Tree = _pruned(value)
    spec = result.get("spec")
    if not isinstance(spec, dict) or kind not in SPECS:
        return result
    strategy = spec.get(_STRATEGY.get(kind, ""))
    if isinstance(strategy, dict) and isinstance(strategy.get("rollingUpdate"), dict):
        rolling = _less(strategy["rollingUpdate"], _ROLLING[kind])
        spec[_STRATEGY[kind]] = _pruned({**strategy, "rollingUpdate": rolling})
    spec = _less(spec, SPECS[kind])
    if kind == "Service":
        spec["ports"] = [_port(port) for port in spec.get("ports") or ()]
    if kind == "StatefulSet" and isinstance(spec.get("volumeClaimTemplates"), list):
        spec["volumeClaimTemplates"] = [_claim(claim) for claim in spec["volumeClaimTemplates"]]
    if kind == "CronJob" and isinstance(spec.get("jobTemplate"), dict):
        job = spec["jobTemplate"]
        spec["jobTemplate"] = {**job, "spec": _less(job.get("spec") or {}, _JOB)}
    result["spec"] = spec
    return _pods_without_defaults(result, kind)


def _pods_without_defaults(result: Tree, kind: str) -> Tree:
    if kind not in PODS:
        return result
    holder: Any = result
    for key in PODS[kind][:-1]:
        holder = holder.get(key) if isinstance(holder, dict) else None
    template = holder.get("template") if isinstance(holder, dict) else None
    if isinstance(template, dict) and isinstance(template.get("spec"), dict):
        metadata = template.get("metadata")
        kept = {key: entry for key, entry in metadata.items() if key not in RUNNING} if metadata else {}
        if isinstance(kept.get("annotations"), dict):
            kept["annotations"] = {k: v for k, v in kept["annotations"].items() if k != LAST_APPLIED}
        holder["template"] = _pruned({"metadata": kept, "spec": _pod(template["spec"])})
    return result


def _pod(spec: Tree) -> Tree:
    result = _less(spec, _POD)
    accounts = (result.pop("serviceAccountName", None), result.pop("serviceAccount", None))
    if account := accounts[0] or accounts[1]:
        result["serviceAccountName"] = account
    for key in ("containers", "initContainers"):
        if isinstance(result.get(key), list):
            result[key] = [_container(item) if isinstance(item, dict) else item for item in result[key]]
    if isinstance(result.get("volumes"), list):
        result["volumes"] = [_volume(item) if isinstance(item, dict) else item for item in result["volumes"]]
    return result


def _container(container: Tree) -> Tree:
    result = _less(container, _CONTAINER)
    image = str(result.get("image", ""))
    tag = image.rpartition("/")[2].partition("@")[0].partition(":")[2]
    usual = "Always" if "@" not in image and tag in ("", "latest") else "IfNotPresent"
    result = _less(result, {"imagePullPolicy": usual})
    for key in ("livenessProbe", "readinessProbe", "startupProbe"):
        if isinstance(result.get(key), dict):
            result[key] = _less(_action(result[key]), _PROBE)
    if isinstance(result.get("lifecycle"), dict):
        hooks = result["lifecycle"].items()
        result["lifecycle"] = {name: _action(hook) if isinstance(hook, dict) else hook for name, hook in hooks}
    if isinstance(result.get("ports"), list):
        result["ports"] = [_less(port, {"protocol": "TCP"}) for port in result["ports"]]
    for item in result.get("env") or ():
        reference = (item.get("valueFrom") or {}).get("fieldRef") if isinstance(item, dict) else None
        if isinstance(reference, dict) and reference.get("apiVersion") == "v1":
            del reference["apiVersion"]
    return result


def _action(probe: Tree) -> Tree:
    asked = probe.get("httpGet")
    return {**probe, "httpGet": _less(asked, {"scheme": "HTTP", "path": "/"})} if isinstance(asked, dict) else probe


def _volume(volume: Tree) -> Tree:
    modes = {"defaultMode": 420}
    return {key: _less(entry, modes) if isinstance(entry, dict) else entry for key, entry in volume.items()}


def _claim(claim: Any) -> Any:
    if not isinstance(claim, dict):
        return claim
    spec = _less(claim.get("spec") or {}, {"volumeMode": "Filesystem"})
    metadata = {key: entry for key, entry in (claim.get("metadata") or {}).items() if key not in RUNNING}
    return {"metadata": metadata, "spec": spec}


def _port(port: Any) -> Any:
    return _less(port, {"protocol": "TCP", "targetPort": port.get("port")}) if isinstance(port, dict) else port


def _less(value: Mapping[str, Any], defaults: Mapping[str, Any]) -> Tree:
    return {key: entry for key, entry in value.items() if key not in defaults or not _equal(entry, defaults[key])}


def _equal(one: Any, other: Any) -> bool:
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def _pruned(value: Any) -> Any:
    """A copy without nulls, empty maps and empty lists, but for those that say something."""
    if isinstance(value, dict):
        entries = {key: _pruned(entry) for key, entry in value.items() if entry is not None}
        return {key: entry for key, entry in entries.items() if entry not in ({}, []) or key in _KEPT_EMPTY}
    if isinstance(value, list):
        return [_pruned(entry) for entry in value if entry is not None]
    return value
