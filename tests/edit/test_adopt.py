"""`adopt` and `eject`: every kind of object has its place, nothing breaks, and the way back is open."""

import json
import os
import stat
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sailwright.cli.group import sailwright
from sailwright.commands.edit.adopt.adoption import Adoption
from sailwright.commands.edit.adopt.carried import text_of
from sailwright.commands.edit.adopt.draft import adopt
from sailwright.runtime.errors import Failure
from sailwright.source.manifest import manifests
from sailwright.source.source import parse


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test runs in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(sailwright, arguments, standalone_mode=False, input=given)


def adopted(text: str) -> Adoption:
    return adopt(manifests(parse("k8s/all.yaml", dedent(text).encode(), "manifest")))


def what(adoption: Adoption) -> dict[str, str]:
    return {f"{row.kind}/{row.name}": row.what for row in adoption.rows}


def trees(adoption: Adoption) -> dict[str, Any]:
    return {draft.name: yaml.safe_load(draft.text) for draft in adoption.drafts}


SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: cart}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
"""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec: {containers: [{name: cart, image: 'example.com/cart:1.0'}]}
---
"""
CART = SERVICE + DEPLOYMENT


def test_a_dump_of_a_cluster_is_read_as_it_was_written() -> None:
    """Status, managed fields, addresses and defaults are the cluster's: a draft of a dump is that of the file."""
    plain = adopted(CART)
    running: list[dict[str, Any]] = []
    for value in yaml.safe_load_all(CART):
        if value is None:
            continue
        value["metadata"] |= {
            "uid": "8f7c", "resourceVersion": "12", "generation": 2, "managedFields": [{"manager": "kubectl"}],
            "annotations": {"kubectl.kubernetes.io/last-applied-configuration": json.dumps({"kind": "x"})},
        }  # fmt: skip
        value["status"] = {"observedGeneration": 2}
        running.append(value)
    service, deployment = (value["spec"] for value in running)
    service |= {
        "clusterIP": "10.0.0.7", "clusterIPs": ["10.0.0.7"], "ipFamilies": ["IPv4"], "ipFamilyPolicy": "SingleStack",
        "internalTrafficPolicy": "Cluster", "sessionAffinity": "None", "type": "ClusterIP",
    }  # fmt: skip
    service["ports"][0]["protocol"] = "TCP"
    deployment |= {
        "replicas": 1, "revisionHistoryLimit": 10, "progressDeadlineSeconds": 600,
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}},
    }  # fmt: skip
    pod = deployment["template"]["spec"]
    deployment["template"]["metadata"]["creationTimestamp"] = None
    pod |= {
        "restartPolicy": "Always", "dnsPolicy": "ClusterFirst", "schedulerName": "default-scheduler",
        "securityContext": {}, "terminationGracePeriodSeconds": 30,
    }  # fmt: skip
    pod["containers"][0] |= {
        "imagePullPolicy": "IfNotPresent", "resources": {}, "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
    }  # fmt: skip
    dump = adopted(json.dumps({"apiVersion": "v1", "kind": "List", "items": running}))
    assert [draft.text for draft in dump.drafts] == [draft.text for draft in plain.drafts]
    assert dump.complete


KINDS = """\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: cart, namespace: shop}
spec:
  minReplicas: 2
  maxReplicas: 5
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: cart}
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: cart, namespace: shop}
spec: {minAvailable: 1, selector: {matchLabels: {app: cart}}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: cart-budget, namespace: shop}
spec: {minAvailable: 1, selector: {matchLabels: {app: cart}}}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: cart, namespace: shop}
spec: {selector: {matchLabels: {app: cart}}, rules: [{}]}   # everybody
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: cart, namespace: shop}
spec: {podSelector: {matchLabels: {app: cart}}}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: cart, namespace: shop}
spec: {workloadSelector: {labels: {app: cart}}, egress: [{hosts: ["./*"]}]}
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: {name: cart, namespace: shop}
spec: {selector: {matchLabels: {app: cart}}}
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: cart-queue, namespace: shop}
spec: {scaleTargetRef: {name: cart}, triggers: []}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: db, namespace: shop}
spec: {hosts: [db.example.com], ports: [{number: 5432, name: tcp, protocol: TCP}], resolution: DNS}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: edge}
spec: {selector: {istio: ingress}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}
---
apiVersion: example.com/v1
kind: Widget
metadata: {name: w, namespace: shop}
"""


def test_every_kind_is_drafted_or_carried_along() -> None:
    adoption = adopted(CART + KINDS)
    assert adoption.complete
    cart = trees(adoption)["cart"]
    assert cart["defaults"]["autoscaling"]["maxReplicas"] == 5
    assert cart["defaults"]["disruptionBudget"] == {"minAvailable": 1}
    assert cart["include"] == ["extra/*.yaml"]
    beside = {f"services/cart/extra/{name}.yaml" for name in (
        "poddisruptionbudget-cart-budget", "authorizationpolicy-cart", "networkpolicy-cart", "sidecar-cart",
        "telemetry-cart", "scaledobject-cart-queue",
    )}  # fmt: skip
    assert trees(adoption)["db"]["external"] == {"hosts": ["db.example.com"], "resolution": "DNS"}
    others = {
        "manifests/edge/gateway-public.yaml",
        "manifests/shop/widget-w.yaml",
    }
    assert adoption.files.keys() == {"sailwright.yaml"} | beside | others
    policy = adoption.files["services/cart/extra/authorizationpolicy-cart.yaml"]
    assert policy == KINDS.split("---\n")[3]  # byte for byte, its comment too


def test_a_text_with_a_line_of_dashes_is_carried_whole() -> None:
    text = (
        "# first\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  a: |\n    one\n    ---\n    two\n"
    )
    (manifest,) = manifests(parse("a.yaml", text.encode(), "manifest"))
    assert yaml.safe_load(text_of(manifest)) == manifest.value


def test_a_secret_stays_where_it_is_and_its_value_is_nowhere() -> None:
    text = CART + "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: shop}\nstringData: {a: hunter2}\n"
    adoption = adopted(text)
    assert what(adoption)["Secret/s"] == "left out"
    assert not adoption.complete
    assert "hunter2" not in repr((adoption.drafts, adoption.files, adoption.rows))


def test_a_stateful_set_keeps_its_governing_service() -> None:
    text = """\
        apiVersion: v1
        kind: Service
        metadata: {name: pg-pods, namespace: shop}
        spec: {clusterIP: None, publishNotReadyAddresses: true, selector: {app: pg}, ports: [{name: tcp, port: 5432}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: pg, namespace: shop}
        spec: {selector: {app: pg}, ports: [{name: tcp, port: 5432}]}
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: pg, namespace: shop}
        spec:
          serviceName: pg-pods
          selector: {matchLabels: {app: pg}}
          template:
            metadata: {labels: {app: pg}}
            spec: {containers: [{name: pg, image: 'example.com/pg:1'}]}
          volumeClaimTemplates:
            - {metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}
        """
    adoption = adopted(text)
    pg = trees(adoption)["pg"]
    assert pg["workload"]["serviceName"] == "pg-pods"
    assert pg["additionalServices"][0]["name"] == "pg-pods"
    assert pg["additionalServices"][0]["publishNotReadyAddresses"] is True
    assert set(what(adoption).values()) <= {"kept", "added"}


def test_an_external_name_is_a_service_without_pods() -> None:
    adoption = adopted("""\
        apiVersion: v1
        kind: Service
        metadata: {name: db, namespace: shop}
        spec: {type: ExternalName, externalName: db.example.com}
        """)
    assert trees(adoption)["db"]["service"] == {"type": "ExternalName", "externalName": "db.example.com"}
    assert what(adoption) == {"Service/db": "kept"}


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("selector: {matchLabels: {app: cart}}", "selector: {matchExpressions: [{key: app, operator: In, values: [cart]}]}", "matchExpressions"),
        ("spec: {containers: [", "spec: {containers: [{name: istio-proxy, image: proxy}, ", "its sidecar is in it already"),
        ("kind: Deployment\nmetadata", "kind: Deployment\nmetadata", ""),
    ],
)  # fmt: skip
def test_a_workload_without_a_word_is_carried_along_whole(old: str, new: str, why: str) -> None:
    adoption = adopted(SERVICE + DEPLOYMENT.replace(old, new))
    row = next(row for row in adoption.rows if row.kind == "Deployment")
    assert (row.what, why in row.why) == ("carried along" if why else "kept", True)
    assert (trees(adoption)["cart"].get("workload") == "external") is bool(why)
    assert adoption.complete


def test_a_rollout_is_carried_along_and_its_routes_are_drafted() -> None:
    rollout = DEPLOYMENT.replace("apps/v1", "argoproj.io/v1alpha1").replace("kind: Deployment", "kind: Rollout")
    adoption = adopted(SERVICE + rollout + ROUTES)
    assert what(adoption) == {"Service/cart": "added", "Rollout/cart": "carried along", "VirtualService/cart": "kept"}
    assert trees(adoption)["cart"]["timeout"] == "3s"


ROUTES = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec: {hosts: [cart], http: [{timeout: 3s, route: [{destination: {host: cart, port: {number: 80}}}]}]}
"""


def test_a_delegate_is_carried_along_by_the_service_of_its_root() -> None:
    root = ROUTES.replace(
        "timeout: 3s, route: [{destination: {host: cart, port: {number: 80}}}]",
        "match: [{uri: {prefix: /a}}], delegate: {name: part}",
    )
    part = ROUTES.replace("name: cart,", "name: part,").replace("hosts: [cart], ", "")
    adoption = adopted(CART + root + "---\n" + part)
    assert {
        "services/cart/extra/virtualservice-part.yaml",
        "services/cart/extra/virtualservice-cart.yaml",
    } <= adoption.files.keys()
    assert adoption.complete


def test_what_a_deployment_lacks_is_told_at_its_line() -> None:
    bare = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec: {containers: [{name: web, image: 'example.com/web:1'}]}\n"
    adoption = adopted(bare)
    assert [(note.line, note.message) for note in adoption.notes] == [
        (3, "Deployment web: it names no namespace: drafted into `default`"),
        (4, "Deployment web: its pods have no labels and it has no selector, and the API server refuses it so: drafted with {app: web}"),
    ]  # fmt: skip
    assert what(adoption) == {"Deployment/web": "kept"}


@pytest.mark.parametrize(
    ("namespace", "labels", "annotations"),
    [
        ({}, {"sidecar.istio.io/inject": "false"}, {}),
        ({"istio-injection": "enabled"}, {"sidecar.istio.io/inject": "false"}, {}),
        ({"istio-injection": "enabled"}, {}, {"sidecar.istio.io/inject": "false"}),
        ({"istio-injection": "enabled"}, {}, {}),
        ({"istio-injection": "disabled"}, {}, {}),
        ({"istio.io/rev": "1-30"}, {}, {}),
        ({}, {"sidecar.istio.io/inject": "true", "istio.io/rev": "1-30"}, {}),
    ],
)  # fmt: skip
def test_who_is_injected_stays_as_it_is(
    folder: Path, namespace: dict[str, str], labels: dict[str, str], annotations: dict[str, str]
) -> None:
    """Labels and annotations of the pods are those that were there, and none of ours is added."""
    deployment = yaml.safe_load(DEPLOYMENT.replace("---\n", ""))
    metadata = deployment["spec"]["template"]["metadata"]
    metadata["labels"] |= labels
    if annotations:
        metadata["annotations"] = annotations
    owner = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": namespace}}
    (folder / "all.yaml").write_text(SERVICE + "---\n".join(json.dumps(value) + "\n" for value in (owner, deployment)))
    assert run("init", "--from", "all.yaml").return_value == 0
    assert run("build").return_value == 0
    rendered = yaml.safe_load_all((folder / "rendered/default/shop/cart.yaml").read_text())
    template = next(value for value in rendered if value["kind"] == "Deployment")["spec"]["template"]
    assert template["metadata"]["labels"] == metadata["labels"]
    assert template["metadata"].get("annotations", {}) == annotations
    assert [one["name"] for one in template["spec"]["containers"]] == ["cart"]


def test_adopt_adds_services_to_a_project_any_number_of_times(folder: Path) -> None:
    run("init")
    (folder / "cart.yaml").write_text(CART)
    first = run("adopt", "cart.yaml")
    assert (first.return_value, first.stdout) == (0, "services/cart/service.yaml\n")
    assert "inject: namespace" in (folder / "services/cart/service.yaml").read_text()
    again = run("adopt", "cart.yaml")
    assert (again.return_value, again.stdout) == (0, "")
    assert "the service cart is in the project already" in again.stderr
    (folder / "web.yaml").write_text(CART.replace("cart", "web"))
    assert run("adopt", "cart.yaml", "web.yaml").stdout == "services/web/service.yaml\n"
    assert run("build").return_value == 0


def test_the_plan_is_printed_and_nothing_is_written(folder: Path) -> None:
    run("init")
    (folder / "cart.yaml").write_text(CART)
    plan = run("adopt", "cart.yaml", "--plan")
    assert plan.return_value == 0
    assert [line[:2] for line in plan.stdout.splitlines() if line[0].isdigit()] == ["1.", "2.", "3.", "4."]
    assert "cart.yaml: delete it" in plan.stdout
    assert not (folder / "services/cart").exists()


def test_eject_leaves_manifests_that_need_no_tool(folder: Path) -> None:
    (folder / "cart.yaml").write_text(CART)
    run("init", "--from", "cart.yaml")
    assert run("eject", "cart").stdout.splitlines() == [
        "ejected/default/shop/cart.yaml", "ejected/default/shop/kustomization.yaml",
    ]  # fmt: skip
    text = (folder / "ejected/default/shop/cart.yaml").read_text()
    assert "sailwright" not in text
    assert set(what(adopted(text)).values()) <= {"kept", "added"}  # and can be adopted again
    again = run("eject", "cart")
    assert isinstance(again.exception, Failure)
    assert "already exists" in again.exception.message
    assert isinstance(run("eject", "nobody").exception, Failure)


def program(folder: Path, name: str, script: str) -> None:
    path = folder / "bin" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_kustomize_and_helm_are_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "cart.yaml").write_text(CART)
    (folder / "web.yaml").write_text(CART.replace("cart", "web"))
    program(folder, "kubectl", 'test "$1 $2" = "kustomize overlay" && cat cart.yaml')
    program(folder, "helm", 'test "$*" = "template chart charts/chart --values a.yaml" && cat web.yaml')
    monkeypatch.setenv("PATH", f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}")
    result = run("init", "--kustomize", "overlay", "--helm", "charts/chart", "-f", "a.yaml")
    assert result.return_value == 0, result.output
    assert {"services/cart/service.yaml", "services/web/service.yaml"} <= set(result.stdout.split())


@pytest.mark.parametrize(("script", "said"), [("echo no chart >&2; exit 1", "no chart"), (None, "helm is not on PATH")])
def test_a_program_that_fails_is_told_in_one_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch, script: str | None, said: str
) -> None:
    if script:
        program(folder, "helm", script)
    monkeypatch.setenv("PATH", str(folder / "bin"))
    result = run("init", "--helm", "chart")
    assert isinstance(result.exception, Failure)
    assert result.exception.status == 3
    assert said in result.exception.message
    assert not (folder / "sailwright.yaml").exists()


def test_a_template_is_told_with_the_command_that_renders_it(folder: Path) -> None:
    (folder / "cart.yaml").write_text(CART)
    (folder / "chart.yaml").write_text(
        'metadata:\n  name: {{ .Release.Name }}\n  labels: {{- include "a" . | nindent 4 }}\n'
    )
    result = run("init", "--from", "cart.yaml", "chart.yaml")
    assert result.return_value == 1
    assert "helm template" in result.stderr


def test_standard_input_is_read(folder: Path) -> None:
    assert run("init", "--from", "-", given=CART).return_value == 0
    assert (folder / "services/cart/service.yaml").exists()


def test_nothing_is_written_over(folder: Path) -> None:
    (folder / "cart.yaml").write_text(CART)
    (folder / "services/cart").mkdir(parents=True)
    (folder / "services/cart/service.yaml").write_text("mine\n")
    result = run("init", "--from", "cart.yaml")
    assert isinstance(result.exception, Failure)
    assert "already exists" in result.exception.message
    assert not (folder / "sailwright.yaml").exists()


def test_two_that_claim_one_name_and_overlapping_selectors() -> None:
    """Of two objects with one name the first is taken; a Service in front of two services is a manifest by itself."""
    everything = SERVICE.replace("name: cart,", "name: all,").replace("{app: cart}", "{tier: web}")
    first = CART.replace("labels: {app: cart}", "labels: {app: cart, tier: web}")
    adoption = adopted(first + first.replace("cart", "web") + everything + DEPLOYMENT)
    assert what(adoption)["Service/all"] in ("carried along", "added")
    assert [row.what for row in adoption.rows if row.kind == "Deployment" and row.name == "cart"] == [
        "kept",
        "left out",
    ]
    assert not adoption.complete


def test_names_are_no_paths() -> None:
    """A name from a stranger's file is a part of a path, never a way out of the folder."""
    text = CART + "apiVersion: example.com/v1\nkind: ../../Widget\nmetadata: {name: ../../../x, namespace: ../..}\n"
    (path,) = (path for path in adopted(text).files if "idget" in path)
    assert os.path.normpath(path) == path
    assert ".." not in path.split("/")


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1, 90000),
    st.text(max_size=3),
    st.lists(st.one_of(st.text(max_size=2), st.lists(st.integers(), max_size=1)), max_size=2),
    st.dictionaries(st.text(max_size=3), st.one_of(st.integers(), st.lists(st.integers(), max_size=1)), max_size=2),
)
OBJECTS = [value for value in yaml.safe_load_all(CART + KINDS) if value is not None]


def places(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    entries = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [path, *(place for key, value in entries for place in places(value, (*path, key)))]


@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=80)
@given(st.lists(st.tuples(st.sampled_from(places(OBJECTS)[1:]), JUNK), min_size=1, max_size=2), st.booleans())
def test_junk_in_any_kind_is_no_crash(changes: list[tuple[tuple[Any, ...], Any]], running: bool) -> None:
    """Files and dumps alike: what is odd is left out or carried along, and what is drafted builds."""
    objects: Any = json.loads(json.dumps(OBJECTS))
    for value in objects if running else ():
        value["metadata"]["uid"] = "8f7c"
    for path, junk in changes:
        node = objects
        for key in path[:-1]:
            try:
                node = node[key]
            except (KeyError, IndexError, TypeError):
                node = None
        if isinstance(node, dict) or (isinstance(node, list) and len(path) > 1 and path[-1] < len(node)):
            node[path[-1]] = junk
    adoption = adopted(json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}))
    assert all(row.what in ("kept", "added", "changed", "carried along", "left out") for row in adoption.rows)
    assert not adoption.refused
