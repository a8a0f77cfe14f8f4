"""Options and fixtures of the whole suite."""

import gc
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parent.parent

settings.register_profile("anywhere", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("anywhere"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "anywhere")
"""No test depends on the machine's speed; in CI the examples are the same every time."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update` rewrites golden files and the outputs shown in the docs; read the diff before you commit it."""
    parser.addoption("--update", action="store_true", help="rewrite golden files and the outputs shown in the docs")


def pytest_collection_finish() -> None:
    """Look for cycles rarely, as the program does, and never through the thousands of tests: that is a quarter of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 5)


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be rewritten."""
    return bool(request.config.getoption("--update"))


@pytest.fixture(scope="session")
def recorded() -> Path:
    """The recorded answers of Istio's own tools; a test that needs them skips where they are not at hand."""
    folder = Path(os.environ.get("SAILWRIGHT_ORACLE") or ROOT.parent / "shared" / "oracle")
    if not folder.is_dir():
        pytest.skip(f"no recorded answers of Istio's tools in {folder}: name their folder with SAILWRIGHT_ORACLE")
    return folder.resolve()


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests share one cache of their own and see no GitHub Actions around them."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.getbasetemp() / "state"))
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
