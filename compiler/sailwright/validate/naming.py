"""The name of an object, as the API server wants it: apimachinery's ValidateObjectMeta and NameIsDNSSubdomain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.problem import Problem
from sailwright.diagnostics.value_words import shown
from sailwright.runtime.regex import regex
from sailwright.validate.findings import SCHEMA_RULE

_SUBDOMAIN = regex(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_LONGEST = 253
_GROUPS = frozenset({"", "apps", "autoscaling", "batch", "networking.k8s.io", "policy"})
"""The groups of Kubernetes whose objects all need such a name; roles may be `system:x`, and a review has no name."""


def name_problems(value: Mapping[str, Any], *, custom: bool) -> Iterator[Problem]:
    """What is wrong with the name of an object; `custom` where its kind is none of Kubernetes' own.

    A name with `$` is filled in before it is applied (Flux, envsubst), and one that is no text is for the schema to refuse.
    """
    group = str(value.get("apiVersion")).rpartition("/")[0]
    metadata = value.get("metadata") or {}
    if not (custom or group in _GROUPS) or not isinstance(metadata, dict):
        return
    name = metadata.get("name") or ""
    if name == "":
        if not metadata.get("generateName"):
            yield Problem(("metadata",), "the object has no name", "set metadata.name", rule=SCHEMA_RULE)
    elif isinstance(name, str) and "$" not in name and not (len(name) <= _LONGEST and _SUBDOMAIN.fullmatch(name)):
        remedy = (
            f"use small letters, digits, `-` and `.`, a letter or digit at both ends, at most {_LONGEST} characters"
        )
        message = f"{shown(name)} is no name that an object can have"
        yield Problem(("metadata", "name"), message, remedy, rule=SCHEMA_RULE)
