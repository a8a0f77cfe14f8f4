"""What decides comes from the trusted commit, what renders from the change: the table, and the projects that it makes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sailwright.project.trusted_settings import ROLES, Trusted, named_files, patterns
from sailwright.source.files.checkout import Disk

SCHEMA = Path(__file__).parent.parent.parent / "compiler" / "sailwright" / "project" / "project.schema.json"
NOWHERE = Disk(".")


def settings() -> Iterator[str]:
    """Every setting of sailwright.yaml, those of `output` and of a namespace one by one."""
    schema = json.loads(SCHEMA.read_text())
    for name, value in schema["properties"].items():
        if name == "output":
            yield from (f"output.{key}" for key in value["properties"])
        elif name == "namespaces":
            yield from (f"namespaces.*.{key}" for key in schema["$defs"]["Namespace"]["properties"])
        else:
            yield name


def test_every_setting_has_a_role() -> None:
    """One that is new must say whether it decides."""
    assert ROLES.keys() == set(settings())


HERE: dict[str, Any] = {
    "apiVersion": "sailwright/v1alpha1",
    "istio": {"version": "1.31.0"},
    "environments": {"prod": {"istio": {"cni": True}}, "new": {"istio": {"cni": True}}},
    "namespaces": {"shop": {"services": ["**"], "allow": ["hostPath"], "render": True}, "new": {"allow": ["hostPath"]}},
    "output": {"path": "out", "extraKinds": ["Task"]},
    "known": {"hosts": ["b.example.com"]},
    "lint": {"failOn": "never"},
    "defaults": {"owner": "a"},
}
THERE: dict[str, Any] = {
    "apiVersion": "sailwright/v1alpha1",
    "istio": {"version": "1.30.3"},
    "environments": {"prod": {}, "gone": {}},
    "namespaces": {"shop": {"services": ["a"]}, "gone": {"services": []}},
    "manifests": [{"paths": ["k8s/*"], "environments": ["gone"]}],
    "validate": {"backend": "builtin"},
}


def test_what_will_run_has_the_permissions_of_the_commit() -> None:
    merged = Trusted(THERE, NOWHERE).merged(HERE)
    assert merged["istio"] == HERE["istio"]
    assert merged["environments"] == HERE["environments"]
    assert merged["namespaces"] == {
        "shop": {"services": ["a"], "render": True},
        "new": {},
        "gone": {"services": []},
    }
    assert merged["output"] == {"path": "out"}
    assert merged["validate"] == {"backend": "builtin"}
    assert merged["defaults"] == {"owner": "a"}
    assert not merged.keys() & {"known", "lint"}


def test_as_trusted_has_what_renders_from_the_commit_too() -> None:
    """Environments are those at hand; what the commit says of the mesh in them counts."""
    merged = Trusted(THERE, NOWHERE, as_rendered=False).merged(HERE)
    assert merged["istio"] == THERE["istio"]
    assert merged["environments"] == {"prod": {}, "new": {"istio": {"cni": True}}}
    assert merged["namespaces"] == THERE["namespaces"]


def test_files_of_both_sides_are_checked() -> None:
    """An entry for an environment that is gone is for all of them: its files are still there."""
    trusted = Trusted(THERE, NOWHERE, ("hidden/service.yaml",), ("k8s/.a.yaml",))
    merged = trusted.merged({**HERE, "services": ["more/*.yaml"], "manifests": [{"paths": ["new/*"]}]})
    assert merged["services"] == ["more/*.yaml", "services/*/service.yaml", "hidden/service.yaml"]
    assert merged["manifests"] == [{"paths": ["new/*"]}, {"paths": ["k8s/*"]}, {"paths": ["k8s/.a.yaml"]}]


def test_a_commit_without_the_project_grants_nothing() -> None:
    merged = Trusted(None, NOWHERE).merged(HERE)
    assert merged["namespaces"] == {"shop": {"render": True}, "new": {}}
    assert merged["istio"] == HERE["istio"]


def test_equal_settings_make_the_project_itself() -> None:
    for as_rendered in (True, False):
        merged = Trusted(HERE, NOWHERE, as_rendered=as_rendered).merged(HERE)
        assert {key: value for key, value in merged.items() if key != "services"} == HERE


def test_files_that_settings_name_are_found_wherever_they_are_named() -> None:
    tree = {
        "istio": {"values": "a.yaml", "meshConfig": {"x": 1}},
        "namespaces": {"shop": {"istio": {"values": "b.yaml"}}},
        "environments": {
            "prod": {"istio": {"meshConfig": "c.yaml"}, "clusters": {"eu": {"istio": {"values": "d.yaml"}}}}
        },
    }
    assert sorted(named_files(tree).values()) == ["a.yaml", "b.yaml", "c.yaml", "d.yaml"]
    assert patterns({}) == (["services/*/service.yaml"], [])
    assert patterns(None) == ([], [])
