"""The kubeconform backend: its output read, and programs that are not what they should be."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest

from sailwright.diagnostics.schema_error import SchemaError
from sailwright.runtime.errors import Failure
from sailwright.validate.kubeconform.output import Unreadable, errors_of
from sailwright.validate.kubeconform.run import can_read, opened
from sailwright.validate.run import Settings, choose_backend, judge

CONFIG_MAP = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}


def message(*errors: str) -> dict[str, Any]:
    """A result of kubeconform, whose message holds all errors in one line."""
    head = "problem validating schema. Check JSON formatting: jsonschema validation failed with 'file:///x.json#'"
    return {"status": "statusInvalid", "msg": head + "".join(errors)}


@pytest.mark.parametrize(
    ("errors", "found"),
    [
        (
            [" - at '/spec': additional properties 'bogus', 'o\\'dd/k~ey' not allowed"],
            [SchemaError(("spec", "bogus"), "unknown"), SchemaError(("spec", "o'dd/k~ey"), "unknown")],
        ),
        ([" - at '/spec': missing properties 'a', 'b'"], [
            SchemaError(("spec",), "required", ("a",)), SchemaError(("spec",), "required", ("b",))]),
        ([" - at '/spec/a~1b': got number, want null or string"], [SchemaError(("spec", "a/b"), "type", ("string",))]),
        ([" - at '/l/0': minLength: got 1, want 2"], [SchemaError(("l", 0), "minLength", ("2",))]),
        ([" - at '/m/0': got null, want string"], [SchemaError(("m", "0"), "type", ("string",))]),
        ([" - at '/e': value must be one of 'A', 'B', <nil>"], [SchemaError(("e",), "enum", ("A", "B", "null"))]),
        ([" - at '/e': value must be 'A'"], [SchemaError(("e",), "enum", ("A",))]),
        ([" - at '/p': 'it\\'s' does not match pattern '^a\\'b+$'"], [SchemaError(("p",), "pattern", ("^a'b+$",))]),
        ([" - at '/d': 'x' is not valid date-time: too short"], [SchemaError(("d",), "format", ("date-time",))]),
        ([" - at '/d': 'x' is not valid ipv4: expected four decimals"], [SchemaError(("d",), "format", ("ipv4",))]),
        ([" - at '/d': 'x' is not valid ipv6"], [SchemaError(("d",), "format", ("ipv6",))]),
        ([" - at '/u': items at 0 and 1 are equal"], [SchemaError(("u",), "uniqueItems")]),
        ([" - at '/n': not failed"], [SchemaError(("n",), "not")]),
        ([" - at '/o': oneOf failed, subschemas 0, 1 matched"], [SchemaError(("o",), "oneOf-many")]),
        (
            [" - at '/o': oneOf failed, none matched", "   - at '/o': got object, want null or string",
             "   - at '/o': got object, want null or integer", " - at '/x': got null, want string"],
            [SchemaError(("o",), "oneOf", (), (SchemaError(("o",), "type", ("string",)), SchemaError(("o",), "type", ("integer",)))),
             SchemaError(("x",), "type", ("string",))],
        ),
        (
            [" - at '/l': validation failed", "   - at '/l': maxItems: got 4, want 3", "   - at '/l/2': got number, want string"],
            [SchemaError(("l",), "maxItems", ("3",)), SchemaError(("l", 2), "type", ("string",))],
        ),
    ],
)  # fmt: skip
def test_messages_are_read(errors: list[str], found: list[SchemaError]) -> None:
    """Every error of a document, with its pointer: what kubeconform 0.7.0 prints."""
    value = {"l": ["a", "b", 3], "m": {"0": None}, "o": {}, "spec": {}}
    assert list(errors_of(message(*errors), value)) == found


@pytest.mark.parametrize(
    "result",
    [{"status": "statusError", "msg": "could not find schema for X"}, {"status": "statusSkipped"}, {}, message(),
     message(" - at '/a': words of another version")],
)  # fmt: skip
def test_other_results_are_no_verdict(result: dict[str, Any]) -> None:
    """A document that was not judged is never taken for valid."""
    with pytest.raises(Unreadable):
        errors_of(result, {})


def program(folder: Path, script: str, version: str = "v0.7.0") -> str:
    """A program that answers `-v` like kubeconform, and then does what `script` says."""
    path = folder / "kubeconform"
    path.write_text(f'#!/bin/sh\nif [ "$1" = -v ]; then echo {version}; exit; fi\n{script}\n')
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def run(folder: Path, script: str) -> object:
    """Judge one object with such a program."""
    return judge([CONFIG_MAP], Settings(kubeconform=opened(program(folder, script))))


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("kill -9 $$", "failed (exit status -9)"),
        ("echo panic: oh no >&2; exit 2", "failed (exit status 2): panic: oh no"),
        ("exit 1", "it printed nothing"),
        ("echo rubbish", "printed no results that can be read"),
        ("echo '{\"resources\": 5}'", "printed no results that can be read"),
        ("echo '{\"resources\": []}'", "left out document 1"),
        ('echo \'{"resources": [{"filename": "/x/0.json", "status": "statusSkipped"}]}\'', "did not check document 1"),
    ],
)
def test_programs_that_do_not_do_their_work(tmp_path: Path, script: str, told: str) -> None:
    """One line, exit status 3, and no verdict."""
    with pytest.raises(Failure) as failure:
        run(tmp_path, script)
    assert told in failure.value.message
    assert failure.value.status == 3
    assert "\n" not in failure.value.message


def test_a_program_that_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is stopped after the time limit, and the message says so."""
    monkeypatch.setattr("sailwright.validate.kubeconform.run.TIME_LIMIT", 0.2)
    with pytest.raises(Failure, match=r"did not answer within 0\.2 s"):
        run(tmp_path, "sleep 60; echo late")


def test_what_the_program_is_given(tmp_path: Path) -> None:
    """Strict, offline, one process for all documents: the folder and not their names."""
    record = tmp_path / "arguments"
    script = f"""for argument; do echo "$argument"; done > {record}
for last; do true; done
ls "$last" > {record}.files; echo "$HTTPS_PROXY" > {record}.proxy
echo '{{"resources": [{{"filename": "0.json", "status": "statusValid"}}, {{"filename": "1.json", "status": "statusValid"}}]}}'"""
    settings = Settings(kubernetes=("1.34",), kubeconform=opened(program(tmp_path, script)))
    assert judge([CONFIG_MAP, CONFIG_MAP], settings) == ((), ())
    arguments = record.read_text().splitlines()
    assert {"-strict", "-verbose", "json", "1.34.0"} <= set(arguments)
    assert "-ignore-missing-schemas" not in arguments
    assert Path(f"{record}.files").read_text().split() == ["0.json", "1.json"]
    assert "127.0.0.1" in Path(f"{record}.proxy").read_text()
    assert not Path(arguments[-1]).exists(), "the scratch folder is gone"


@pytest.mark.parametrize(
    ("version", "told"),
    [("v0.6.7", "older than 0.7.0"), ("1.2.3-rc1 extra", "is no kubeconform"), ("''", "prints nothing")],
)
def test_wrong_versions(tmp_path: Path, version: str, told: str) -> None:
    """The version is checked, and the message has the line that installs the right one."""
    with pytest.raises(Failure, match=told) as failure:
        opened(program(tmp_path, "", version))
    assert "go install github.com/yannh/kubeconform" in failure.value.message


def test_absent_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for and absent is a failure; `auto` goes without."""
    monkeypatch.setenv("PATH", "")
    assert choose_backend("auto", None) is None
    assert choose_backend("builtin", None) is None
    for backend, named in (("kubeconform", None), ("auto", "/nowhere/kubeconform")):
        with pytest.raises(Failure, match="go install") as failure:
            choose_backend(backend, named)  # type: ignore[arg-type]
        assert failure.value.status == 3
    with pytest.raises(Failure, match="leave one of them out"):
        choose_backend("builtin", "kubeconform")


def test_metadata_that_kubeconform_cannot_read() -> None:
    """Such objects are judged by the built-in validator."""
    assert can_read({"metadata": {"name": "a"}})
    assert can_read({})
    assert not can_read({"metadata": True})
    assert not can_read({"metadata": {"name": 5}})
