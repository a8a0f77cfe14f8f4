"""What keeps a draft from being written, in every environment; and odd input, which ends in one clear report."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from sailwright.cli.group import sailwright
from sailwright.commands.diff.calls import call_changes
from sailwright.commands.diff.traffic import traffic_changes
from sailwright.commands.edit.adopt.adoption import Adoption
from sailwright.commands.edit.adopt.draft import adopt
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest, manifests
from sailwright.source.source import parse

PROJECT = """\
apiVersion: sailwright/v1alpha1
services: ["services/*/service.yaml"]
istio: {version: 1.31.0, sidecarMode: native}
"""
CART = """\
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: cart}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec: {containers: [{name: cart, image: 'example.com/cart:1.0'}]}
"""
ROUTES = """\
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec: {hosts: [cart], http: [{timeout: 3s, route: [{destination: {host: HOST, port: {number: 80}}}]}]}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test runs in a folder with what runs today."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cart.yaml").write_text(CART)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(sailwright, arguments, standalone_mode=False)


def read(*paths: Path) -> tuple[Manifest, ...]:
    return tuple(one for path in paths for one in manifests(parse(str(path), path.read_bytes(), "manifest")))


def adopted(text: str) -> Adoption:
    return adopt(manifests(parse("k8s/all.yaml", text.encode(), "manifest")))


def rows(adoption: Adoption) -> dict[str, str]:
    return {f"{row.kind} {row.namespace}/{row.name}": row.what for row in adoption.rows}


@pytest.mark.parametrize(
    ("defaults", "line"),
    [
        ("timeout: 1s", "timeout none -> 1s"),
        ("fault: {abort: {percentage: {value: 100}, httpStatus: 503}}", "503"),
        ("accessPolicy: {inbound: []}", "403"),
        ("mesh: {mtls: STRICT}", ""),
        ("headers: {request: {add: {x-a: b}}}", "x-a"),
    ],
)
def test_a_draft_is_refused_for_a_difference_that_is_there(folder: Path, defaults: str, line: str) -> None:
    """What the project says of every service would move requests: nothing is written, and what is said is so."""
    (folder / "sailwright.yaml").write_text(f"{PROJECT}defaults: {{{defaults}}}\n")
    refused = run("adopt", "cart.yaml")
    accepted = run("adopt", "cart.yaml", "--accept", "traffic")
    assert accepted.return_value == 0, accepted.output
    assert run("build").return_value == 0
    build = read(*folder.glob("rendered/default/shop/cart.yaml"))
    worlds = World(read(folder / "cart.yaml")), World(build)
    moved = (*traffic_changes(*worlds), *call_changes(*worlds))
    assert bool(moved) == (refused.return_value == 1)
    if moved:
        assert "cart.yaml:1: Service cart is not drafted: requests to cart" in refused.stderr
        assert line in refused.stderr
        assert "--accept traffic" in refused.stderr
        assert refused.stdout == ""
        assert "accepted: requests to cart" in accepted.stderr
        assert "no request takes another way" not in accepted.stderr


@pytest.mark.parametrize(("host", "what"), [("cart", "kept"), ("cart.shop.svc.cluster.local", "carried along")])
def test_every_environment_is_compared(folder: Path, host: str, what: str) -> None:
    """A short host means the Service in both; one in full is another host in the environment of another domain."""
    environments = "environments:\n  staging: {}\n  prod: {istio: {clusterDomain: corp.local}}\n"
    (folder / "sailwright.yaml").write_text(PROJECT + environments)
    (folder / "routes.yaml").write_text(ROUTES.replace("HOST", host))
    result = run("adopt", "cart.yaml", "routes.yaml")
    assert result.return_value == 0, result.output
    (line,) = (line for line in result.stderr.splitlines() if line.startswith("VirtualService"))
    assert what in line
    assert ("(in " in line) is (what != "kept")


def test_two_deployments_that_claim_one_version_stay_two() -> None:
    """A subset that leads to the pods of both is no version: its rule stays as it is."""
    both = CART + "---\n" + CART.split("---\n")[1].replace("metadata: {name: cart,", "metadata: {name: cart-b,")
    both = both.replace("labels: {app: cart}}", "labels: {app: cart, version: v1}}")
    rule = (
        "---\napiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: cart, namespace: shop}\n"
        "spec: {host: cart, subsets: [{name: v1, labels: {version: v1}}]}\n"
    )
    adoption = adopted(both + rule)
    assert adoption.complete
    assert rows(adoption)["DestinationRule shop/cart"] == "carried along"
    versions = yaml.safe_load(adoption.drafts[0].text)["versions"]
    assert sorted(one.get("workload", {}).get("name", "") for one in versions) == ["cart", "cart-b"]


def test_objects_of_other_namespaces_go_where_they_belong() -> None:
    """Routes and policies that lie elsewhere are about the service, and no part of it."""
    far = ROUTES.replace("HOST", "cart.shop.svc.cluster.local").replace("namespace: shop", "namespace: edge")
    far = far.replace("hosts: [cart]", "hosts: [cart.shop.svc.cluster.local]")
    adoption = adopted(CART + far)
    assert adoption.complete
    assert rows(adoption)["VirtualService edge/cart"] == "carried along"
    assert "manifests/edge/virtualservice-cart.yaml" in adoption.files


def test_kinds_that_nobody_knows_are_carried_along() -> None:
    widget = "---\napiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w, namespace: shop}\nspec: {a: [1, {b: null}]}\n"
    adoption = adopted(CART + widget)
    assert adoption.complete
    assert adoption.files["manifests/shop/widget-w.yaml"] == widget.removeprefix("---\n")


def test_a_service_that_selects_pods_of_two_services_is_a_manifest() -> None:
    """Selectors that overlap: the pods are in one service each, and what is in front of both belongs to neither."""
    web = CART.replace("cart", "web")
    front = CART.split("---\n")[0].replace("name: cart,", "name: front,").replace("{app: cart}", "{tier: front}")
    labelled = [text.replace("labels: {app: ", "labels: {tier: front, app: ") for text in (CART, web)]
    adoption = adopted("---\n".join((*labelled, front)))
    assert adoption.complete
    drafted = {draft.name for draft in adoption.drafts}
    assert drafted in ({"front"}, {"cart", "web"})
    assert len([row for row in adoption.rows if row.kind == "Deployment" and row.what == "kept"]) == 2


def test_nothing_is_written_where_a_file_is_in_the_way(folder: Path) -> None:
    (folder / "sailwright.yaml").write_text(PROJECT)
    (folder / "services/cart/extra").mkdir(parents=True)
    (folder / "services/cart/extra/networkpolicy-cart.yaml").write_text("mine\n")
    policy = "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: cart, namespace: shop}\nspec: {podSelector: {matchLabels: {app: cart}}}\n"
    (folder / "cart.yaml").write_text(CART + policy)
    before = sorted(os.fspath(path) for path in folder.rglob("*"))
    result = run("adopt", "cart.yaml")
    assert "already exists" in str(result.exception)
    assert sorted(os.fspath(path) for path in folder.rglob("*")) == before


def many(count: int) -> str:
    """A cluster with `count` services in twenty namespaces."""
    objects: list[Any] = []
    for number in range(count):
        for value in yaml.safe_load_all(CART.replace("cart", f"s{number}")):
            value["metadata"]["namespace"] = f"n{number % 20}"
            objects.append(value)
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})


def test_many_objects_at_once_are_one_report() -> None:
    adoption = adopted(many(300))
    assert adoption.complete
    assert len(adoption.drafts) == 300
    assert len(adoption.rows) == 600


GATEWAY = """\
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: edge}
spec:
  selector: {istio: ingress}
  servers:
    - {port: {number: 80, name: http, protocol: HTTP}, hosts: ["shop/*.example.com"]}
    - {port: {number: 443, name: tls, protocol: TLS}, tls: {mode: PASSTHROUGH}, hosts: ["*"]}
    - {port: {number: 5432, name: pg, protocol: TLS}, tls: {mode: SIMPLE, credentialName: pg}, hosts: ["*"]}
"""


def test_what_stays_where_it_is_moves_no_request(folder: Path) -> None:
    """A project has no file for a Gateway: it stays, the report has the words for `known.gateways`, and the service is adopted."""
    (folder / "sailwright.yaml").write_text(
        f"{PROJECT}environments: {{staging: {{}}, prod: {{clusters: {{a: {{}}, b: {{}}}}}}}}\n"
    )
    routes = ROUTES.replace("hosts: [cart]", "hosts: [cart, cart.example.com], gateways: [mesh, edge/public]")
    (folder / "cart.yaml").write_text(CART + routes.replace("HOST", "cart") + GATEWAY.replace('    - {port: {number: 5432, name: pg, protocol: TLS}, tls: {mode: SIMPLE, credentialName: pg}, hosts: ["*"]}\n', ""))  # fmt: skip
    result = run("adopt", "cart.yaml")
    assert result.return_value == 1
    assert result.stdout == "services/cart/service.yaml\n"
    assert '{name: edge/public, hosts: ["*.example.com"], port: 80, protocol: HTTP}' in result.stderr
    assert "{name: edge/public, port: 443, protocol: TLS}" in result.stderr
    assert "no request takes another way" in result.stderr


def test_a_new_project_knows_the_gateways_that_are_there_and_those_that_are_named() -> None:
    """TLS that ends at a TCP port has no word: the name alone is known then. A gateway of others is known by its name, too."""
    routes = ROUTES.replace(
        "hosts: [cart]", "hosts: [cart, cart.example.com], gateways: [mesh, edge/public, other/inner]"
    )
    adoption = adopted(CART + routes.replace("HOST", "cart") + GATEWAY)
    assert adoption.complete
    project = yaml.safe_load(adoption.files["sailwright.yaml"])
    assert project["known"] == {"gateways": ["edge/public", "other/inner"]}
    assert "known" not in yaml.safe_load(adopted(CART + routes.replace("HOST", "cart")).files["sailwright.yaml"])


def test_one_service_is_refused_and_the_others_are_adopted(folder: Path) -> None:
    """The project allows no node network here: that service stays as it is, with its lines, and nothing else is held up."""
    (folder / "sailwright.yaml").write_text(PROJECT)
    agent = CART.replace("cart", "agent").replace("spec: {containers", "spec: {hostNetwork: true, containers")
    (folder / "cart.yaml").write_text(f"{CART}---\n{agent}")
    result = run("adopt", "cart.yaml")
    assert result.return_value == 1
    assert result.stdout == "services/cart/service.yaml\n"
    assert "Service agent is not drafted" in result.stderr
    assert "allow: [hostNetwork]" in result.stderr


def test_what_is_drafted_is_green_at_once(folder: Path) -> None:
    """A port by name: only the container says its number, so the draft lists its ports."""
    named = CART.replace("targetPort: 8080", "targetPort: web")
    named = named.replace(
        "image: 'example.com/cart:1.0'", "image: 'example.com/cart:1.0', ports: [{name: web, containerPort: 80}]"
    )
    (folder / "cart.yaml").write_text(named)
    assert run("init", "--from", "cart.yaml").return_value == 0
    assert run("build").return_value == 0
    assert run("check").return_value == 0, run("check").output
