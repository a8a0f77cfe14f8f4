"""`init` and `new`: a repository from nothing that builds, and drafts of what runs already."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import click
import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator, Draft202012Validator

from sailwright.cli.group import sailwright
from sailwright.commands.edit.adopt.draft import adopt
from sailwright.project.reading import read_project
from sailwright.project.schema.judge import Name, editor_text, schema
from sailwright.project.services import read_services
from sailwright.runtime.errors import Failure
from sailwright.source.files.checkout import Disk
from sailwright.source.manifest import manifests
from sailwright.source.source import parse

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test stands in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(sailwright, arguments, standalone_mode=False)


def built() -> Result:
    result = run("build")
    assert result.return_value == 0, result.output
    return result


def test_init_writes_a_repository_that_builds_without_a_finding(folder: Path) -> None:
    result = run("init")
    assert result.stdout.split() == [
        "sailwright.yaml", "services/hello/service.yaml", ".pre-commit-config.yaml", ".github/workflows/sailwright.yaml",
        ".gitattributes", ".vscode/settings.json", ".sailwright/service.schema.json", ".sailwright/project.schema.json",
    ]  # fmt: skip
    built()
    assert (folder / "rendered" / "prod" / "demo" / "hello.yaml").exists()
    lint = run("lint")
    assert lint.return_value == 0
    assert "no findings" in lint.output


def test_the_written_files_are_what_their_readers_expect(folder: Path) -> None:
    run("init")
    for name in (".pre-commit-config.yaml", ".github/workflows/sailwright.yaml"):
        assert isinstance(yaml.safe_load((folder / name).read_text()), dict)
    editor = json.loads((folder / ".vscode" / "settings.json").read_text())
    assert all((folder / path).exists() for path in editor["yaml.schemas"])
    first = (folder / "services" / "hello" / "service.yaml").read_text().splitlines()[0]
    schema = (folder / "services" / "hello" / first.partition("$schema=")[2]).resolve()
    assert schema == (folder / ".sailwright" / "service.schema.json").resolve()


def test_the_workflow_runs_for_forks_without_secrets(folder: Path) -> None:
    run("init")
    text = (folder / ".github" / "workflows" / "sailwright.yaml").read_text()
    assert "pull_request_target" not in text
    assert "permissions: {contents: read}" in text
    assert "${{" not in text


def test_the_hooks_run_programs_of_ours(folder: Path) -> None:
    """They come from PATH, so a repository needs no network to commit."""
    run("init")
    programs = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    (repository,) = yaml.safe_load((folder / ".pre-commit-config.yaml").read_text())["repos"]
    assert [hook["entry"].split()[0] for hook in repository["hooks"]] == ["sailwright-hook"]
    assert programs.keys() >= {"sailwright-hook"}
    assert {hook["language"] for hook in repository["hooks"]} == {"system"}


def test_init_keeps_what_stands_already(folder: Path) -> None:
    (folder / ".gitattributes").write_text("mine\n")
    result = run("init")
    assert (folder / ".gitattributes").read_text() == "mine\n"
    assert ".gitattributes already exists and was kept" in result.stderr


def test_init_does_nothing_in_a_project(folder: Path) -> None:
    (folder / "sailwright.yaml").write_text("apiVersion: sailwright/v1alpha1\n")
    result = run("init")
    assert isinstance(result.exception, Failure)
    assert [path.name for path in folder.iterdir()] == ["sailwright.yaml"]


def test_new_adds_a_service_where_the_project_looks_for_it(folder: Path) -> None:
    run("init")
    assert run("new", "cart").stdout == "services/cart/service.yaml\n"
    assert "namespace: demo" in (folder / "services" / "cart" / "service.yaml").read_text()
    assert run("new", "shop/checkout").stdout == "services/checkout/service.yaml\n"
    built()


@pytest.mark.parametrize(
    ("name", "said"),
    [("hello", "already exists"), ("Cart", "DNS label"), ("../x", "DNS label"), ("a/b/c", "DNS label")],
)
def test_new_refuses_names_that_cannot_be(folder: Path, name: str, said: str) -> None:
    run("init")
    result = run("new", name)
    assert isinstance(result.exception, Failure)
    assert said in result.exception.message


def test_new_follows_other_patterns(folder: Path) -> None:
    (folder / "sailwright.yaml").write_text('apiVersion: sailwright/v1alpha1\nservices: ["apps/**/*.service.yaml"]\n')
    path = run("new", "cart").stdout.strip()
    assert path.endswith(".service.yaml")
    assert (folder / path).exists()
    project = read_project(Disk(str(folder))).project
    assert project is not None
    assert [
        service.name for group in read_services(project, project.targets).by_target.values() for service in group
    ] == ["cart"]


EXISTING = dedent("""\
    apiVersion: v1
    kind: Service
    metadata: {name: shop, namespace: web}
    spec:
      selector: {app: shop}
      ports:
        - {name: http-api, port: 80, targetPort: api}
        - {name: metrics, port: 9090}
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: shop-public, namespace: web}
    spec: {type: LoadBalancer, selector: {app: shop}, ports: [{port: 80}]}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: shop-stable, namespace: web}
    spec:
      replicas: 3
      selector: {matchLabels: {app: shop, track: stable}}
      template:
        metadata: {labels: {app: shop, version: v1, track: stable, team: web}}
        spec:
          serviceAccountName: web
          hostNetwork: true
          containers:
            - name: main
              image: shop:1
              ports: [{name: api, containerPort: 8080}]
              readinessProbe: {httpGet: {path: /, port: api}}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: shop-v2, namespace: web}
    spec:
      replicas: 3
      selector: {matchLabels: {app: shop, version: v2}}
      template:
        metadata: {labels: {app: shop, version: v2, team: web}}
        spec:
          serviceAccountName: web
          containers:
            - name: main
              image: shop:2
              ports: [{name: api, containerPort: 8080}]
              readinessProbe: {httpGet: {path: /, port: api}}
    ---
    apiVersion: networking.istio.io/v1
    kind: DestinationRule
    metadata: {name: shop, namespace: web}
    spec:
      host: shop
      trafficPolicy: {loadBalancer: {simple: RANDOM}}
      subsets:
        - {name: stable, labels: {version: v1}}
        - {name: v2, labels: {version: v2}, trafficPolicy: {outlierDetection: {consecutive5xxErrors: 3}}}
        - {name: v3, labels: {version: v3}}
    ---
    apiVersion: networking.istio.io/v1
    kind: VirtualService
    metadata: {name: shop, namespace: web}
    spec:
      hosts: [shop, shop.example.com]
      gateways: [mesh, istio-ingress/public]
      http:
        - name: testers
          match: [{headers: {x-tester: {exact: "yes"}}}]
          route: [{destination: {host: shop.web.svc.cluster.local, subset: v2}}]
          timeout: 3s
        - match: [{uri: {prefix: /old}}]
          route:
            - {destination: {host: shop, subset: stable}, weight: 90}
            - {destination: {host: legacy, port: {number: 8080}}, weight: 10}
        - route:
            - {destination: {host: shop, subset: stable}, weight: 80}
            - {destination: {host: shop, subset: v2}, weight: 20}
          retries: {attempts: 2}
    ---
    apiVersion: batch/v1
    kind: CronJob
    metadata: {name: report, namespace: web}
    spec:
      schedule: "0 3 * * *"
      jobTemplate:
        spec:
          backoffLimit: 1
          template:
            metadata: {labels: {app: report}}
            spec: {restartPolicy: OnFailure, containers: [{name: report, image: report:1}]}
    """)


def drafted(text: str) -> tuple[dict[str, Any], list[tuple[int, str]]]:
    """The drafts by path; and of every object that is not just kept, the line, and what becomes of it and why."""
    adoption = adopt(manifests(parse("k8s/all.yaml", text.encode(), "manifest")))
    drafts = {draft.path: yaml.safe_load(draft.text) for draft in adoption.drafts}
    notes = [(note.line, note.message) for note in adoption.notes]
    told = [
        (row.location.line, f"{row.kind} {row.name}: {row.what}: {row.why}")
        for row in adoption.rows
        if row.what != "kept"
    ]
    return drafts, sorted(notes + told)


def test_a_draft_says_what_the_manifests_say() -> None:
    """Names, selectors, labels, subsets and ports are those that run: `stable` stays `stable`."""
    drafts, _ = drafted(EXISTING.replace("    - {name: v3, labels: {version: v3}}\n", ""))
    assert list(drafts) == ["services/report/service.yaml", "services/shop/service.yaml"]
    shop = drafts["services/shop/service.yaml"]
    assert shop["ports"] == [
        {"name": "http-api", "port": 80, "targetPort": "api", "appProtocol": "http"},
        {"name": "metrics", "port": 9090, "appProtocol": "auto"},
    ]
    assert shop["additionalServices"] == [
        {"name": "shop-public", "ports": [{"name": "port-80", "port": 80, "appProtocol": "auto"}], "type": "LoadBalancer"},
    ]  # fmt: skip
    assert shop["defaults"] == {
        "replicas": 3, "containerName": "main", "ports": [{"name": "api", "containerPort": 8080}],
        "readinessProbe": {"httpGet": {"path": "/", "port": "api"}}, "serviceAccount": {"name": "web", "create": False},
    }  # fmt: skip
    assert shop["versions"] == [
        {
            "name": "stable", "image": "shop:1", "weight": 80, "subset": {"labels": {"version": "v1"}},
            "workload": {"selector": {"app": "shop", "track": "stable"}},
            "hostNetwork": True, "labels": {"version": "v1", "team": "web"},
        },
        {
            "name": "v2", "image": "shop:2", "weight": 20,
            "trafficPolicy": {"outlierDetection": {"consecutive5xxErrors": 3}}, "labels": {"team": "web"},
        },
    ]  # fmt: skip
    assert shop["trafficPolicy"] == {"loadBalancer": "RANDOM"}
    assert shop["expose"] == {"hosts": ["shop.example.com"], "gateways": ["istio-ingress/public"]}
    assert shop["retries"] == {"attempts": 2}
    assert shop["routes"] == [
        {"name": "testers", "match": [{"headers": {"x-tester": {"exact": "yes"}}}], "to": "v2", "timeout": "3s"},
        {"name": "route-2", "match": [{"uri": {"prefix": "/old"}}], "to": [{"version": "stable", "weight": 90}, {"host": "legacy.web.svc.cluster.local", "port": 8080, "weight": 10}]},
    ]  # fmt: skip


def test_a_cron_job_is_drafted_as_one() -> None:
    report = drafted(EXISTING)[0]["services/report/service.yaml"]
    assert report["workload"] == {
        "kind": "CronJob", "name": "report", "schedule": "0 3 * * *", "backoffLimit": 1, "restartPolicy": "OnFailure",
    }  # fmt: skip
    assert "ports" not in report


def test_what_a_draft_carries_along_is_told_with_its_line() -> None:
    """A subset without a workload has no word in service.yaml: the rule stays as it is, and with it what names its subsets."""
    assert drafted(EXISTING)[1] == [
        (1, "Service shop: added: port http-api: appProtocol http, as its name says"),
        (10, "Service shop-public: added: port 80 is named port-80"),
        (48, "DestinationRule shop: carried along: services/shop/extra/destinationrule-shop.yaml: its subsets and the workloads among these files do not pair"),
        (59, "VirtualService shop: carried along: services/shop/extra/virtualservice-shop.yaml: it leads to subset v2, which no version is"),
    ]  # fmt: skip


def test_every_field_has_its_place_or_is_carried_along() -> None:
    """Labels and annotations of the objects themselves, fields of their specs, a wider selector: none of it is lost."""
    text = EXISTING.replace(
        "name: shop-stable,", "name: shop-stable, labels: {app: shop, tier: web}, annotations: {a: b},"
    )
    text = text.replace("selector: {app: shop}\n", "selector: {app: shop, team: web}\n  externalIPs: [192.0.2.1]\n")
    text = text.replace("containerPort: 8080}", "containerPort: 8080, hostPort: 80}").replace(
        "replicas: 3", "paused: true", 1
    )
    drafts, told = drafted(text)
    shop = drafts["services/shop/service.yaml"]
    first = shop["versions"][0]
    assert first["workload"]["labels"] == {"app": "shop", "tier": "web"}
    assert first["workload"]["annotations"] == {"a": "b"}
    assert (first["paused"], first["hostNetwork"]) == (True, True)
    assert shop["defaults"]["ports"] == [{"name": "api", "containerPort": 8080, "hostPort": 80}]
    assert shop["service"] == {"selector": {"app": "shop", "team": "web"}, "externalIPs": ["192.0.2.1"]}
    assert not [line for _, line in told if "Deployment" in line]


def test_the_drafts_are_sound_and_build(folder: Path) -> None:
    (folder / "all.yaml").write_text(EXISTING)
    assert run("init", "--from", "all.yaml").exception is None
    project = read_project(Disk(str(folder))).project
    assert project is not None
    assert read_services(project, project.targets).findings == ()
    built()


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("weight: 20}\n      retries", "weight: 30}\n      retries", "the weights of its default route sum to 110, not to 100"),
        ("    - {name: v3,", "    - {name: v2-too, labels: {version: v2}}\n    - {name: v3,", "it leads to subset v2, which no version is"),
        ("subset: v2}}]\n      timeout", "subset: v9}}]\n      timeout", "it leads to subset v9, which no version is"),
        ("gateways: [mesh, istio-ingress/public]", "gateways: [istio-ingress/public]", "service.yaml binds one set of hosts to the mesh and to gateways alike, and this differs"),
    ],
)  # fmt: skip
def test_a_virtual_service_is_carried_wholly_or_not_at_all(old: str, new: str, reason: str) -> None:
    text = (
        EXISTING.replace(old.replace("\n", "\n    "), new.replace("\n", "\n    "), 1)
        if old not in EXISTING
        else EXISTING.replace(old, new, 1)
    )
    assert text != EXISTING
    if "v2-too" not in new:
        text = text.replace("    - {name: v3, labels: {version: v3}}\n", "")
    drafts, notes = drafted(text)
    assert not {"routes", "retries", "expose"} & drafts["services/shop/service.yaml"].keys()
    where = "services/shop/extra/virtualservice-shop.yaml"
    assert f"VirtualService shop: carried along: {where}: {reason}" in [message for _, message in notes]


def test_injected_containers_are_not_drafted() -> None:
    text = EXISTING.replace(
        "containers: [{name: report,", "containers: [{name: istio-proxy, image: proxy}, {name: report,"
    )
    drafts, notes = drafted(text)
    assert drafts["services/report/service.yaml"]["workload"] == "external"
    assert any("its sidecar is in it already" in message for _, message in notes)


def test_what_the_api_server_would_refuse_is_left_out() -> None:
    drafts, notes = drafted(EXISTING.replace("schedule: ", "schedul: "))
    assert "services/report/service.yaml" not in drafts
    assert any(message.startswith("CronJob report: left out: the API server refuses it: ") for _, message in notes)


def test_objects_without_a_namespace_are_told_once() -> None:
    drafts, notes = drafted(EXISTING.replace(", namespace: web}", "}"))
    assert drafts["services/shop/service.yaml"]["namespace"] == "default"
    told = [message for _, message in notes if "names no namespace" in message]
    assert told == ["Service shop: it names no namespace, nor do 4 others: drafted into `default`"]


def test_of_two_objects_with_one_name_the_first_is_taken() -> None:
    again = EXISTING.split("---\n")[2].replace("shop:1", "shop:0")
    drafts, notes = drafted(EXISTING + "---\n" + again)
    assert [version["image"] for version in drafts["services/shop/service.yaml"]["versions"]] == ["shop:1", "shop:2"]
    assert any("the one at k8s/all.yaml:15 is taken" in message for _, message in notes)


def test_paths_without_from_are_a_usage_error() -> None:
    assert "--from" in str(run("init", "all.yaml").exception)


DIFFERENT = {
    "the protocol is written": r"Service \S+ /ports/\d/appProtocol: None -> .*",
    "Kubernetes' own default": r"Service \S+ /type: 'ClusterIP' -> None|Service \S+ /ports/\d/targetPort: None -> \d+",
    "hosts are FQDNs": r"(VirtualService|DestinationRule) \S+ /.*host(s/0)?: '(\w+)' -> '\3.default.svc.cluster.local'",
    "routes are named": r"VirtualService \S+ /http/\d/name: None -> .*",
    "every version has a weight in the default route": r"VirtualService \S+ /http/\d/route: .*",
    "a port is TCP unless it says otherwise": r"Deployment \S+ /template/spec/containers/0/ports/0/protocol: None -> 'TCP'",
    "a restart that is the default": r"Deployment \S+ /template/spec/restartPolicy: 'Always' -> None",
}  # fmt: skip
"""What differs between a demo and its adoption, and why: all of it is meant, and no pod template is among it but for a default."""


def differences(old: Any, new: Any, path: str = "") -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            yield from differences(old.get(key), new.get(key), f"{path}/{key.replace('/', '~1')}")
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from differences(one, other, f"{path}/{index}")
    elif old != new:
        yield f"{path}: {old!r} -> {new!r}"


def objects(folder: Path) -> dict[tuple[str, str], dict[str, Any]]:
    sources = [
        parse(str(file), file.read_bytes(), "manifest")
        for file in sorted(folder.rglob("*.yaml"))
        if file.name != "kustomization.yaml"
    ]
    return {(manifest.kind, manifest.name): manifest.value for source in sources for manifest in manifests(source)}


BOOKINFO = [
    "platform/kube/bookinfo.yaml", "platform/kube/bookinfo-ratings-v2.yaml", "platform/kube/bookinfo-db.yaml",
    "networking/destination-rule-all.yaml", "networking/virtual-service-reviews-80-20.yaml", "networking/virtual-service-ratings-test-delay.yaml",
]  # fmt: skip


@pytest.mark.parametrize(
    ("demo", "files"), [("istio-1.30.3/bookinfo", BOOKINFO), ("online-boutique", ["kubernetes-manifests.yaml"])]
)
def test_adopting_a_demo_renders_what_was_there(recorded: Path, folder: Path, demo: str, files: list[str]) -> None:
    """Object by object: nothing is gone, and each difference is one of those meant."""
    samples = recorded.parent / "samples" / demo
    if not samples.is_dir():
        pytest.skip(f"no demo in {samples}")
    result = run("init", "--from", *(os.fspath(samples / file) for file in files))
    built()
    before: dict[tuple[str, str], dict[str, Any]] = {}
    for file in files:
        source = parse(file, (samples / file).read_bytes(), "manifest")
        before |= {(manifest.kind, manifest.name): manifest.value for manifest in manifests(source)}
    after = objects(folder / "rendered")
    assert result.return_value == 0
    assert before.keys() <= after.keys()
    known = re.compile("|".join(f"(?:{pattern})" for pattern in DIFFERENT.values()).replace(r"\3", r"\w+"))
    unexpected = [
        line
        for key in before.keys() & after.keys()
        for difference in differences(before[key].get("spec"), after[key].get("spec"))
        if not known.fullmatch(line := f"{key[0]} {key[1]} {difference}")
    ]
    assert unexpected == []


values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1, 90000),
    st.text(max_size=4),
    st.lists(st.text(max_size=2), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)
DOCUMENTS = list(yaml.safe_load_all(EXISTING))


def places(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    entries = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [path, *(place for key, value in entries for place in places(value, (*path, key)))]


@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(places(DOCUMENTS)[1:]), values), min_size=1, max_size=3))
def test_no_manifest_makes_adoption_fail(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    documents: Any = json.loads(json.dumps(DOCUMENTS))
    for path, value in changes:
        node = documents
        for key in path[:-1]:
            try:
                node = node[key]
            except (KeyError, IndexError, TypeError):
                node = None
        if isinstance(node, dict) or (isinstance(node, list) and len(path) > 1):
            with contextlib.suppress(IndexError, TypeError):  # an earlier change took the place away
                node[path[-1]] = value
    text = "---\n".join(json.dumps(document) + "\n" for document in documents)
    for file, tree in drafted(text)[0].items():
        assert file.startswith("services/")
        assert tree["versions"]


def test_what_init_writes_can_be_applied_to_a_fresh_cluster(folder: Path) -> None:
    """Each environment brings the Namespace, before everything that lives in it."""
    run("init")
    built()
    for environment in ("staging", "prod"):
        kinds = [each["kind"] for each in applied(folder / "rendered" / environment)]
        assert kinds[0] == "Namespace", kinds
        assert kinds.count("Namespace") == 1


def applied(folder: Path) -> list[dict[str, Any]]:
    """The objects that `kubectl apply -k` would send, in its order: as kubectl prints them where there is one."""
    if kubectl := shutil.which("kubectl"):
        printed = subprocess.run([kubectl, "kustomize", str(folder)], capture_output=True, text=True, check=True)
        return list(yaml.safe_load_all(printed.stdout))
    found: list[dict[str, Any]] = []
    for resource in yaml.safe_load((folder / "kustomization.yaml").read_text())["resources"]:
        below = folder / resource
        found += applied(below) if below.is_dir() else list(yaml.safe_load_all(below.read_text()))
    return found


def test_refresh_renews_the_schemas_alone(folder: Path) -> None:
    """What editors complete by belongs to a version of the program; `doctor` reports another one's."""
    run("init")
    stale = folder / ".sailwright" / "service.schema.json"
    wanted = stale.read_text()
    stale.write_text("{}\n")
    hooks = folder / ".pre-commit-config.yaml"
    hooks.write_text("repos: []\n")
    assert "`sailwright init --refresh`" in run("doctor").output
    assert run("init", "--refresh").stdout.split() == [".sailwright/service.schema.json"]
    assert stale.read_text() == wanted
    assert hooks.read_text() == "repos: []\n"
    assert run("init", "--refresh").stdout == ""
    assert "--refresh" not in run("doctor").output


def test_refresh_needs_a_project_and_drafts_nothing() -> None:
    missing = run("init", "--refresh").exception
    assert isinstance(missing, Failure)
    assert "sailwright.yaml does not exist" in missing.message
    both = run("init", "--refresh", "--from", "x.yaml").exception
    assert isinstance(both, click.UsageError)
    assert "leave --from" in both.message


@pytest.mark.parametrize("name", ["service", "project"])
def test_editors_get_the_schema_as_schemastore_keeps_them(name: Name) -> None:
    """Draft-07, in which whatever stands beside a `$ref` is ignored; it accepts and refuses the same files."""
    older = json.loads(editor_text(name))
    assert older["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert {"$id", "title", "description"} <= older.keys()
    Draft7Validator.check_schema(older)
    nodes = [older]
    while nodes:
        node = nodes.pop()
        if isinstance(node, dict):
            assert "$defs" not in node
            assert node.keys() == {"$ref"} or not isinstance(node.get("$ref"), str)
        nodes += list(node.values() if isinstance(node, dict) else node if isinstance(node, list) else ())
    validators = Draft7Validator(older), Draft202012Validator(schema(name))
    files = [
        *ROOT.glob("services/*/service.yaml"),
        *ROOT.glob("examples/*/services/*/service.yaml"),
        ROOT / "sailwright.yaml",
    ]
    for file in files:
        data = yaml.safe_load(file.read_text())
        broken = [data, {**data, "surprise": 1}, {key: value for key, value in data.items() if key != "apiVersion"}]
        broken += [{**data, key: 7} for key in data]
        for each in broken:
            assert len({validator.is_valid(each) for validator in validators}) == 1, (file, each)
