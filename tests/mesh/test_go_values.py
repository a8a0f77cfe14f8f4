"""Durations, quantities, URLs and protobuf numbers: what Go makes of them, we make of them.

Go's answers lie in tests/golden/go (tools/record_go_values.py); where Go is installed, random texts are put to it anew.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools import record_go_values

from sailwright.mesh.values.duration import nanoseconds, normalized, protobuf_duration
from sailwright.mesh.values.protobuf import RANGES, quoted_number
from sailwright.mesh.values.quantity import canonical, is_quantity, quantity
from sailwright.mesh.values.urls import parse_url, url_address

GOLDEN = Path(__file__).parent.parent / "golden" / "go"


def _recorded(kind: str) -> dict[str, Any]:
    return dict(json.loads((GOLDEN / f"{kind}.json").read_text(encoding="utf-8")))


def _duration_differences(answers: Mapping[str, Any]) -> list[str]:
    return [f"{text!r}: Go {answer}" for text, answer in answers.items() if nanoseconds(text) != answer]


def _protobuf_duration_differences(answers: Mapping[str, Any]) -> list[str]:
    return [
        f"{text!r}: Go {answer}"
        for text, answer in answers.items()
        if (None if nanoseconds(text) is None else normalized(text)) != answer
    ]


def _quantity_differences(answers: Mapping[str, Any]) -> list[str]:
    return [f"{text!r}: Go {answer}" for text, answer in answers.items() if not _same_quantity(text, answer)]


def _same_quantity(text: str, answer: Sequence[Any] | None) -> bool:
    """Two answers of Go are not followed: a suffix without a digit is zero to it, and `1000E` is printed as `1`."""
    if answer is None or not any(character.isdigit() for character in text.partition("e")[0].partition("E")[0]):
        return not is_quantity(text)
    printed, unscaled, scale = answer
    amount: Fraction = Fraction(int(unscaled)) / Fraction(10) ** scale
    overflows = not text.endswith("i") and "e" not in text and amount >= 10**21
    return bool(quantity(text) == amount and (overflows or canonical(text) == printed))


def _url_differences(answers: Mapping[str, Any]) -> list[str]:
    return [f"{text!r}: Go {answer}" for text, answer in answers.items() if not _same_url(text, answer)]


def _same_url(text: str, answer: Sequence[Any] | None) -> bool:
    url = parse_url(text)
    if url is None or answer is None:
        return url is None and answer is None
    mine = [url.scheme, url.host, url.hostname, url_address(text) != ""]
    # Go takes the escapes of a host away; nobody asks for such a name.
    return mine[0] == answer[0] and ("%" in url.host or mine == list(answer))


def _number_differences(kind: str, answers: Mapping[str, Any]) -> list[str]:
    low, high = RANGES.get(kind, (None, None))
    wrong = []
    for text, answer in answers.items():
        number = quoted_number(json.loads(text), whole=kind != "double")
        if number is not None and low is not None and high is not None and not low <= number <= high:
            number = None
        if answer != "not finite" and number != answer:
            wrong.append(f"{text}: Go {answer}, here {number}")
    return wrong


def test_durations_are_read_as_go_reads_them() -> None:
    """`time.ParseDuration`: signs, fractions, both ways to write micro, the limits."""
    assert _duration_differences(_recorded("durations")) == []


def test_protobuf_durations_are_read_and_printed_as_istio_does() -> None:
    """Istio's JSON reader takes any Go duration for a google.protobuf.Duration, and prints seconds."""
    assert _protobuf_duration_differences(_recorded("protobuf_durations")) == []


def test_quantities_are_read_and_printed_as_kubernetes_does() -> None:
    """`resource.ParseQuantity`: every suffix and exponent, nothing finer than a nano, limits of binary ones."""
    assert _quantity_differences(_recorded("quantities")) == []


def test_urls_are_read_as_go_reads_them() -> None:
    """`url.Parse`: what it refuses, and the scheme, host and address of the rest."""
    assert _url_differences(_recorded("urls")) == []


@pytest.mark.parametrize("kind", ["int32", "uint32", "double"])
def test_numbers_in_quotes_are_read_as_protobuf_reads_them(kind: str) -> None:
    """A number may stand in quotes; an integer must be written as one."""
    assert _number_differences(kind, _recorded(f"protobuf_{kind}")) == []


@given(st.integers(-(2**63) + 1, 2**63 - 1))
def test_what_protobuf_prints_is_read_again(length: int) -> None:
    """To a nanosecond below a day; Go reads decimals in floating point, so long ones may lose the last digits."""
    again = nanoseconds(protobuf_duration(length))
    assert again is not None
    assert abs(again - length) <= 1


@given(st.text(max_size=40))
def test_no_text_breaks_a_reader(text: str) -> None:
    """Each answers or refuses."""
    nanoseconds(text)
    canonical(text)
    parse_url(text)
    url_address(text)
    quoted_number(text, whole=False)


def _random_texts() -> dict[str, list[str]]:
    """Other texts at every run: characters of each grammar, put together by chance."""
    chance = random.Random()
    alphabets = {
        "durations": [*"0123456789.+-", "ms", "s", "h", "us", "\u00b5s", "ns", "m", "10", "1.5"],
        "quantities": [*"0123456789.+-", "e", "E", "Ki", "Mi", "Gi", "m", "k", "M", "n", "10", "1.5", "e3"],
        "urls": [*"abc:/?#@[]% .1", "http://", "//", "host", ":80", "::1", "%25", "%41", "1.2.3.4"],
    }
    return {
        kind: ["".join(chance.choices(letters, k=chance.randrange(1, 9))) for _ in range(1500)]
        for kind, letters in alphabets.items()
    }


def test_go_itself_agrees_on_random_texts() -> None:
    """Only where Go is installed and the program of tools/go_values can be built."""
    if shutil.which("go") is None:
        pytest.skip("there is no Go")
    asked = _random_texts()
    asked["quantities"] = [
        text for text in asked["quantities"] if canonical(text) is None or quantity(text) is not None
    ]
    try:
        answers = record_go_values.answers(asked)
    except subprocess.SubprocessError as error:
        pytest.skip(f"the Go program cannot be built here: {error}")
    differences = [
        *_duration_differences(answers["durations"]),
        *_quantity_differences(answers["quantities"]),
        *_url_differences(answers["urls"]),
    ]
    assert differences == []
