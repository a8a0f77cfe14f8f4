"""Reading YAML: the two dialects, positions, and every kind of bad input as one clear finding."""

from typing import Any

import pytest

from sailwright.diagnostics.finding import Location
from sailwright.source.scalars import Dialect
from sailwright.source.source import parse


def value(text: str, dialect: Dialect = "manifest") -> Any:
    """The value of the only document of a file."""
    source = parse("f.yaml", text.encode(), dialect)
    assert source.problems == ()
    return source.documents[0].value


@pytest.mark.parametrize(
    ("text", "service", "kubectl"),
    [
        ("on", "on", True),
        ("y", "y", True),
        ("No", "No", False),
        ("010", 10, 8),
        ("0o10", 8, 8),
        ("0b11", "0b11", 3),
        ("1_000", "1_000", 1000),
        ("08", 8, 8.0),
        ("1e3", 1000.0, 1000.0),
        ("2024-01-01", "2024-01-01", "2024-01-01"),
        ("12:30", "12:30", "12:30"),
        ("~", None, None),
        ("", None, None),
        ("0x1F", 31, 31),
        ("-0x1F", "-0x1F", -31),
        (".5", 0.5, 0.5),
        ("1.2.3", "1.2.3", "1.2.3"),
        ("!!str 010", "010", "010"),
        ('"010"', "010", "010"),
    ],
)
def test_plain_scalars_mean_what_their_reader_takes_them_for(text: str, service: object, kubectl: object) -> None:
    """service.yaml is YAML 1.2; manifests are read as kubectl reads them."""
    cases: list[tuple[Dialect, object]] = [("service", service), ("manifest", kubectl)]
    for dialect, expected in cases:
        found = value(f"a: {text}\n", dialect)
        assert found == {"a": expected}
        assert type(found["a"]) is type(expected)


def test_locate_gives_the_span_of_a_scalar_and_the_key_of_a_collection() -> None:
    source = parse("f.yaml", b"a:\n  - b: one\n    c: {d: two}\n")
    document = source.documents[0]
    assert document.locate(("a", 0, "b")) == Location("f.yaml", 2, 8, 2, 11)
    assert document.locate(("a", 0, "b"), key=True) == Location("f.yaml", 2, 5, 2, 6)
    assert document.locate(("a", 0, "c", "d")) == Location("f.yaml", 3, 12, 3, 15)
    assert document.locate(("a", 0, "c")) == Location("f.yaml", 3, 5, 3, 6)
    assert document.locate(("a", 0, "missing", "deeper")) == Location("f.yaml", 2, 5, 2, 6)
    assert document.locate(("a", "missing")) == Location("f.yaml", 1, 1, 1, 2)


def test_merge_keys_and_aliases_are_followed() -> None:
    text = "base: &b {x: 1, z: 2}\nmine:\n  <<: *b\n  z: 3\n"
    assert value(text) == {"base": {"x": 1, "z": 2}, "mine": {"x": 1, "z": 3}}
    document = parse("f.yaml", text.encode()).documents[0]
    assert document.locate(("mine", "x")).line == 1
    assert document.locate(("mine", "z")).line == 4


@pytest.mark.parametrize(
    ("data", "rule", "line"),
    [
        (b"a: 1\na: 2\n", "yaml-duplicate-key", 2),
        (b"a:\n\tb: 1\n", "yaml-syntax", 2),
        (b"a: b: c\n", "yaml-syntax", 1),
        (b"a: [1, 2\n", "yaml-syntax", 2),
        (b"a: 1\n---\nb: *nope\n", "yaml-syntax", 3),
        (b"a\0b", "unreadable-file", 1),
        (b"a: \xff\n", "unreadable-file", 1),
        (b"a: &x [*x]\n", "yaml-recursive-alias", 1),
        (b"a: !ruby/object {}\n", "yaml-unsupported-tag", 1),
        (b"? [a]\n: 1\n", "yaml-bad-key", 1),
        (b"[" * 100_000, "yaml-too-deep", 1),
        (b"- " * 100_000, "yaml-too-deep", 1),
        (b"a: 1\nb:\n  " + b"[" * 2_000, "yaml-too-deep", 3),
        (b"{x: " * 99 + b"[" * 5_000, "yaml-too-deep", 1),
        ("é: ".encode() + b"[" * 1_001 + b"]" * 1_001, "yaml-too-deep", 1),
        (b"[" * 150 + b"@", "yaml-too-deep", 1),
        (b"[" * 50 + b"@" + b"[" * 1_000, "yaml-syntax", 1),
        (b"a: \x07\n", "yaml-syntax", 1),
        (b"x: 1\n" * 400_000, "unreadable-file", 1),
    ],
)
def test_bad_input_is_one_finding_with_a_line(data: bytes, rule: str, line: int) -> None:
    source = parse("f.yaml", data, "service")
    finding = source.problems[0]
    assert (finding.rule, finding.severity) == (rule, "error")
    assert finding.location.line == line


def test_an_alias_bomb_is_refused() -> None:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    source = parse("f.yaml", "\n".join(levels).encode())
    assert [finding.rule for finding in source.problems] == ["yaml-alias-bomb"]


def test_what_stands_before_a_syntax_error_is_still_read() -> None:
    source = parse("f.yaml", b"a: 1\n---\nb: [\n")
    assert [document.value for document in source.documents] == [{"a": 1}]
    assert len(source.problems) == 1


def test_two_objects_without_a_line_between_them_are_one_fault() -> None:
    """Each key of the second is written twice: what is missing is `---`."""
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\napiVersion: v1\nkind: Secret\nmetadata: {name: b}\n"
    for source in (text, "# " + "x" * 200_000 + "\n" + text):
        (problem,) = parse("a.yaml", source.encode()).problems
        assert problem.rule == "yaml-duplicate-key"
        assert "second object begins here" in problem.message
        assert "`---`" in problem.message
        assert problem.location.line == source.count("\n", 0, source.rindex("apiVersion")) + 1
    separate = parse("a.yaml", text.replace("name: a}\n", "name: a}\n---\n").encode())
    assert (separate.problems, len(separate.documents)) == ((), 2)
    assert len(parse("a.yaml", b"kind: a\nmetadata: {}\nkind: b\nmetadata: {}\n").problems) == 2
