"""Small repositories as a pull request leaves them."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from sailwright.cli import main
from sailwright.commands.build import render_all
from sailwright.workspace import parallel

PROJECT = """\
apiVersion: sailwright/v1alpha1
services: ["services/*/service.yaml"]
istio: {version: 1.30.3, sidecarMode: native}
environments: {staging: {}, prod: {}}
"""
CART = """\
apiVersion: sailwright/v1alpha1
name: cart
namespace: shop
owner: team-shop
ports: [{name: http, port: 80, appProtocol: http}]
versions:
  - {name: v1, image: "example.com/cart:1.0.0", weight: 80}
  - {name: v2, image: "example.com/cart:1.1.0", weight: 20}
"""


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder, as nobody in particular."""
    identity = ("-c", "user.name=You", "-c", "user.email=you@example.com", "-c", "init.defaultBranch=main")
    more = ("-c", "protocol.file.allow=always")
    command = ["git", *identity, *more, *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def project(folder: Path, service: str = CART, text: str = PROJECT) -> Path:
    """Write a project with one service, not built."""
    (folder / "services" / "cart").mkdir(parents=True, exist_ok=True)
    (folder / "sailwright.yaml").write_text(text)
    (folder / "services" / "cart" / "service.yaml").write_text(service)
    return folder


_KIND = """\
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


def project_with_kinds(folder: Path, *kinds: str) -> Path:
    """A project that gives the definitions of custom kinds, not built. What is read of them is kept in files of the cache."""
    project(folder, text=f'{PROJECT}validate: {{schemas: ["crds/*.yaml"]}}\n')
    (folder / "crds").mkdir()
    for kind in kinds:
        (folder / "crds" / f"{kind}.yaml").write_text(_KIND.replace("Lamp", kind).replace("lamp", kind.lower()))
    return folder


def own_store(patch: pytest.MonkeyPatch, top: Path) -> None:
    """Have what is kept between runs lie below a folder of the test."""
    patch.setenv("XDG_CACHE_HOME", str(top / "cache"))
    patch.setenv("XDG_STATE_HOME", str(top / "state"))


def prepared(factory: pytest.TempPathFactory, patch: pytest.MonkeyPatch, make: Callable[[Path], object]) -> Path:
    """A folder as `make` leaves it, with what was kept meanwhile in a store of its own: made once per process, copied for each test.

    All copies lie at the same place, since what is kept is kept by place; to the program all files have been written again.
    """
    top = factory.getbasetemp() / "prepared" / f"{make.__module__}.{make.__qualname__}"
    made, now = top / "made", top / "now"
    own_store(patch, now)
    shutil.rmtree(now, ignore_errors=True)
    if not made.exists():
        make(now / "kept")
        now.rename(made)
    shutil.copytree(made, now, symlinks=True)
    return now / "kept"


def in_process(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The same in this process: many times faster, and nothing of the streams is left to the terminal."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace") for _ in range(2))
    here = Path.cwd()
    os.chdir(folder)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = main(list(arguments))
    finally:
        os.chdir(here)
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode())
    return subprocess.CompletedProcess(arguments, status, *texts)


def fresh_run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A command run with `--no-cache` over the whole mesh, in the way of small projects; of the same files at the same place, git's own
    among them, the same is not asked twice.
    """
    whole = hashlib.sha256()
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        whole.update(f"{path}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\0".encode())
    return _fresh_run(folder, whole.hexdigest(), command)


@cache
def _fresh_run(folder: Path, _files: str, command: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    with pytest.MonkeyPatch.context() as patch:
        for module in (parallel, render_all):
            patch.setattr(module, "MANY", 1_000_000)
        return in_process(folder, *command, "--no-cache")


def sailwright(
    folder: Path, *arguments: str, env: dict[str, str] | None = None, seconds: float = 60, module: str = "sailwright"
) -> subprocess.CompletedProcess[str]:
    """Run the program in a folder as a process of its own; TimeoutExpired where it hangs."""
    command = [sys.executable, "-I", "-m", module, *arguments]
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=seconds,
        check=False,
    )
