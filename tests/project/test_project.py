"""sailwright.yaml: what a sound one becomes, what is said about the others, and how it is found."""

from pathlib import Path
from textwrap import dedent

import pytest

from sailwright.project.reading import ProjectReading, read_project
from sailwright.project.service.resolve import Target
from sailwright.runtime.errors import Failure
from sailwright.source.files.checkout import Disk
from sailwright.source.files.discovery import find_project, need_project

FULL = dedent("""\
    apiVersion: sailwright/v1alpha1
    requires: ">=0.1,<0.2"
    services: ["services/*/service.yaml"]
    output: {path: rendered, layout: service, syncWaves: false}
    kubernetes: {version: "1.34"}
    istio:
      version: 1.31.0
      controlPlanes: {default: 1.31.0}
      sidecarMode: native
      values: mesh/values.yaml
      meshConfig: {trustDomain: example.org}
    environments:
      staging: {kubernetes: {version: ["1.33", "1.34"]}}
      prod:
        istio: {version: 1.30.3}
        clusters:
          eu1: {clusterId: prd-eu1, network: net-eu}
          us1: {clusterId: prd-us1, istio: {cni: true, meshConfig: {rootNamespace: mesh}}}
    namespaces:
      bookinfo: {labels: {istio-injection: disabled}, services: ["services/**"], istio: {revision: stable}}
    manifests:
      - {paths: ["k8s/prod/**"], environments: [prod]}
    known: {gateways: [istio-ingress/public]}
    defaults: {mesh: {mtls: STRICT}}
    lint: {failOn: warning}
    """)


def reading(folder: Path, text: str, **files: str) -> ProjectReading:
    (folder / "sailwright.yaml").write_text(text)
    for name, content in files.items():
        where = folder / "mesh" / f"{name}.yaml"
        where.parent.mkdir(exist_ok=True)
        where.write_text(content)
    return read_project(Disk(str(folder)))


def told(result: ProjectReading) -> list[tuple[int, str]]:
    return [(finding.location.line, finding.message) for finding in result.findings]


def test_a_full_project_is_understood(tmp_path: Path) -> None:
    result = reading(tmp_path, FULL, values="global: {proxy: {logLevel: debug}}")
    assert result.findings == ()
    project = result.project
    assert project is not None
    assert project.targets == (Target("staging"), Target("prod", "eu1"), Target("prod", "us1"))
    assert (project.output.layout, project.output.sync_waves) == ("service", False)
    assert project.known == {"gateways": ("istio-ingress/public",)}
    assert not project.manifests[0].in_target(Target("staging"))
    assert project.manifests[0].in_target(Target("prod", "us1"))


def test_the_nearest_istio_setting_wins(tmp_path: Path) -> None:
    """service > namespace > cluster > environment > project; maps merge on the way."""
    project = reading(tmp_path, FULL, values="global: {proxy: {logLevel: debug}}").project
    assert project is not None
    staging = project.istio_for(Target("staging"))
    assert (staging.version, staging.cni, staging.revision) == ("1.31.0", False, "default")
    us1 = project.istio_for(Target("prod", "us1"), "bookinfo")
    assert (us1.version, us1.cni, us1.revision, us1.cluster_id) == ("1.30.3", True, "stable", "prd-us1")
    assert us1.mesh_config == {"trustDomain": "example.org", "rootNamespace": "mesh"}
    assert us1.values == {"global": {"proxy": {"logLevel": "debug"}}}


def test_kubernetes_versions_are_those_of_the_nearest_layer(tmp_path: Path) -> None:
    project = reading(tmp_path, FULL, values="{}").project
    assert project is not None
    assert project.kubernetes_for(Target("staging")) == ("1.33", "1.34")
    assert project.kubernetes_for(Target("prod", "eu1")) == ("1.34",)


def test_a_project_without_environments_has_one_nameless_target(tmp_path: Path) -> None:
    project = reading(tmp_path, "apiVersion: sailwright/v1alpha1\n").project
    assert project is not None
    assert project.targets == (Target(),)
    assert project.services == ("services/*/service.yaml",)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("apiVersion: sailwright/v1alpha1\nservces: []\n", 2, "unknown key `servces`"),
        ("apiVersion: sailwright/v2\n", 1, "expected `sailwright/v1alpha1`, found `sailwright/v2`"),
        ("- a\n", 1, "expected a map of settings"),
        ("", 1, "the file is empty"),
        ("apiVersion: sailwright/v1alpha1\nistio: {values: mesh/none.yaml}\n", 2, "mesh/none.yaml: No such file or directory"),
        ("apiVersion: sailwright/v1alpha1\nistio: {values: ../../out.yaml}\n", 2, "../../out.yaml: it leads out of the repository"),
        ("apiVersion: sailwright/v1alpha1\noutput: {path: ../out}\n", 2, "the output folder `../out` does not lie below the project"),
        ("apiVersion: sailwright/v1alpha1\nmanifests: [{paths: [k8s/**], environments: [prd]}]\nenvironments: {prod: {}}\n", 2, "no environment `prd` is declared"),
        ("apiVersion: sailwright/v1alpha1\ndefaults:\n  name: x\n", 3, "`name` cannot have a default"),
        ("apiVersion: sailwright/v1alpha1\ndefaults:\n  mesh: {inject: biuld}\n", 3, "expected one of `build`, `webhook`, `ambient`, `none` or `namespace`, found `biuld`"),
        ("apiVersion: sailwright/v1alpha1\nistio: {controlPlanes: {a: 1.31.0}}\n", 2, "revision `default` has no control plane"),
        ("apiVersion: sailwright/v1alpha1\n---\napiVersion: sailwright/v1alpha1\n", 1, "the file holds several documents"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    result = reading(tmp_path, text)
    assert result.project is None
    assert [(at, said[: len(message)]) for at, said in told(result)] == [(line, message)]


def test_all_faults_of_the_file_are_told_at_once(tmp_path: Path) -> None:
    text = "apiVersion: sailwright/v1alpha1\nkubernetes: {version: 1.30}\nistio: {sidecarMode: nativ}\nlimt: {}\n"
    assert [line for line, _ in told(reading(tmp_path, text))] == [2, 3, 4]


def test_another_version_of_the_tool_is_refused_with_the_install_line(tmp_path: Path) -> None:
    with pytest.raises(
        Failure,
        match=r"requires sailwright >=9 and this is .*: install such a version from your copy of sailwright's repository",
    ) as failure:
        reading(tmp_path, 'apiVersion: sailwright/v1alpha1\nrequires: ">=9"\n')
    assert failure.value.status == 2


def test_the_project_is_looked_for_upwards_to_the_top_of_the_repository(tmp_path: Path) -> None:
    (tmp_path / "sailwright.yaml").write_text("")
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    found = find_project(None, str(below))
    assert found is not None
    assert Path(found).resolve() == tmp_path.resolve()
    (tmp_path / "a" / ".git").mkdir()
    assert find_project(None, str(below)) is None


def test_a_missing_project_is_a_failure_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="`sailwright init` writes one"):
        need_project(None, str(tmp_path))
    with pytest.raises(Failure, match=r"--project .*: there is no sailwright.yaml in it"):
        find_project(str(tmp_path))
