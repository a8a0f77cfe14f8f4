"""Findings of the language have pages too, their warnings can be suppressed, and none is forgotten."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner, Result

from sailwright.cli.group import sailwright
from sailwright.commands.build.output.plan import Reason
from sailwright.commands.rules import all_rules
from sailwright.lint.engine_findings import ENGINE_FINDINGS
from sailwright.lint.gate_findings import GATE_FINDINGS
from sailwright.lint.language_findings import LANGUAGE_FINDINGS

PACKAGE = Path(__file__).parent.parent.parent / "compiler" / "sailwright"
PARTS = ("source", "project", "render", "commands/build", "workspace/compile.py", "commands/test/run.py")
MAKERS = {"Finding", "Problem", "_finding", "_fault", "fault", "_at_name"}


def told(tree: ast.Module) -> Iterator[str]:
    """The rules that a module's findings name: literals, and constants of the module."""
    constants = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute) and node.args:
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            for given in (node.args[0], *(each.value for each in node.keywords if each.arg == "rule")):
                rule = given.value if isinstance(given, ast.Constant) else constants.get(getattr(given, "id", ""))
                if name in MAKERS and isinstance(rule, str) and "-" in rule and " " not in rule:
                    yield rule


def test_every_finding_of_the_language_has_a_page() -> None:
    files = [
        file
        for part in PARTS
        for file in ([PACKAGE / part] if part.endswith(".py") else (PACKAGE / part).rglob("*.py"))
    ]
    found = {rule for file in files for rule in told(ast.parse(file.read_text()))}
    assert {"weights-sum", "unknown-version", "yaml-duplicate-key"} <= found
    known = {*LANGUAGE_FINDINGS, *ENGINE_FINDINGS, *(rule.ID for rule in all_rules())}
    assert found - known == set()


def test_every_finding_of_the_program_is_listed_and_explained() -> None:
    """Whatever part of the program makes it: `rules` lists it, `explain` has its page."""
    found = {rule for file in PACKAGE.rglob("*.py") for rule in told(ast.parse(file.read_text()))}
    assert {"output-orphan-left", "weights-sum"} - {"output-orphan-left"} <= found
    listed = json.loads(CliRunner().invoke(sailwright, ["rules", "--format", "json"]).stdout)["rules"]
    assert found - {each["rule"] for each in listed} == set()
    for rule in sorted(found):
        explained = CliRunner().invoke(sailwright, ["explain", rule])
        assert explained.exit_code == 0, explained.output
        assert explained.stdout.startswith(f"# {rule}\n")


def test_explain_prints_the_page() -> None:
    result = CliRunner().invoke(sailwright, ["explain", "weights-sum"])
    assert result.stdout.startswith("# weights-sum\n\nSeverity: error\n")


def linted(folder: Path, text: str) -> Result:
    (folder / "sailwright.yaml").write_text(
        "apiVersion: sailwright/v1alpha1\nistio: {version: 1.31.0, sidecarMode: native}\nenvironments: {prod: {}}\n"
    )
    file = folder / "services" / "a" / "service.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("apiVersion: sailwright/v1alpha1\nname: a\nnamespace: b\nowner: x\n" + text)
    return CliRunner().invoke(sailwright, ["lint", "--project", str(folder), str(folder)], standalone_mode=False)


VERSIONS = "versions: [{name: v1, image: 'a:1', weight: 100}]\n"


def test_a_warning_of_the_language_can_be_suppressed(tmp_path: Path) -> None:
    overlay = "environments:\n  prod: {owner: x}\n"
    assert "[overlay-no-effect]" in linted(tmp_path, VERSIONS + overlay).stdout
    comment = "\n  # sailwright: ignore[overlay-no-effect] it will differ soon\n"
    quiet = linted(tmp_path, VERSIONS + overlay.replace("\n", comment, 1))
    assert "overlay-no-effect" not in quiet.stdout
    assert "1 suppressed" in quiet.stderr


def test_an_error_of_the_language_cannot(tmp_path: Path) -> None:
    text = "# sailwright: ignore[weights-sum] no\n" + VERSIONS.replace("100", "90")
    assert "[weights-sum]" in linted(tmp_path, text).stdout


@pytest.mark.parametrize("rule", [*LANGUAGE_FINDINGS, *ENGINE_FINDINGS, *GATE_FINDINGS])
def test_every_finding_is_explained_and_listed(rule: str) -> None:
    explained = CliRunner().invoke(sailwright, ["explain", rule])
    assert explained.stdout.startswith(f"# {rule}\n")
    listed = CliRunner().invoke(sailwright, ["rules", rule, "--format", "json"])
    assert [each["rule"] for each in json.loads(listed.stdout)["rules"]] == [rule]


def test_every_reason_of_stale_output_has_a_page() -> None:
    assert {f"output-{reason}" for reason in get_args(Reason)} <= GATE_FINDINGS.keys()
