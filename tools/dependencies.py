"""What sailwright is installed with: the locked set, the oldest versions that pyproject.toml allows, or the newest.

    python tools/dependencies.py locked run|dev   # the locked set and this checkout, into the Python that runs this
    python tools/dependencies.py locked docs      # the locked set that builds the site; the checkout is not needed for it
    python tools/dependencies.py oldest|newest    # what pyproject.toml allows, for tests
    python tools/dependencies.py lock             # write locks/ anew, with the newest of everything

It needs Python and pip alone, because it runs before anything is there.
"""

from __future__ import annotations

import platform
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "locks"
SETS = ("dev", "run", "docs")
"""In the order in which they are locked."""
FIRST, LAST = (3, 11), (3, 14)
"""The Pythons that the locked packages have wheels for."""

PIP = [sys.executable, "-I", "-m", "pip", "--quiet", "--disable-pip-version-check"]
HEAD = "# The {} set, locked: written by `make lock` from pyproject.toml. Wheels of Python {}.{} to {}.{}, each with its hashes.\n"


def declared(name: str) -> list[str]:
    """The requirements of a set as pyproject.toml declares them.

    `run` holds the run-time dependencies and what builds the project, `dev` these and the tools for tests, and `docs`
    only what builds the site.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    if name == "docs":
        return list(project["dependency-groups"]["docs"])
    found = [*project["build-system"]["requires"], *project["project"]["dependencies"]]
    return found + project["dependency-groups"]["dev"] if name == "dev" else found


def oldest(requirements: list[str]) -> list[str]:
    """Each requirement pinned to the lowest version that it allows."""
    return [re.sub(r">=([\w.]+).*", r"==\1", requirement) for requirement in requirements]


def locked(name: str, *options: str) -> int:
    """Install a locked set, then (except for docs) the checkout: no other version and no unlocked build tool is installed."""
    path = LOCKS / f"{name}.txt"
    status = pip("install", "--require-hashes", "--only-binary", ":all:", "--requirement", str(path))
    if status:
        print(no_wheels(path.name, sys.version_info[:2]), file=sys.stderr)
        return 2
    return 0 if name == "docs" else pip("install", "--no-deps", "--no-build-isolation", *options, str(ROOT))


def no_wheels(file: str, version: tuple[int, int]) -> str:
    """What to do where pip could not install a locked set; pip has printed its own error before."""
    here = f"Python {version[0]}.{version[1]} on {platform.system()} {platform.machine()}"
    known = f"Python {FIRST[0]}.{FIRST[1]} to {LAST[0]}.{LAST[1]}"
    told = f"sailwright: the packages of locks/{file} could not be installed for {here} (see above)"
    if FIRST <= version <= LAST:
        return f"{told}; they are locked for {known}: is the package index within reach, and is there a wheel for this platform?"
    return f"{told}; they are locked for {known}: name one of these with make PYTHON=python3.x, or lock anew with make lock"


def allowed(requirements: list[str]) -> int:
    """Install what is given, as new as it may be, then the checkout."""
    status = pip("install", "--upgrade", "--upgrade-strategy", "eager", *requirements)
    return status or pip("install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))


def lock() -> int:
    """Write the locks anew. `dev` comes first, and a package that another set shares with it gets the same version there."""
    status = pip("install", "--upgrade", "uv")
    held: list[str] = []
    for name in SETS:
        status = status or resolved(name, LOCKS / f"{name}.txt", held)
        held = ["--constraints", str(LOCKS / "dev.txt")]
    return status


def resolved(name: str, path: Path, options: list[str]) -> int:
    """Write one lock, for every platform and every Python from the first one on."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "lock.txt")
        command = [
            sys.executable,
            "-I",
            "-m",
            "uv",
            "pip",
            "compile",
            "-",
            "--quiet",
            "--universal",
            "--generate-hashes",
        ]
        command += ["--no-config", "--no-header", "--no-annotate", "--python-version", f"{FIRST[0]}.{FIRST[1]}"]
        text = "\n".join(declared(name))
        done = subprocess.run([*command, *options, "--output-file", str(file)], input=text, text=True, check=False)
        if done.returncode == 0:
            path.write_text(HEAD.format(name, *FIRST, *LAST) + file.read_text())
    return done.returncode


def pip(*arguments: str) -> int:
    """Run the pip of this Python."""
    return subprocess.run([*PIP, *arguments], check=False).returncode


def main(arguments: list[str]) -> int:
    """Do what the first word says."""
    match arguments:
        case ["locked", ("run" | "dev" | "docs") as name, *options]:
            return locked(name, *options)
        case ["oldest"]:
            return allowed(oldest(declared("dev")))
        case ["newest"]:
            return allowed(declared("dev"))
        case ["lock"]:
            return lock()
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
