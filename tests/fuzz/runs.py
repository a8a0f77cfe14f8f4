"""How often each target is tried, and what must hold of every run of the program whatever it was given."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from hypothesis import HealthCheck, settings
from tests.hostile.repositories import in_process

_RUNS = os.environ.get("SAILWRIGHT_FUZZ_RUNS")

FUZZ = settings(
    max_examples=int(_RUNS or 40),
    deadline=None,
    derandomize=not _RUNS or bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
"""`make test` and CI try the same inputs every time; `make fuzz` tries new ones."""

OUTPUT_LIMIT = 4 << 20
"""Bytes: far above what a mutated sample (trees.MOST nodes) can honestly come to, far below an explosion."""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command in this process: it is fine, has findings, or refuses its input. It never breaks, and never floods."""
    done = in_process(folder, *arguments)
    said = done.stdout + done.stderr
    assert done.returncode in (0, 1, 2), said
    assert "a fault of sailwright" not in said
    assert "Traceback (most recent call last)" not in said
    assert len(said) < OUTPUT_LIMIT
    return done
