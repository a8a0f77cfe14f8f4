"""`--quiet` prints the result and nothing beside it; `--verbose` names every file that was skipped."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SAILWRIGHT = str(Path(sys.executable).parent / "sailwright")
DOCUMENT = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\n"


def _run(folder: Path, *arguments: str) -> tuple[str, str, int]:
    done = subprocess.run([SAILWRIGHT, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout, done.stderr, done.returncode


def test_quiet_leaves_the_findings_and_the_status(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(DOCUMENT + "colour: red\n")
    loud, quiet = _run(tmp_path, "validate", "a.yaml"), _run(tmp_path, "validate", "-q", "a.yaml")
    assert (quiet[0], quiet[2]) == (loud[0], loud[2])
    assert loud[2] == 1
    assert loud[1]
    assert quiet[1] == ""


def test_verbose_names_every_skipped_file(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(DOCUMENT)
    for number in range(30):
        (tmp_path / f"values-{number}.yaml").write_text("replicas: 2\n")
    normal, verbose = _run(tmp_path, "lint", ".")[1], _run(tmp_path, "lint", "-v", ".")[1]
    assert "--verbose names them" in normal
    assert verbose.count("skipped values-") == 30


def test_quiet_and_verbose_exclude_each_other(tmp_path: Path) -> None:
    assert _run(tmp_path, "lint", "-q", "-v")[1:] == (
        "sailwright: --quiet and --verbose exclude each other (see `sailwright lint --help`)\n",
        2,
    )
