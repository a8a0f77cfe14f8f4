"""A definition in another folder may be of another release than the one that is installed with an object."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sailwright.cli import main

DEFINITION = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Thing, plural: things}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec: {type: object, properties: {size: {type: integer}, colour: {type: string}}}
"""
OBJECT = "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: one}\nspec: {%s}\n"


@pytest.mark.parametrize(
    ("definition", "thing", "spec", "errors"),
    [
        ("old/crd.yaml", "new/thing.yaml", "className: a", 0),
        ("old/crd.yaml", "old/thing.yaml", "className: a", 1),
        ("old/crd.yaml", "old/more/thing.yaml", "className: a", 1),
        ("old/more/crd.yaml", "old/thing.yaml", "className: a", 1),
        ("crd.yaml", "new/thing.yaml", "className: a", 1),
        ("old/crd.yaml", "old-style/thing.yaml", "className: a", 0),
        ("old/crd.yaml", "new/thing.yaml", "colours: a", 1),
        ("old/crd.yaml", "new/thing.yaml", "sise: 1", 1),
        ("old/crd.yaml", "new/thing.yaml", "size: large", 1),
        ("old/crd.yaml", "new/thing.yaml", "size: 1", 0),
    ],
)
def test_a_field_that_another_release_may_have(
    tmp_path: Path,
    definition: str,
    thing: str,
    spec: str,
    errors: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It is unknown for certain in the folder of the definition, above and below it, and where it is a slip of the hand."""
    monkeypatch.chdir(tmp_path)
    for name, text in ((definition, DEFINITION), (thing, OBJECT % spec)):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)
    main(["validate", ".", "--backend", "builtin", "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [each["rule"] for each in found] == ["schema-violation"] * errors
