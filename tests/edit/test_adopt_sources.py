"""Where adoption reads from: dumps of a cluster, charts, overlays, standard input; and what it makes of odd ones."""

from __future__ import annotations

import json
import os
import shutil
import stat
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from sailwright.cli.group import sailwright
from sailwright.commands.edit.adopt import inputs
from sailwright.commands.edit.adopt.adoption import Adoption
from sailwright.commands.edit.adopt.draft import adopt
from sailwright.runtime.errors import Failure
from sailwright.source.files.files import collect
from sailwright.source.manifest import manifests
from sailwright.source.source import parse

Tree = dict[str, Any]
CART = """\
apiVersion: v1
kind: Service
metadata: {name: cart}
spec: {selector: {app: cart}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
# the shop's cart
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart}
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec: {containers: [{name: cart, image: 'example.com/cart:1.0'}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy   # only the web
metadata: {name: cart, creationTimestamp: null}
spec: {podSelector: {matchLabels: {app: cart}}}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test runs in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(sailwright, arguments, standalone_mode=False, input=given)


def adopted(*objects: Tree) -> Adoption:
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})
    return adopt(manifests(parse("-", text.encode(), "manifest")))


def what(adoption: Adoption) -> dict[str, tuple[str, str]]:
    return {f"{row.kind}/{row.name}": (row.what, row.why) for row in adoption.rows}


def test_namespace_places_what_names_none(folder: Path) -> None:
    """As `kubectl apply -n shop`; what is carried along gets it too, and keeps its comments."""
    (folder / "cart.yaml").write_text(CART)
    result = run("init", "--from", "cart.yaml", "--namespace", "shop")
    assert result.return_value == 0, result.output
    assert "names no namespace" not in result.stderr
    assert yaml.safe_load((folder / "services/cart/service.yaml").read_text())["namespace"] == "shop"
    beside = (folder / "services/cart/extra/networkpolicy-cart.yaml").read_text()
    assert "kind: NetworkPolicy   # only the web" in beside
    assert yaml.safe_load(beside)["metadata"] == {"name": "cart", "creationTimestamp": None, "namespace": "shop"}


def test_what_is_cluster_scoped_or_named_stays_where_it_is(folder: Path) -> None:
    (folder / "all.yaml").write_text(
        CART.replace("{name: cart}", "{name: cart, namespace: web}")
        + "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: web}\n"
    )
    assert run("init", "--from", "all.yaml", "-n", "shop").return_value == 0
    assert "namespace" not in yaml.safe_load((folder / "manifests/cluster/namespace-web.yaml").read_text())["metadata"]
    assert yaml.safe_load((folder / "services/cart/service.yaml").read_text())["namespace"] == "web"


def workload(kind: str, name: str, owner: tuple[str, str] | None = None, **spec: Any) -> Tree:
    metadata: Tree = {"name": name, "namespace": "shop", "uid": name, "resourceVersion": "7"}
    if owner:
        reference = {"apiVersion": "x/v1", "kind": owner[0], "name": owner[1], "uid": "1", "controller": True}
        metadata["ownerReferences"] = [reference]
    pod = {"containers": [{"name": "cart", "image": "example.com/cart:1.0"}]}
    template = {"metadata": {"labels": {"app": "cart"}}, "spec": pod}
    version = "v1" if kind == "Pod" else "batch/v1" if kind == "Job" else "apps/v1"
    if kind == "Pod":
        return {"apiVersion": version, "kind": kind, "metadata": metadata, "spec": pod}
    selector = {} if kind == "Job" else {"selector": {"matchLabels": {"app": "cart"}}}
    return {
        "apiVersion": version,
        "kind": kind,
        "metadata": metadata,
        "spec": {**selector, "template": template, **spec},
    }


def test_what_a_controller_makes_is_its_own() -> None:
    """`kubectl get all` lists ReplicaSets, Pods and Jobs of CronJobs: their makers keep them, and none is drafted."""
    adoption = adopted(
        workload("Deployment", "cart"),
        workload("ReplicaSet", "cart-7d9", ("Deployment", "cart")),
        workload("Pod", "cart-7d9-x", ("ReplicaSet", "cart-7d9")),
        workload("Job", "nightly-1", ("CronJob", "nightly")),
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "kube-root-ca.crt", "namespace": "shop", "uid": "3"}},
    )  # fmt: skip
    assert what(adoption) == {
        "Deployment/cart": ("kept", ""),
        "ReplicaSet/cart-7d9": ("kept", "Deployment cart makes it"),
        "Pod/cart-7d9-x": ("kept", "ReplicaSet cart-7d9 makes it"),
        "Job/nightly-1": ("kept", "CronJob nightly makes it"),
        "ConfigMap/kube-root-ca.crt": ("kept", "every namespace gets one from the cluster"),
    }
    assert adoption.complete
    assert [draft.name for draft in adoption.drafts] == ["cart"]


SCALER: Tree = {
    "apiVersion": "autoscaling/v2",
    "kind": "HorizontalPodAutoscaler",
    "metadata": {"name": "cart", "namespace": "shop", "uid": "9"},
    "spec": {
        "minReplicas": 2,
        "maxReplicas": 5,
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "cart"},
        "metrics": [
            {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 60}}},
            {"type": "Pods", "pods": {"metric": {"name": "rps"}, "target": {"type": "AverageValue", "averageValue": "9"}}},
            {"type": "Object", "object": {"metric": {"name": "depth"}, "describedObject": {"apiVersion": "v1", "kind": "Service", "name": "queue"}, "target": {"type": "Value", "value": "30"}}},
            {"type": "External", "external": {"metric": {"name": "lag", "selector": {"matchLabels": {"q": "a"}}}, "target": {"type": "AverageValue", "averageValue": "30"}}},
            {"type": "ContainerResource", "containerResource": {"name": "memory", "container": "cart", "target": {"type": "Utilization", "averageUtilization": 70}}},
        ],
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("last_applied", "manager", "drafted"),
    [
        ({"spec": {}}, None, True),  # whoever applies it never wrote `replicas`: the autoscaler did
        (None, "scale", True),
        (None, "", False),
        ({"spec": {"replicas": 1}}, None, False),  # written by hand, and it would be set back to one pod without it
    ],
)
def test_the_replicas_of_an_autoscaler_are_not_those_of_a_draft(
    last_applied: Tree | None, manager: str | None, drafted: bool
) -> None:
    """All metrics of autoscaling/v2 are words of `autoscaling`."""
    deployment = workload("Deployment", "cart", replicas=4)
    if last_applied is not None:
        annotations = {"kubectl.kubernetes.io/last-applied-configuration": json.dumps(last_applied)}
        deployment["metadata"]["annotations"] = annotations
    if manager is not None:
        fields = {"manager": "m", "subresource": manager, "fieldsV1": {"f:spec": {"f:replicas": {}}}}
        deployment["metadata"]["managedFields"] = [fields]
    adoption = adopted(deployment, SCALER)
    defaults = yaml.safe_load(adoption.drafts[0].text)
    words = {**defaults.get("defaults", {}), **defaults["versions"][0]}
    assert ("autoscaling" in words, words.get("replicas")) == (drafted, None if drafted else 4)
    if drafted:
        assert [one["type"] for one in words["autoscaling"]["metrics"]] == [
            one["type"] for one in SCALER["spec"]["metrics"]
        ]
    assert what(adoption)["HorizontalPodAutoscaler/cart"][0] == ("kept" if drafted else "carried along")


def program(folder: Path, name: str, script: str) -> None:
    path = folder / "bin" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


CHART = """\
---
# Source: shop/templates/serviceaccount.yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: prod-shop
  labels: {helm.sh/chart: shop-1.2.0, app.kubernetes.io/managed-by: Helm}
---
# Source: shop/templates/service.yaml
apiVersion: v1
kind: Service
metadata:
  name: prod-shop
  labels: {helm.sh/chart: shop-1.2.0, app.kubernetes.io/managed-by: Helm}
spec:
  type: ClusterIP
  ports: [{port: 80, targetPort: http, protocol: TCP, name: http}]
  selector: {app.kubernetes.io/name: shop, app.kubernetes.io/instance: prod}
---
# Source: shop/templates/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: prod-shop
  labels: {helm.sh/chart: shop-1.2.0, app.kubernetes.io/managed-by: Helm}
spec:
  replicas: 2
  selector:
    matchLabels: {app.kubernetes.io/name: shop, app.kubernetes.io/instance: prod}
  template:
    metadata:
      labels: {app.kubernetes.io/name: shop, app.kubernetes.io/instance: prod}
    spec:
      serviceAccountName: prod-shop
      securityContext: {}
      containers:
        - name: shop
          securityContext: {}
          image: "registry.example.com/shop:1.8.2"
          ports: [{name: http, containerPort: 8080, protocol: TCP}]
          resources: {}
---
# Source: shop/templates/networkpolicy.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: prod-shop
spec: {podSelector: {matchLabels: {app.kubernetes.io/name: shop}}}
---
# Source: shop/templates/tests/test-connection.yaml
apiVersion: v1
kind: Pod
metadata:
  name: prod-shop-test
  annotations: {helm.sh/hook: test}
spec:
  containers: [{name: wget, image: busybox, command: [wget]}]
---
# Source: shop/templates/migrate.yaml
apiVersion: batch/v1
kind: Job
metadata:
  name: prod-shop-migrate
  annotations: {helm.sh/hook: "pre-install,pre-upgrade"}
spec:
  template:
    spec: {restartPolicy: Never, containers: [{name: migrate, image: "registry.example.com/shop:1.8.2"}]}
"""
"""What `helm template` prints: documents in the order of installation, each after a comment with its template, hooks last."""


def test_a_chart_is_adopted_as_helm_renders_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "chart.out").write_text(CHART)
    program(folder, "helm", 'echo "$*" > asked; cat chart.out')
    monkeypatch.setenv("PATH", f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}")
    result = run("init", "--helm", "charts/prod/", "-f", "a.yaml", "--values", "b.yaml", "-n", "web")
    assert result.return_value == 0, result.output
    asked = (folder / "asked").read_text()
    assert asked == "template prod charts/prod/ --namespace web --values a.yaml --values b.yaml\n"
    beside = (folder / "services/prod-shop/extra/networkpolicy-prod-shop.yaml").read_text()
    assert beside.startswith("# Source: shop/templates/networkpolicy.yaml\n")
    assert "namespace: web" in beside
    assert "`helm test` makes it" in result.stderr
    assert "Job prod-shop-migrate: Helm runs it as pre-install,pre-upgrade" in result.stderr
    plan = run("adopt", "--helm", "charts/prod", "--plan", "-n", "web")
    assert "never run `helm uninstall`" in plan.stdout


KUBECTL = shutil.which("kubectl")


@pytest.mark.skipif(KUBECTL is None, reason="kubectl is not on PATH, and it renders the overlay")
def test_an_overlay_is_adopted_as_kustomize_renders_it(folder: Path) -> None:
    (folder / "base").mkdir()
    (folder / "base/cart.yaml").write_text(CART)
    (folder / "base/kustomization.yaml").write_text("resources: [cart.yaml]\n")
    (folder / "prod").mkdir()
    (folder / "prod/kustomization.yaml").write_text(
        "resources: [../base]\nnamespace: shop\nnamePrefix: prod-\n"
        "images: [{name: example.com/cart, newTag: '2.0'}]\nreplicas: [{name: cart, count: 3}]\n"
        "labels: [{pairs: {tier: front}, includeSelectors: true, includeTemplates: true}]\n"
    )
    result = run("init", "--kustomize", "prod")
    assert result.return_value == 0, result.output
    drafted = yaml.safe_load((folder / "services/prod-cart/service.yaml").read_text())
    assert drafted["service"]["selector"] == {"app": "cart", "tier": "front"}
    assert drafted["versions"][0]["image"] == "example.com/cart:2.0"
    assert (folder / "services/prod-cart/extra/networkpolicy-prod-cart.yaml").exists()
    assert "prod: take it out of what is applied" in run("adopt", "--kustomize", "prod", "--plan").stdout


def test_files_of_an_overlay_are_not_what_it_makes(folder: Path) -> None:
    """Read as files, an overlay's patches are lost: that is said, with the way to adopt what runs, and the exit status says so."""
    for path, text in {
        "base/cart.yaml": CART,
        "base/kustomization.yaml": "resources: [cart.yaml]\n",
        "prod/kustomization.yaml": "resources: [../base]\npatches: [{path: replicas.yaml}]\n",
        "prod/replicas.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: cart}\nspec: {replicas: 4}\n",
    }.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text)
    assert run("init", "--from", "base").return_value == 0  # it only lists its files
    os.remove("sailwright.yaml")
    shutil.rmtree("services")
    result = run("init", "--from", "base", "prod")
    assert result.return_value == 1
    assert "prod/kustomization.yaml:1: kustomize changes the objects (patches)" in result.stderr
    assert "with `--kustomize prod`" in result.stderr


def test_the_templates_of_a_chart_are_told_with_the_command(folder: Path) -> None:
    (folder / "shop/templates").mkdir(parents=True)
    (folder / "shop/Chart.yaml").write_text("apiVersion: v2\nname: shop\nversion: 1.0.0\n")
    (folder / "shop/templates/service.yaml").write_text("kind: Service\nmetadata: {name: {{ .Release.Name }}}\n")
    result = run("init", "--from", "shop")
    assert result.return_value == 2
    assert "with `--helm shop`" in result.stderr


@pytest.mark.parametrize(
    ("option", "name", "script", "said"),
    [
        ("--kustomize", "kubectl", "echo 'error: no kustomization' >&2; exit 1", "no kustomization"),
        ("--kustomize", "", "", "kustomize is not on PATH (nor is kubectl)"),
        ("--kustomize", "kustomize", "echo broken >&2; exit 3", "kustomize build overlay: broken"),
        ("--helm", "helm", "exit 1", "helm template overlay overlay: failed"),
        ("--helm", "helm", "exec sleep 20", "did not end within 1 seconds"),
    ],
)
def test_a_program_that_is_absent_fails_or_hangs(
    folder: Path, monkeypatch: pytest.MonkeyPatch, option: str, name: str, script: str, said: str
) -> None:
    if name:
        program(folder, name, script)
    (folder / "bin").mkdir(exist_ok=True)
    monkeypatch.setenv("PATH", str(folder / "bin"))
    monkeypatch.setattr(inputs, "TIME_LIMIT", 1)
    if "sleep" in script:
        os.symlink(shutil.which("sleep", path="/bin:/usr/bin") or "", folder / "bin/sleep")
    result = run("init", option, "overlay")
    assert isinstance(result.exception, Failure)
    assert (result.exception.status, said in result.exception.message) == (3, True), result.exception.message
    assert sorted(os.listdir(folder)) == ["bin"]


@pytest.mark.parametrize(("option", "name"), [("--kustomize", "kubectl"), ("--helm", "helm")])
def test_a_program_of_the_folder_at_hand_is_not_run(
    folder: Path, monkeypatch: pytest.MonkeyPatch, option: str, name: str
) -> None:
    """It may have come with a commit; relative folders of PATH mean it."""
    program(folder, name, "touch ran")
    monkeypatch.setenv("PATH", f".{os.pathsep}bin")
    shutil.copy(folder / "bin" / name, folder / name)
    result = run("init", option, "overlay")
    assert isinstance(result.exception, Failure)
    assert "is not on PATH" in result.exception.message
    assert not (folder / "ran").exists()


ROLLOUT = """\
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: cart, namespace: shop}
spec:
  workloadRef: {apiVersion: apps/v1, kind: Deployment, name: cart, scaleDown: never}
  strategy: {canary: {steps: [{setWeight: 20}]}}
"""
CANARY = """\
---
apiVersion: flagger.app/v1beta1
kind: Canary
metadata: {name: cart, namespace: shop}
spec:
  targetRef: {apiVersion: apps/v1, kind: Deployment, name: cart}
  service: {port: 80}
  analysis: {interval: 1m, threshold: 5, maxWeight: 50, stepWeight: 5}
"""


@pytest.mark.parametrize(("text", "name"), [(ROLLOUT, "rollout"), (CANARY, "canary")])
def test_progressive_delivery_goes_with_the_workload_that_it_wraps(text: str, name: str) -> None:
    whole = CART.replace("metadata: {name: cart", "metadata: {namespace: shop, name: cart") + text
    adoption = adopt(manifests(parse("k8s/all.yaml", whole.encode(), "manifest")))
    assert [draft.name for draft in adoption.drafts] == ["cart"]
    assert f"services/cart/extra/{name}-cart.yaml" in adoption.files
    assert adoption.complete


def test_a_file_that_changes_while_it_is_read_is_read_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was proven is what is written: the files are read one time, before anything is drafted."""
    path = folder / "cart.yaml"
    path.write_text(CART)

    def changing(*arguments: Any, **options: Any) -> Any:
        found = collect(*arguments, **options)
        path.write_text("half: [a\n")
        return found

    monkeypatch.setattr("sailwright.commands.edit.adopt.inputs.collect", changing)
    assert run("init", "--from", "cart.yaml").return_value == 0
    assert "example.com/cart:1.0" in (folder / "services/cart/service.yaml").read_text()


def test_half_a_file_is_told_and_the_rest_is_adopted(folder: Path) -> None:
    (folder / "cart.yaml").write_text(CART)
    (folder / "web.yaml").write_text(
        CART.replace("cart", "web")[: CART.index("selector: {matchLabels")] + "selector: {matchLabels: {app: w"
    )
    result = run("init", "--from", "cart.yaml", "web.yaml", "-n", "shop")
    assert result.return_value == 1
    assert "web.yaml:" in result.stderr
    assert sorted(os.listdir(folder / "services")) == ["cart"]
