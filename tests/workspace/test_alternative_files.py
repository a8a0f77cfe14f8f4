"""Files of a folder that exclude each other: what one of them needs may be in another, applied before it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sailwright.cli import main

ROUTE = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec: {hosts: [cart], http: [{route: [{destination: {host: cart, subset: %s}}]}]}
"""
RULE = """\
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart, namespace: shop}
spec: {host: cart, subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]}
"""
SERVICE = (
    "apiVersion: v1\nkind: Service\nmetadata: {name: cart, namespace: shop}\nspec: {ports: [{name: http, port: 80}]}\n"
)


def test_the_subsets_of_the_first_step_are_there_for_the_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A tutorial defines the subsets with its first route, and moves the traffic with a second file."""
    monkeypatch.chdir(tmp_path)
    for name, text in (("all-v1", ROUTE % "v1" + RULE), ("to-v2", ROUTE % "v2"), ("service", SERVICE)):
        (tmp_path / f"{name}.yaml").write_text(text)
    assert main(["lint", ".", "--format", "json"]) == 0
    assert [each for each in json.loads(capsys.readouterr().out)["findings"] if each["severity"] == "error"] == []


@pytest.mark.parametrize(
    ("subset", "errors"),
    [("v2", []), ("v3", [("to-v2.yaml", "destination-subset-unknown")])],
    ids=["in-a-sibling", "in-none"],
)
def test_what_no_file_of_the_folder_has_is_absent(
    subset: str,
    errors: list[tuple[str, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Only what a sibling defines may have been applied before: a subset that nobody defines is a 503."""
    monkeypatch.chdir(tmp_path)
    for name, text in (("all-v1", ROUTE % "v1" + RULE), ("to-v2", ROUTE % subset), ("service", SERVICE)):
        (tmp_path / f"{name}.yaml").write_text(text)
    main(["lint", ".", "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [(each["location"]["file"], each["rule"]) for each in found if each["severity"] == "error"] == errors
