"""`sailwright route` and `sailwright test` on the command line."""

import json
from pathlib import Path

import pytest
from tests.route.mesh import destination_rule, service, virtual_service

from sailwright.cli import main

RULES = """
hosts: [reviews]
http:
- name: staff-first
  match:
  - {headers: {x-user-group: {exact: staff}}}
  - {sourceLabels: {app: admin}}
  route: [{destination: {host: reviews, subset: v2}}]
- name: everybody
  route: [{destination: {host: reviews, subset: v1}, weight: 80}, {destination: {host: reviews, subset: v2}, weight: 20}]
  timeout: 5s
"""


@pytest.fixture(autouse=True)
def mesh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a small mesh, entered."""
    monkeypatch.chdir(tmp_path)
    text = service("reviews", "shop", "9080") + destination_rule("reviews", "reviews", "v1", "v2")
    Path("mesh.yaml").write_text(text + virtual_service("reviews", RULES))
    return tmp_path


def route(*arguments: str) -> int:
    """Run the command on the mesh, from namespace shop."""
    return main(["route", "mesh.yaml", "--from", "shop", *arguments])


def test_the_walk_reads_from_the_host_to_the_result(capsys: pytest.CaptureFixture[str]) -> None:
    """Each rule that was tried, the condition it failed at, and the one that took the request, with file and line."""
    assert route("--url", "http://reviews:9080/a/../b", "-H", "x-user-group: guest") == 0
    out = capsys.readouterr().out
    for part in (
        "the proxy normalises the path to /b",
        "reviews:9080 is reviews.shop.svc.cluster.local, Service shop/reviews (mesh.yaml:",
        "VirtualService shop/reviews (mesh.yaml:",
        "rule `staff-first`, match 1 (mesh.yaml:",
        "header x-user-group is `guest`, and must be `staff`",
        "rule `staff-first`, match 2 (mesh.yaml:",
        "it is for callers labelled app=admin",
        "=>",
        "80 % reviews.shop.svc.cluster.local:9080 subset v1",
        "timeout   5s",
    ):
        assert part in out, part


def test_the_walk_of_an_unknown_host_says_what_may_be_meant(capsys: pytest.CaptureFixture[str]) -> None:
    """Another port, or the same name in another namespace."""
    assert route("--url", "http://reviews/") == 0
    assert "reviews.shop.svc.cluster.local has the ports 9080 (mesh.yaml:" in capsys.readouterr().out
    Path("mesh.yaml").write_text(Path("mesh.yaml").read_text() + service("audit", "pay"))
    assert route("--url", "http://audit/") == 0
    assert "callers of other namespaces than pay write audit.pay" in capsys.readouterr().out


def test_the_walk_of_a_connection_speaks_of_bytes(capsys: pytest.CaptureFixture[str]) -> None:
    """It has no method, and a host that is known is not called unknown where its rules take another SNI or subnet."""
    ports = service("db", "shop", "443/tls", "5432/tcp")
    sni = "tls: [{match: [{sniHosts: [other.example.com]}], route: [{destination: {host: db}}]}]"
    subnet = "tcp: [{match: [{destinationSubnets: [10.0.0.0/8]}], route: [{destination: {host: db}}]}]"
    Path("mesh.yaml").write_text(ports + virtual_service("db", f"hosts: [db, other.example.com]\n{sni}\n{subnet}\n"))
    assert route("--url", "tls://db:443") == 0
    out = capsys.readouterr().out
    assert "a connection tls://db to port 443" in out
    assert "db is db.shop.svc.cluster.local (mesh.yaml:" in out
    assert "the tls rules for port 443 take other names" in out
    assert route("--url", "tcp://db:5432") == 0
    out = capsys.readouterr().out
    assert "destinationSubnets" in out
    assert "none that this caller's proxy knows" not in out


def test_json_holds_the_answers_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    """One for each request of the file."""
    Path("q.json").write_text(json.dumps([{"authority": "reviews:9080"}, {"authority": "nowhere"}]))
    assert route("--requests", "q.json", "--format", "json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["version"] == 1
    assert [answer["kind"] for answer in told["answers"]] == ["route", "passthrough"]
    assert told["answers"][0]["name"] == "everybody"


def test_a_report_may_go_to_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    """`--format json=FILE`."""
    assert route("--url", "http://reviews:9080/", "--format", "json=answer.json") == 0
    assert capsys.readouterr().out == ""
    assert json.loads(Path("answer.json").read_text())["answers"][0]["kind"] == "route"


def test_the_mesh_config_of_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    """It decides what becomes of unknown hosts."""
    Path("mesh-config.yaml").write_text("outboundTrafficPolicy: {mode: REGISTRY_ONLY}\n")
    assert route("--url", "http://nowhere/", "--mesh-config-file", "mesh-config.yaml") == 0
    assert "REGISTRY_ONLY" in capsys.readouterr().out


def test_explain_hosts(capsys: pytest.CaptureFixture[str]) -> None:
    """The virtual hosts of every port, as text and as data."""
    assert route("--explain-hosts") == 0
    assert "reviews.shop.svc.cluster.local  VirtualService shop/reviews" in capsys.readouterr().out
    assert route("--explain-hosts", "--format", "json") == 0
    (host,) = json.loads(capsys.readouterr().out)["hosts"]
    assert (host["port"], host["virtualService"]) == (9080, "shop/reviews")
    assert "reviews.shop" in host["domains"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["mesh.yaml", "--url", "http://reviews/"], "--from NAMESPACE"),
        (["mesh.yaml", "--from", "shopp", "--url", "http://reviews/"], "did you mean `shop`?"),
        (["mesh.yaml", "--gateway", "edge/public", "--url", "http://reviews/"], "there is no such Gateway"),
        (["mesh.yaml", "--from", "shop", "--label", "app", "--url", "http://reviews/"], "KEY=VALUE"),
        (["mesh.yaml", "--from", "shop", "--url", "reviews"], "no URL"),
        (["mesh.yaml", "--from", "shop"], "--url, --requests"),
        (["mesh.yaml", "--from", "shop", "--url", "http://a/", "--format", "sarif"], "sarif"),
        (["mesh.yaml", "--from", "shop", "--requests", "missing.json"], "missing.json"),
        (["missing.yaml", "--from", "shop", "--url", "http://a/"], "missing.yaml"),
        (["broken.yaml", "--from", "shop", "--url", "http://a/"], "broken.yaml:2"),
        (
            ["wrong.yaml", "--from", "shop", "--url", "http://a/"],
            "wrong.yaml:4: VirtualService shop/a: /spec/http must be a list",
        ),
        (
            ["refused.yaml", "--from", "shop", "--url", "http://cart/"],
            "refused.yaml:14: VirtualService shop/a: /spec/http/0/timeout",
        ),
        (["mesh.yaml", "--from", "shop", "--env", "prod", "--url", "http://a/"], "--env"),
        (["mesh.yaml", "--from", "shop", "--istio-version", "1.2.3", "--url", "http://a/"], "1.2"),
    ],
)
def test_bad_input_is_one_line(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With what to do about it, and never a traceback."""
    Path("broken.yaml").write_text("a: [")
    Path("wrong.yaml").write_text(
        "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a, namespace: shop}\nspec: {http: 3}\n"
    )
    Path("refused.yaml").write_text(
        service("cart")
        + virtual_service("a", "hosts: [cart]\nhttp: [{route: [{destination: {host: cart}}], timeout: soon}]")
    )
    assert main(["route", *arguments]) in (2, 3)
    err = capsys.readouterr().err
    assert told in err
    assert len(err.splitlines()) == 1


def test_the_report_of_tests(capsys: pytest.CaptureFixture[str]) -> None:
    """Findings in any format; the count goes to stderr, the status is that of lint."""
    Path("mesh.yaml").unlink()
    Path("service.yaml").write_text(
        "apiVersion: sailwright/v1alpha1\nname: web\nnamespace: shop\n"
        "ports: [{name: http, port: 80, appProtocol: http}]\nversions: [{name: v1, image: 'web:1'}]\n"
        "tests: [{name: all, expect: {version: v1}}, {name: late, expect: {timeout: 3s}}]\n"
    )
    assert main(["test", "service.yaml", "--format", "json"]) == 1
    told = capsys.readouterr()
    assert told.err.endswith("2 tests run, 1 failed\n")
    (finding,) = json.loads(told.out)["findings"]
    assert finding["rule"] == "traffic-test-failed"
    assert finding["location"]["line"] == 6


def test_manifests_beside_the_project_take_part(capsys: pytest.CaptureFixture[str]) -> None:
    """The project is the mesh; what is named beside it is laid in, but nothing that it rendered itself."""
    Path("sailwright.yaml").write_text(
        "apiVersion: sailwright/v1alpha1\nservices: [service.yaml]\nistio: {version: 1.30.0, sidecarMode: native}\n"
    )
    Path("service.yaml").write_text(
        "apiVersion: sailwright/v1alpha1\nname: web\nnamespace: shop\n"
        "ports: [{name: http, port: 80, appProtocol: http}]\nversions: [{name: v1, image: 'web:1'}]\n"
    )
    ask = ["--from", "shop", "--format", "json", "--url"]
    assert main(["route", *ask, "http://reviews:9080/"]) == 0
    assert json.loads(capsys.readouterr().out)["answers"][0]["kind"] == "passthrough"
    assert main(["route", "service.yaml", "mesh.yaml", *ask, "http://reviews:9080/"]) == 0
    assert json.loads(capsys.readouterr().out)["answers"][0]["kind"] == "route"
    assert main(["route", "service.yaml", "mesh.yaml", *ask, "http://web/"]) == 0
    assert json.loads(capsys.readouterr().out)["answers"][0]["kind"] == "route"
    assert main(["route", "mesh.yaml", *ask, "http://web/"]) == 0
    assert json.loads(capsys.readouterr().out)["answers"][0]["kind"] == "passthrough"


def several_environments() -> None:
    """A project of which staging has two versions, and test and prod are equal."""
    Path("sailwright.yaml").write_text(
        "apiVersion: sailwright/v1alpha1\nistio: {version: 1.31.0, sidecarMode: native}\n"
        "environments: {staging: {}, test: {}, prod: {}}\n"
    )
    file = Path("services/cart/service.yaml")
    file.parent.mkdir(parents=True)
    file.write_text(
        "apiVersion: sailwright/v1alpha1\nname: cart\nnamespace: shop\n"
        "ports: [{name: http, port: 80, appProtocol: http}]\n"
        'versions: [{name: v1, image: "cart:1", weight: 90}, {name: v2, image: "cart:2", weight: 10}]\n'
        "environments: {staging: {versions: [{name: v1, weight: 0}, {name: v2, weight: 100}]}}\n"
    )


def test_without_env_every_environment_answers_and_equal_answers_are_shown_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    several_environments()
    assert main(["route", "--from", "shop", "--url", "http://cart/"]) == 0
    out = capsys.readouterr().out
    headings = [line for line in out.split("\n") if line.endswith(":") and not line.startswith(" ")]
    assert headings == ["staging:", "test, prod:"]
    assert out.count("90 %") == 1
    assert main(["route", "--from", "shop", "--url", "http://cart/", "--env", "prod"]) == 0
    assert "prod:" not in capsys.readouterr().out


def test_in_json_each_answer_names_its_environments(capsys: pytest.CaptureFixture[str]) -> None:
    several_environments()
    assert main(["route", "--from", "shop", "--url", "http://cart/", "--format", "json"]) == 0
    answers = json.loads(capsys.readouterr().out)["answers"]
    assert [answer["environments"] for answer in answers] == [["staging"], ["test", "prod"]]
    assert main(["route", "--from", "shop", "--url", "http://cart/", "--env", "prod", "--format", "json"]) == 0
    assert "environments" not in json.loads(capsys.readouterr().out)["answers"][0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "outboundTrafficPolicy: {mode: ALLOW_ANY, egressProxy: 1.5}",
            "outboundTrafficPolicy.egressProxy must be a mapping",
        ),
        ("outboundTrafficPolicy: {egressProxy: {host: 1.5}}", "outboundTrafficPolicy.egressProxy.host must be a text"),
        ("defaultServiceExportTo: 5", "defaultServiceExportTo must be a list"),
        ("defaultHttpRetryPolicy: 3", "defaultHttpRetryPolicy must be a mapping"),
    ],
)
def test_a_mesh_config_of_the_wrong_form_is_one_error(
    text: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("config.yaml").write_text(text)
    assert route("--url", "http://other.example.com/", "--mesh-config-file", "config.yaml") == 2
    assert f"MeshConfig: {message}: correct it" in capsys.readouterr().err
