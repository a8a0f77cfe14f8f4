"""The software bill of materials of a release, as CycloneDX 1.6: the locked run-time set, with the hashes of its files.

usage: python -I tools/bill_of_materials.py > sailwright.cdx.json

It is made from locks/run.txt alone, so that the same commit gives the same bytes.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_PINNED = re.compile(r"([a-z0-9.-]+)==([0-9][0-9a-z.]*)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def text() -> str:
    """The whole document."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    own = {"type": "application", "name": project["name"], "version": project["version"]}
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {**own, "licenses": [{"license": {"id": project["license"]}}]}},
        "components": components((ROOT / "locks" / "run.txt").read_text()),
    }
    return json.dumps(document, indent=2) + "\n"


def components(lock: str) -> list[dict[str, Any]]:
    """The packages of a lock file, in its order, which is that of their names."""
    found: list[dict[str, Any]] = []
    for line in lock.splitlines():
        if match := _PINNED.match(line):
            name, version = match.groups()
            purl = f"pkg:pypi/{name}@{version}"
            found.append({"type": "library", "name": name, "version": version, "purl": purl, "hashes": []})
        elif match := _HASH.search(line):
            found[-1]["hashes"].append({"alg": "SHA-256", "content": match[1]})
    return found


if __name__ == "__main__":
    sys.stdout.write(text())
