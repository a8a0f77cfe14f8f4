"""Workloads of our own, and what becomes of them: equal to what the real injector of each release makes of them.

`pytest --update` rewrites the outputs; read the diff before you commit it.
"""

from pathlib import Path
from typing import Any

import pytest
from tests.injection.workloads import LINES

from sailwright.commands.inject import inject_sources
from sailwright.render.injection.settings import settings_from
from sailwright.source.emit import emit_all
from sailwright.source.source import parse

GOLDEN = Path(__file__).parent.parent / "golden" / "inject"


def runs() -> list[tuple[Path, dict[str, Any]]]:
    """Every run of every case: the case's folder, and what is asked."""
    found = []
    for folder in sorted(GOLDEN.iterdir()):
        listed = parse("runs.yaml", (folder / "runs.yaml").read_bytes(), "service").documents[0].value
        found += [(folder, run) for run in listed]
    return found


def name(run: dict[str, Any]) -> str:
    """The name of a run's output."""
    parts = (run["release"], run["mode"], "compat" if run.get("compat") else "", run.get("name", ""))
    return "-".join(part for part in parts if part)


def made(folder: Path, run: dict[str, Any], text: bytes) -> str:
    """What injection makes of a text under the settings of a run."""
    settings = settings_from(
        run.get("values"),
        run.get("meshConfig"),
        release=run["release"],
        revision=run.get("revision", "default"),
        sidecar_mode=run["mode"],
        compat=run.get("compat", False),
    )
    result = inject_sources([parse(folder.name, text, "manifest")], lambda _namespace: settings)
    assert [finding for finding in result.findings if finding.severity == "error"] == []
    return result.text


@pytest.mark.parametrize(
    ("folder", "run"), runs(), ids=lambda item: item.name if isinstance(item, Path) else name(item)
)
def test_golden(folder: Path, run: dict[str, Any], update: bool) -> None:
    """The output is the committed one, and injecting it again changes nothing."""
    expected = folder / f"{name(run)}.yaml"
    text = made(folder, run, (folder / "workload.yaml").read_bytes())
    if update:
        expected.write_text(text)
    assert text == expected.read_text()
    assert made(folder, run, text.encode()) == text


def test_every_output_belongs_to_a_run() -> None:
    written = {path for path in GOLDEN.glob("*/*.yaml") if path.name not in ("runs.yaml", "workload.yaml")}
    assert written == {folder / f"{name(run)}.yaml" for folder, run in runs()}


def test_every_release_line_has_its_plain_case() -> None:
    covered = {(run["release"], run["mode"]) for folder, run in runs() if folder.name == "plain"}
    assert covered == {(release, mode) for release in LINES for mode in ("native", "classic")}


def test_outputs_are_in_the_form_of_the_emitter() -> None:
    for path in GOLDEN.glob("*/*.yaml"):
        if path.name not in ("runs.yaml", "workload.yaml"):
            text = path.read_text()
            assert emit_all(document.value for document in parse(path.name, text.encode()).documents) == text
