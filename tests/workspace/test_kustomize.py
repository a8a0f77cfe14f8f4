"""Kustomizations read without the program make the objects that `kubectl kustomize` makes."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.workspace.kustomize_trees import BASE, COMPONENT, TREES, WIDE

from sailwright.source.cluster_scoped import CLUSTER_SCOPED
from sailwright.source.kustomize import Kustomizations
from sailwright.source.manifest import manifests
from sailwright.source.source import parse
from sailwright.workspace.kustomize.build import CHANGES, Build, Built
from sailwright.workspace.kustomize.by_program import built_by_program
from sailwright.workspace.kustomize.files import Files

KUBECTL = shutil.which("kubectl")
needs_kubectl = pytest.mark.skipif(KUBECTL is None, reason="kubectl is not on PATH")


def _write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _built(folder: Path) -> Built:
    root = Kustomizations().of(str(folder))
    assert root is not None
    return Build(Kustomizations(), Files({})).of(root)


def _by_name(objects: list[dict[str, Any]]) -> dict[str, Any]:
    """Objects by what they are called. kustomize does not know that GatewayClasses and the like lie in no namespace."""
    found: dict[str, Any] = {}
    for each in objects:
        metadata = each["metadata"]
        if each["kind"] in CLUSTER_SCOPED:
            metadata.pop("namespace", None)
        found[f"{each['kind']} {metadata.get('namespace')}/{metadata['name']}"] = _plain(each)
    assert len(found) == len(objects)
    return found


def _plain(value: Any) -> Any:
    """Without what is nothing; the order of ports says nothing."""
    if isinstance(value, dict):
        return {
            key: sorted(map(_plain, each), key=_key) if key == "ports" else _plain(each)
            for key, each in value.items()
            if each not in ({}, None)
        }
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _key(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _by_kubectl(folder: Path) -> dict[str, Any] | None:
    """What the program makes; None where it refuses."""
    assert KUBECTL is not None
    run = subprocess.run([KUBECTL, "kustomize", str(folder)], capture_output=True, check=False, timeout=60)
    if run.returncode != 0:
        return None
    return _by_name([each.value for each in manifests(parse("out", run.stdout, "manifest"))])


@needs_kubectl
@pytest.mark.parametrize("files", TREES.values(), ids=TREES.keys())
def test_the_same_objects_as_kubectl(tmp_path: Path, files: dict[str, str]) -> None:
    _write(tmp_path, files)
    expected = _by_kubectl(tmp_path / "root")
    assert expected is not None
    built = _built(tmp_path / "root")
    assert built.unknown == ()
    assert _by_name([each.value for each in built.manifests]) == expected


LINES = [
    "namespace: shop\n",
    "namePrefix: a-\n",
    "nameSuffix: -z\n",
    "commonLabels: {team: a}\n",
    "labels: [{pairs: {owner: b}, includeTemplates: true}]\n",
    "commonAnnotations: {note: here}\n",
    "images: [{name: example.com/cart, newTag: v9}, {name: example.com/store, digest: 'sha256:ab'}]\n",
    "replicas: [{name: cart, count: 3}]\n",
    "configMapGenerator: [{name: extra, literals: [a=b]}]\n",
]
PATCHES = [
    "- target: {kind: Deployment}\n  patch: |\n    - {op: add, path: /spec/template/spec/containers/-, value: {name: other, image: o}}\n",
    "- target: {kind: Deployment}\n  patch: |\n    - {op: replace, path: /spec/replicas, value: 4}\n",
    (
        "- target: {kind: Service, name: .*cart.*}\n  patch: |\n    apiVersion: v1\n    kind: Service\n    metadata: {name: x}\n"
        "    spec: {type: NodePort, ports: [{port: 9090, name: prom}, {port: 1}]}\n"
    ),
    (
        "- target: {kind: Deployment}\n  patch: |\n    apiVersion: apps/v1\n    kind: Deployment\n    metadata: {name: x}\n"
        "    spec: {template: {spec: {containers: [{name: cart, env: [{name: NEW, value: a}], args: [a]}, {name: more, image: more}]}}}\n"
    ),
    "- target: {kind: VirtualService}\n  patch: |\n    - {op: add, path: /spec/http/0/timeout, value: 2s}\n",
    (
        "- target: {kind: DestinationRule}\n  patch: |\n    $patch: delete\n    apiVersion: networking.istio.io/v1\n"
        "    kind: DestinationRule\n    metadata: {name: x}\n"
    ),
]


@st.composite
def _kustomization(draw: st.DrawFn, resources: str) -> str:
    lines = draw(st.lists(st.sampled_from(LINES), unique=True, max_size=4))
    patches = draw(st.lists(st.sampled_from(PATCHES), unique=True, max_size=3))
    return resources + "".join(lines) + ("patches:\n" + "".join(patches) if patches else "")


@needs_kubectl
@given(
    _kustomization("resources: [../base]\n"),
    _kustomization("resources: [../mid]\ncomponents: [../part]\n"),
    _kustomization(COMPONENT),
    st.sampled_from([BASE, WIDE]),
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_combination_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, mid: str, root: str, part: str, base: dict[str, str]
) -> None:
    folder = tmp_path_factory.mktemp("tree")
    tops = {"mid": mid, "root": root, "part": part}
    _write(folder, {**base, **{f"{name}/kustomization.yaml": text for name, text in tops.items()}})
    expected = _by_kubectl(folder / "root")
    built = _built(folder / "root")
    if expected is not None and not built.unknown:
        assert _by_name([each.value for each in built.manifests]) == expected


@needs_kubectl
@pytest.mark.parametrize("name", ["everything", "a component with objects", "one base twice", "operations on Istio"])
def test_the_program_says_where_objects_were_written(tmp_path: Path, name: str) -> None:
    """Objects and their files are the same whether they are read or built."""
    _write(tmp_path, TREES[name])
    known, files = Kustomizations(), Files({})
    root = known.of(str(tmp_path / "root"))
    assert root is not None
    by_program = built_by_program(root, [root], files)
    assert by_program is not None
    read = Build(known, files).of(root).manifests
    assert _by_name([each.value for each in by_program]) == _by_name([each.value for each in read])
    wheres = [
        {(each.kind, each.name): each.document.source.path for each in found if each.kind != "ConfigMap"}
        for found in (by_program, read)
    ]
    assert wheres[0] == wheres[1]


@needs_kubectl
def test_what_cannot_be_read_is_built(tmp_path: Path) -> None:
    transformer = (
        "apiVersion: builtin\nkind: LabelTransformer\nmetadata: {name: a}\nlabels: {team: a}\n"
        "fieldSpecs: [{path: metadata/labels, create: true}]\n"
    )
    _write(tmp_path, {**BASE, "root/kustomization.yaml": "resources: [../base]\ntransformers: [t.yaml]\n"})
    _write(tmp_path, {"root/t.yaml": transformer})
    built = _built(tmp_path / "root")
    assert built.unknown == ()
    assert {each.labels.get("team") for each in built.manifests} == {"a"}


@pytest.mark.parametrize(
    "text",
    [
        "resources: [../base, 'https://example.com/a.yaml']\n",
        "resources: [../base, 'github.com/example/a//base?ref=v1']\n",
        "resources: [../base]\ncomponents: ['git@example.com:a/b.git']\n",
        "resources: [../base]\npatches: [{path: 'https://example.com/p.yaml'}]\n",
        "resources: [../base]\nhelmCharts: [{name: a, repo: 'https://example.com'}]\n",
    ],
)
def test_nothing_is_fetched(tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not here is left out with a reason, and no program is asked for it."""

    def never(*_: object) -> bytes:
        raise AssertionError

    monkeypatch.setattr("sailwright.workspace.kustomize.by_program.printed_by", never)
    _write(tmp_path, {**BASE, "root/kustomization.yaml": text})
    built = _built(tmp_path / "root")
    assert built.unknown
    assert {each.kind for each in built.manifests} >= {"Deployment", "VirtualService"}


def test_no_file_outside_the_folder_is_read(tmp_path: Path) -> None:
    text = (
        "resources: [../base]\nconfigMapGenerator: [{name: a, files: [../secret.txt]}]\npatches: [{path: ../p.yaml}]\n"
    )
    _write(tmp_path, {**BASE, "root/kustomization.yaml": text, "secret.txt": "hidden", "p.yaml": "kind: X\n"})
    built = _built(tmp_path / "root")
    assert "hidden" not in str([each.value for each in built.manifests])
    assert len(built.unknown) == 2


PLACES = {
    "a patch in a file": (
        {"patches": [{"path": "p.yaml"}]},
        {"root/p.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: cart}\nspec:\n  replicas: 4\n"},
        ("Deployment", ("spec", "replicas")),
        ("root/p.yaml", 5),
    ),
    "a namespace": ({"namespace": "shop"}, {}, ("Service", ("metadata", "namespace")), ("root/kustomization.yaml", 1)),
    "what nobody changes": (
        {"namespace": "shop"},
        {},
        ("VirtualService", ("spec", "http", 1, "name")),
        ("base/route.yaml", 10),
    ),
}


@pytest.mark.parametrize(("sets", "files", "asked", "place"), PLACES.values(), ids=PLACES.keys())
def test_each_field_is_where_its_author_wrote_it(
    tmp_path: Path,
    sets: dict[str, Any],
    files: dict[str, str],
    asked: tuple[str, tuple[str | int, ...]],
    place: tuple[str, int],
) -> None:
    text = json.dumps({"resources": ["../base"], **sets})
    _write(tmp_path, {**BASE, **files, "root/kustomization.yaml": text})
    manifest = next(each for each in _built(tmp_path / "root").manifests if each.kind == asked[0])
    found = manifest.locate(asked[1]).location
    assert found.file.endswith(place[0])
    assert found.line == place[1]


def test_an_inline_patch_has_the_lines_of_its_file(tmp_path: Path) -> None:
    patch = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: cart}\nspec:\n  template:\n    spec:\n      containers:\n"
    patch += "      - name: first\n        image: a\n      - name: cart\n        image: b\n"
    text = "resources: [../base]\npatches:\n- patch: |-\n" + "".join(f"    {line}\n" for line in patch.splitlines())
    _write(tmp_path, {**BASE, "root/kustomization.yaml": text})
    manifest = next(each for each in _built(tmp_path / "root").manifests if each.kind == "Deployment")
    container = ("spec", "template", "spec", "containers")
    assert manifest.locate((*container, 0, "image")).location.line == 12
    assert manifest.locate((*container, 1, "image")).location.line == 14
    assert manifest.locate((*container, 1, "args", 0)).location.file.endswith("deployment.yaml")


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["", "a", "a=b", "../base", "p.yaml", "[", "- x", "metadata.name"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["name", "path", "patch", "target", "kind", "literals", "files", "pairs", "select", "source", "targets", "fieldPaths",
             "op", "options", "count", "newTag", "behavior", "metadata", "spec", "index", "delimiter"]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=8,
)  # fmt: skip
KEYS = [*sorted(CHANGES), "resources", "components", "bases", "generatorOptions", "transformers"]


@given(st.dictionaries(st.sampled_from(KEYS), JUNK | st.lists(JUNK, max_size=2), max_size=4), JUNK)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_kustomization_can_be_read(
    tmp_path_factory: pytest.TempPathFactory, sets: dict[str, Any], patch: object
) -> None:
    """What is no kustomization makes no crash, whatever stands in it."""
    folder = tmp_path_factory.mktemp("junk")
    _write(folder, {**BASE, "root/kustomization.yaml": json.dumps({"resources": ["../base"], **sets})})
    _write(folder, {"root/p.yaml": json.dumps(patch)})
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr("sailwright.workspace.kustomize.by_program.kustomize_command", lambda: None)
        for manifest in _built(folder / "root").manifests:
            manifest.locate(("metadata", "name"))
