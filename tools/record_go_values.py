"""Record what Go makes of durations, quantities, URLs and protobuf JSON: `python tools/record_go_values.py`.

It asks the program in tools/go_values (Go and its module proxy are needed) and writes tests/golden/go/KIND.json, which the
property tests of `sailwright.mesh.values` are held to. The texts are made here, the same ones every time.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

PROGRAM = Path(__file__).parent / "go_values"
GOLDEN = Path(__file__).parent.parent / "tests" / "golden" / "go"
PATIENCE = 300
"""Seconds for a first run, which fetches modules and compiles."""

_SIGNS = ("", "-", "+", "--", " ")
_NUMBERS = (
    "0",
    "1",
    "00",
    "5.",
    ".5",
    "1.5",
    ".",
    "",
    "1.2.3",
    "007",
    "9223372036854775807",
    "9223372036854775808",
    "1_0",
)
_UNITS = ("", "ns", "us", "\u00b5s", "\u03bcs", "ms", "s", "m", "h", "d", "S", "sec", " s", "s ")
_SUFFIXES = (
    *(
        "",
        "n",
        "u",
        "m",
        "k",
        "K",
        "M",
        "G",
        "T",
        "P",
        "E",
        "Ki",
        "Mi",
        "Gi",
        "Ti",
        "Pi",
        "Ei",
        "ki",
        "mi",
        "B",
        "e",
        "e3",
        "E3",
    ),
    *("e-3", "e+3", "E+6", "e31", "e-10", "e0", "e1.5", "ee", "e 3", " ", "Zi", "i", "e-31", "E-9"),
)
_AMOUNTS = (
    "0",
    "1",
    "-1",
    "+1",
    "1.5",
    ".5",
    "5.",
    ".",
    "",
    "1024",
    "1000",
    "1023",
    "2000",
    "0.0000000001",
    "-0.0000000001",
)
_LONG_AMOUNTS = (
    "9223372036854775807",
    "9223372036854775808",
    "123456789012345678901234567890",
    "1.1234567891",
    "00012",
)
_SCHEMES = ("", "http:", "https:", "HTTP:", "grpc+tls:", "1a:", ":", "http", "a b:", "mailto:", "\u00e9:")
_HOSTS = (
    *(
        "",
        "//",
        "//host",
        "//host:80",
        "//host:",
        "//host:x",
        "//host:80:90",
        "//::1",
        "//[::1]",
        "//[::1]:80",
        "//[::1",
        "//[::1]x",
    ),
    *(
        "//1.2.3.4",
        "//1.2.3.4:8080",
        "//user@host",
        "//u:p@host:1",
        "//us er@host",
        "//ho st",
        "//ho%41st",
        "//ho%20st",
        "//ho%zz",
    ),
    *(
        "//h<o",
        '//h"o',
        "//h^o",
        "//h|o",
        "//h{o}",
        "//h\\o",
        "//[fe80::1%25en0]",
        "//[fe80::1%en0]",
        "//\u00e9",
        "//-h-",
        "//ho`st",
    ),
)
_PATHS = (
    "",
    "/",
    "/a",
    "/a%2Fb",
    "/a%zz",
    "/a%2",
    "?q=%zz",
    "#f%zz",
    "/a b",
    "/a\tb",
    "/\x7f",
    "a:b",
    "/a:b",
    "*",
    "/a?x#y",
    "#",
)
_INTEGERS = (
    "0",
    "1",
    "-1",
    "+1",
    "1.0",
    "1.5",
    "1e2",
    "01",
    "",
    " 1",
    "1 ",
    "2147483647",
    "2147483648",
    "-2147483648",
    "0x1",
    "1_0",
    "x",
)
_INTEGERS_TOO = (
    "4294967295",
    "4294967296",
    "true",
    "-0",
    ".5",
    "5.",
    "1E400",
    "NaN",
    "Infinity",
    "-Infinity",
    "inf",
    "nan",
)


def texts() -> Mapping[str, Sequence[str]]:
    """The texts to ask about, by kind."""
    chance = random.Random(7)  # noqa: S311 - the same texts every time
    simple = ["".join(parts) for parts in product(_SIGNS, _NUMBERS, _UNITS)]
    long = ["".join(f"{chance.choice(_NUMBERS[:6])}{chance.choice(_UNITS[1:9])}" for _ in range(3)) for _ in range(150)]
    exact = [f"{chance.random():.{chance.randrange(1, 17)}f}{chance.choice(_UNITS[1:9])}" for _ in range(150)]
    amounts = ["".join(parts) for parts in product((*_AMOUNTS, *_LONG_AMOUNTS), _SUFFIXES)]
    amounts += [
        f"{chance.randrange(10**6)}.{chance.randrange(10**4)}{chance.choice(_SUFFIXES[:17])}" for _ in range(200)
    ]
    numbers = [*_INTEGERS, *_INTEGERS_TOO]
    protobuf = [json.dumps(number) for number in numbers]
    return {
        "durations": [
            *simple,
            *long,
            *exact,
            "9223372036854775807ns",
            "-9223372036854775808ns",
            "2562047h47m16.854775807s",
        ],
        "quantities": amounts,
        "urls": ["".join(parts) for parts in product(_SCHEMES, _HOSTS, _PATHS) if chance.random() < 0.3],
        "protobuf_durations": [*simple[: len(_NUMBERS) * len(_UNITS) * 2], *long[:40], *exact[:40]],
        "protobuf_int32": protobuf,
        "protobuf_uint32": [number for number in protobuf if number != '"-0"'],
        "protobuf_double": protobuf,
    }


def answers(asked: Mapping[str, Sequence[str]]) -> dict[str, dict[str, Any]]:
    """What Go says. Raises OSError where there is no `go`, subprocess.SubprocessError where it cannot be run."""
    # Tests move the cache folder; what Go has compiled lies in the user's own.
    environment = {name: value for name, value in os.environ.items() if name != "XDG_CACHE_HOME"}
    result = subprocess.run(
        ["go", "run", "."],
        env=environment,
        cwd=PROGRAM,
        input=json.dumps(asked).encode(),
        capture_output=True,
        check=True,
        timeout=PATIENCE,
    )
    return dict(json.loads(result.stdout))


def main() -> int:
    """Write one file per kind."""
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for kind, found in answers(texts()).items():
        lines = ",\n".join(f"{json.dumps(text)}: {json.dumps(answer)}" for text, answer in sorted(found.items()))
        (GOLDEN / f"{kind}.json").write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
