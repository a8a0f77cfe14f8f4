"""`sailwright check`: four judges, one report, one exit status."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.gate.test_diff_command import CART, PROJECT, git, repository, run

__all__ = ["repository"]

SOUND = CART.replace(
    "versions:\n",
    "defaults:\n"
    "  replicas: 2\n"
    "  resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 256Mi}}\n"
    "  readinessProbe: {httpGet: {path: /ready, port: 80}}\n"
    "  securityContext: {runAsNonRoot: true, readOnlyRootFilesystem: true, allowPrivilegeEscalation: false}\n"
    "versions:\n",
)


@pytest.fixture
def cart(repository: Path) -> Path:
    """A service that nothing is wrong with, built and committed; the branch stands on the remote's main."""
    path = repository / "services" / "cart" / "service.yaml"
    path.write_text(SOUND)
    run("build")
    git("add", ".")
    git("commit", "-q", "-m", "sound")
    git("update-ref", "refs/remotes/origin/main", "HEAD")
    return path


def findings(*arguments: str) -> tuple[int, list[dict[str, Any]]]:
    """The exit status and findings of a check."""
    result = run("check", "--format", "json", *arguments)
    assert result.exception is None, result.exception
    return result.return_value, json.loads(result.stdout)["findings"]


def rules(*arguments: str) -> list[str]:
    """The rules that a check reports as errors."""
    return [finding["rule"] for finding in findings(*arguments)[1] if finding["severity"] == "error"]


def test_a_sound_repository_passes_and_says_what_each_part_came_to(cart: Path) -> None:
    before = git("status", "--porcelain")
    result = run("check")
    assert result.return_value == 0
    assert "lint: fine" in result.stderr
    assert "build --check: fine" in result.stderr
    assert git("status", "--porcelain") == before, "check writes nothing"


def test_stale_output_fails_with_a_reason_for_each_file(cart: Path) -> None:
    cart.write_text(SOUND.replace("replicas: 2", "replicas: 3"))
    status, found = findings()
    assert status == 1
    assert {finding["rule"] for finding in found if finding["severity"] == "error"} == {"output-stale"}
    assert {finding["location"]["file"] for finding in found if finding["rule"] == "output-stale"} == {
        "rendered/prod/shop/cart.yaml",
        "rendered/staging/shop/cart.yaml",
    }


def test_a_failing_route_test_fails(cart: Path) -> None:
    cart.write_text(SOUND + "tests: [{name: all to v1, expect: {version: v1}}]\n")
    assert rules() == ["traffic-test-failed"]


def test_a_selector_that_changes_is_refused_against_the_base(cart: Path) -> None:
    cart.write_text(
        SOUND.replace(
            'cart:1.0.0", ', 'cart:1.0.0", workload: {selector: {app: cart, track: one}}, labels: {track: one}, '
        )
    )
    run("build")
    assert "selector-changed" in rules()


def test_a_version_that_is_removed_while_routed_is_refused_against_the_base(cart: Path) -> None:
    kept = SOUND.replace("weight: 90", "weight: 100").replace(
        '  - {name: v2, image: "example.com/cart:1.1.0", weight: 10}\n', ""
    )
    cart.write_text(kept)
    run("build")
    _, found = findings()
    (finding,) = (finding for finding in found if finding["rule"] == "subset-removed-while-routed")
    assert finding["location"]["file"] == "services/cart/service.yaml"
    assert finding["environments"] == ["staging", "prod"]


def test_a_version_born_with_weight_is_a_warning(cart: Path) -> None:
    third = SOUND.replace("weight: 90", "weight: 80") + '  - {name: v3, image: "example.com/cart:2.0.0", weight: 10}\n'
    cart.write_text(third)
    run("build")
    status, found = findings()
    (finding,) = (finding for finding in found if finding["rule"] == "version-born-with-weight")
    assert (status, finding["severity"]) == (0, "warning")


def test_settings_of_the_linter_come_from_the_trusted_commit(cart: Path, repository: Path) -> None:
    (repository / "sailwright.yaml").write_text(PROJECT + "lint: {rules: {selector-changed: off}}\n")
    _, found = findings("--config-ref", "origin/main")
    assert "gate-changed" in [finding["rule"] for finding in found]


def test_a_change_to_the_linters_settings_is_told_against_the_base(cart: Path, repository: Path) -> None:
    (repository / "sailwright.yaml").write_text(PROJECT + "lint: {rules: {selector-changed: off}}\n")
    status, found = findings()
    (finding,) = (finding for finding in found if finding["rule"] == "gate-changed")
    assert (status, finding["severity"]) == (0, "warning")
    assert "--config-ref" in finding["help"]


def test_paths_narrow_what_is_reported(cart: Path, repository: Path) -> None:
    cart.write_text(SOUND + "tests: [{name: all to v1, expect: {version: v1}}]\n")
    other = repository / "services" / "other"
    other.mkdir()
    (other / "service.yaml").write_text(SOUND.replace("name: cart", "name: other"))
    run("build")
    assert rules("services/other") == []
    assert rules("services/cart") == ["traffic-test-failed"]


def test_paths_narrow_the_exit_status_too(cart: Path, repository: Path) -> None:
    """Stale output counts where it is of a service in PATHS."""
    other = repository / "services" / "other"
    other.mkdir()
    (other / "service.yaml").write_text(SOUND.replace("name: cart", "name: other"))
    run("build")
    cart.write_text(SOUND.replace("replicas: 2", "replicas: 3"))
    assert findings("services/other") == (0, [])
    status, found = findings("services/cart")
    assert (status, {finding["rule"] for finding in found}) == (1, {"output-stale"})
    stale = found[0]["location"]["file"]
    assert findings(stale)[0] == 1
    assert findings(stale.replace("cart", "other"))[0] == 0


def test_a_broken_service_is_told_once_and_a_missing_base_is_exit_two(cart: Path) -> None:
    cart.write_text(SOUND.replace("weight: 10", "weight: 20"))
    assert len(rules()) == 1
    failure = run("check", "--base", "nowhere").exception
    assert getattr(failure, "status", None) == 2


def test_a_broken_project_file_is_exit_two(cart: Path, repository: Path) -> None:
    (repository / "sailwright.yaml").write_text(PROJECT + "colour: blue\n")
    result = run("check")
    assert result.return_value == 2
    assert "sailwright.yaml:5" in result.stdout


def test_what_the_language_says_of_a_place_is_not_said_again_by_rules(cart: Path) -> None:
    """A route to a version that is not there is an error of the file; its missing subset is the same fault."""
    cart.write_text(SOUND + "routes: [{name: r, match: [{uri: {prefix: /a}}], to: v3}]\n")
    result = run("lint", "--format", "json")
    found = [finding["rule"] for finding in json.loads(result.stdout)["findings"] if finding["severity"] == "error"]
    assert found == ["unknown-version"]


@pytest.mark.parametrize("command", ["build", "lint", "validate", "test", "check", "diff"])
def test_files_are_named_as_the_user_sees_them(
    cart: Path, repository: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """From a folder below the project's."""
    cart.write_text(SOUND.replace("weight: 10", "weight: 20"))
    monkeypatch.chdir(repository / "services")
    assert run(command).stdout.startswith("cart/service.yaml:")


def test_paths_are_those_of_the_user_too(cart: Path, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cart.write_text(SOUND + "tests: [{name: all to v1, expect: {version: v1}}]\n")
    monkeypatch.chdir(repository / "services")
    result = run("test", "cart/service.yaml")
    assert result.return_value == 1
    assert "in: staging, prod" in result.stdout
