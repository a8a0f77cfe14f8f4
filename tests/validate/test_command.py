"""`sailwright validate`: files and folders, options, formats, exit statuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sailwright.cli import main

SOUND = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data: {key: value}
"""
BROKEN = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: mysql, namespace: shop}
spec:
  hosts: [mysql]
  tcp:
    - timeouts: 5s
      route: [{destination: {host: mysql}}]
"""


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any], str]:
    """The exit status, the JSON report and standard error of `validate` with the built-in validator."""
    status = main(["validate", "--backend", "builtin", "--format", "json", *arguments])
    captured = capsys.readouterr()
    return status, json.loads(captured.out) if captured.out else {}, captured.err


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_sound_files_pass(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No findings, exit status 0."""
    (folder / "a.yaml").write_text(SOUND)
    status, report, _ = run(capsys, "a.yaml")
    assert (status, report["findings"], report["summary"]["documents"]) == (0, [], 1)


def test_unknown_fields_of_tcp_routes_are_found(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """At the key, with what was meant, and the code of istioctl."""
    (folder / "a.yaml").write_text(BROKEN)
    status, report, _ = run(capsys, "a.yaml")
    (finding,) = report["findings"]
    assert status == 1
    assert finding["rule"] == "schema-violation"
    assert finding["message"] == "there is no field `timeouts`"
    assert finding["aliases"] == ["IST0106"]
    assert finding["path"] == "/spec/tcp/0/timeouts"
    assert (finding["location"]["line"], finding["location"]["column"]) == (7, 7)
    assert finding["object"] == {
        "apiVersion": "networking.istio.io/v1", "kind": "VirtualService", "namespace": "shop", "name": "mysql"
    }  # fmt: skip


def test_text_that_yaml_reads_as_something_else_wants_quotes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Around what is written there: the value that was read (`true`, `1.1`) is not what was meant."""
    (folder / "a.yaml").write_text(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {switch: y, release: 1.10}\n"
    )
    _, report, _ = run(capsys, "a.yaml")
    assert sorted(finding["help"] for finding in report["findings"]) == [
        "put quotes around it: without them YAML reads `1.1`",
        "put quotes around it: without them YAML reads `true`",
    ]


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        ("{name: a.b-1}", ""),
        ("{generateName: a-}", ""),
        ("{name: '${NAME}'}", ""),
        ("{}", "the object has no name"),
        ("{name: ''}", "the object has no name"),
        ("{name: Shop_1}", "`Shop_1` is no name that an object can have"),
        (f"{{name: {'a' * 254}}}", f"`{'a' * 57}...` is no name that an object can have"),
    ],
)
@pytest.mark.parametrize(
    "head", ["v1\nkind: ConfigMap", "networking.istio.io/v1\nkind: Sidecar\nspec: {egress: [{hosts: ['*/*']}]}"]
)
def test_an_object_needs_a_name(
    head: str, metadata: str, message: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The API server asks for one of the right form, or for the beginning of one."""
    (folder / "a.yaml").write_text(f"apiVersion: {head}\nmetadata: {metadata}\n")
    _, report, _ = run(capsys, "a.yaml")
    found = [(each["rule"], each["message"]) for each in report["findings"]]
    assert found == ([("schema-rule", message)] if message else [])


def test_names_of_other_forms_are_left_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Roles may have colons."""
    role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: 'system:Node_1'}\nrules: []\n"
    (folder / "a.yaml").write_text(role)
    assert run(capsys, "a.yaml")[1]["findings"] == []


def test_every_document_is_accounted_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Judged, or skipped with a reason: never passed over."""
    (folder / "values.yaml").write_text("replicas: 2\n")
    (folder / "kustomization.yaml").write_text("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n")
    (folder / "Chart.yaml").write_text("apiVersion: v2\nname: chart\nversion: 1.0.0\n")
    (folder / "list.yaml").write_text(
        "apiVersion: v1\nkind: List\nitems: [5, {apiVersion: v1, kind: ConfigMap, metadata: {name: a}, dat: {}}]\n"
    )
    (folder / "text.yaml").write_text("just text\n---\n# nothing\n")
    (folder / "half.yaml").write_text("kind: ConfigMap\n")
    status, report, _ = run(capsys, ".")
    assert status == 1
    assert {(each["location"]["file"], each["message"]) for each in report["findings"]} == {
        ("list.yaml", "an item of a List must be an object"),
        ("list.yaml", "there is no field `dat`"),
        ("half.yaml", "`apiVersion` is missing"),
    }
    skipped = {each["file"]: each["reason"].partition(": ")[2] for each in report["summary"]["skipped"]}
    assert skipped == {
        "Chart.yaml": "Helm reads it, not the cluster",
        "kustomization.yaml": "kustomize reads it, not the cluster",
        "text.yaml": "it is no map",
        "values.yaml": "it has no apiVersion and no kind",
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: [1\n", "not valid YAML"),
        ("a: 1\na: 2\n", "a"),
        ("a: \0\n", "binary"),
        ("\N{LATIN SMALL LETTER E WITH ACUTE}: 1", "not UTF-8"),
        ("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: .nan}\n", "expected text"),
        ("apiVersion: v1\nkind: ConfigMap\nmetadata: [a]\n", "expected a map"),
        ("apiVersion: [v1]\nkind: {}\n", ""),
        ("apiVersion: v1/../../x\nkind: ../../etc/passwd\n", "no"),
        ("apiVersion: apps/v1beta1\nkind: Deployment\nmetadata: {name: a}\n", "it has one in apps/v1"),
        ("apiVersion: networking.istio.io/v2\nkind: Gateway\nmetadata: {name: a}\n", "use networking.istio.io/v1"),
        ("apiVersion: networking.istio.io/v1\nkind: VirtualServise\nmetadata: {name: a}\n", "`VirtualService`"),
        ("apiVersion: extensions.istio.io/v1alpha1\nkind: Sidecar\nmetadata: {name: a}\n", "Istio has no kind"),
        ("apiVersion: v1\nkind: List\nitems: nothing\n", ""),
        ("&a [*a]\n", ""),
        ("- " * 2000 + "x\n", "deep"),
    ],
)
def test_bad_input_is_told(folder: Path, capsys: pytest.CaptureFixture[str], text: str, told: str) -> None:
    """A finding or a skipped document, never a traceback."""
    (folder / "a.yaml").write_bytes(text.encode("latin-1"))
    status, report, errors = run(capsys, "a.yaml")
    assert status in (0, 1)
    assert "Traceback" not in errors
    said = json.dumps([*report["findings"], *report["summary"]["skipped"]])
    assert said != "[]"
    assert told in said


def test_large_files_are_judged(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Ten megabytes of text in one field."""
    text = SOUND + "binaryData: {k: " + "A" * (10 << 20) + "}\n"
    (folder / "a.yaml").write_text(text)
    status, report, _ = run(capsys, "a.yaml")
    assert (status, report["findings"]) == (0, [])


def test_custom_kinds_need_their_definition(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without one a warning says so; a definition among the files is used, rules included."""
    (folder / "thing.yaml").write_text(
        "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\nspec: {size: 0, colour: red}\n"
    )
    status, report, _ = run(capsys, "thing.yaml")
    assert (status, [each["rule"] for each in report["findings"]]) == (0, ["schema-missing"])
    (folder / "crd.yaml").write_text(DEFINITION)
    status, report, _ = run(capsys, ".")
    assert status == 1
    assert [(each["rule"], each["message"]) for each in report["findings"]] == [
        ("schema-violation", "there is no field `colour`")
    ]
    (folder / "thing.yaml").write_text(
        "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\nspec: {size: 0, color: red}\n"
    )
    _, report, _ = run(capsys, ".")
    assert [(each["rule"], each["message"]) for each in report["findings"]] == [
        ("schema-rule", "size must be positive")
    ]


DEFINITION = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Thing, plural: things}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          description: a thing
          properties:
            spec:
              type: object
              properties:
                size:
                  type: integer
                  x-kubernetes-validations: [{rule: self > 0, message: size must be positive}]
                color: {type: string, description: its colour}
"""


def test_definitions_are_imported(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`schema import` writes them without prose, and a project lists them for both backends."""
    (folder / "crd.yaml").write_text(DEFINITION)
    assert main(["schema", "import", "crd.yaml"]) == 0
    assert "things.example.com.yaml: Thing of example.com/v1" in capsys.readouterr().out
    written = (folder / "schemas" / "things.example.com.yaml").read_text()
    assert "a thing" not in written
    assert "size must be positive" in written
    assert main(["schema", "import", "schemas/things.example.com.yaml"]) == 0
    assert (folder / "schemas" / "things.example.com.yaml").read_text() == written, "importing again changes nothing"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: [", "not valid YAML"),
        (SOUND, "it defines no kind"),
        (DEFINITION.replace("name: things.example.com", "name: ../../x"), "must be plural.group"),
    ],
)
def test_what_cannot_be_imported(folder: Path, capsys: pytest.CaptureFixture[str], text: str, told: str) -> None:
    """One line, exit status 2, nothing written."""
    (folder / "crd.yaml").write_text(text)
    assert main(["schema", "import", "crd.yaml"]) == 2
    assert told in capsys.readouterr().err
    assert not (folder / "schemas").exists()


def test_suppressions_hold(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In a comment on the line, and in an annotation of the object."""
    text = BROKEN.replace("timeouts: 5s", "timeouts: 5s  # sailwright: ignore[schema-violation] known")
    (folder / "a.yaml").write_text(text)
    status, report, _ = run(capsys, "a.yaml")
    assert (status, report["findings"], report["summary"]["suppressed"]) == (0, [], 1)
    annotated = BROKEN.replace(
        "namespace: shop", "namespace: shop, annotations: {sailwright.dev/ignore: schema-violation known}"
    )
    (folder / "a.yaml").write_text(annotated)
    status, report, _ = run(capsys, "a.yaml")
    assert (status, report["findings"], report["summary"]["suppressed"]) == (0, [], 1)


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["missing.yaml"], 2, "there is no such file"),
        (["."], 2, "--allow-empty"),
        ([".", "--kubernetes-version", "1.2"], 2, "Kubernetes 1.2 is not known: use a version from 1.25"),
        ([".", "--kubernetes-version", "latest"], 2, "is not known"),
        ([".", "--istio-version", "1.2.3"], 2, "known"),
        ([".", "--env", "prod"], 2, "sailwright.yaml"),
        ([".", "--kubeconform", "x"], 2, "leave one of them out"),
    ],
)
def test_wrong_use(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, told: str
) -> None:
    """One line that says what to do, and the exit status of the Contract."""
    if "--allow-empty" not in told:
        (folder / "a.yaml").write_text(SOUND)
    found, _, errors = run(capsys, *arguments)
    assert found == status
    assert told in errors


def test_older_releases_have_older_schemas(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A kind and a field that came later."""
    (folder / "a.yaml").write_text(
        "apiVersion: extensions.istio.io/v1alpha1\nkind: TrafficExtension\nmetadata: {name: a}\n"
        "spec: {wasm: {url: oci://a/b}}\n"
    )
    assert run(capsys, "a.yaml", "--istio-version", "1.30.3")[0] == 0
    _, report, _ = run(capsys, "a.yaml", "--istio-version", "1.29.0")
    assert [each["message"] for each in report["findings"]] == ["Istio 1.29.0 has no kind TrafficExtension"]


def test_auto_names_the_backend(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On standard error, so that nobody has to guess."""
    (folder / "a.yaml").write_text(SOUND)
    monkeypatch.setenv("PATH", "")
    assert main(["validate", "a.yaml"]) == 0
    assert "the built-in validator" in capsys.readouterr().err


def test_standard_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """`-` is read like a file."""
    import io
    import sys

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BROKEN.encode())))
    status, report, _ = run(capsys, "-")
    assert status == 1
    assert len(report["findings"]) == 1


def test_the_file_of_kustomize_needs_no_api_version(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """kustomize knows it by its name and fills in what is missing; another file without an apiVersion is broken."""
    for name in ("kustomization.yaml", "kustomization.yml", "Kustomization"):
        (folder / name).write_text("kind: Kustomization\nresources: [s.yaml]\n")
    status, report, _ = run(capsys, "kustomization.yaml", "kustomization.yml", "Kustomization")
    assert (status, report["findings"]) == (0, [])
    assert len(report["summary"]["skipped"]) == 3
    (folder / "other.yaml").write_text("kind: Kustomization\nresources: [s.yaml]\n")
    status, report, _ = run(capsys, "other.yaml")
    assert (status, report["findings"][0]["message"]) == (1, "`apiVersion` is missing")
