"""`sailwright build` from the outside: what it writes, what it prints, and how it leaves."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tests.build.shop import CART, PROJECT, SEARCH, Shop

from sailwright.cli import main

ENVIRONMENTS = PROJECT + "environments: {staging: {}, prod: {clusters: {eu1: {}, us1: {}}}}\n"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "shop")


def documents(text: str) -> list[dict[str, object]]:
    return list(yaml.safe_load_all(text))


def test_a_build_writes_one_file_a_service_and_a_list_in_every_folder(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shop.build() == 0
    assert list(shop.rendered()) == [
        "default/kustomization.yaml",
        "default/shop/cart.yaml",
        "default/shop/kustomization.yaml",
        "default/shop/search.yaml",
        "kustomization.yaml",
    ]
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("2 services, 9 documents: 5 written, 0 unchanged, 0 removed; restarts: none; ")
    cart = shop.rendered()["default/shop/cart.yaml"]
    assert cart.startswith("# Rendered by sailwright from services/cart/service.yaml. Do not edit.\n")
    assert [item["kind"] for item in documents(cart)] == [
        "ServiceAccount",
        "Service",
        "DestinationRule",
        "Deployment",
        "Deployment",
        "VirtualService",
    ]


def test_a_second_build_writes_nothing(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.build()
    dates = {path: path.stat().st_mtime_ns for path in shop.root.rglob("*")}
    for flags in ((), ("--no-cache",)):
        capsys.readouterr()
        assert shop.build(*flags) == 0
        assert "0 written, 5 unchanged, 0 removed" in capsys.readouterr().err
    assert {path: path.stat().st_mtime_ns for path in shop.root.rglob("*")} == dates


def test_a_small_project_is_written_again_without_being_rendered(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was read is as it was, so that what was made of it is too, to the byte."""
    shop.build()
    before = shop.rendered()
    shutil.rmtree(shop.root / "rendered/default/shop")
    (shop.root / "rendered/kustomization.yaml").write_text("edited")
    monkeypatch.setattr("sailwright.commands.build.run.run", None)
    capsys.readouterr()
    assert shop.build() == 0
    assert shop.rendered() == before
    assert "2 services, 9 documents: 4 written, 1 unchanged, 0 removed" in capsys.readouterr().err


def test_a_change_of_any_input_is_rendered(shop: Shop) -> None:
    shop.write("services/cart/app.conf", "a=1")
    shop.write("services/cart/service.yaml", CART + "config: {files: [app.conf]}\n")
    shop.build()
    before = shop.rendered()
    shop.write("services/cart/app.conf", "a=2")
    shop.build()
    assert shop.rendered() != before
    shop.write("services/cart/app.conf", "a=1")
    shop.write("services/stock/service.yaml", SEARCH.replace("search", "stock"))
    shop.build()
    assert shop.rendered().keys() - before.keys() == {"default/shop/stock.yaml"}


def test_clusters_have_folders_where_they_are_declared(shop: Shop) -> None:
    shop.write("sailwright.yaml", ENVIRONMENTS)
    assert shop.build() == 0
    manifests = [path for path in shop.rendered() if not path.endswith("kustomization.yaml")]
    assert manifests == [
        f"{world}/shop/{name}.yaml" for world in ("prod/eu1", "prod/us1", "staging") for name in ("cart", "search")
    ]


def test_the_service_layout_has_a_folder_for_each_service(shop: Shop) -> None:
    shop.write("sailwright.yaml", PROJECT + "output: {layout: service}\n")
    assert shop.build() == 0
    assert "default/shop/cart/manifests.yaml" in shop.rendered()
    assert yaml.safe_load(shop.rendered()["default/shop/kustomization.yaml"])["resources"] == ["cart", "search"]


def test_env_and_cluster_narrow_what_is_written(shop: Shop) -> None:
    shop.write("sailwright.yaml", ENVIRONMENTS)
    assert shop.build("--env", "prod", "--cluster", "us1") == 0
    assert {path.split("/")[0] for path in shop.rendered() if "/" in path} == {"prod"}
    assert not any("eu1" in path for path in shop.rendered())
    assert yaml.safe_load(shop.rendered()["kustomization.yaml"])["resources"] == ["prod"]


def test_paths_narrow_what_is_written(shop: Shop) -> None:
    assert shop.build(str(shop.root / "services/search")) == 0
    assert [path for path in shop.rendered() if "kustomization" not in path] == ["default/shop/search.yaml"]


def test_check_tells_the_reason_of_each_file_and_writes_nothing(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    assert shop.build() == 0
    assert shop.build("--check") == 0
    rendered = shop.root / "rendered/default/shop"
    shop.write(
        "services/cart/service.yaml", CART.replace("weight: 80", "weight: 70").replace("weight: 20", "weight: 30")
    )
    (rendered / "search.yaml").write_text(
        (rendered / "search.yaml").read_text().replace("targetPort: 8080", "targetPort: 9")
    )
    (rendered / "kustomization.yaml").unlink()
    (rendered / "gone.yaml").write_text(
        "# Rendered by sailwright from services/gone/service.yaml. Do not edit.\nkind: Service\n"
    )
    before = shop.rendered()
    capsys.readouterr()
    assert shop.build("--check", "--format", "json") == 1
    assert shop.rendered() == before
    found = json.loads(capsys.readouterr().out)["findings"]
    assert {
        (item["rule"], os.path.relpath(item["location"]["file"], os.path.relpath(shop.root))) for item in found
    } == {
        ("output-stale", "rendered/default/shop/cart.yaml"),
        ("output-hand-edited", "rendered/default/shop/search.yaml"),
        ("output-missing", "rendered/default/shop/kustomization.yaml"),
        ("output-orphan", "rendered/default/shop/gone.yaml"),
    }
    stale = next(item for item in found if item["rule"] == "output-stale")
    line = before["default/shop/cart.yaml"].split("\n")[stale["location"]["line"] - 1]
    assert line.strip() == "weight: 80", "it points at the first line that differs"
    assert shop.build() == 0
    assert shop.build("--check") == 0


def test_without_a_cache_the_last_commit_tells_an_edit_from_a_change(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.build()
    author = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    for arguments in (("init", "-q"), ("add", "-A"), (*author, "commit", "-q", "-m", "first")):
        subprocess.run(["git", *arguments], cwd=shop.root, check=True)
    file = shop.root / "rendered/default/shop/cart.yaml"
    file.write_text(file.read_text().replace("weight: 80", "weight: 81"))
    assert shop.build("--check", "--no-cache") == 1
    assert "hand-edited" in capsys.readouterr().out
    shop.build()
    shop.write("services/cart/service.yaml", CART.replace("cart:1", "cart:9"))
    assert shop.build("--check", "--no-cache") == 1
    assert "stale" in capsys.readouterr().out


def test_files_are_named_as_the_user_sees_them(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who stands in a folder of the project gets paths that lead from there."""
    shop.write("services/cart/service.yaml", CART + "replica: 1\n")
    monkeypatch.chdir(shop.root / "services")
    assert main(["build"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("cart/service.yaml:9:1: error: unknown key `replica`")
    assert "9 | replica: 1" in out


def test_a_stale_tree_fails_whatever_findings_may_not(shop: Shop) -> None:
    assert shop.build("--check", "--fail-on", "never") == 1


def test_stdout_prints_documents_and_nothing_else(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    assert shop.build("--stdout") == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert not (shop.root / "rendered").exists()
    assert [item["kind"] for item in documents(out)].count("Deployment") == 3


def test_stdout_leaves_with_1_rather_than_print_nothing(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in (("cart", CART), ("search", SEARCH)):
        shop.write(f"services/{name}/service.yaml", text + "enabled: false\n")
    assert shop.build("--stdout") == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "delete the application" in err


def test_no_inject_leaves_the_sidecar_out_and_changes_nothing_else(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.build("--stdout")
    whole = documents(capsys.readouterr().out)
    shop.build("--stdout", "--no-inject")
    plain = documents(capsys.readouterr().out)
    for with_sidecar, without in zip(whole, plain, strict=True):
        if without["kind"] == "Deployment":
            assert "istio-proxy" in str(with_sidecar)
            assert "istio-proxy" not in str(without)
        else:
            assert with_sidecar == without


def test_removing_a_service_removes_its_file_and_its_line(shop: Shop) -> None:
    shop.write("services/stock/service.yaml", SEARCH.replace("search", "stock"))
    shop.build()
    before = shop.rendered()
    shutil.rmtree(shop.root / "services/stock")
    assert shop.build() == 0
    after = shop.rendered()
    assert before.keys() - after.keys() == {"default/shop/stock.yaml"}
    assert {path for path in after if after[path] != before[path]} == {"default/shop/kustomization.yaml"}


def test_emptying_an_environment_must_be_asked_for(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.build()
    before = shop.rendered()
    for name, text in (("cart", CART), ("search", SEARCH)):
        shop.write(f"services/{name}/service.yaml", text + "enabled: false\n")
    assert shop.build() == 2
    assert "--allow-removals" in capsys.readouterr().err
    assert shop.rendered() == before
    assert shop.build("--allow-removals") == 0
    assert list(shop.rendered()) == []


def test_restarts_are_counted_by_environment(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.write("sailwright.yaml", PROJECT + "environments: {prod: {}, staging: {}}\n")
    shop.build()
    changed = (
        CART.replace("cart:2", "cart:3")
        + "environments: {prod: {versions: [{name: v1, image: 'registry.example.com/cart:0'}]}}\n"
    )
    shop.write("services/cart/service.yaml", changed)
    shop.build()
    assert "restarts: 2 in prod, 1 in staging" in capsys.readouterr().err
    shop.write(
        "services/cart/service.yaml", changed.replace("weight: 80", "weight: 81").replace("weight: 20", "weight: 19")
    )
    shop.build()
    assert "restarts: none" in capsys.readouterr().err


def test_any_number_of_processes_and_any_hash_seed_give_the_same_bytes(tmp_path: Path) -> None:
    digests = set()
    for number, (seed, jobs) in enumerate((("0", "1"), ("1", "2"), ("77", "5"))):
        shop = Shop(tmp_path / f"copy-{number}", ENVIRONMENTS)
        for name in "abcdefgh":
            shop.write(f"services/{name}/service.yaml", CART.replace("cart", name))
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-m", "sailwright", "build", "-j", jobs]
        subprocess.run(command, cwd=shop.root, env=environment, check=True, capture_output=True)
        digests.add(hashlib.sha256(repr(sorted(shop.rendered().items())).encode()).hexdigest())
    assert len(digests) == 1


def test_faults_are_told_alike_by_any_number_of_processes(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.write("services/other/service.yaml", CART)
    shop.write("services/wrong/service.yaml", SEARCH.replace("search", "wrong").replace("http}", "htttp}"))
    told = []
    for jobs in ("1", "3"):
        assert shop.build("-j", jobs) == 1
        told.append(capsys.readouterr().out)
    assert told[0] == told[1]
    assert "services/cart/service.yaml is named shop/cart too" in told[0]
    assert not (shop.root / "rendered").exists()


def test_two_builds_at_once_both_succeed(shop: Shop) -> None:
    command = [sys.executable, "-m", "sailwright", "build", "--no-cache"]
    builds = [subprocess.Popen(command, cwd=shop.root, stderr=subprocess.DEVNULL) for _ in range(3)]
    assert [build.wait() for build in builds] == [0, 0, 0]
    assert shop.build("--check") == 0


def test_killed_half_way_the_next_build_finishes(shop: Shop) -> None:
    for number in range(30):
        shop.write(f"services/s{number}/service.yaml", CART.replace("cart", f"s{number}"))
    command = [sys.executable, "-m", "sailwright", "build", "--no-cache", "-j", "2"]
    for delay in (0.15, 0.25, 0.35, 0.45):
        build = subprocess.Popen(command, cwd=shop.root, stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            build.wait(timeout=delay)
        except subprocess.TimeoutExpired:
            os.killpg(build.pid, signal.SIGKILL)
            build.wait()
        for path in shop.root.glob("rendered/**/kustomization.yaml"):
            for name in yaml.safe_load(path.read_text())["resources"]:
                assert (path.parent / name).exists()
    assert shop.build() == 0
    assert shop.build("--check") == 0
    assert not list(shop.root.glob("rendered/.*"))


def test_a_full_disk_is_one_line_and_nothing_half_written(shop: Shop) -> None:
    """A limit on the size of files stands for the disk: the kernel refuses the write as it does on a full one."""
    shop.build()
    before = shop.rendered()
    shop.write("services/cart/service.yaml", CART.replace("cart:1", "cart:9"))
    script = (
        "import resource, sys; from sailwright.cli import main; "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000)); sys.exit(main(['build', '--no-cache']))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=shop.root, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "File too large" in done.stderr
    assert shop.rendered() == before


def test_an_output_path_that_cannot_be_written_is_one_line(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    (shop.root / "rendered").write_text("in the way")
    assert shop.build() == 3
    assert "rendered: Not a directory; the output path must be a folder" in capsys.readouterr().err


def test_an_output_folder_that_leaves_the_repository_is_refused(
    shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "outside").mkdir()
    (shop.root / "rendered").symlink_to(tmp_path / "outside")
    assert shop.build() == 3
    assert "leads out of the repository" in capsys.readouterr().err
    assert not list((tmp_path / "outside").iterdir())


def test_progress_and_summary_never_reach_stdout(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.build("--format", "json")
    out, err = capsys.readouterr()
    assert json.loads(out)["version"] == 1
    assert "2 services" in err


def test_paths_leave_nothing_out_that_their_services_need(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    """A broken companion or template is told, and so is another service that takes the same name."""
    search = str(shop.root / "services/search")
    companion = shop.write("services/search/extra.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: x}\n")
    shop.write("services/search/service.yaml", SEARCH + "include: [extra.yaml]\n")
    assert shop.build(search) == 1
    assert "[include-unfit]" in capsys.readouterr().out
    companion.unlink()
    shop.write("services/search/service.yaml", SEARCH)
    shop.write("services/twin/service.yaml", SEARCH)
    assert shop.build(search) == 1
    assert "[duplicate-service]" in capsys.readouterr().out
    assert shop.rendered() == {}


def test_faults_of_other_services_do_not_stand_in_the_way_of_paths(shop: Shop) -> None:
    shop.write("services/cart/service.yaml", "name: [")
    assert shop.build(str(shop.root / "services/search")) == 0
    assert shop.build() == 1


def test_what_allow_empty_let_pass_is_not_remembered(shop: Shop) -> None:
    for name in ("cart", "search"):
        (shop.root / f"services/{name}/service.yaml").unlink()
    assert shop.build("--allow-empty") == 0
    assert shop.build() == 2
