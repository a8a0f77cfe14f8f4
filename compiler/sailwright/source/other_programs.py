"""Files and documents that other programs read and the API server never sees: what each is, by its place, name and content."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

from sailwright.runtime.regex import regex
from sailwright.source.source import Source
from sailwright.source.template_text import ERB, GO, HELM, JINJA, MUSTACHE, YTT, is_ytt, template_language

_ENDINGS = {
    ".gotmpl": GO,
    ".tpl": GO,
    ".tmpl": GO,
    ".j2": JINJA,
    ".jinja": JINJA,
    ".jinja2": JINJA,
    ".erb": ERB,
    ".mustache": MUSTACHE,
    ".hbs": MUSTACHE,
}
_NAMES = (
    ("helmfile", regex(r"helmfile(\..+)?\.ya?ml"), "helmfile reads it, not the cluster"),
    ("compose", regex(r"(docker-)?compose([.-].+)?\.ya?ml"), "Docker Compose reads it, not the cluster"),
    ("mkdocs", regex(r"mkdocs([.-].+)?\.ya?ml"), "MkDocs reads it, not the cluster"),
)
_KUBERNETES_LINE = regex(r"^apiVersion:", re.MULTILINE)
_GIT_CRYPT = b"\0GITCRYPT\0"
_VAULT = b"$ANSIBLE_VAULT;"


def whole_file(source: Source, where: str | None = None) -> str:
    """Why a whole file is not for the cluster, whatever else is wrong in it; empty where its documents have to be looked at.

    `where` is the file on disk, for what lies beside it.
    """
    if source.data.startswith(_GIT_CRYPT):
        return "encrypted with git-crypt: unlock the repository to have it checked"
    if source.data.startswith(_VAULT):
        return "encrypted with Ansible Vault: decrypt it to have it checked"
    folder, _, name = source.path.replace(os.sep, "/").rpartition("/")
    if reason := _ENDINGS.get(os.path.splitext(name)[1].lower()):
        return reason
    if where is not None and in_chart_templates(where):
        return HELM
    if "/.github/" in f"/{folder}/":
        return "GitHub reads it, not the cluster"
    named = next((reason for start, pattern, reason in _NAMES if start in name and pattern.fullmatch(name)), "")
    if not _KUBERNETES_LINE.search(source.text):
        named = named or ("helmfile reads it, not the cluster" if "/helmfile.d/" in f"/{folder}/" else "")
        if named or (source.problems and (named := _values(name))):
            return named
    if source.problems:
        return template_language(source.text) or _of_unknown_tags(source)
    return YTT if is_ytt(source.text) else ""


def in_chart_templates(where: str) -> bool:
    """Whether a file lies in the `templates` of a Helm chart, at any depth."""
    if "templates" not in where and (os.path.isabs(where) or "templates" not in os.getcwd()):
        return False
    folder = os.path.dirname(os.path.abspath(where))
    while (above := os.path.dirname(folder)) != folder:
        if os.path.basename(folder) == "templates" and os.path.exists(os.path.join(above, "Chart.yaml")):
            return True
        folder = above
    return False


def _values(name: str) -> str:
    """Values files of a Helm chart, by their names: `values.yaml`, `values-prod.yaml`, `cart-values.yaml`."""
    found = re.fullmatch(r"(.+[.-])?values([.-].+)?\.ya?ml", name)
    return "values of a Helm chart, no object of the cluster" if found else ""


def _of_unknown_tags(source: Source) -> str:
    """Tags that no Kubernetes file has, in a file of which no document says what object it is."""
    tags = " ".join(found.message for found in source.problems if found.rule == "yaml-unsupported-tag")
    if not tags or any(_identified(document.value) for document in source.documents):
        return ""
    if re.search(r"!(Sub|Ref|GetAtt|Join|If|FindInMap|ImportValue|Select|Split|Base64|Equals|Not|And|Or|Cidr)\b", tags):
        return "CloudFormation reads it, not the cluster"
    if re.search(r"!(include\w*|secret|env_var|input|lambda|extend|remove)\b", tags):
        return "Home Assistant or ESPHome reads it, not the cluster"
    if "python/" in tags:
        return "a Python program reads it, not the cluster"
    return "it has no apiVersion and no kind, and tags of another program"


def _identified(value: Any) -> bool:
    return isinstance(value, dict) and ("apiVersion" in value or "kind" in value)


_GROUPS = {
    "kustomize.config.k8s.io": "kustomize",
    "builtin": "kustomize",
    "kubeadm.k8s.io": "kubeadm",
    "kubelet.config.k8s.io": "the kubelet",
    "kubeproxy.config.k8s.io": "kube-proxy",
    "kubescheduler.config.k8s.io": "the scheduler",
    "apiserver.config.k8s.io": "the API server from its own disk",
    "audit.k8s.io": "the API server from its own disk",
    "client.authentication.k8s.io": "kubectl",
    "kind.x-k8s.io": "kind",
    "k3d.io": "k3d",
    "eksctl.io": "eksctl",
    "kops.k8s.io": "kops",
    "skaffold": "Skaffold",
    "ctlptl.dev": "ctlptl",
    "backstage.io": "Backstage",
    "kpt.dev": "kpt",
}
"""API groups whose documents a program reads from a file: no API server has them, and no CRD defines them."""


def document_of(value: Mapping[str, Any]) -> str:
    """Which other program reads a document, as a reason; empty for an object of the cluster."""
    if (
        "sops" in value
        and isinstance(value["sops"], dict)
        and {"mac", "version", "lastmodified"} & value["sops"].keys()
    ):
        return "encrypted with SOPS: what is applied is not what lies here"
    version, kind = value.get("apiVersion"), value.get("kind")
    if isinstance(version, str) and isinstance(kind, str):
        return _with_kind(version, kind, value)
    if "kind" in value or "apiVersion" in value:
        return ""
    return _without_kind(value)


def _with_kind(version: str, kind: str, value: Mapping[str, Any]) -> str:
    if version == "v1" and kind == "Config" and {"clusters", "contexts", "users", "current-context"} & value.keys():
        return "a kubeconfig: kubectl reads it, not the cluster"
    if version == "v1alpha1" and kind.endswith("Config"):
        return "Talos reads it, not the cluster"
    program = _GROUPS.get(version.partition("/")[0])
    return f"{program} reads it, not the cluster" if program else ""


def _without_kind(value: Mapping[str, Any]) -> str:
    resources, services = value.get("Resources"), value.get("services")
    if "AWSTemplateFormatVersion" in value or _any_item(
        resources, lambda each: str(each.get("Type")).startswith("AWS::")
    ):
        return "CloudFormation reads it, not the cluster"
    if "machine" in value and "cluster" in value:
        return "Talos reads it, not the cluster"
    if "openapi" in value or "swagger" in value:
        return "a description of an API, no object of the cluster"
    if "jobs" in value and ("true" in value or "on" in value):
        return "GitHub reads it, not the cluster"
    if _any_item(services, lambda each: bool({"image", "build"} & each.keys())):
        return "Docker Compose reads it, not the cluster"
    return ""


def _any_item(value: Any, holds: Any) -> bool:
    return isinstance(value, dict) and any(isinstance(each, dict) and holds(each) for each in value.values())
