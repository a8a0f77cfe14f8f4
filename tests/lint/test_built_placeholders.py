"""Placeholders in kustomizations, in patches and in what Flux fills in: no variant of sound objects gives an error."""

from __future__ import annotations

import copy
import itertools
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.lint.test_placeholders import PLACEHOLDERS, SOUND, _leaves

from sailwright.cli import main

BASE = list(yaml.safe_load_all(SOUND))
OVERLAY = yaml.safe_load("""\
resources: [../base]
namespace: shop
namePrefix: eu-
labels: [{pairs: {team: web}, includeTemplates: true}]
commonAnnotations: {note: here}
images: [{name: example.com/cart, newName: registry.example.com/cart, newTag: v2}]
replicas: [{name: cart, count: 3}]
patches: [{path: patch.yaml}]
configMapGenerator: [{name: settings, literals: [level=info]}]
""")
PATCH = yaml.safe_load("""\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart}
spec:
  http:
  - timeout: 7s
    retries: {attempts: 1, perTryTimeout: 2s}
    route: [{destination: {host: cart, subset: v1, port: {number: 80}}, weight: 100}]
""")
FLUX = yaml.safe_load("""\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: shop, namespace: flux-system}
spec:
  interval: 10m
  path: ./base
  prune: true
  sourceRef: {kind: GitRepository, name: repository}
  targetNamespace: shop
  postBuild: {substitute: {VALUE: a}, substituteFrom: [{kind: ConfigMap, name: values}]}
""")
VALUES = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "values", "namespace": "flux-system"},
    "data": {"OTHER": "b"},
}
KEPT = frozenset(("apiVersion", "kind", "resources", "path", "patches"))
"""What says how files are read: with a placeholder in it a file is another one."""


def _places(documents: list[Any]) -> list[tuple[int, tuple[Any, ...]]]:
    return [
        (index, path)
        for index, document in enumerate(documents)
        for path in _leaves(document)
        if path[0] not in KEPT and path[-1] not in KEPT
    ]


def _holed(documents: list[Any], holes: list[tuple[tuple[int, tuple[Any, ...]], str]]) -> list[Any]:
    holed = copy.deepcopy(documents)
    for (index, path), form in holes:
        place = holed[index]
        for key in path[:-1]:
            place = place[key]
        whole = next(each for each in PLACEHOLDERS if each in form)
        named = "metadata" in path or path[0] == "namespace"
        place[path[-1]] = whole if named else form.replace("TEXT", str(place[path[-1]]))
    return holed


def _write(folder: Path, files: dict[str, list[Any]]) -> None:
    for name, documents in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(yaml.safe_dump_all(documents))


def _errors(capsys: pytest.CaptureFixture[str], command: str, folder: Path) -> list[str]:
    capsys.readouterr()
    main([command, str(folder), "--format", "json", *(("--backend", "builtin") if command == "validate" else ())])
    found = json.loads(capsys.readouterr().out)["findings"]
    return [f"{each['rule']}: {each['message']}" for each in found if each["severity"] == "error"]


FORMS = [form % text for form in ("%s", "TEXT-%s", "%s-TEXT") for text in PLACEHOLDERS]
NUMBER = itertools.count()
few = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def _holes(documents: list[Any]) -> st.SearchStrategy[list[tuple[tuple[int, tuple[Any, ...]], str]]]:
    return st.lists(st.tuples(st.sampled_from(_places(documents)), st.sampled_from(FORMS)), max_size=4, unique_by=str)


@few
@given(base=_holes(BASE), overlay=_holes([OVERLAY]), patch=_holes([PATCH]))
def test_holes_in_a_kustomization(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], base: list[Any], overlay: list[Any], patch: list[Any]
) -> None:
    """In the base, in what an overlay sets, and in its patch."""
    folder = tmp_path / str(next(NUMBER))
    files = {
        "base/kustomization.yaml": [{"resources": ["all.yaml"]}],
        "base/all.yaml": _holed(BASE, base),
        "eu/kustomization.yaml": _holed([OVERLAY], overlay),
        "eu/patch.yaml": _holed([PATCH], patch),
    }
    _write(folder, files)
    assert _errors(capsys, "lint", folder) == []
    assert _errors(capsys, "validate", folder) == []


@few
@given(base=_holes(BASE), flux=_holes([FLUX]))
def test_holes_in_what_flux_applies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], base: list[Any], flux: list[Any]
) -> None:
    """What Flux fills in is known, and what it leaves is not."""
    folder = tmp_path / str(next(NUMBER))
    (folder / ".git").mkdir(parents=True)
    _write(folder, {"base/all.yaml": _holed(BASE, base), "clusters/shop.yaml": [*_holed([FLUX], flux), VALUES]})
    assert _errors(capsys, "lint", folder) == []


def test_without_holes_there_is_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The objects are sound as they are, in both."""
    _write(tmp_path, {"base/kustomization.yaml": [{"resources": ["all.yaml"]}], "base/all.yaml": BASE})
    _write(
        tmp_path, {"eu/kustomization.yaml": [OVERLAY], "eu/patch.yaml": [PATCH], "clusters/shop.yaml": [FLUX, VALUES]}
    )
    assert _errors(capsys, "lint", tmp_path) == []
    assert _errors(capsys, "validate", tmp_path) == []
