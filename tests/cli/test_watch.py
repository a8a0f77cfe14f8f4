"""`build --watch` builds again after a change, and goes on after a mistake."""

from __future__ import annotations

import importlib.util
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

SAILWRIGHT = str(Path(sys.executable).parent / "sailwright")
SERVICE = """apiVersion: sailwright/v1alpha1
name: web
namespace: shop
ports: [{name: http, port: 8080, appProtocol: http}]
versions: [{name: v1, image: "registry.example.com/web:1", replicas: 1}]
"""


@pytest.mark.skipif(importlib.util.find_spec("watchfiles") is None, reason="watchfiles is not installed")
def test_a_change_is_built_and_a_mistake_is_survived(tmp_path: Path) -> None:
    file = tmp_path / "services" / "web" / "service.yaml"
    file.parent.mkdir(parents=True)
    (tmp_path / "sailwright.yaml").write_text("apiVersion: sailwright/v1alpha1\nistio: {sidecarMode: native}\n")
    file.write_text(SERVICE)
    ours = signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # a run in the background inherits that it is ignored
    running = subprocess.Popen(
        [SAILWRIGHT, "build", "--watch"], cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    signal.signal(signal.SIGINT, ours)
    guard = threading.Timer(120, running.kill)  # so that a failure ends the test
    guard.start()
    try:
        _wait_for(running, "watching")
        file.write_text("{")
        _wait_for(running, "1 error")
        file.write_text(SERVICE.replace("replicas: 1", "replicas: 3"))
        _wait_for(running, "restarts:")
    finally:
        running.send_signal(signal.SIGINT)
        running.communicate()
        guard.cancel()
    assert running.returncode == 130
    assert "replicas: 3" in "".join(path.read_text() for path in (tmp_path / "rendered").rglob("*.yaml"))


def _wait_for(running: subprocess.Popen[str], text: str) -> None:
    """Read standard error up to a line that holds `text`; the process ends the reading where it ends itself."""
    assert running.stderr is not None
    for line in running.stderr:
        if text in line:
            return
    raise AssertionError(f"it ended without saying `{text}`")


@pytest.mark.parametrize("other", ["--check", "--stdout"])
def test_watching_writes(other: str) -> None:
    done = subprocess.run([SAILWRIGHT, "build", "--watch", other], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.splitlines()[0].partition(" (")[0]) == (
        2,
        "sailwright: --watch writes: leave --check and --stdout out",
    )
