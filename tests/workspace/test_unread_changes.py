"""`transformers` and `generators`: kustomize's own are read as the program does them; of what another program does nothing is said."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.workspace.kustomize_trees import BASE
from tests.workspace.test_kustomize import _built, _by_kubectl, _by_name, _write

from sailwright.cli import main

needs_kubectl = pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not on PATH")

_HEAD = "apiVersion: builtin\nkind: {}\nmetadata: {{name: any}}\n"
PLUGINS = {
    "labels at the fields it names": _HEAD.format("LabelTransformer") + (
        "labels: {tier: web}\nfieldSpecs:\n- {path: metadata/labels, create: true}\n"
        "- {path: spec/template/metadata/labels, kind: Deployment, create: true}\n- {path: spec/selector, kind: Service}\n"),
    "labels where there are some": _HEAD.format("LabelTransformer") + (
        "labels: {tier: web}\nfieldSpecs:\n- {path: metadata/labels}\n"),
    "annotations": _HEAD.format("AnnotationsTransformer") + (
        "annotations: {note: here}\nfieldSpecs: [{path: metadata/annotations, create: true}]\n"),
    "a prefix": _HEAD.format("PrefixTransformer") + "prefix: a-\nfieldSpecs: [{path: metadata/name}]\n",
    "a suffix": _HEAD.format("SuffixTransformer") + "suffix: -z\nfieldSpecs: [{path: metadata/name}]\n",
    "a namespace": (
        "apiVersion: builtin\nkind: NamespaceTransformer\nmetadata: {name: any, namespace: shop}\n"
        "fieldSpecs: [{path: metadata/namespace, create: true}]\n"),
    "an image": _HEAD.format("ImageTagTransformer") + (
        "imageTag: {name: example.com/cart, newTag: v9}\nfieldSpecs:\n"
        "- {path: 'spec/template/spec/containers[]/image'}\n- {path: 'spec/template/spec/initContainers[]/image'}\n"),
    "a number of replicas": _HEAD.format("ReplicaCountTransformer") + (
        "replica: {name: cart, count: 5}\nfieldSpecs: [{path: spec/replicas, create: true, kind: Deployment}]\n"),
    "a patch": _HEAD.format("PatchTransformer") + (
        "target: {kind: Deployment}\npatch: |-\n  - op: replace\n    path: /spec/replicas\n    value: 4\n"),
    "a patch in a file": _HEAD.format("PatchTransformer") + "target: {kind: Deployment}\npath: replicas.yaml\n",
    "a JSON patch": _HEAD.format("PatchJson6902Transformer") + (
        "target: {group: apps, version: v1, kind: Deployment, name: cart}\n"
        "jsonOp: '[{\"op\": \"replace\", \"path\": \"/spec/replicas\", \"value\": 4}]'\n"),
}  # fmt: skip
FILES = {**BASE, "root/replicas.yaml": "- {op: replace, path: /spec/replicas, value: 7}\n"}


@needs_kubectl
@pytest.mark.parametrize("plugin", PLUGINS.values(), ids=PLUGINS.keys())
@pytest.mark.parametrize("inline", [False, True], ids=["file", "inline"])
def test_built_in_transformers_are_read(tmp_path: Path, plugin: str, *, inline: bool) -> None:
    """In a file of their own and in the kustomization itself."""
    listed = "transformers:\n- |\n" + "".join(f"  {line}\n" for line in plugin.splitlines())
    root = "resources: [../base]\n" + (listed if inline else "transformers: [plugin.yaml]\n")
    _write(tmp_path, {**FILES, "root/kustomization.yaml": root, "root/plugin.yaml": plugin})
    expected = _by_kubectl(tmp_path / "root")
    built = _built(tmp_path / "root")
    assert expected is not None
    assert built.unknown == ()
    assert _by_name([each.value for each in built.manifests]) == expected


@needs_kubectl
def test_built_in_generators_are_read(tmp_path: Path) -> None:
    generator = _HEAD.format("ConfigMapGenerator").replace("any", "settings-of-all") + "literals: [a=b]\n"
    root = "resources: [../base]\ngenerators: [plugin.yaml]\n"
    _write(tmp_path, {**FILES, "root/kustomization.yaml": root, "root/plugin.yaml": generator})
    built = _built(tmp_path / "root")
    assert built.unknown == ()
    assert _by_name([each.value for each in built.manifests]) == _by_kubectl(tmp_path / "root")


APP = {
    "app/rule.yaml": """\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart, namespace: shop}
spec:
  host: cart
  subsets: [{name: v1, labels: {version: v1}}]
""",
    "app/route.yaml": """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  hosts: [cart]
  http: [{route: [{destination: {host: cart, subset: v2}}]}]
""",
    "app/cart.yaml": """\
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: cart}, ports: [{name: http, port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart, version: v1}}
    spec: {containers: [{name: cart, image: "registry.example.com/cart:1"}]}
""",
}
FUNCTION = """\
apiVersion: example.com/v1
kind: SetSubsets
metadata:
  name: subsets
  annotations: {config.kubernetes.io/function: "container: {image: registry.example.com/subsets:v1}"}
"""
ALL = "resources: [rule.yaml, route.yaml, cart.yaml]\n"


def _errors(capsys: pytest.CaptureFixture[str], files: dict[str, str]) -> list[tuple[str, str]]:
    for name, text in (APP | files).items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text)
    main(["lint", ".", "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    return [(each["location"]["file"], each["rule"]) for each in found if each["severity"] == "error"]


DEAD = [("app/route.yaml", "destination-subset-unknown")]
JSON_PATCH = (
    "patches:\n- target: {kind: DestinationRule}\n  patch: |\n    - {op: add, path: /spec/subsets/%s, "
    "value: {name: v2, labels: {version: v1}}}\n"
)


@pytest.mark.parametrize(
    ("more", "errors"),
    [
        ({}, DEAD),
        ({"app/kustomization.yaml": ALL}, DEAD),
        ({"app/kustomization.yaml": ALL + "transformers: [f.yaml]\n", "app/f.yaml": FUNCTION}, []),
        ({"app/kustomization.yaml": ALL + "transformers: [missing.yaml]\n"}, []),
        ({"app/kustomization.yaml": ALL + "validators: [f.yaml]\n", "app/f.yaml": FUNCTION}, DEAD),
        ({"app/kustomization.yaml": ALL + "generators: [f.yaml]\n", "app/f.yaml": FUNCTION}, DEAD),
        ({"app/kustomization.yaml": ALL + JSON_PATCH % "-"}, []),
        ({"app/kustomization.yaml": ALL + JSON_PATCH % "7"}, []),
        ({"app/kustomization.yaml": ALL + "patches: [{path: missing.yaml, target: {kind: DestinationRule}}]\n"}, []),
        ({"app/kustomization.yaml": ALL + "components: [../missing]\n"}, []),
        ({"app/kustomization.yaml": ALL + "openapi: {path: schema.json}\n"}, []),
    ],
    ids=["folder", "resources", "function", "missing-function", "validator", "generator", "patch", "patch-out-of-place",
         "missing-patch", "missing-component", "openapi"],
)  # fmt: skip
def test_what_changes_unread_is_not_known(
    tmp_path: Path,
    more: dict[str, str],
    errors: list[tuple[str, str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Without the program: a function may set any field, so nothing is said of the objects it gets; what only adds objects says nothing of
    a DestinationRule that is there.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert _errors(capsys, more) == errors


@pytest.mark.parametrize(
    ("kustomization", "errors"),
    [
        ("resources: [route.yaml, cart.yaml]\n", DEAD),
        ("resources: [route.yaml, cart.yaml, 'https://example.com/team/base?ref=v1']\n", []),
        ("resources: [route.yaml, cart.yaml]\nhelmCharts: [{name: cart, repo: 'https://example.com'}]\n", []),
        ("resources: [route.yaml, cart.yaml, missing.yaml]\n", []),
    ],
    ids=["whole", "remote", "chart", "missing"],
)
def test_what_is_brought_unread_may_be_what_is_looked_for(
    tmp_path: Path,
    kustomization: str,
    errors: list[tuple[str, str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A remote base, a chart or a file that is not here may hold the DestinationRule."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("tests.workspace.test_unread_changes.APP", {k: v for k, v in APP.items() if "rule" not in k})
    assert _errors(capsys, {"app/kustomization.yaml": kustomization}) == errors
