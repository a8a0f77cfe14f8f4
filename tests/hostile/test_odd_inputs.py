"""Files that no editor saves: each is checked, refused or skipped with a sentence, and no command breaks on one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.hostile.repositories import CART, in_process, project, sailwright

from sailwright.diagnostics.finding import Skipped

OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\ndata: {a: b}\n"
NAMES = 20

INPUTS: dict[str, bytes] = {
    "nothing": b"",
    "a line feed": b"\n",
    "spaces": b"   ",
    "a comment": b"# nothing\n",
    "empty documents": b"---\n---\n...\n---\n",
    "a byte order mark": b"\xef\xbb\xbf" + OBJECT.encode(),
    "a byte order mark alone": b"\xef\xbb\xbf",
    "two byte order marks": b"\xef\xbb\xbf\xef\xbb\xbf" + OBJECT.encode(),
    "UTF-16": OBJECT.encode("utf-16"),
    "UTF-16 without a mark": OBJECT.encode("utf-16-be"),
    "UTF-32": OBJECT.encode("utf-32"),
    "Latin-1": OBJECT.replace("a: b", "a: é").encode("latin-1"),
    "invalid UTF-8": b"a: \xff\xfe\n",
    "half a character": OBJECT.encode() + b"\xe2\x82",
    "NUL": b"a: \0\n",
    "NUL at the end": OBJECT.encode() + b"\0",
    "CRLF": OBJECT.replace("\n", "\r\n").encode(),
    "CR": OBJECT.replace("\n", "\r").encode(),
    "tabs": OBJECT.replace(" ", "\t").encode(),
    "a tab before a key": b"a:\n\tb: c\n",
    "control characters": b"a: \x07\x1b[2J\x08\n",
    "next line and line separator": "a: b\x85c\u2028d\n".encode(),
    "nested lists": b"[" * 5_000,
    "nested maps": b"{a: " * 5_000,
    "nested block lists": b"- " * 5_000,
    "nested keys": b"? " * 5_000,
    "nested and closed": b"[" * 5_000 + b"]" * 5_000,
    "nested JSON": b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    "a bomb of aliases": b"".join(
        b"a%d: &a%d [%s]\n" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 9) if n else b"x") for n in range(NAMES)
    ),
    "a bomb of merges": b"".join(
        b"a%d: &a%d {%s}\n" % (n, n, b"<<: [%s]" % b", ".join([b"*a%d" % (n - 1)] * 9) if n else b"x: y")
        for n in range(NAMES)
    ),
    "an alias of itself": b"a: &a [*a]\n",
    "an alias of nothing": b"a: *b\n",
    "a merge of itself": b"a: &a {<<: *a}\n",
    "a merge of a text": b"a: {<<: b}\n",
    "a tag of Python": b"a: !!python/object/apply:os.system [true]\n",
    "a tag of bytes": b"a: !!binary aGVsbG8=\n",
    "an unknown tag": b"!x {a: !y b}\n",
    "a tag that is none": b"a: !<> b\n",
    "a directive": b"%YAML 9.9\n---\n" + OBJECT.encode(),
    "an unknown directive": b"%X y\n---\n" + OBJECT.encode(),
    "a directive alone": b"%YAML 1.1\n",
    "keys of every kind": b"{1: a, 1.5: a, true: a, ~: a, [1]: a, {a: b}: a, '': a}\n",
    "the same key twice": b"a: 1\na: 2\n",
    "a text": b"text\n",
    "a number": b"1\n",
    "a list": b"- 1\n- {a: b}\n",
    "a list of lists": b"kind: List\napiVersion: v1\nitems: [[1], {kind: List, apiVersion: v1, items: [2]}]\n",
    "no kind": b"apiVersion: v1\nmetadata: {name: a}\n",
    "lists where maps are meant": b"apiVersion: [v1]\nkind: {a: b}\nmetadata: [1]\nspec: text\n",
    "numbers where texts are meant": b"apiVersion: 1\nkind: 2\nmetadata: {name: 3, namespace: 4, labels: {5: 6}, annotations: 7}\n",
    "huge numbers": b"a: " + b"9" * 5_000 + b"\nb: 1e999999\nc: 0x" + b"f" * 5_000 + b"\n",
    "a long line": b"a: " + b"x" * 100_000 + b"\n",
    "a long key": b"x" * 5_000 + b": a\n",
    "lone surrogates": b'{"a": "\\ud800", "b": "\\udc00\\ud800"}\n',
    "half of JSON": b'{"a": [1, 2',
    "a conflict": b"<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> b\n",
    "a template": b"{{- if .Values.a }}\na: {{ .Values.b }}\n{{- end }}\n",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
}
COMMANDS = (
    ("lint", "a.yaml"),
    ("validate", "--backend", "builtin", "a.yaml"),
    ("validate", "--backend", "builtin", "--format", "sarif", "a.yaml"),
    ("inject", "-f", "a.yaml"),
    ("route", "--from", "shop/web", "http://cart/", "-f", "a.yaml"),
    ("schema", "import", "a.yaml"),
    ("upgrade-check", "a.yaml", "--from", "1.24", "--to", "1.32"),
)
PROJECT_COMMANDS = (
    ("build", "-j1", "--stdout"),
    ("check", "-j1"),
    ("weight", "cart", "v2=30"),
    ("upgrade-check", "--from", "1.30", "--to", "1.31"),
    ("migrate", "--to", "gateway-api"),
    ("migrate", "--to", "ambient"),
)


def sound(done: subprocess.CompletedProcess[str]) -> None:
    """The run is fine, has findings or says in one sentence why it is not."""
    said = done.stdout + done.stderr
    assert "Traceback" not in said, said
    assert "fault of sailwright" not in said, said
    assert done.returncode in (0, 1, 2, 3), said
    assert done.returncode == 0 or said.strip(), "a status of its own says nothing"


@pytest.mark.parametrize("what", INPUTS)
def test_every_command_takes_or_refuses_it(tmp_path: Path, what: str) -> None:
    (tmp_path / "a.yaml").write_bytes(INPUTS[what])
    for command in COMMANDS:
        sound(in_process(tmp_path, *command))


@pytest.mark.parametrize("what", INPUTS)
def test_a_project_takes_or_refuses_it(tmp_path: Path, what: str) -> None:
    """As sailwright.yaml, as a service file, as what it includes, and as the manifest that it starts from."""
    for name in ("sailwright.yaml", "services/cart/service.yaml", "services/cart/more.yaml", "patch.yaml"):
        top = project(tmp_path / name.replace("/", "-"), CART + "include: [more.yaml]\n")
        (top / "services/cart/more.yaml").write_text(OBJECT)
        (top / name).write_bytes(INPUTS[what])
        for command in PROJECT_COMMANDS:
            sound(in_process(top, *command))


@pytest.mark.parametrize("what", INPUTS)
def test_what_is_adopted_is_taken_or_refused(tmp_path: Path, what: str) -> None:
    live = tmp_path / "live"
    live.mkdir()
    (live / "a.yaml").write_bytes(INPUTS[what])
    (live / "b.yaml").write_text(OBJECT)
    sound(in_process(tmp_path, "init", "--from", "live", "new"))
    top = project(tmp_path / "project")
    sound(in_process(top, "adopt", "../live"))


LIVE = {
    "a workload without containers": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, namespace: shop}\nspec: {template: {spec: {}}}\n",
    "a workload that is a text": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, namespace: shop}\nspec: text\n",
    "containers that are none": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, namespace: shop}\n"
    "spec: {template: {metadata: [1], spec: {containers: [1, text, {name: [a]}, {image: 5, ports: {a: b}, env: [1]}]}}}\n",
    "a Service of odd ports": "apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: shop}\nspec: {selector: [1], ports: [1, {port: x}, {port: -1}]}\n",
    "a route to nothing": "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a, namespace: shop}\n"
    "spec: {hosts: 5, http: [1, {route: [text, {destination: 5, weight: x}], match: {a: b}, timeout: [1]}]}\n",
    "a rule of nothing": "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: a, namespace: shop}\n"
    "spec: {host: [a], subsets: {a: b}, trafficPolicy: [1]}\n",
    "an object without a name": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {}\nspec: {template: {spec: {containers: [{image: a}]}}}\n",
    "names that are no names": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ../../a, namespace: ../b}\n"
    "spec: {template: {metadata: {labels: {app: ../c}}, spec: {containers: [{name: x, image: a}]}}}\n",
}


@pytest.mark.parametrize("what", LIVE)
def test_malformed_objects_are_adopted_or_refused(tmp_path: Path, what: str) -> None:
    live = tmp_path / "live"
    live.mkdir()
    (live / "a.yaml").write_text(LIVE[what] + "---\n" + "---\n".join(text for text in LIVE.values()))
    (live / "b.yaml").write_text(LIVE[what])
    for command in (("init", "--from", "live", "new"), ("init", "--from", "live/b.yaml", "other")):
        sound(in_process(tmp_path, *command))
    top = project(tmp_path / "project")
    sound(in_process(top, "adopt", "../live"))
    assert not [path for path in tmp_path.iterdir() if path.name not in ("live", "new", "other", "project")]


ODD_NAMES = (
    b"\xff\xfe.yaml",
    b"a\nb.yaml",
    b"\x1b[2J.yaml",
    "\u202eb.yaml".encode(),
    b"-f.yaml",
    b" .yaml",
    b"%s{0}.yaml",
    b"::error::.yaml",
)


def test_files_with_odd_names_are_checked(tmp_path: Path) -> None:
    """Names are bytes: what is no UTF-8 is read all the same, and shown in one clean line."""
    top = project(tmp_path)
    folder = os.fsencode(top / "services")
    for number, name in enumerate(ODD_NAMES):
        with open(os.path.join(folder, name), "w") as file:
            file.write(OBJECT.replace("name: a", f"name: a{number}").replace("\ndata:", "\ndate:"))
    for command in (
        ("lint", "services"),
        ("validate", "--backend", "builtin", "services"),
        ("build", "-j1"),
        ("check",),
    ):
        for form in ((), ("--format", "json"), ("--format", "sarif"), ("--format", "junit")):
            if command[0] == "build" and form:
                continue
            done = in_process(top, *command, *form)
            sound(done)
            assert "\x1b" not in done.stdout + done.stderr
            assert "\u202e" not in done.stdout + done.stderr
    done = in_process(top, "validate", "--backend", "builtin", "services")
    assert f"{len(ODD_NAMES)} errors" in done.stdout + done.stderr


WITHOUT_PRIVILEGES = """\
import ctypes, os, sys
for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH: what lets root read everything
    ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP
os.execv(sys.executable, [sys.executable, "-I", "-m", "sailwright", *sys.argv[1:]])
"""


def held_to_modes(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program as one whom the modes of files bind, also where the tests run as root."""
    command = [sys.executable, "-I", "-c", WITHOUT_PRIVILEGES, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.skipif(sys.platform != "linux", reason="the capabilities of root are taken from it as Linux does")
@pytest.mark.parametrize(
    "closed", ["services/cart/service.yaml", "services/cart", "services", "sailwright.yaml", "rendered"]
)
def test_what_may_not_be_read_is_reported(tmp_path: Path, closed: str) -> None:
    """Not taken for what is not there: a service that cannot be read is not removed from the output."""
    top = project(tmp_path)
    assert sailwright(top, "build").returncode == 0
    before = sorted(str(path) for path in top.rglob("*"))
    os.chmod(top / closed, 0)
    for command in (("build",), ("build", "--check"), ("lint",), ("validate", "--backend", "builtin"), ("check",)):
        done = held_to_modes(top, *command)
        sound(done)
        reads_none = command[0] in ("lint", "validate") and closed in ("rendered", "services", "sailwright.yaml")
        assert done.returncode or reads_none, (command, done)
        assert reads_none or "ermission denied" in done.stdout + done.stderr, (command, done)
    os.chmod(top / closed, 0o755)
    assert sorted(str(path) for path in top.rglob("*")) == before


def test_files_that_vanish_between_listing_and_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process may remove what was just listed."""
    from sailwright.source.files import files

    top = tmp_path / "top"
    top.mkdir()
    for name in ("a.yaml", "b.yaml"):
        (top / name).write_text(OBJECT.replace("name: a", f"name: {name[0]}"))
    listed = files.files_below

    def vanishing(folder: str, skipped: list[Skipped]) -> list[str]:
        found = listed(folder, skipped)
        (top / "b.yaml").unlink(missing_ok=True)
        return found

    monkeypatch.setattr(files, "files_below", vanishing)
    for command in (("lint", "top"), ("validate", "--backend", "builtin", "top")):
        (top / "b.yaml").write_text(OBJECT.replace("name: a", "name: b"))
        done = in_process(tmp_path, *command)
        sound(done)
        assert done.returncode == 2, done
        assert done.stderr == "sailwright: top/b.yaml: there is no such file\n"


def test_a_folder_that_vanishes(tmp_path: Path) -> None:
    """The folder at hand was removed: commands say so."""
    gone = tmp_path / "gone"
    gone.mkdir()
    script = "import os, shutil, sys; shutil.rmtree(os.getcwd()); from sailwright.cli import main; sys.exit(main(sys.argv[1:]))"
    for command in (("lint", "."), ("build",), ("check",), ("init",), ("diff",), ("doctor",)):
        gone.mkdir(exist_ok=True)
        done = subprocess.run(
            [sys.executable, "-I", "-c", script, *command],
            cwd=gone,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        sound(done)
        assert done.returncode in (2, 3), (command, done)
