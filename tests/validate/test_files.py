"""Files shared out among processes are judged as by one."""

import json
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from sailwright.commands.rules import all_rules
from sailwright.commands.validate import files
from sailwright.lint.settings import Settings as LintSettings
from sailwright.runtime.process_pool import WORTH_A_FORK
from sailwright.validate.run import Settings

COUNT = 3 * WORTH_A_FORK
DEFINITION = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.com}
spec:
  group: example.com
  names: {kind: Thing, plural: things}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, properties: {size: {type: integer}}}}
"""
CONTENTS = (
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
    "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\nsize: many\n",
    "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {}\n---\nvalues: 1\n",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndatas: {}  # sailwright: ignore[schema-violation] for a test\n",
    "nonsense: [\n",
)


@pytest.fixture
def names(tmp_path: Path) -> list[str]:
    """Files of every sort; the last one defines the kind of others."""
    for number in range(COUNT):
        (tmp_path / f"{number:04}.yaml").write_text(CONTENTS[number % len(CONTENTS)])
    (tmp_path / "crd.yaml").write_text(DEFINITION)
    return sorted(str(path) for path in tmp_path.iterdir())


def test_any_number_of_processes_finds_the_same(names: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Kinds that one process reads are known to all; counts, order and snippets are as of one."""
    found = []
    for processors in (1, 2, 3, 8):
        monkeypatch.setattr(files, "processors", lambda number=processors: number)
        judged = files.check_files(names, Settings(), LintSettings(), all_rules)
        found.append((judged.findings, judged.summary, [(each.path, each.data) for each in judged.sources]))
    assert found[0] == found[1] == found[2] == found[3]
    findings, summary, sources = found[0]
    assert (summary.files, summary.suppressed, len(summary.skipped)) == (COUNT + 1, COUNT // 5, COUNT // 5)
    assert {each.rule for each in findings} == {"schema-violation", "yaml-syntax"}
    assert sorted(os.path.basename(path)[3] for path, _ in sources[:6]) == sorted("124679")


def test_no_file_is_no_finding() -> None:
    assert files.check_files([], Settings(), LintSettings(), all_rules).summary.files == 0


@pytest.mark.parametrize(
    "schema",
    [
        "{type: object, properties: 3}",
        "{type: object, properties: {size: x}}",
        "{type: object, properties: {size: {enum: 3}}}",
        "{type: object, properties: {size: {type: integer, format: int32, minimum: a}}}",
        "{type: object, properties: {size: {allOf: [1]}}}",
        "{type: [object, nothing]}",
    ],
)
def test_a_definition_without_a_sound_schema_is_the_fault_of_the_definition(tmp_path: Path, schema: str) -> None:
    """Its objects cannot be judged, which is said; that is no failure of ours."""
    sound = "{type: object, properties: {size: {type: integer}}}"
    (tmp_path / "crd.yaml").write_text(DEFINITION.replace(sound, schema))
    (tmp_path / "thing.yaml").write_text(CONTENTS[1])
    names = [str(tmp_path / name) for name in ("crd.yaml", "thing.yaml")]
    judged = files.check_files(names, Settings(), LintSettings(), all_rules)
    told = {(os.path.basename(each.location.file), each.rule) for each in judged.findings}
    assert ("thing.yaml", "schema-missing") in told
    assert ("crd.yaml", "schema-violation") in told


@pytest.mark.parametrize(
    ("schema", "rules"),
    [
        ("{type: object, properties: {size: {type: string, pattern: '['}}}", ["schema-violation"]),
        ("{type: object, properties: {size: {enum: [{a: 1}, [2]]}}}", ["schema-violation"]),
    ],
)
def test_unusual_words_of_a_schema_do_not_stop_the_rest(tmp_path: Path, schema: str, rules: list[str]) -> None:
    """A pattern that only Go could read is left to the API server; a choice may be a map or a list."""
    sound = "{type: object, properties: {size: {type: integer}}}"
    (tmp_path / "crd.yaml").write_text(DEFINITION.replace(sound, schema))
    (tmp_path / "thing.yaml").write_text(CONTENTS[1].replace("many", "3"))
    judged = files.check_files([str(path) for path in tmp_path.iterdir()], Settings(), LintSettings(), all_rules)
    assert [each.rule for each in judged.findings if each.location.file.endswith("thing.yaml")] == rules


def definition(number: int, fields: int) -> str:
    """A definition of `Thing3.example.com` and so on with many fields; `size` is a whole number."""
    wide = ", ".join(f"field{place}: {{type: string, description: {'word ' * 20}}}" for place in range(fields))
    text = DEFINITION.replace("things.example.com", f"thing{number}s.example.com")
    text = text.replace("kind: Thing", f"kind: Thing{number}").replace("plural: things", f"plural: thing{number}s")
    return text.replace("properties: {size", f"properties: {{{wide}, size")


@pytest.fixture
def definitions(tmp_path: Path) -> list[str]:
    """Large definitions, one of them wrong, and an object of each kind, every second one wrong."""
    for number in range(6):
        wrong = "\n  bogus: 1\n" if number == 3 else "\n"
        (tmp_path / f"crd{number}.yaml").write_text(definition(number, 600).rstrip("\n") + wrong)
        size = "many" if number % 2 else "3"
        thing = f"apiVersion: example.com/v1\nkind: Thing{number}\nmetadata: {{name: a}}\nsize: {size}\n"
        (tmp_path / f"a{number}.yaml").write_text(thing)
    return [str(path) for path in sorted(tmp_path.iterdir())]


def test_large_definitions_count_although_they_are_forgotten(
    definitions: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert min(os.path.getsize(name) for name in definitions if "crd" in name) > files._LARGE
    results = {}
    for held in (0, files._HELD, 1 << 40):
        monkeypatch.setattr(files, "_HELD", held)
        judged = files.check_files(definitions, Settings(), LintSettings(), all_rules)
        results[held] = (judged.findings, judged.summary, sorted(source.path for source in judged.sources))
    first, *others = results.values()
    assert all(each == first for each in others)
    found = {(os.path.basename(each.location.file), each.rule) for each in first[0]}
    assert found == {(f"{name}.yaml", "schema-violation") for name in ("a1", "a3", "a5", "crd3")}


def test_more_definitions_need_little_more_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their documents are not kept: sixteen take less than twice the memory of four."""
    monkeypatch.setattr(files, "_HELD", 0)
    names = []
    for number in range(16):
        path = tmp_path / f"crd{number}.yaml"
        path.write_text(definition(number, 600))
        names.append(str(path))
    peaks = []
    files.check_files(names[:1], Settings(), LintSettings(), all_rules)
    for count in (4, 16):
        tracemalloc.start()
        files.check_files(names[:count], Settings(), LintSettings(), all_rules)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 2 * peaks[0]


def test_what_only_forked_processes_find_is_reported(tmp_path: Path) -> None:
    """This process has then made no finding itself before it gets the first."""
    for number in range(110):
        text = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c{number}}}\n"
        (tmp_path / f"c{number:03}.yaml").write_text(text)
    wrong = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80}], bogus: 1}\n"
    (tmp_path / "z.yaml").write_text(wrong)
    command = [
        sys.executable,
        "-m",
        "sailwright",
        "validate",
        str(tmp_path),
        "--backend",
        "builtin",
        "--format",
        "json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("Traceback")) == (1, 0)
    (finding,) = json.loads(done.stdout)["findings"]
    assert (finding["rule"], finding["location"]["line"]) == ("schema-violation", 4)
