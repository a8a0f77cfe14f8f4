"""The kubeconform backend: one process a run over scratch files, offline and strict, every document accounted for.

Behaviour of kubeconform 0.7.0: `-v` prints `v0.7.0`, or `development` where it was built from source; the exit status is 1
for findings and for wrong use alike, told apart by an empty stdout; only `msg` holds every error of a document.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sailwright.diagnostics.schema_error import SchemaError
from sailwright.runtime.errors import Failure
from sailwright.runtime.programs import completed, find_program
from sailwright.runtime.records import dataclass
from sailwright.runtime.regex import regex
from sailwright.validate.kubeconform.folders import schema_locations
from sailwright.validate.kubeconform.output import Unreadable, errors_of
from sailwright.validate.schemas.catalogue import Catalogue, Found

OLDEST = (0, 7, 0)
INSTALL = "install it with `go install github.com/yannh/kubeconform/cmd/kubeconform@v0.7.0`"
TIME_LIMIT = 120.0
"""Seconds: kubeconform needs about half a millisecond a document."""

_VERSION = regex(r"v?([0-9]+)\.([0-9]+)\.([0-9]+)\S*")
_VERSION_TIME_LIMIT = 10.0


@dataclass(frozen=True, slots=True)
class Kubeconform:
    """An executable kubeconform and its version as it prints it."""

    program: str
    version: str


def opened(program: str) -> Kubeconform:
    """A kubeconform that is there and new enough. Raises Failure (status 3) that says what to install."""
    found = find_program(program)
    if found is None:
        raise Failure(f"{program}: there is no such program; {INSTALL}", 3)
    done = _run([found, "-v"], _VERSION_TIME_LIMIT)
    text = done.stdout.strip()
    match = _VERSION.fullmatch(text)
    if done.returncode != 0 or (match is None and text != "development"):
        raise Failure(f"{program} is no kubeconform: `-v` prints {_first_line(text) or 'nothing'}; {INSTALL}", 3)
    if match and tuple(map(int, match.groups())) < OLDEST:
        raise Failure(f"{program} is kubeconform {text}, which is older than 0.7.0; {INSTALL}", 3)
    return Kubeconform(found, text)


def can_read(value: Mapping[str, Any]) -> bool:
    """kubeconform first reads an object's name; where the metadata has another shape it judges nothing."""
    metadata = value.get("metadata")
    if not isinstance(metadata, dict):
        return metadata is None
    return all(isinstance(metadata.get(name), str | None) for name in ("name", "generateName", "namespace"))


def errors(
    kubeconform: Kubeconform,
    documents: Sequence[tuple[Found, Mapping[str, Any]]],
    catalogue: Catalogue,
) -> tuple[tuple[SchemaError, ...], ...]:
    """What kubeconform refuses of each document, in their order. Raises Failure (status 3) where it did not do its work."""
    if not documents:
        return ()
    with tempfile.TemporaryDirectory(prefix="sailwright-") as scratch:
        folder = os.path.join(scratch, "documents")
        os.mkdir(folder)
        for number, (_, value) in enumerate(documents):
            with open(os.path.join(folder, f"{number}.json"), "w", encoding="utf-8") as file:
                file.write(json.dumps(value))
        locations = schema_locations([found for found, _ in documents], catalogue.kubernetes, scratch)
        done = _run(_command(kubeconform, catalogue.kubernetes, locations, folder), TIME_LIMIT)
        results = _results(kubeconform, done)
    return tuple(_judged(kubeconform, results, number, value) for number, (_, value) in enumerate(documents))


def _command(kubeconform: Kubeconform, version: str, locations: Iterable[str], folder: str) -> list[str]:
    command = [kubeconform.program, "-output", "json", "-verbose", "-strict", "-n", str(max(1, os.cpu_count() or 1))]
    command += ["-kubernetes-version", f"{version}.0"]
    for location in locations:
        command += ["-schema-location", location]
    return [*command, folder]


def _run(command: list[str], time_limit: float) -> subprocess.CompletedProcess[str]:
    """Run a program with no way to the network."""
    nowhere = "http://127.0.0.1:9"
    environment = {**os.environ, "HTTP_PROXY": nowhere, "HTTPS_PROXY": nowhere, "NO_PROXY": ""}
    try:
        done = completed(command, time_limit, environment)
    except OSError as error:
        raise Failure(f"{command[0]} cannot be run: {error.strerror}; {INSTALL}", 3) from None
    except subprocess.TimeoutExpired:
        message = f"{command[0]} did not answer within {time_limit:g} s: run it by hand, or use --backend builtin"
        raise Failure(message, 3) from None
    output, errors = (text.decode("utf-8", "replace") for text in (done.stdout, done.stderr))
    return subprocess.CompletedProcess(command, done.returncode, output, errors)


def _results(kubeconform: Kubeconform, done: subprocess.CompletedProcess[str]) -> dict[str, dict[str, Any]]:
    """The results by file name."""
    if done.returncode not in (0, 1) or not done.stdout.strip():
        reason = _first_line(done.stderr) or "it printed nothing"
        raise Failure(f"{kubeconform.program} failed (exit status {done.returncode}): {reason}", 3)
    try:
        resources = json.loads(done.stdout)["resources"]
        return {os.path.basename(each["filename"]): each for each in resources}
    except (ValueError, KeyError, TypeError):
        raise Failure(f"{kubeconform.program} printed no results that can be read; {INSTALL}", 3) from None


def _judged(
    kubeconform: Kubeconform, results: dict[str, dict[str, Any]], number: int, value: Any
) -> tuple[SchemaError, ...]:
    result = results.get(f"{number}.json")
    if result is None:
        raise Failure(f"{kubeconform.program} left out document {number + 1}: use --backend builtin", 3)
    try:
        return errors_of(result, value)
    except Unreadable as fault:
        message = f"{kubeconform.program} did not check document {number + 1}: {_first_line(str(fault))}"
        raise Failure(f"{message}; use --backend builtin", 3) from None


def _first_line(text: str) -> str:
    line = next(iter(text.strip().splitlines()), "")
    return "".join(each if each.isprintable() else "?" for each in line)[:200]
