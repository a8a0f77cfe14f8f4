"""The recorded configurations of the Gateway API: istiod read all of them, so that their fields, types and versions are right.

They came to istiod without an API server in between. What its validation rules refuse of them was looked at, rule by rule.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from sailwright.source.files.files import collect
from sailwright.validate.objects import objects
from sailwright.validate.run import Settings, validate

REFUSED = (
    "Must have port for Service reference",
    "When using RequestRedirect filter with path.replacePrefixMatch, exactly one PathPrefix match must be specified",
    "sectionName or port must be specified when parentRefs includes 2 or more references to the same parent",
    "another item with the same name is already in the list",
)


def test_no_field_type_or_version_that_istiod_reads_is_called_wrong(recorded: Path) -> None:
    worlds = recorded / "gwapi" / "worlds"
    if not worlds.is_dir():
        pytest.skip("no recorded configurations of the Gateway API")
    manifests = [manifest for source in collect([str(worlds)]).sources for manifest in objects(source).manifests]
    known = [each for each in manifests if each.group == "gateway.networking.k8s.io"]
    assert len(known) > 400
    told = {(each.rule, each.message) for each in validate(known, Settings(kubernetes=("1.34",)))}
    assert told == {("schema-rule", message) for message in REFUSED}
