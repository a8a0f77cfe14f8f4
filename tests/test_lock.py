"""The locked sets cover what pyproject.toml declares, name no place to get it from, and say what to do where they do not fit."""

import re
import tomllib
from itertools import pairwise

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from tools.dependencies import FIRST, LAST, LOCKS, ROOT, SETS, declared, no_wheels, oldest

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PIN = re.compile(r"^([a-z0-9-]+)==([\w.]+)(?: ; .+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")


def lines(name: str) -> list[str]:
    """The lines of a lock, without its comments."""
    return [line for line in (LOCKS / f"{name}.txt").read_text().splitlines() if not line.startswith("#")]


def pins(name: str) -> dict[str, Version]:
    """The packages of a lock with their versions."""
    return {found[1]: Version(found[2]) for found in map(PIN.match, lines(name)) if found}


def test_there_is_a_set_to_run_with_one_to_test_with_and_one_for_the_site() -> None:
    assert sorted(f"{name}.txt" for name in SETS) == sorted(path.name for path in LOCKS.iterdir())
    assert {*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"]} == set(declared("run"))
    assert {*declared("run"), *PROJECT["dependency-groups"]["dev"]} == set(declared("dev"))
    assert PROJECT["dependency-groups"]["docs"] == declared("docs")


def test_the_set_for_tests_does_not_hold_what_builds_the_site() -> None:
    assert "mkdocs" not in pins("dev")
    shared = pins("dev").keys() & pins("docs").keys()
    assert {name: pins("docs")[name] for name in shared} == {name: pins("dev")[name] for name in shared}


@pytest.mark.parametrize("name", SETS)
def test_each_declared_dependency_is_locked_at_a_version_it_allows(name: str) -> None:
    locked = pins(name)
    for requirement in map(Requirement, declared(name)):
        package = canonicalize_name(requirement.name)
        assert package in locked, f"{package} is not locked: make lock"
        assert requirement.specifier.contains(locked[package]), (
            f"{requirement} is locked at {locked[package]}: make lock"
        )


@pytest.mark.parametrize("name", SETS)
def test_each_package_has_hashes_and_nothing_says_where_it_comes_from(name: str) -> None:
    """Each line is a version or a hash: no address, no index, no path."""
    found = lines(name)
    assert [line for line in found if not PIN.match(line) and not HASH.match(line)] == []
    assert [line for line, following in pairwise([*found, ""]) if PIN.match(line) and not HASH.match(following)] == []
    assert not re.search(r"://|\bwww\.|\.(org|com|net|io)\b", (LOCKS / f"{name}.txt").read_text())


def test_what_runs_is_what_was_tested() -> None:
    assert pins("run").items() <= pins("dev").items()


def test_each_dependency_has_an_oldest_version() -> None:
    """`make test-oldest` installs just these."""
    for requirement, pinned in zip(map(Requirement, declared("dev")), oldest(declared("dev")), strict=True):
        (one,) = Requirement(pinned).specifier
        assert one.operator == "==", pinned
        assert requirement.specifier.contains(one.version)


def test_a_library_whose_private_output_we_use_has_an_upper_bound() -> None:
    """Jinja's compiled source, libyaml's composer, the kinds of jsonschema-rs' errors,
    the comments of ruamel.yaml's tokens."""
    bounded = {
        requirement.name
        for requirement in map(Requirement, PROJECT["project"]["dependencies"])
        if any(one.operator == "<" for one in requirement.specifier)
    }
    assert bounded == {"jinja2", "jsonschema-rs", "pyyaml", "ruamel.yaml"}


def test_a_python_without_wheels_is_told_which_have_them() -> None:
    assert Requirement(f"python{PROJECT['project']['requires-python']}").specifier.contains(".".join(map(str, FIRST)))
    told = no_wheels("run.txt", (LAST[0], LAST[1] + 1))
    assert told.startswith("sailwright: the packages of locks/run.txt could not be installed for Python 3.15 on ")
    assert told.endswith(
        "they are locked for Python 3.11 to 3.14: name one of these with make PYTHON=python3.x, or lock anew with make lock"
    )
    assert "is there a wheel for this platform?" in no_wheels("run.txt", FIRST)


def test_make_and_the_action_install_the_locked_set() -> None:
    command = "tools/dependencies.py{} locked run"
    assert command.format("") in (ROOT / "Makefile").read_text()
    assert command.format('"') in (ROOT / "action.yml").read_text()
    assert "pip install" not in (ROOT / "Makefile").read_text() + (ROOT / "action.yml").read_text()
