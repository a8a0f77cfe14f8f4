"""Project defaults that do not apply to a service are left out for it; only keys of its own file are errors."""

from pathlib import Path
from textwrap import dedent

import pytest
from click.testing import CliRunner

from sailwright.cli.group import sailwright
from sailwright.project.reading import read_project
from sailwright.project.service.model import Service
from sailwright.project.services import Services, read_services
from sailwright.source.files.checkout import Disk

EXTERNAL = """
    ports: [{name: tls, port: 443, appProtocol: tls}]
    external: {hosts: [api.example.com], location: MESH_EXTERNAL, resolution: DNS}
"""
DATABASE = """
    ports: [{name: db, port: 5432, appProtocol: tcp}]
    versions: [{name: v1, image: "registry.example.com/db:1"}]
"""
JOB = """
    workload: {kind: Job}
    versions: [{name: v1, image: "registry.example.com/job:1"}]
"""
WEB = """
    ports: [{name: http, port: 80, appProtocol: http}]
    versions: [{name: v1, image: "registry.example.com/web:1"}]
"""
OF_PODS = "defaults: {replicas: 3}, serviceAccount: {annotations: {a: b}}, disruptionBudget: {minAvailable: 1}"
SCALED = "autoscaling: {minReplicas: 2, maxReplicas: 4, metrics: [{type: Resource}]}"


def read(root: Path, defaults: str, service: str) -> Services:
    (root / "sailwright.yaml").write_text(
        "apiVersion: sailwright/v1alpha1\nservices: [x.yaml]\nistio: {version: 1.31.0, sidecarMode: native}\n"
        f"defaults: {{{defaults}}}\n"
    )
    (root / "x.yaml").write_text("apiVersion: sailwright/v1alpha1\nname: x\nnamespace: demo\n" + dedent(service))
    reading = read_project(Disk(str(root)))
    assert reading.project, reading.findings
    return read_services(reading.project, reading.project.targets)


def only(services: Services) -> Service:
    (group,) = services.by_target.values()
    (service,) = group
    return service


@pytest.mark.parametrize(
    ("defaults", "service"),
    [
        ("retries: {attempts: 3}, timeout: 5s", EXTERNAL),
        (OF_PODS, EXTERNAL),
        (SCALED, EXTERNAL),
        ("retries: {attempts: 3}, timeout: 5s, headers: {response: {set: {a: b}}}", DATABASE),
        ("defaults: {replicas: 3}", JOB),
        (SCALED, JOB),
        ("timeout: 5s", JOB),
        ("trafficPolicy: {loadBalancer: LEAST_REQUEST}, timeout: 5s, mesh: {mtls: STRICT}", WEB + "    mesh: {inject: none, mtls: null}"),
        (SCALED, WEB + "    defaults: {replicas: 3}"),
        ("defaults: {replicas: 3}", WEB + "    autoscaling: {maxReplicas: 4, metrics: [{type: Resource}]}"),
        ("disruptionBudget: {minAvailable: 1}", WEB + "    disruptionBudget: {maxUnavailable: 1}"),
        ("trafficPolicy: {loadBalancer: {simple: RANDOM}}", WEB + "    trafficPolicy: {loadBalancer: {consistentHash: {useSourceIp: true}}}"),
    ],
)  # fmt: skip
def test_what_does_not_apply_is_left_out(tmp_path: Path, defaults: str, service: str) -> None:
    assert read(tmp_path, defaults, service).findings == ()


def test_what_applies_stays(tmp_path: Path) -> None:
    """Left out are single keys, never the whole block."""
    service = only(read(tmp_path, f"{OF_PODS}, timeout: 5s", WEB))
    assert service.versions[0].settings["replicas"] == 3
    assert service.default_route == {"timeout": "5s"}
    job = only(read(tmp_path, 'defaults: {replicas: 3, env: [{name: A, value: "1"}]}, timeout: 5s', JOB))
    assert job.versions[0].settings["env"] == [{"name": "A", "value": "1"}]
    assert "replicas" not in job.versions[0].settings
    assert job.default_route == {}


@pytest.mark.parametrize(
    ("defaults", "service", "told"),
    [
        ("timeout: 5s", DATABASE + "    timeout: 3s", "`timeout` works on HTTP"),
        ("defaults: {replicas: 3}", EXTERNAL + "    defaults: {replicas: 2}", "a file with `external` has no `defaults`"),
        ("owner: x", JOB + "    defaults: {replicas: 2}", "a Job has no `replicas`"),
        (SCALED + ", defaults: {replicas: 3}", WEB, "`replicas` and `autoscaling`: each would undo the other"),
    ],
)  # fmt: skip
def test_a_key_of_the_file_is_an_error_and_so_are_defaults_at_odds_with_each_other(
    tmp_path: Path, defaults: str, service: str, told: str
) -> None:
    (finding,) = read(tmp_path, defaults, service).findings
    assert finding.severity == "error"
    assert told in finding.message


def test_two_services_of_one_team_share_a_service_account(tmp_path: Path) -> None:
    """One renders it, the other says that it does not: no object is rendered twice."""
    (tmp_path / "sailwright.yaml").write_text(
        "apiVersion: sailwright/v1alpha1\nservices: ['*.service.yaml']\nistio: {version: 1.31.0, sidecarMode: native}\n"
    )
    for name, account in (("web", "{name: shop}"), ("jobs", "{name: shop, create: false}")):
        (tmp_path / f"{name}.service.yaml").write_text(
            f"apiVersion: sailwright/v1alpha1\nname: {name}\nnamespace: demo\nowner: team-shop\nserviceAccount: {account}\n"
            f"ports: [{{name: http, port: 80, appProtocol: http}}]\nversions: [{{name: v1, image: 'example.com/{name}:1'}}]\n"
        )
    built = CliRunner().invoke(sailwright, ["build", "--project", str(tmp_path)], standalone_mode=False)
    assert built.return_value == 0, built.output
    text = "".join(path.read_text() for path in (tmp_path / "rendered").rglob("*.yaml"))
    assert text.count("kind: ServiceAccount\n") == 1
    assert text.count("serviceAccountName: shop\n") == 2
    both = tmp_path / "jobs.service.yaml"
    both.write_text(both.read_text().replace(", create: false", ""))
    twice = CliRunner().invoke(sailwright, ["build", "--project", str(tmp_path)], standalone_mode=False)
    assert "leave it to one: `serviceAccount: {create: false}`" in twice.output
