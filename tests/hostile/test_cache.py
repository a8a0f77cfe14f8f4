"""The cache is read with suspicion: only what this user's own program wrote counts, everything else is a miss."""

from __future__ import annotations

import marshal
import os
import pickle
import random
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.hostile.repositories import CART, PROJECT, git, own_store, project, sailwright

from sailwright.cli.group import sailwright as command
from sailwright.runtime.cache import open_cache

CUSTOM_KIND = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: lamps.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Lamp, plural: lamps}
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object}}
"""


def with_custom_kinds(folder: Path) -> Path:
    """A project with three kinds of its own: what is read of each is an entry of the cache."""
    shop = project(folder, text=PROJECT + 'validate: {schemas: ["crds/*.yaml"]}\n')
    (shop / "crds").mkdir()
    for kind in ("Lamp", "Chair", "Table"):
        (shop / "crds" / f"{kind}.yaml").write_text(CUSTOM_KIND.replace("Lamp", kind).replace("lamp", kind.lower()))
    return shop


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with custom kinds, built once, with a cache of its own in `cache` and a key in `state`."""
    own_store(monkeypatch, tmp_path)
    monkeypatch.chdir(with_custom_kinds(tmp_path / "shop"))
    assert run("build")[0] == 0
    return tmp_path


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(command, arguments, standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return int(done.return_value or 0), done.stdout


def entries(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "cache").rglob("*") if path.is_file())


def rendered(folder: Path) -> dict[str, bytes]:
    output = folder / "shop" / "rendered"
    return {str(path.relative_to(output)): path.read_bytes() for path in sorted(output.rglob("*.yaml"))}


def test_the_key_is_the_users_alone_and_outside_of_the_cache(built: Path) -> None:
    key = built / "state" / "sailwright" / "cache.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(key.read_bytes()) == 32
    assert len(entries(built)) > 3
    assert not any(key.read_bytes() in path.read_bytes() for path in entries(built))


CORRUPTIONS: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    lambda dice, data: data[: dice.randrange(len(data))],
    lambda dice, data: data + dice.randbytes(dice.randrange(1, 100)),
    lambda dice, data: _flip(dice, data, 1),
    lambda dice, data: _flip(dice, data, 20),
    lambda dice, data: dice.randbytes(len(data)),
    lambda dice, data: data[32:],
    lambda dice, data: data[:32] + marshal.dumps(compile("raise SystemExit(9)", "x", "exec")),
    lambda dice, data: data[:32] + marshal.dumps({"written": {}, "told": pickle.dumps(1)}),
    lambda dice, data: b"",
    lambda dice, data: data[: len(data) // 2] + bytes(len(data) - len(data) // 2),
)


def _flip(dice: random.Random, data: bytes, count: int) -> bytes:
    changed = bytearray(data)
    for _ in range(count):
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


@pytest.mark.parametrize("part", range(12))
def test_a_spoiled_entry_is_a_miss(built: Path, part: int) -> None:
    """Six hundred corruptions, fifty in each part: the same output, and no crash (which would end this process)."""
    dice = random.Random(part)  # the same every time
    good, output = {path: path.read_bytes() for path in entries(built)}, rendered(built)
    for turn in range(50):
        for path, data in good.items():
            path.write_bytes(data)
        path = dice.choice(list(good))
        path.write_bytes(CORRUPTIONS[turn % len(CORRUPTIONS)](dice, good[path]))
        if turn % 3 == 0:
            (built / "shop/rendered/prod/shop/cart.yaml").unlink()
        assert run("build")[0] == 0
        assert rendered(built) == output
    assert run("build", "--check")[0] == 0


def test_entries_do_not_stand_for_each_other(built: Path) -> None:
    """A seal belongs to a name: an old or another entry put in the place of one is a miss as well."""
    good, output = entries(built), rendered(built)
    kinds = [path for path in good if path.parent.name == "custom-resources"]
    assert len(kinds) == 3
    data = [path.read_bytes() for path in kinds]
    for path, other in zip(kinds, data[1:] + data[:1], strict=True):
        path.write_bytes(other)
    (built / "shop/services/cart/service.yaml").write_text(CART + "# changed\n")
    assert run("build")[0] == 0
    assert rendered(built) == output


def test_what_another_key_sealed_is_a_miss(built: Path) -> None:
    """A cache that a stranger filled on a machine of theirs, unpacked here."""
    (built / "state" / "sailwright" / "cache.key").write_bytes(os.urandom(32))
    cache = open_cache()
    assert cache.directory is not None
    for path in entries(built):
        assert cache.load(path.parent.name, path.name) is None
    assert run("build")[0] == 0


@pytest.mark.parametrize("mode", [0o644, 0o660])
def test_a_key_that_others_can_read_is_not_used(built: Path, mode: int) -> None:
    (built / "state" / "sailwright" / "cache.key").chmod(mode)
    assert open_cache().directory is None


def test_links_and_pipes_in_the_cache_are_not_followed(built: Path) -> None:
    output = rendered(built)
    for number, path in enumerate(entries(built)):
        data = path.read_bytes()
        path.unlink()
        if number % 2:
            os.mkfifo(path)
        else:
            (built / f"real{number}").write_bytes(data)
            path.symlink_to(built / f"real{number}")
    (built / "shop/rendered/prod/shop/cart.yaml").unlink()
    assert run("build")[0] == 0
    assert rendered(built) == output


@pytest.mark.parametrize("variable", ["XDG_CACHE_HOME", "XDG_STATE_HOME"])
def test_a_cache_in_the_repository_is_refused(tmp_path: Path, variable: str) -> None:
    """GitLab can only keep folders of the checkout, so its users put caches there: so can a merge request."""
    top = tmp_path / "repository"
    project(top / "deploy")
    git(top, "init", "-q")
    planted = top / ".cache"
    for folder, arguments in ((top / "deploy", ()), (tmp_path, ("--project", str(top / "deploy")))):
        done = sailwright(folder, "build", *arguments, env={variable: str(planted)})
        assert done.returncode == 0
        lines = [line for line in done.stderr.splitlines() if "cache" in line]
        assert len(lines) == 1
        assert f"{variable} is in the repository, where a commit can write; set it to a folder outside" in lines[0]
        assert not planted.exists()
    done = sailwright(top / "deploy", "check", env={variable: str(planted)})
    assert done.stderr.count(variable) == 1
