"""The real kubeconform, where it is installed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from sailwright.validate.kubeconform.run import INSTALL, Kubeconform, opened


@pytest.fixture(scope="session")
def kubeconform() -> Kubeconform:
    """On PATH, or where `.ci/run` installs it."""
    cache = Path(os.environ.get("SAILWRIGHT_CI_CACHE") or Path.home() / ".cache" / "sailwright-ci")
    program = shutil.which("kubeconform") or shutil.which("kubeconform", path=str(cache / "bin"))
    if program is None:
        pytest.skip(f"kubeconform is not there: {INSTALL}")
    return opened(program)
