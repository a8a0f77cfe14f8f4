"""Our own modules are found at once, and are what Python makes of them."""

import importlib
import inspect
import os
import sys
import textwrap
import traceback
from collections.abc import Iterator
from pathlib import Path
from py_compile import PycInvalidationMode
from py_compile import compile as compile_module
from types import ModuleType
from typing import Any

import pytest

from sailwright.runtime import own_modules

FILES = {
    "__init__.py": "",
    "hosts.py": '"""Hosts."""\n\n\ndef fail():\n    """Fails."""\n    raise ValueError\n',
    "inside/__init__.py": "from shopping import hosts\n",
    "inside/ports.py": "from shopping.inside import hosts\nPORT = 80\n",
}
SHOWN = ("__name__", "__file__", "__cached__", "__package__", "__path__", "__doc__")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package that counts as ours, with bytecode."""
    for name, text in FILES.items():
        path = tmp_path / "shopping" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        compile_module(str(path))
    monkeypatch.setattr(own_modules, "_OURS", ("shopping.",))
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path / "shopping"
    forget()


def forget() -> None:
    """Let the modules be imported again."""
    for name in [each for each in sys.modules if each.partition(".")[0] == "shopping"]:
        del sys.modules[name]
    importlib.invalidate_caches()


def imported(name: str) -> ModuleType:
    """A module as it is found from now on."""
    forget()
    return importlib.import_module(name)


def at_once(module: ModuleType) -> bool:
    """Whether our finder found it."""
    return isinstance(module.__loader__, own_modules._Loader)


def shown(module: Any) -> dict[str, Any]:
    return {name: getattr(module, name, None) for name in SHOWN}


@pytest.mark.parametrize("name", ["shopping.hosts", "shopping.inside", "shopping.inside.ports"])
def test_a_module_says_of_itself_what_it_says_anyway(package: Path, name: str) -> None:
    standard = shown(imported(name))
    own_modules.find_own_modules_at_once()
    found = imported(name)
    assert at_once(found)
    assert shown(found) == standard


def test_its_source_is_there_for_who_asks_and_for_tracebacks(package: Path) -> None:
    own_modules.find_own_modules_at_once()
    hosts = imported("shopping.hosts")
    assert inspect.getsource(hosts) == FILES["hosts.py"]
    assert hosts.__loader__ is not None
    with pytest.raises(ValueError) as raised:
        hosts.fail()
    assert "raise ValueError" in "".join(traceback.format_tb(raised.value.__traceback__))


def test_a_source_that_has_changed_counts(package: Path) -> None:
    (package / "hosts.py").write_text("CHANGED = True\n")
    own_modules.find_own_modules_at_once()
    assert imported("shopping.hosts").CHANGED


def test_what_is_out_of_the_ordinary_is_left_to_python(package: Path) -> None:
    """Bytecode that is not there, or that goes by the digest of its source, or was cut short."""
    own_modules.find_own_modules_at_once()
    cached = Path(importlib.util.cache_from_source(str(package / "hosts.py")))
    cached.write_bytes(cached.read_bytes()[:10])
    assert not at_once(imported("shopping.hosts"))
    compile_module(str(package / "hosts.py"), invalidation_mode=PycInvalidationMode.CHECKED_HASH)
    assert not at_once(imported("shopping.hosts"))
    cached.unlink()
    assert not at_once(imported("shopping.hosts"))
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("shopping.nowhere")


def test_the_command_line_finds_its_modules_at_once() -> None:
    import subprocess

    program = textwrap.dedent("""
        import os, sys
        from sailwright.__main__ import run
        sys.argv[1:] = ["--version"]
        os._exit = lambda status: print(type(sys.modules["sailwright.cli.group"].__loader__).__name__, status)
        run()
    """)
    environment = {name: each for name, each in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for _ in range(2):  # the first may have no bytecode
        done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)
    assert done.stdout.split()[-2:] == ["_Loader", "0"], done.stderr
