"""The store of a checkout: whatever is wrong with its file, the work is done without it, and the next run is right."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from tests.hostile.repositories import CART, project
from tests.hostile.test_cache import built as built
from tests.hostile.test_cache import rendered, run

from sailwright.runtime import store as module
from sailwright.runtime.cache import Cache
from sailwright.runtime.store import Store, open_store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store of its own."""
    module._say.cache_clear()
    return open_store(Cache(str(tmp_path / "cache"), b"k" * 32), str(tmp_path))


def file_of(store: Store) -> Path:
    assert store.path is not None
    return Path(store.path)


def test_what_is_kept_is_found_again(store: Store) -> None:
    assert store.load("a", "b") is None
    store.keep("a", "b", b"one")
    store.keep("a", "c", b"two")
    store.keep("a", "b", b"three")
    assert store.load("a", "b") == b"three"
    assert store.load("a", "c") == b"two"
    assert store.load("b", "b") is None


def test_an_entry_of_another_name_key_or_text_is_a_miss(store: Store) -> None:
    store.keep("a", "b", b"one")
    with sqlite3.connect(file_of(store)) as connection:
        connection.execute("INSERT INTO entries SELECT kind, 'c', used, data FROM entries")
    assert store.load("a", "c") is None
    assert Store(store.path, b"x" * 32).load("a", "b") is None
    with sqlite3.connect(file_of(store)) as connection:
        connection.execute("UPDATE entries SET data = 'text' WHERE name = 'b'")
    assert store.load("a", "b") is None


SPOILED = {
    "empty": b"",
    "text": b"no database",
    "its first line only": b"SQLite format 3\0" + bytes(5000),
    "noise": random.Random(0).randbytes(10_000),
}


@pytest.mark.parametrize("text", SPOILED.values(), ids=SPOILED)
def test_a_spoiled_file_is_made_anew(store: Store, text: bytes) -> None:
    store.keep("a", "b", b"one")
    file_of(store).write_bytes(text)
    assert store.load("a", "b") is None
    store.keep("a", "b", b"two")
    store.keep("a", "b", b"two")
    assert store.load("a", "b") == b"two"


def test_a_store_of_a_newer_program_is_emptied(store: Store) -> None:
    store.keep("a", "b", b"one")
    with sqlite3.connect(file_of(store)) as connection:
        connection.execute(f"PRAGMA user_version = {module.FORMAT + 1}")
        connection.execute("ALTER TABLE entries ADD COLUMN more")
    assert store.load("a", "b") is None
    store.keep("a", "b", b"two")
    assert store.load("a", "b") == b"two"


@pytest.mark.parametrize("what", ["link", "pipe", "folder", "open"])
def test_what_is_no_file_of_ours_is_not_used_and_said_once(
    store: Store, tmp_path: Path, capfd: pytest.CaptureFixture[str], what: str
) -> None:
    store.keep("a", "b", b"one")
    file = file_of(store)
    file.rename(tmp_path / "real")
    if what == "link":
        file.symlink_to(tmp_path / "real")
    elif what == "pipe":
        os.mkfifo(file)
    elif what == "folder":
        file.mkdir()
    else:
        (tmp_path / "real").rename(file)
        file.chmod(0o666)
    assert store.load("a", "b") is None
    store.keep("a", "b", b"two")
    assert store.load("a", "b") is None
    assert capfd.readouterr().err.count("results of earlier runs are not used") == 1


def test_a_store_that_another_user_wrote_is_not_used(
    store: Store, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """As where a container ran as root in the same home."""
    store.keep("a", "b", b"one")
    other = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: other)
    assert store.load("a", "b") is None
    store.keep("a", "b", b"two")
    assert capfd.readouterr().err.count("it belongs to another user") == 1
    monkeypatch.undo()
    assert store.load("a", "b") == b"one"


@pytest.mark.parametrize("reason", ["locking protocol", "disk I/O error", "unable to open database file"])
def test_a_file_system_that_cannot_lock_is_done_without(
    store: Store, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], reason: str
) -> None:
    """As some network file systems cannot."""
    store.keep("a", "b", b"one")

    def failing(*_: object, **__: object) -> sqlite3.Connection:
        raise sqlite3.OperationalError(reason)

    with monkeypatch.context() as patch:
        patch.setattr("_sqlite3.connect", failing)  # which the store opens
        assert store.load("a", "b") is None
        store.keep("a", "b", b"two")
    assert capfd.readouterr().err.count(reason) == 1
    assert store.load("a", "b") == b"one"


def test_several_entries_are_kept_together_or_not_at_all(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.keep_all([("a", "1", b"one"), ("a", "2", b"two")])
    assert store.load_all("a", ("1", "2", "3")) == {"1": b"one", "2": b"two"}

    def full(connection: object, kind: str, name: str) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(module, "_bound", full)
        store.keep_all([("a", "1", b"new"), ("a", "3", b"three")], [("a", "2")])
    assert store.load_all("a", ("1", "2", "3")) == {"1": b"one", "2": b"two"}
    store.keep_all([("a", "1", b"new"), ("a", "3", b"three")], [("a", "2")])
    assert store.load_all("a", ("1", "2", "3")) == {"1": b"new", "3": b"three"}


def test_one_spoiled_entry_of_several_is_a_miss(store: Store) -> None:
    store.keep_all([("a", "1", b"one"), ("a", "2", b"two")])
    with sqlite3.connect(file_of(store)) as connection:
        connection.execute("UPDATE entries SET data = CAST(data || 'x' AS BLOB) WHERE name = '1'")
    assert store.load_all("a", ("1", "2")) == {"2": b"two"}


def test_a_locked_store_is_done_without(
    store: Store, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "_PATIENCE", 0.01)
    store.keep("a", "b", b"one")
    other = sqlite3.connect(file_of(store), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    store.keep("a", "b", b"two")
    assert store.load("a", "b") is None
    other.execute("ROLLBACK")
    assert store.load("a", "b") == b"one"
    assert capfd.readouterr().err.count("database is locked") == 1


def test_a_full_disk_is_no_fault(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.keep("a", "b", b"one")

    def full(connection: object, kind: str, name: str) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(module, "_bound", full)
        store.keep("a", "b", b"two")
    assert store.load("a", "b") == b"one"


def test_a_read_only_folder_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = open_store(Cache(str(tmp_path / "file"), b"k" * 32), str(tmp_path))
    store.keep("a", "b", b"one")
    assert store.load("a", "b") is None


def test_what_was_not_used_for_long_makes_room(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LIMIT", 3000)
    for number in range(5):
        monkeypatch.setattr("time.time", lambda number=number: 1_000_000.0 + number)
        store.keep("a", str(number), bytes(900))
    assert [store.load("a", str(number)) is not None for number in range(5)] == [False, False, True, True, True]


KEEPING = """
import sys
from sailwright.runtime.store import Store
store = Store(sys.argv[1], b"k" * 32)
for number in range(100_000):
    store.keep("a", "b", str(number).encode() * 20_000)
    print(number, flush=True)
"""


def test_a_process_killed_while_it_writes_leaves_a_whole_entry(store: Store) -> None:
    store.keep("a", "b", b"0" * 20_000)
    for turn in range(5):
        command = (sys.executable, "-c", KEEPING, str(file_of(store)))
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for _ in range(1 + turn):
                process.stdout.readline()
            process.send_signal(signal.SIGKILL)
        data = store.load("a", "b")
        assert data is not None
        assert data == data[: len(data) // 20_000] * 20_000


def test_two_processes_at_once(store: Store) -> None:
    command = (sys.executable, "-c", KEEPING.replace("100_000", "20"), str(file_of(store)))
    running = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(3)]
    said = [process.communicate()[1] for process in running]
    assert said == [b"", b"", b""]
    assert store.load("a", "b") == b"19" * 20_000


def test_a_build_without_its_store_writes_the_same(built: Path) -> None:
    output = rendered(built)
    for path in (built / "cache").rglob("*.sqlite"):
        path.write_bytes(path.read_bytes()[:3000])
    (built / "shop/services/cart/service.yaml").write_text(CART + "# changed\n")
    assert run("build")[0] == 0
    assert rendered(built) == output
    project(built / "shop", CART.replace("1.0.0", "1.0.1"))
    assert run("build")[0] == 0
    assert "cart:1.0.1" in rendered(built)["prod/shop/cart.yaml"].decode()


def test_a_cache_that_ci_keeps_works_in_another_folder_on_another_machine(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other dates, other inodes, another path: what is the same by its bytes is not rendered again."""
    shutil.copytree(built / "shop", built / "elsewhere", copy_function=shutil.copyfile)
    shutil.rmtree(built / "shop")
    monkeypatch.chdir(built / "elsewhere")
    (built / "elsewhere/services/cart/service.yaml").write_text(CART.replace("1.0.0", "1.0.1"))
    with monkeypatch.context() as patch:
        patch.setattr("sailwright.commands.build.run.run", None)
        assert run("build")[0] == 0
    assert "cart:1.0.1" in (built / "elsewhere/rendered/prod/shop/cart.yaml").read_text()


def test_the_store_of_a_checkout_that_is_there_is_not_taken(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(built / "shop", built / "elsewhere")
    monkeypatch.chdir(built / "elsewhere")
    assert run("build")[0] == 0
    assert len(list((built / "cache").rglob("*.sqlite"))) == 2
