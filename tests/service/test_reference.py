"""What is made from the schemas: the field references in docs/, `sailwright schema`, and the lines that editors read."""

import json
import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from sailwright.cli.group import sailwright
from sailwright.project.schema.judge import Name, schema
from sailwright.project.schema.reference import reference
from sailwright.project.schema.tasks import TASKS

ROOT = Path(__file__).parent.parent.parent
PAGES: dict[Name, Path] = {"service": ROOT / "docs" / "service-yaml.md", "project": ROOT / "docs" / "project-file.md"}


@pytest.mark.parametrize("name", PAGES)
def test_the_field_reference_is_the_schema(name: Name, update: bool) -> None:
    page = PAGES[name]
    if update:
        page.write_text(reference(name))
    assert page.read_text() == reference(name), "run: pytest tests/service/test_reference.py --update"


@pytest.mark.parametrize("name", PAGES)
def test_the_reference_names_every_field_and_its_links_lead_somewhere(name: Name) -> None:
    page = reference(name)
    headings = {line[3:].lower() for line in page.splitlines() if line.startswith("## ")}
    assert set(re.findall(r"\]\(#(\w+)\)", page)) <= headings
    for field in schema(name)["properties"]:
        assert f"| `{field}` |" in page


@pytest.mark.parametrize(("want", "lines", "block"), TASKS, ids=[task[0] for task in TASKS])
def test_the_lines_of_each_task_compile(want: str, lines: str, block: str, tmp_path: Path) -> None:
    """Added to a small service (an external host has no versions, a job no ports), they render, and the link leads somewhere."""
    written = yaml.safe_load(lines)
    service = {"apiVersion": "sailwright/v1alpha1", "name": "shop", "namespace": "demo"}
    if "schedule" not in lines:
        service |= yaml.safe_load("ports: [{name: http, port: 80, appProtocol: http}]")
    if "external" not in written:
        service |= yaml.safe_load("versions: [{name: v1, image: 'registry.example.com/shop:1.0.0'}]")
    folder = tmp_path / "services" / "shop"
    folder.mkdir(parents=True)
    (folder / "service.yaml").write_text(yaml.safe_dump(service | written))
    (folder / "shop.properties").write_text("a=b\n")
    (folder / "dashboard.yaml").write_text(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: dashboard, namespace: demo}\n"
    )
    (tmp_path / "sailwright.yaml").write_text(
        "apiVersion: sailwright/v1alpha1\nistio: {version: 1.31.0, sidecarMode: native}\nenvironments: {prod: {}}\n"
    )
    result = CliRunner().invoke(sailwright, ["build", "--project", str(tmp_path)])
    assert result.exit_code == 0, f"{want}: {result.output}"
    assert f"\n## {block}\n" in reference("service")


def test_the_index_names_each_task_once() -> None:
    assert len({want for want, *_ in TASKS}) == len(TASKS) >= 25


@pytest.mark.parametrize("name", PAGES)
def test_schema_prints_the_schema(name: Name) -> None:
    result = CliRunner().invoke(sailwright, ["schema", name])
    assert result.exit_code == 0
    assert json.loads(result.stdout) == schema(name)


def test_the_schema_lines_of_our_files_lead_to_the_schemas() -> None:
    """An editor completes a file by the schema that its first line names."""
    files = [*ROOT.glob("services/*/service.yaml"), *ROOT.glob("examples/*/**/*.yaml"), *ROOT.glob("docs/**/*.yaml")]
    lines = [
        (file, found[1])
        for file in files
        if (found := re.match(r"# yaml-language-server: \$schema=(\S+)", file.read_text()))
    ]
    assert lines
    for file, target in lines:
        name = "project.schema.json" if file.name == "sailwright.yaml" else "service/service.schema.json"
        expected = ROOT / "compiler" / "sailwright" / "project" / name
        assert (file.parent / target).resolve() == expected, file
