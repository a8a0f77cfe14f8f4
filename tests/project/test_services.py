"""The services of a project together, and every kind of bad input: one clear finding each, never a traceback."""

from pathlib import Path
from textwrap import dedent

import pytest

from sailwright.diagnostics.finding import Finding
from sailwright.project.reading import read_project
from sailwright.project.service.resolve import Target
from sailwright.project.services import Services, choose_targets, read_services
from sailwright.runtime.errors import Failure
from sailwright.source.files.checkout import Disk

PROJECT = dedent("""\
    apiVersion: sailwright/v1alpha1
    environments:
      staging: {}
      prod: {clusters: {eu1: {}, us1: {}}}
    namespaces:
      shop: {services: ["services/shop-*/service.yaml"]}
    """)
SERVICE = "apiVersion: sailwright/v1alpha1\nname: NAME\nnamespace: books\nversions: [{name: v1, image: a}]\n"


def services(root: Path, files: dict[str, str | bytes], project: str = PROJECT) -> Services:
    (root / "sailwright.yaml").write_text(project)
    for name, content in files.items():
        file = root / "services" / name / "service.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    result = read_project(Disk(str(root)))
    assert result.project is not None, result.findings
    return read_services(result.project, result.project.targets)


def told(findings: tuple[Finding, ...]) -> list[tuple[str, int, str]]:
    return [(finding.location.file, finding.location.line, finding.message) for finding in findings]


def test_services_are_read_for_every_target_in_order(tmp_path: Path) -> None:
    result = services(tmp_path, {"b": SERVICE.replace("NAME", "b"), "a": SERVICE.replace("NAME", "a")})
    assert list(result.by_target) == [Target("staging"), Target("prod", "eu1"), Target("prod", "us1")]
    assert [[service.name for service in group] for group in result.by_target.values()] == [["a", "b"]] * 3
    assert result.findings == ()


@pytest.mark.parametrize(
    ("content", "rule", "line"),
    [
        ("a: [1\n", "yaml-syntax", 2),
        ("a:\n\tb: 1\n", "yaml-syntax", 2),
        (SERVICE + "name: x\n", "yaml-duplicate-key", 5),
        (SERVICE.replace("NAME", "Reviews"), "service-schema", 2),
        (SERVICE.replace("NAME", "../../etc/cron"), "service-schema", 2),
        (SERVICE.replace("NAME", "a").replace("books", "../x"), "service-schema", 3),
        (SERVICE.replace("NAME", "[a]"), "service-schema", 2),
        ("", "service-schema", 1),
        ("# nothing\n", "service-schema", 1),
        ("just text\n", "service-schema", 1),
        ("- a\n- b\n", "service-schema", 1),
        (b"a: \xff\xfe\n", "unreadable-file", 1),
        (b"\x7fELF\0\0\0", "unreadable-file", 1),
        ("# " + "x" * (1 << 20), "unreadable-file", 1),
        ("a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [{', '.join([f'*b{n - 1}' if n else '*a'] * 40)}]\n" for n in range(6)), "yaml-alias-bomb", 2),
        ("a: " + "[" * 300 + "]" * 300 + "\n", "yaml-too-deep", 1),
    ],
    ids=["broken", "tab", "duplicate key", "no DNS label", "name leaves the tree", "namespace leaves the tree", "name is a list",
         "empty", "comments only", "text", "list", "not UTF-8", "binary", "too large", "aliases explode", "too deep"],
)  # fmt: skip
def test_bad_input_is_one_clear_finding(tmp_path: Path, content: str | bytes, rule: str, line: int) -> None:
    result = services(tmp_path, {"a": content})
    first = result.findings[0]
    assert (first.rule, first.location.file, first.location.line) == (rule, "services/a/service.yaml", line)
    assert first.severity == "error"
    assert "\n" not in first.message


def test_a_link_that_leaves_the_repository_is_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text(SERVICE.replace("NAME", "a"))
    root = tmp_path / "repository"
    (root / "services" / "a").mkdir(parents=True)
    (root / "services" / "a" / "service.yaml").symlink_to(outside)
    result = services(root, {})
    assert told(result.findings) == [
        ("services/a/service.yaml", 1, "it leads out of the repository; keep files and links inside it")
    ]


def test_two_services_with_one_name_and_namespace_name_both_files(tmp_path: Path) -> None:
    same = SERVICE.replace("NAME", "a")
    (finding,) = services(tmp_path, {"a": same, "b": same}).findings
    assert finding.location.file == "services/b/service.yaml"
    assert finding.message.startswith("services/a/service.yaml is named books/a too")
    assert finding.related[0].location.file == "services/a/service.yaml"
    assert finding.environments == ("staging", "prod")


def test_one_name_in_two_namespaces_is_fine(tmp_path: Path) -> None:
    one = SERVICE.replace("NAME", "a")
    assert services(tmp_path, {"a": one, "b": one.replace("books", "toys")}).findings == ()


def test_build_and_webhook_in_one_namespace_is_an_error_naming_both_files(tmp_path: Path) -> None:
    baked, hooked = SERVICE.replace("NAME", "a"), SERVICE.replace("NAME", "b") + "mesh: {inject: webhook}\n"
    (finding,) = services(tmp_path, {"a": baked, "b": hooked}).findings
    assert finding.rule == "injection-mixed"
    assert finding.location.file == "services/b/service.yaml"
    assert "services/a/service.yaml" in finding.message
    assert services(tmp_path, {"b": hooked.replace("books", "toys")}).findings == ()


@pytest.mark.parametrize("namespace", ["kube-system", "istio-system", "shop"])
def test_only_listed_files_render_into_guarded_namespaces(tmp_path: Path, namespace: str) -> None:
    (finding,) = services(tmp_path, {"a": SERVICE.replace("NAME", "a").replace("books", namespace)}).findings
    assert finding.rule == "namespace-not-allowed"
    assert "services" in finding.help


def test_a_listed_file_renders_into_a_guarded_namespace(tmp_path: Path) -> None:
    text = SERVICE.replace("NAME", "a").replace("books", "kube-system")
    project = PROJECT + '  kube-system: {services: ["services/**"]}\n'
    assert services(tmp_path, {"a": text}, project).findings == ()


def test_several_documents_are_several_services(tmp_path: Path) -> None:
    both = SERVICE.replace("NAME", "a") + "---\n" + SERVICE.replace("NAME", "b")
    result = services(tmp_path, {"a": both})
    assert [service.name for service in result.by_target[Target("staging")]] == ["a", "b"]


def test_flags_choose_targets(tmp_path: Path) -> None:
    (tmp_path / "sailwright.yaml").write_text(PROJECT)
    project = read_project(Disk(str(tmp_path))).project
    assert project is not None
    assert choose_targets(project, ["prod"]) == (Target("prod", "eu1"), Target("prod", "us1"))
    assert choose_targets(project, (), ["us1"]) == (Target("prod", "us1"),)
    with pytest.raises(Failure, match=r"--env prd: .* did you mean `prod`"):
        choose_targets(project, ["prd"])
    with pytest.raises(Failure, match="--cluster eu2"):
        choose_targets(project, (), ["eu2"])
    with pytest.raises(Failure, match="no cluster `us1` is declared in `staging`"):
        choose_targets(project, ["staging"], ["us1"])
