"""The hand-over as `adopt --plan` prints it, carried out: old and new objects applied in any order, and no request is lost."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from sailwright.cli.group import sailwright
from sailwright.commands.diff.calls import call_changes
from sailwright.commands.diff.traffic import traffic_changes
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest, manifests
from sailwright.source.source import parse

Key = tuple[str, str]
Tree = dict[str, Any]
SHOP = """\
apiVersion: v1
kind: Service
metadata: {name: shop, namespace: web}
spec:
  selector: {app.kubernetes.io/name: shop}
  ports: [{name: http, port: 80, targetPort: 8080}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop, namespace: web}
spec:
  selector: {matchLabels: {app.kubernetes.io/name: shop, track: stable}}
  template:
    metadata: {labels: {app.kubernetes.io/name: shop, track: stable}}
    spec: {containers: [{name: main, image: 'registry.example.com/shop:1.8.2', ports: [{containerPort: 8080}]}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop-canary, namespace: web}
spec:
  selector: {matchLabels: {app.kubernetes.io/name: shop, track: canary}}
  template:
    metadata: {labels: {app.kubernetes.io/name: shop, track: canary}}
    spec: {containers: [{name: main, image: 'registry.example.com/shop:1.9.0', ports: [{containerPort: 8080}]}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: shop, namespace: web}
spec:
  host: shop
  subsets: [{name: stable, labels: {track: stable}}, {name: canary, labels: {track: canary}}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: web}
spec:
  hosts: [shop]
  http:
    - match: [{headers: {x-canary: {exact: 'yes'}}}]
      route: [{destination: {host: shop, subset: canary}}]
    - route:
        - {destination: {host: shop, subset: stable}, weight: 90}
        - {destination: {host: shop, subset: canary}, weight: 10}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: shop, namespace: web}
spec:
  selector: {matchLabels: {app.kubernetes.io/name: shop}}
  rules: [{from: [{source: {namespaces: [web]}}]}]
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with what runs today."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "k8s").mkdir()
    (tmp_path / "k8s/shop.yaml").write_text(SHOP)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(sailwright, arguments, standalone_mode=False)


def green(*arguments: str) -> None:
    """The check that a step names must leave with 0 before the next step."""
    result = run(*arguments)
    assert result.return_value == 0, result.output


def objects(*texts: str) -> dict[Key, Tree]:
    """The objects of some manifests by kind and name."""
    found = (value for text in texts for value in yaml.safe_load_all(text) if value)
    return {(value["kind"], value["metadata"]["name"]): value for value in found}


def rendered(folder: Path) -> dict[Key, Tree]:
    return objects(*(path.read_text() for path in sorted(folder.glob("rendered/default/web/*.yaml")) if path.name != "kustomization.yaml"))  # fmt: skip


def read(found: Mapping[Key, Tree]) -> tuple[Manifest, ...]:
    text = "---\n".join(json.dumps(value) + "\n" for value in found.values())
    return manifests(parse("cluster.yaml", text.encode(), "manifest"))


def between(old: Mapping[Key, Tree], new: Mapping[Key, Tree]) -> Iterator[dict[Key, Tree]]:
    """Every state that a cluster can be in while a commit is applied, object by object, in any order."""
    keys = sorted({*old, *new})
    for sides in product((old, new), repeat=len(keys)):
        yield {key: side[key] for key, side in zip(keys, sides, strict=True) if key in side}


def pods(*states: Mapping[Key, Tree]) -> list[Mapping[str, str]]:
    """The labels of the pods that may run: each Deployment rolls on its own, pods of both its templates at a time."""
    return [
        value["spec"]["template"]["metadata"]["labels"]
        for state in states
        for value in state.values()
        if value["kind"] == "Deployment"
    ]


def lost(state: Mapping[Key, Tree], running: list[Mapping[str, str]]) -> list[str]:
    """The subsets that routes of a state name and that no running pod is in, and Services that select none."""
    subsets = {
        subset["name"]: subset["labels"]
        for value in state.values()
        if value["kind"] == "DestinationRule"
        for subset in value["spec"].get("subsets", ())
    }
    named = {
        part["destination"].get("subset")
        for value in state.values()
        if value["kind"] == "VirtualService"
        for rule in value["spec"]["http"]
        for part in rule["route"]
    } - {None}
    services = [value for value in state.values() if value["kind"] == "Service"]
    wanted = {
        **{name: subsets.get(name) for name in named},
        **{f"Service {one['metadata']['name']}": one["spec"]["selector"] for one in services},
    }
    return [
        name
        for name, labels in wanted.items()
        if labels is None or not any(labels.items() <= pod.items() for pod in running)
    ]


def assert_safe(old: Mapping[Key, Tree], new: Mapping[Key, Tree]) -> None:
    """No state between two commits has a route to nobody, whether the pods are those of before, of after, or both."""
    for state in between(old, new):
        for running in (pods(old), pods(new), pods(old, new)) if pods(old) != pods(new) else (pods(new),):
            assert lost(state, running) == [], state


def adopted(folder: Path) -> dict[Key, Tree]:
    """Steps 1 and 2 of the plan: draft, render, check."""
    green("init", "--from", "k8s")
    green("build")
    green("check")
    return rendered(folder)


def test_old_and_new_objects_in_any_order_carry_every_request(folder: Path) -> None:
    """Step 3: while Argo CD or Flux replaces the old objects, no state between refuses or moves a request."""
    new, old = adopted(folder), objects(SHOP)
    assert new.keys() == old.keys()  # nothing is removed, nothing comes
    assert pods(old) == pods(new)  # nothing restarts
    assert_safe(old, new)
    before = World(read(old))
    for state in between(old, new):
        now = World(read(state))
        assert traffic_changes(before, now) == ()
        assert list(call_changes(before, now)) == []


def test_the_steps_name_their_checks_in_order(folder: Path) -> None:
    green("init", "--from", "k8s")
    (folder / "services/shop/service.yaml").unlink()
    text = run("adopt", "k8s", "--plan").stdout
    steps = [line for line in text.splitlines() if line[:1].isdigit()]
    assert [line[0] for line in steps] == ["1", "2", "3", "4", "5"]
    assert steps[3] == "4. Where you want subsets by `version`: shop"
    assert text.count("before you go on") == 3
    assert "k8s/shop.yaml: delete it" in text


def edited(folder: Path, change: Mapping[str, Tree | None]) -> dict[Key, Tree]:
    """The rendered objects after a commit that changes keys of each version; `{name}` stands for the version's."""
    path = folder / "services/shop/service.yaml"
    tree = yaml.safe_load(path.read_text())
    for version in tree["versions"]:
        for key, value in change.items():
            if value is None:
                del version[key]
            else:
                version[key] = {name: text.format(name=version["name"]) for name, text in value.items()}
    path.write_text(json.dumps(tree))
    green("build")
    green("check")
    return rendered(folder)


def test_subsets_move_to_version_in_two_commits(folder: Path) -> None:
    """Step 4: the label is on every pod before the DestinationRule asks for it."""
    first = adopted(folder)
    labelled = edited(folder, {"labels": {"version": "{name}"}})
    assert_safe(first, labelled)
    assert all("version" in labels for labels in pods(labelled))
    last = edited(folder, {"subset": None})
    assert pods(last) == pods(labelled)  # the second commit restarts nothing
    assert last["DestinationRule", "shop"]["spec"]["subsets"][0]["labels"] == {"version": "stable"}
    assert_safe(labelled, last)


def test_in_one_commit_subsets_would_lose_their_pods(folder: Path) -> None:
    """What the plan is for: both changes at once leave a state in which routes lead to nobody."""
    first = adopted(folder)
    last = edited(folder, {"labels": {"version": "{name}"}, "subset": None})
    assert any(lost(state, pods(first)) for state in between(first, last))


def test_the_half_way_states_are_green_and_honest(folder: Path) -> None:
    """With one service adopted and the other still a manifest, `check` is green, and it sees both."""
    (folder / "k8s/cart.yaml").write_text(SHOP.replace("shop", "cart"))
    green("init", "--from", "k8s/shop.yaml")
    project = folder / "sailwright.yaml"
    project.write_text(project.read_text() + 'manifests: [{paths: ["k8s/cart.yaml"]}]\n')
    green("build")
    green("check")
    assert (
        "subset canary"
        in run("route", "--from", "web", "--url", "http://cart.web/", "--header", "x-canary: yes").output
    )
    cart = folder / "k8s/cart.yaml"
    cart.write_text(cart.read_text().replace("labels: {track: canary}}]", "labels: {track: other}}]"))
    assert run("check").return_value == 1  # the manifest that is not adopted yet is looked at too


KUBECTL = shutil.which("kubectl")


def test_services_of_one_namespace_are_ejected_into_one_kustomization(folder: Path) -> None:
    """One service at a time; a kustomization of somebody else's is never touched."""
    (folder / "k8s/cart.yaml").write_text(SHOP.replace("shop", "cart"))
    green("init", "--from", "k8s")
    green("eject", "shop")
    green("eject", "cart")
    path = folder / "ejected/default/web/kustomization.yaml"
    assert yaml.safe_load(path.read_text())["resources"] == ["cart.yaml", "shop.yaml"]
    again = run("eject", "cart")
    assert "already exists" in str(again.exception)
    path.write_text("resources: [mine.yaml]\nnamePrefix: a-\n")
    (folder / "ejected/default/web/cart.yaml").unlink()
    refused = run("eject", "cart")
    assert "kustomization.yaml already exists" in str(refused.exception)
    assert not (folder / "ejected/default/web/cart.yaml").exists()


@pytest.mark.skipif(KUBECTL is None, reason="kubectl is not on PATH, and it reads what eject leaves")
def test_what_eject_leaves_is_what_was_adopted(folder: Path) -> None:
    """`kubectl kustomize` takes the folder, and gives the objects that ran before adoption, defaults and labels of ours apart."""
    adopted(folder)
    green("eject", "shop")
    made = subprocess.run(
        [KUBECTL or "", "kustomize", "ejected/default/web"], capture_output=True, text=True, check=True, timeout=60
    )
    assert "sailwright" not in made.stdout
    old, new = objects(SHOP), objects(made.stdout)
    assert new.keys() == old.keys()
    assert pods(new) == pods(old)
    (folder / "again").mkdir()
    (folder / "again/ejected.yaml").write_text(made.stdout)
    report = run("adopt", "again")  # compared with what is rendered, object by object
    assert report.return_value == 0, report.output
    assert "0 services drafted; 6 kept;" in report.stderr
    states = [World(read(found)) for found in (old, new)]
    assert traffic_changes(*states) == ()
    assert list(call_changes(*states)) == []
