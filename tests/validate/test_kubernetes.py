"""The schemas of Kubernetes: which versions are known, and where a kind is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sailwright.validate.run import Settings, judge
from sailwright.validate.schemas import kubernetes


def test_the_newest_version_is_ours_to_say(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Schemas of later versions, which a newer package brings, change no verdict of this release."""
    assert kubernetes.versions()[-1] == kubernetes.NEWEST
    for version in ("1.36", "1.37", "1.38"):
        (tmp_path / f"v{version}.0-local-strict").mkdir()
    monkeypatch.setattr(kubernetes, "_root", lambda: str(tmp_path))
    assert kubernetes.versions() == ("1.36", "1.37")
    assert kubernetes.nearest_version("1.38") == "1.37"


@pytest.mark.parametrize(
    ("version", "nearest"), [("1.9", "1.25"), ("1.25", "1.25"), ("v1.34.2", "1.34"), ("1.40", "1.37"), ("2.0", "1.37")]
)
def test_a_version_that_is_not_known_is_checked_by_the_nearest(version: str, nearest: str) -> None:
    assert kubernetes.nearest_version(version) == nearest
    known = version.removeprefix("v").startswith(nearest)
    assert (kubernetes.version_fault(version) is None) == known


@pytest.mark.parametrize(
    ("api_version", "kind", "remedy"),
    [
        ("rbac.authorization.k8s.io/v1beta1", "Role", "it has one in rbac.authorization.k8s.io/v1"),
        ("extensions/v1beta1", "Ingress", "it has one in networking.k8s.io/v1"),
        ("batch/v1beta1", "CronJob", "it has one in batch/v1"),
        ("policy/v1beta1", "PodDisruptionBudget", "it has one in policy/v1"),
        ("apps/v1", "Service", "it has one in v1"),
        ("v1", "Servise", "did you mean `Service`?"),
        ("policy/v1beta1", "PodSecurityPolicy", "it was removed, or never was"),
    ],
)
def test_remedies_name_whole_groups(api_version: str, kind: str, remedy: str) -> None:
    ((problem,),) = judge([{"apiVersion": api_version, "kind": kind, "metadata": {"name": "a"}}], Settings())
    assert (problem.rule, problem.help) == ("kind-unknown", remedy)


def test_every_remedy_is_an_api_version_that_there_is() -> None:
    """Whatever kind is named in a wrong version, what is named instead has it."""
    folder = Path(kubernetes.folder(kubernetes.NEWEST))
    for path in sorted(folder.glob("*.json")):
        for each in json.loads(path.read_text()).get("properties", {}).get("kind", {}).get("enum", ()):
            for api_version in kubernetes.served(kubernetes.NEWEST, each):
                assert kubernetes.schema(kubernetes.NEWEST, api_version, each) is not None, (each, api_version)
