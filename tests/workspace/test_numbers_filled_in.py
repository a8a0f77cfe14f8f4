"""Numbers in the places of Flux's variables, as YAML reads the text once they are filled in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sailwright.cli import main

SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: cart}
spec:
  selector: {app: cart}
  ports:
  - name: http
    port: PORT
"""
FLUX = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec: {path: ./apps, targetNamespace: shop, postBuild: {substitute: {PORT: "9090"}}}
"""


@pytest.mark.parametrize(
    ("written", "flux", "port"),
    [
        ("${PORT:=8080}", False, 8080),
        ("${PORT:-8080}", False, 8080),
        ("80${TAIL:=80}", False, 8080),
        ("${PORT}", True, 9090),
        ("${PORT:=8080}", True, 9090),
        ("${OTHER:=8080}", True, 8080),
        ("${OTHER:=${PORT}}", True, 9090),
        ("${PORT}", False, None),
        ("${PORT:=}", False, None),
        ('"${PORT:=8080}"', False, None),
        ("'${PORT}'", True, None),
        ("${PORT,,}", True, 9090),
    ],
)
def test_a_port_that_is_filled_in(
    written: str,
    flux: bool,
    port: int | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A number where the author wrote no quotes; what nobody knows, or what is text with one program alone, is no finding."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / "apps").mkdir()
    (tmp_path / "apps" / "cart.yaml").write_text(SERVICE.replace("PORT", written))
    if flux:
        (tmp_path / "flux.yaml").write_text(FLUX)
    for command in ("lint", "validate"):
        main([command, ".", "--format", "json"])
        found = json.loads(capsys.readouterr().out)["findings"]
        assert [each for each in found if each["severity"] == "error"] == []
    for asked in (8080, 9090):
        main(["route", ".", "--from", "shop", "-n", "shop", "--url", f"http://cart:{asked}/"])
        assert ("is cart.shop.svc.cluster.local, Service" in capsys.readouterr().out) is (asked == port)
