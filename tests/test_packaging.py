"""What is installed: the three packages and their data, the same bytes from each build, and little else."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest
from tools import bill_of_materials

ROOT = Path(__file__).parent.parent
PACKAGES = ("compiler/sailwright", "policies/sailwright_policies", "templates/sailwright_templates")
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two folders with a wheel and an sdist each, built from two copies of the checkout at other times and places."""
    made = []
    for name in ("first", "second-place"):
        folder = tmp_path_factory.mktemp(name)
        copy = shutil.copytree(ROOT, folder / "checkout", ignore=shutil.ignore_patterns(".*", "__pycache__", "dist"))
        if name != "first":
            for path in copy.rglob("*"):
                os.utime(path, (1_000_000_000, 1_000_000_000))
        command = [sys.executable, "-I", "-m", "hatchling", "build", "--directory", str(folder / "dist")]
        subprocess.run(command, cwd=copy, check=True, capture_output=True)
        made.append(folder / "dist")
    return made


def test_the_wheel_holds_the_three_packages_and_their_data(built: list[Path]) -> None:
    (wheel,) = built[0].glob("*.whl")
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    expected = {
        str(path.relative_to(ROOT / Path(package).parent))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert names == expected
    assert {name.split("/")[0] for name in names} == {"sailwright", "sailwright_policies", "sailwright_templates"}
    assert "sailwright/py.typed" in names


def test_two_builds_have_the_same_bytes(built: list[Path]) -> None:
    first, second = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in built)
    assert first.keys() == second.keys()
    assert len(first) == 2
    assert all(first[name] == second[name] for name in first)


def test_what_an_installation_brings_is_at_most_forty_megabytes(built: list[Path]) -> None:
    """The run-time set and the program itself, compiled to bytecode; pip comes with Python."""
    (wheel,) = built[0].glob("*.whl")
    own = sum(
        each.file_size * (2 if each.filename.endswith(".py") else 1) for each in zipfile.ZipFile(wheel).infolist()
    )
    assert own + sum(map(_size, _locked())) < 40 * MEGABYTE


def _locked() -> list[str]:
    """The names of the packages of the run-time set that are for this platform."""
    lines = (ROOT / "locks" / "run.txt").read_text().splitlines()
    needed = [line for line in lines if re.match(r"[a-z0-9.-]+==", line) and "win32" not in line]
    builders = {"editables", "hatchling", "packaging", "pathspec", "pluggy", "tomlkit", "trove-classifiers"}
    return [name for name in (line.partition("==")[0] for line in needed) if name not in builders]


def _size(name: str) -> int:
    found = distribution(name)
    paths = [Path(str(found.locate_file(each))) for each in found.files or ()]
    return sum(path.stat().st_size for path in paths if path.is_file())


def test_the_bill_of_materials_names_each_package_that_is_installed() -> None:
    bill = json.loads(bill_of_materials.text())
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    names = [each["name"] for each in bill["components"]]
    assert names == sorted(names)
    assert set(_locked()) <= set(names)
    assert all(re.fullmatch(r"pkg:pypi/[a-z0-9.-]+@[0-9][0-9a-z.]*", each["purl"]) for each in bill["components"])
    assert all(one["alg"] == "SHA-256" for each in bill["components"] for one in each["hashes"])
