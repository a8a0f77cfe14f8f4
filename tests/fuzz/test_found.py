"""Inputs that once broke the program, found by the targets beside this file, in a form that people can read."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.fuzz.runs import run
from tests.hostile.repositories import CART, project
from tests.injection.workloads import deployment

from sailwright.source.emit import emit
from sailwright.source.source import parse


@pytest.mark.parametrize("number", ["100000000000000000000000", "-9223372036854775809", "0xffffffffffffffffff"])
def test_a_number_beyond_64_bits_is_rendered_as_it_is_read(tmp_path: Path, number: str) -> None:
    """It was kept whole in a service file, and read as a float in what was rendered, which the build noticed too late."""
    service = CART.replace("weight: 80", f"weight: 80, replicas: {number}")
    done = run(project(tmp_path, service), "build", "--stdout", "--env", "prod")
    assert done.returncode == 0 or "replicas" in done.stdout


@pytest.mark.parametrize(("text", "value"), [("18446744073709551615", 2**64 - 1), ("18446744073709551616", 2.0**64)])
def test_both_readers_mean_the_same_number(text: str, value: float) -> None:
    for dialect in ("service", "manifest"):
        read = parse("a.yaml", f"a: {text}\n".encode(), dialect).documents[0].value["a"]
        assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize("field", ["inbound", "outbound"])
def test_a_caller_of_an_unknown_kind_is_a_finding(tmp_path: Path, field: str) -> None:
    """With its one key taken out as unknown nothing was left of the item, and what builds the service asks for its first key."""
    done = run(project(tmp_path, CART + f"accessPolicy: {{{field}: [{{nobody: web}}]}}\n"), "build", "--stdout")
    assert done.returncode == 1
    assert "nobody" in done.stdout


def test_a_native_sidecar_alone_is_refused(tmp_path: Path) -> None:
    """Moved among the init containers it left a pod without containers, which injection itself would not take."""
    workload = deployment()
    workload["spec"]["template"]["spec"]["containers"] = [{"name": "istio-proxy", "image": "auto"}]
    (tmp_path / "a.yaml").write_text(emit(workload))
    done = run(tmp_path, "inject", "--sidecar-mode", "native", "-f", "a.yaml")
    assert done.returncode == 1
    assert "`istio-proxy` is the only container" in done.stderr
    classic = run(tmp_path, "inject", "--sidecar-mode", "classic", "-f", "a.yaml")
    assert classic.returncode == 0
