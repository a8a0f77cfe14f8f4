"""Whatever is wrong with the input: a clear finding or error, the right exit status, and nothing written."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.build.shop import CART, PROJECT, SEARCH, Shop

from sailwright.cli import main

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{after}: &{after} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, after in zip("abcdefgh", "bcdefghi", strict=True)
)

BAD_SERVICES = {
    "broken YAML": (CART + "routes: [{name: x\n", "yaml"),
    "a duplicate key": (CART + "owner: a\nowner: b\n", "the key `owner` is written twice"),
    "a tab": (CART + "service:\n\ttype: ClusterIP\n", "tab"),
    "a wrong type": (CART.replace("port: 8080", "port: eighty"), "port"),
    "an unknown key": (CART + "replica: 2\n", "unknown key `replica`"),
    "an unknown version in a route": (CART + "routes: [{name: r, to: v3}]\n", "has no version `v3`"),
    "weights that do not sum to 100": (CART.replace("weight: 20", "weight: 30"), "must sum to 100: v1 80 + v2 30 = 110"),
    "a name that is no DNS label": (CART.replace("name: cart", "name: Cart_1", 1), "Cart_1"),
    "a name that leaves the tree": (CART.replace("name: cart", "name: ../../etc", 1), "../../etc"),
    "a namespace that leaves the tree": (CART.replace("namespace: shop", "namespace: ../.."), "../.."),
    "a name that is a file of ours": (CART.replace("name: cart", "name: kustomization", 1), "cannot be named"),
    "aliases that explode": (CART + BOMB, "aliases add more than"),
    "nothing": ("", "the file is empty"),
    "only a comment": ("# later\n", "the file is empty"),
    "a list": ("- a\n", "expected a map"),
    "a caller nobody knows": (CART + "accessPolicy: {inbound: [{service: shop/serach}]}\n", "did you mean `shop/search`"),
    "an include that is not there": (CART + "include: [extra/*.yaml]\n", "no file matches `extra/*.yaml`"),
    "an include of everything": (CART + "include: ['/**']\n", "no file matches `/**`"),
    "a config file outside": (CART + "config: {files: [../../../../../../etc/passwd]}\n", "leads out of the repository"),
    "a negative quantity": (CART + "defaults: {resources: {requests: {cpu: -1}}}\n", "at least 0, found `-1`"),
    "a negative quantity with a unit": (CART + "defaults: {resources: {requests: {cpu: -1m}}}\n", "a Kubernetes quantity"),
    "a CronJob without a time": (SEARCH + "workload: {kind: CronJob}\n", "a CronJob needs a `schedule`"),
    "a patch of nothing": (
        CART + "patches: [{target: {kind: Job}, patch: {spec: {suspend: true}}}]\n",
        "renders no Job that this patch could change",
    ),
}  # fmt: skip


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    (tmp_path / "shop" / ".git").mkdir(parents=True)
    return Shop(tmp_path / "shop")


@pytest.mark.parametrize("what", BAD_SERVICES)
def test_a_bad_service_file_is_told_and_nothing_is_written(
    shop: Shop, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text, said = BAD_SERVICES[what]
    (shop.root / "services/cart/service.yaml").write_text(text)
    assert shop.build() == 1
    out, err = capsys.readouterr()
    assert said in out
    assert "services/cart/service.yaml:" in out
    assert "Traceback" not in out + err
    assert not (shop.root / "rendered").exists()


def outside(file: Path) -> None:
    file.unlink()
    file.symlink_to("/etc/passwd")


def dangling(file: Path) -> None:
    file.unlink()
    file.symlink_to("nowhere")


def pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


BAD_FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a binary file": (lambda file: file.write_bytes(b"\x7fELF\0\0"), "binary"),
    "not UTF-8": (lambda file: file.write_bytes(CART.encode() + b"owner: caf\xe9\n"), "not UTF-8"),
    "over the limit": (lambda file: file.write_bytes(CART.encode() + b"# filler\n" * 120_000), "the limit is"),
    "a link that leaves the repository": (outside, "leads out"),
    "a link to nothing": (dangling, "No such file"),
    "a pipe": (pipe, "not a regular file"),
}


@pytest.mark.parametrize("what", BAD_FILES)
def test_what_is_no_readable_file_is_told(shop: Shop, what: str, capsys: pytest.CaptureFixture[str]) -> None:
    spoil, said = BAD_FILES[what]
    spoil(shop.root / "services/cart/service.yaml")
    assert shop.build() == 1
    out = capsys.readouterr().out
    assert said in out
    assert "services/cart/service.yaml" in out
    assert not (shop.root / "rendered").exists()


def test_a_link_to_itself_is_no_folder(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    """Where a folder of a service could stand it is passed over; where a file could, it is told."""
    (shop.root / "services/loop").symlink_to("loop")
    assert shop.build() == 0
    assert main(["lint", "--project", str(shop.root), str(shop.root / "services")]) == 0
    assert "services/loop: cannot be read: Too many levels of symbolic links" in capsys.readouterr().err
    (shop.root / "k8s").mkdir()
    (shop.root / "k8s/loop.yaml").symlink_to("loop.yaml")
    shop.write("sailwright.yaml", PROJECT + "manifests: [{paths: ['k8s/*']}]\n")
    assert main(["lint", "--project", str(shop.root)]) == 1
    assert "Too many levels of symbolic links [unreadable-file]" in capsys.readouterr().out


def test_two_services_with_one_name_name_both_files(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.write("services/again/service.yaml", CART)
    assert shop.build() == 1
    out = capsys.readouterr().out
    assert "services/again/service.yaml" in out
    assert "services/cart/service.yaml" in out


def test_two_files_that_render_one_object_name_both(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.write("services/cart/more.yaml", "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: search}\n")
    shop.write("services/cart/service.yaml", CART + "include: [more.yaml]\n")
    assert shop.build() == 1
    out = capsys.readouterr().out
    assert "ServiceAccount shop/search is rendered from here, and services/cart/service.yaml renders it too" in out


def test_an_included_object_that_the_service_renders_itself_names_both(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.write("services/search/more.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: search}\n")
    shop.write("services/search/service.yaml", SEARCH + "include: [more.yaml]\n")
    assert shop.build() == 1
    out = capsys.readouterr().out
    assert "Service shop/search is rendered from here, and " in out
    assert "services/search/more.yaml renders it too" in out
    assert "services/search/service.yaml:2:7: error" in out


BAD_PROJECTS = {
    "an unknown release": (PROJECT.replace("1.31.0", "1.99.0"), 2, "Istio 1.99.0 is not known"),
    "a release that is none": (PROJECT.replace("1.31.0", "newest"), 2, "newest"),
    "broken YAML": (PROJECT + "output: {\n", 2, "sailwright.yaml"),
    "an unknown key": (PROJECT + "outputs: {}\n", 2, "did you mean `output`"),
    "another version of the tool": (PROJECT + 'requires: ">=9"\n', 2, "requires sailwright >=9"),
    "an output path outside": (PROJECT + "output: {path: ../elsewhere}\n", 2, "does not lie below the project"),
    "an output path of git's": (PROJECT + "output: {path: .git/refs}\n", 2, "git's own files"),
    "services outside": (PROJECT + "services: ['../**']\n", 2, "`../**` leads out of the repository"),
    "manifests anywhere": (PROJECT + "manifests: [{paths: ['/etc/**']}]\n", 2, "`/etc/**` leads out of the repository"),
    "no mode of sidecar": (PROJECT.replace(", sidecarMode: native", ""), 1, "`istio.sidecarMode` is not set"),
    "no service file": (PROJECT + "services: ['nowhere/*.yaml']\n", 2, "no file matches `services`"),
}


@pytest.mark.parametrize("what", BAD_PROJECTS)
def test_a_bad_project_file_is_told(shop: Shop, what: str, capsys: pytest.CaptureFixture[str]) -> None:
    text, status, said = BAD_PROJECTS[what]
    shop.write("sailwright.yaml", text)
    assert shop.build() == status
    out, err = capsys.readouterr()
    assert said in out + err
    assert "Traceback" not in out + err
    assert not (shop.root / "rendered").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--env", "prdo"), "--env prdo"),
        (("--cluster", "eu1"), "--cluster eu1"),
        (("nowhere",), "nowhere: there is no such file or folder"),
        (("--check", "--stdout"), "exclude each other"),
        (("-j", "0"), "0"),
    ],
)
def test_a_bad_flag_is_told(
    shop: Shop, arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shop.build(*arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err


def test_a_missing_project_file_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / ".git").mkdir()
    shop = Shop(tmp_path)
    (tmp_path / "sailwright.yaml").unlink()
    assert shop.build() == 2
    assert "sailwright init" in capsys.readouterr().err


def test_all_faults_are_told_in_one_run(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.write("services/cart/service.yaml", CART.replace("port: 8080", "port: eighty") + "replica: 2\n")
    shop.write(
        "services/search/service.yaml", CART.replace("weight: 20", "weight: 21").replace("name: cart", "name: s", 1)
    )
    assert shop.build() == 1
    out = capsys.readouterr().out
    for said in ("eighty", "unknown key `replica`", "must sum to 100"):
        assert said in out


def test_an_error_in_one_environment_stops_all(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.write("sailwright.yaml", PROJECT + "environments: {prod: {}, staging: {}}\n")
    shop.write("services/cart/service.yaml", CART + "environments: {prod: {routes: [{name: r, to: v9}]}}\n")
    assert shop.build() == 1
    assert "in: prod" in capsys.readouterr().out
    assert not (shop.root / "rendered").exists()
