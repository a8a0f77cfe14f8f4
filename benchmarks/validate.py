"""The built-in validator and kubeconform on the same documents, in turn: ratios of wall time.

python -m benchmarks.validate [COUNT]       documents, 4,000 unless given; kubeconform from PATH, else from $SAILWRIGHT_CI_CACHE/bin

1. `judge` in this process, all it judges (schemas, validation rules, Istio's webhook), its schemas not read before, against a
   whole kubeconform process that reads the same documents and judges the schemas alone: at most a third.
2. `sailwright validate`, files read and findings placed, with either backend.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from benchmarks.generate import generate
from benchmarks.measure import Candidate, measured
from sailwright.validate.kubeconform.folders import schema_locations
from sailwright.validate.schemas.catalogue import Catalogue, Found
from sailwright.validate.schemas.kubernetes import versions

ROUNDS = 5
A_SERVICE = 6
"""Objects that a generated service renders."""

SAILWRIGHT = (sys.executable, "-m", "sailwright")
JUDGE = """\
import json, sys, time
values = [json.loads(line) for line in open(sys.argv[1])]
started = time.perf_counter()
from sailwright.validate.run import judge
found = judge(values)
print(time.perf_counter() - started)
assert not any(each.severity == "error" for objections in found for each in objections)
"""


def kubeconform() -> str:
    """The program, or an end with the line that installs it."""
    cache = os.environ.get("SAILWRIGHT_CI_CACHE") or Path.home() / ".cache" / "sailwright-ci"
    for folder in (*os.environ["PATH"].split(os.pathsep), Path(cache) / "bin"):
        if os.access(Path(folder) / "kubeconform", os.X_OK):
            return str(Path(folder) / "kubeconform")
    raise SystemExit("kubeconform is missing: go install github.com/yannh/kubeconform/cmd/kubeconform@v0.7.0")


def documents(folder: Path, count: int) -> list[dict[str, Any]]:
    """What a generated project renders without sidecars."""
    generate(folder, -(-count // A_SERVICE))
    command = (*SAILWRIGHT, "build", "--stdout", "--no-inject", "--no-cache")
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return [each for each in yaml.load_all(done.stdout, yaml.CSafeLoader) if each][:count]


def scratch(folder: Path, values: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The documents and schemas as our own kubeconform backend writes them; the arguments that it passes."""
    (folder / "documents").mkdir(parents=True)
    for number, value in enumerate(values):
        (folder / "documents" / f"{number}.json").write_text(json.dumps(value))
    version = versions()[-1]
    catalogue = Catalogue(version, "1.31.0", ())
    found = [each for value in values if isinstance(each := catalogue.find(value["apiVersion"], value["kind"]), Found)]
    locations = schema_locations(found, version, str(folder))
    flags = [flag for location in locations for flag in ("-schema-location", location)]
    usual = ("-strict", "-output", "json", "-verbose", "-kubernetes-version", f"{version}.0", "-n", str(os.cpu_count()))
    return (*usual, *flags, str(folder / "documents"))


def judged(lines: Path) -> float:
    """Seconds that a fresh process takes to judge the documents, from the first import on."""
    done = subprocess.run((sys.executable, "-c", JUDGE, str(lines)), check=True, capture_output=True, text=True)
    return float(done.stdout)


def main(count: int) -> None:
    """Measure and print."""
    program = kubeconform()
    with tempfile.TemporaryDirectory(prefix="sailwright-bench-") as name:
        folder = Path(name)
        values = documents(folder / "project", count)
        lines, files = folder / "all.jsonl", folder / "files"
        lines.write_text("".join(json.dumps(value) + "\n" for value in values))
        files.mkdir()
        for start in range(0, len(values), A_SERVICE):
            part = values[start : start + A_SERVICE]
            (files / f"{start}.yaml").write_text(yaml.dump_all(part, Dumper=yaml.CSafeDumper))
        arguments = scratch(folder / "scratch", values)
        times: list[float] = []
        peer = Candidate("kubeconform", (program, *arguments), folder, prepare=lambda: times.append(judged(lines)))
        ours = [
            Candidate(
                f"sailwright validate --backend {backend}",
                (*SAILWRIGHT, "validate", str(files), "--backend", backend),
                folder,
                environment={"PATH": f"{Path(program).parent}{os.pathsep}{os.environ['PATH']}"},
            )
            for backend in ("builtin", "kubeconform")
        ]
        measures = measured([peer, *ours], ROUNDS)
        theirs, best = measures["kubeconform"].seconds, sorted(times)[len(times) // 2]
        print(f"{len(values):,} documents, medians of {ROUNDS} rounds")
        print(f"  {'kubeconform, schemas alone':<42} {theirs:6.2f} s")
        print(f"  {'judge, everything':<42} {best:6.2f} s {best / theirs:6.2f} of kubeconform")
        for each in ours:
            seconds = measures[each.name].seconds
            print(f"  {each.name:<42} {seconds:6.2f} s {seconds / theirs:6.2f} of kubeconform")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4000)
