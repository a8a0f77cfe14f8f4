"""The name of an object, as the API server wants it: apimachinery's ValidateObjectMeta and NameIsDNSSubdomain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.validate.objection import SCHEMA_RULE, Objection
from sailwright.validate.violation import shown

_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_LONGEST = 253
_GROUPS = frozenset({"", "apps", "autoscaling", "batch", "networking.k8s.io", "policy"})
"""The groups of Kubernetes whose objects all need such a name; roles may be `system:x`, and a review has no name."""


def name_objections(value: Mapping[str, Any], *, custom: bool) -> Iterator[Objection]:
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
            yield Objection(SCHEMA_RULE, ("metadata",), "the object has no name", "set metadata.name")
    elif isinstance(name, str) and "$" not in name and not (len(name) <= _LONGEST and _SUBDOMAIN.fullmatch(name)):
        remedy = (
            f"use small letters, digits, `-` and `.`, a letter or digit at both ends, at most {_LONGEST} characters"
        )
        yield Objection(SCHEMA_RULE, ("metadata", "name"), f"{shown(name)} is no name that an object can have", remedy)
