"""The pre-commit hooks, in a repository as a team has it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tests.gate.test_diff_command import CART, PROJECT, git

from sailwright.cli import main

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one service that was never built."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "services" / "cart").mkdir(parents=True)
    (tmp_path / "sailwright.yaml").write_text(PROJECT)
    (tmp_path / "services" / "cart" / "service.yaml").write_text(CART)
    git("init", "-q")
    git("add", ".")
    return tmp_path


def build_hook() -> subprocess.CompletedProcess[str]:
    """Run the build hook as pre-commit does."""
    return subprocess.run([sys.executable, "-m", "sailwright.cli.hook"], capture_output=True, text=True, check=False)


def test_the_build_hook_fails_until_what_it_built_is_added(repository: Path) -> None:
    first = build_hook()
    assert first.returncode == 1
    assert "rendered/prod/shop/cart.yaml" in first.stderr
    assert first.stderr.endswith("add it: git add rendered\n")
    assert build_hook().returncode == 1, "built, and still not added"
    git("add", "rendered")
    assert build_hook().returncode == 0


def test_the_build_hook_passes_on_what_the_build_says(repository: Path) -> None:
    (repository / "services" / "cart" / "service.yaml").write_text(CART.replace("weight: 10", "weight: 20"))
    broken = build_hook()
    assert broken.returncode == 1
    assert "services/cart/service.yaml:" in broken.stdout
    assert not (repository / "rendered").exists()


def test_one_hook_builds_and_lints(repository: Path) -> None:
    """Its status is the worse of the two; what the build refuses is not said twice."""
    command = [sys.executable, "-m", "sailwright.cli.hook", "--lint", "services/cart/service.yaml", "sailwright.yaml"]
    first = subprocess.run(command, capture_output=True, text=True, check=False)
    assert first.returncode == 1
    assert first.stderr.count("add it: git add rendered\n") == 1
    git("add", "rendered")
    second = subprocess.run(command, capture_output=True, text=True, check=False)
    lint = subprocess.run(
        [sys.executable, "-m", "sailwright", "lint", *command[-2:]], capture_output=True, text=True, check=False
    )
    assert (second.returncode, second.stdout) == (lint.returncode, lint.stdout)
    (repository / "services" / "cart" / "service.yaml").write_text(CART.replace("weight: 10", "weight: 20"))
    broken = subprocess.run(command, capture_output=True, text=True, check=False)
    assert broken.returncode == 1
    assert broken.stdout.count("services/cart/service.yaml:") == build_hook().stdout.count(
        "services/cart/service.yaml:"
    )


def test_the_hooks_of_the_list_are_those_that_the_docs_name() -> None:
    hooks = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    assert set(hooks) == {"sailwright-lint", "sailwright-build", "sailwright-build-lint", "sailwright-check"}
    assert all(hook["require_serial"] and hook["language"] == "python" for hook in hooks.values())
    assert [hook["pass_filenames"] for hook in hooks.values()] == [True, False, True, False]
    assert all(hook["always_run"] for hook in hooks.values()), "what a hook reads is more than the files it could list"


def test_the_hook_that_init_writes_lints_all_of_the_repository(repository: Path) -> None:
    """Hand-written manifests beside the services, too: as `sailwright lint .` does, before and after a change."""
    route = "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: by-hand, namespace: shop}\n"
    (repository / "by-hand.yaml").write_text(
        route + "spec: {hosts: [cart], http: [{timeout: soon, route: [{destination: {host: cart}}]}]}\n"
    )
    command = [sys.executable, "-m", "sailwright.cli.hook", "--lint", "."]
    lint = [sys.executable, "-m", "sailwright", "lint", "."]
    subprocess.run(command, capture_output=True, check=False)
    service = repository / "services" / "cart" / "service.yaml"
    for text in (CART, CART.replace("cart:1.0.0", "cart:1.0.1")):
        service.write_text(text)
        assert build_hook().returncode == 1
        git("add", "rendered")
        both, alone = (subprocess.run(each, capture_output=True, text=True, check=False) for each in (command, lint))
        assert both.returncode == 1
        assert "by-hand.yaml:" in both.stdout
        assert (both.returncode, both.stdout) == (alone.returncode, alone.stdout)


def test_the_hooks_that_init_writes_run_at_every_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A deleted service, a file of `config.files` or a hand edit of rendered/ is no service file, and changes the output."""
    monkeypatch.chdir(tmp_path)
    assert main(["init"]) == 0
    (local,) = yaml.safe_load((tmp_path / ".pre-commit-config.yaml").read_text())["repos"]
    assert [(hook["id"], hook["always_run"], hook["pass_filenames"]) for hook in local["hooks"]] == [
        ("sailwright-build-lint", True, False),
    ]


def test_two_hooks_at_once_leave_a_whole_tree(repository: Path) -> None:
    """One build waits for the other, or says that it runs; neither leaves half a tree."""
    command = [sys.executable, "-m", "sailwright.cli.hook"]
    both = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    told = [process.communicate()[1] for process in both]
    assert not [text for text in told if "Traceback" in text]
    git("add", "rendered")
    assert build_hook().returncode == 0


@pytest.mark.skipif(not os.environ.get("SAILWRIGHT_TRY_REPO"), reason="installs from PyPI: set SAILWRIGHT_TRY_REPO=1")
def test_pre_commit_installs_and_runs_the_hooks_from_another_repository(repository: Path, tmp_path: Path) -> None:
    """Real `pre-commit try-repo`: a wheel is built from this checkout and installed into an environment of its own."""
    tool = [sys.executable, "-m", "pre_commit", "try-repo", str(ROOT), "--all-files", "--verbose"]
    home = os.environ | {"PRE_COMMIT_HOME": str(tmp_path / "pre-commit")}
    done = subprocess.run(tool, capture_output=True, text=True, env=home, check=False)
    told = dict(line.split(".", 1) for line in done.stdout.splitlines() if line.startswith("sailwright "))
    assert told["sailwright build"].endswith("Failed"), done.stdout
    assert "add it: git add rendered" in done.stdout
    assert told["sailwright lint"].endswith("Passed"), done.stdout
    assert "Traceback" not in done.stdout
    assert (repository / "rendered" / "prod" / "shop" / "cart.yaml").exists()


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository as `init` leaves it, built and committed, with pre-commit installed: real git, real hooks."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path.parent / "pre-commit"))
    git("init", "-q")
    assert main(["init"]) == 0
    assert main(["build"]) == 0
    git("add", ".")
    git("commit", "-q", "-m", "Start")
    subprocess.run([sys.executable, "-m", "pre_commit", "install"], check=True, capture_output=True)
    return tmp_path


def committed(*paths: str) -> str:
    """Commit these paths; empty where the hooks let it pass, else what they say."""
    git("add", "-A", *paths)
    identity = ("-c", "user.name=You", "-c", "user.email=you@example.com")
    done = subprocess.run(["git", *identity, "commit", "-q", "-m", "x"], capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


LACKS = "the commit lacks what was built; add it: git add rendered"


def test_a_commit_that_leaves_the_output_behind_is_stopped_by_real_hooks(started: Path) -> None:
    """Whatever the build reads: files of `config` and `include`, values, a service that goes, and the output edited by hand."""
    service = started / "services" / "hello" / "service.yaml"
    text = service.read_text()
    (started / "mesh.yaml").write_text("global: {proxy: {logLevel: debug}}\n")
    (service.parent / "app.conf").write_text("a = 1\n")
    (service.parent / "extra.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {a: b}\n")
    service.write_text(f"{text}config: {{files: [app.conf], mountPath: /etc/app}}\ninclude: [extra.yaml]\n")
    project = started / "sailwright.yaml"
    project.write_text(project.read_text().replace("istio:\n", "istio:\n  values: mesh.yaml\n"))
    assert main(["new", "demo/second"]) == 0
    assert LACKS in committed(".")
    assert committed(".") == "", "the output is staged now"

    def edited(path: Path, old: str, new: str) -> None:
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))

    for path, old, new in (
        (service.parent / "app.conf", "a = 1", "a = 2"),
        (service.parent / "extra.yaml", "a: b", "a: c"),
        (started / "mesh.yaml", "debug", "info"),
        (started / "rendered" / "prod" / "demo" / "hello.yaml", "replicas: 2", "replicas: 9"),
    ):
        edited(path, old, new)
        assert LACKS in committed(str(path)), path
        git("add", "-A")
        git("commit", "-q", "--no-verify", "--allow-empty", "-m", "With its output")
    (started / "services" / "second" / "service.yaml").unlink()
    assert LACKS in committed("services")
    assert committed(".") == ""
    assert not (started / "rendered" / "prod" / "demo" / "second.yaml").exists()


def test_the_hooks_of_init_see_manifests_written_by_hand(started: Path) -> None:
    """Wherever they are in the repository, with the project around them."""
    (started / "k8s").mkdir()
    (started / "k8s" / "route.yaml").write_text(
        "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: x, namespace: demo}\n"
        "spec: {hosts: [hello.demo.svc.cluster.local], http: [{route: [{destination: "
        "{host: hello.demo.svc.cluster.local, subset: v9}}]}]}\n"
    )
    assert "destination-subset-unknown" in committed("k8s")
