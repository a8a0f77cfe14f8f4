"""Files that are no manifests: templates, other programs' files, encrypted ones. Each is skipped once, with one reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sailwright.cli import main
from sailwright.source.files.files import collect
from sailwright.source.manifest import manifests, not_objects

OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\n"


def _skip_of(folder: Path, name: str, text: str | bytes) -> tuple[str, int]:
    """The reason why a file is skipped (empty where it is read), and how many problems are reported in it."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    source = collect((str(path),)).sources[0]
    return "; ".join(each.reason for each in not_objects(source)), len(source.problems)


TEMPLATES = {
    "a value": OBJECT + "data:\n  n: {{ .Values.n }}\n",
    "a value in a flow": "apiVersion: v1\nkind: Service\nmetadata: {name: {{ .Release.Name }}}\n",
    "a list item": OBJECT + "items:\n- {{ .Values.n }}\n",
    "a line of its own": OBJECT + "  {{- toYaml .Values.labels | nindent 4 }}\n",
    "a condition": "{{- if .Values.on }}\n" + OBJECT + "{{- end }}\n",
    "a comment of the template": "{{/* who */}}\n" + OBJECT,
    "a named template": OBJECT + 'data:\n  n: {{ include "chart.name" . }}\n',
    "helmfile": 'releases:\n- name: x\n  version: {{ requiredEnv "VERSION" }}\n',
    "gomplate": OBJECT + 'data:\n  n: {{ getenv "HOME" }}\n',
    "Jinja": "{% if on %}\n" + OBJECT + "{% endif %}\n",
    "a filter": OBJECT + "data:\n  n: {{ name | upper }}\n",
    "ERB": "<% if on %>\n" + OBJECT + "<% end %>\n",
    "ytt": OBJECT + "data:\n  n: #@ data.values.n\n",
}


@pytest.mark.parametrize("text", TEMPLATES.values(), ids=TEMPLATES.keys())
def test_a_template_is_one_skip_with_one_reason(tmp_path: Path, text: str) -> None:
    reason, problems = _skip_of(tmp_path, "in.yaml", text)
    assert "template" in reason
    assert problems == 0


NO_TEMPLATES = {
    "an argument that its reader would fill in": OBJECT + "data:\n  n: {{args.x}}\n",
    "a generator of an ApplicationSet": "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nx: {{ .path.basename }}\n",
    "data beside a fault": OBJECT + "data:\n  t: |\n    {{ range .Alerts }}\n    {{ end }}\n  bad: [1\n",
    "quoted text beside a fault": OBJECT + "data:\n  t: 'value: {{ .Value }}'\n  bad: [1\n",
    "a comment beside a fault": "# {{ .Values.x }}\n" + OBJECT + "data:\n  bad: [1\n",
}


@pytest.mark.parametrize("text", NO_TEMPLATES.values(), ids=NO_TEMPLATES.keys())
def test_braces_alone_are_no_template(tmp_path: Path, text: str) -> None:
    """A file that is applied as it is keeps its findings."""
    reason, problems = _skip_of(tmp_path, "in.yaml", text)
    assert (reason, problems > 0) == ("", True)


def test_a_chart_folder_holds_templates(tmp_path: Path) -> None:
    (tmp_path / "chart").mkdir()
    (tmp_path / "chart/Chart.yaml").write_text("apiVersion: v2\nname: c\nversion: 1.0.0\n")
    assert "Helm" in _skip_of(tmp_path, "chart/templates/deep/plain.yaml", OBJECT)[0]
    assert _skip_of(tmp_path, "chart/crds/plain.yaml", OBJECT) == ("", 0)
    assert _skip_of(tmp_path, "other/templates/plain.yaml", OBJECT) == ("", 0)


OTHERS = {
    "kubeconfig": ("in.yaml", "apiVersion: v1\nkind: Config\nclusters: []\n"),
    "Talos": ("in.yaml", "version: v1alpha1\nmachine: {}\ncluster: {}\n"),
    "kustomize": ("in.yaml", "apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: a}\n"),
    "Home Assistant": ("in.yaml", "automation: !include a.yaml\n"),
    "CloudFormation": ("in.yaml", "Resources:\n  B: {Type: 'AWS::S3::Bucket', Name: !Sub 'x'}\n"),
    "MkDocs": ("mkdocs.yml", "site_name: x\nmarkdown: !!python/name:a.b\n"),
    "GitHub": (".github/workflows/ci.yaml", "on: push\njobs: {}\n"),
    "Docker Compose": ("docker-compose.yml", "services: {a: {image: x}}\n"),
    "values of a Helm chart": ("cart/values-prod.yaml", "image: [1\n"),
    "SOPS": ("in.yaml", OBJECT + "sops: {mac: x, version: 3.9.0}\n"),
    "git-crypt": ("in.yaml", b"\0GITCRYPT\0\x01\x02\xff"),
    "Ansible Vault": ("in.yaml", "$ANSIBLE_VAULT;1.1;AES256\n6162\n"),
    "a patch of kustomize": ("in.yaml", OBJECT + "$patch: delete\n"),
}


@pytest.mark.parametrize(("word", "file"), OTHERS.items(), ids=OTHERS.keys())
def test_documents_of_other_programs_are_skipped_with_a_reason(
    tmp_path: Path, word: str, file: tuple[str, str | bytes]
) -> None:
    reason, problems = _skip_of(tmp_path, *file)
    assert word in reason
    assert problems == 0
    assert not manifests(collect((str(tmp_path / file[0]),)).sources[0])


def test_an_unknown_tag_in_an_object_is_reported(tmp_path: Path) -> None:
    assert _skip_of(tmp_path, "in.yaml", OBJECT + "data:\n  x: !Sub 'y'\n") == ("", 1)


@pytest.mark.parametrize("command", ["lint", "validate"])
def test_every_command_skips_a_template(
    tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sailwright.yaml").write_text("apiVersion: sailwright/v1alpha1\nistio: {version: 1.30.0}\n")
    (tmp_path / "in.yaml").write_text(TEMPLATES["a condition"])
    main([command, "in.yaml", "--format", "json"])
    report = json.loads(capsys.readouterr().out)
    assert [each["file"] for each in report["summary"]["skipped"]] == ["in.yaml"]
    assert not [each for each in report["findings"] if each["location"]["file"] == "in.yaml"]


def test_inject_refuses_a_template_and_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.yaml").write_text(TEMPLATES["a condition"])
    assert main(["inject", "-f", "in.yaml"]) == 2
    assert "in.yaml: a Helm template" in capsys.readouterr().err
