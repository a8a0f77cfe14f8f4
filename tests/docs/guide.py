"""A guide as a script: its files are written, its commands run, and their output is what the page shows.

    <!-- file: PATH -->      the next fenced block is written to PATH
    <!-- exit: N -->         the last command of the next console block leaves with N (else 0)
    ```console               `$ command` lines, each followed by its output; a line `...` stands for any lines
    ```

Times and commit ids in outputs are compared as `N.NN s` and `0000000`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(
    r"(?:<!-- (?P<word>file|exit): (?P<argument>\S+) -->\n)?"
    r"^```(?P<language>\w*)\n(?P<body>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True)
class Step:
    """One command of a console block and the output that the page shows for it."""

    command: str
    shown: str


def steps(body: str) -> list[Step]:
    """Split a console block into commands; one goes on where its line ends in a backslash, and to the end of a here-document."""
    found: list[Step] = []
    command, shown, until = "", "", ""
    for line in body.splitlines(keepends=True):
        inside = bool(until) or (command.endswith("\\\n") and not shown)
        if not inside and line.startswith("$ "):
            if command:
                found.append(Step(command, shown))
            command, shown = line[2:], ""
        elif inside:
            command += line
        else:
            shown += line
            continue
        if until:
            until = "" if line.strip() == until else until
        elif here := re.search(r"<< '?(\w+)'?", command):
            until = here[1]
    found.append(Step(command, shown))
    return found


def run(page: Path, folder: Path, after_commit: str = "") -> str:
    """Run a guide in an empty folder; return its text with the outputs that the commands really gave.

    `after_commit` is a command that must do well after each commit of the guide but the first.
    """
    commits = 0
    text = page.read_text()

    def replaced(block: re.Match[str]) -> str:
        nonlocal commits
        body = block["body"]
        if block["word"] == "file":
            target = folder / block["argument"]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(body)
            return block[0]
        if block["language"] != "console":
            return block[0]
        expected = int(block["argument"]) if block["word"] == "exit" else 0
        parts = steps(body)
        given = ""
        for number, step in enumerate(parts):
            output, status = _command(step.command, folder)
            last = number == len(parts) - 1
            assert status == (expected if last else 0), (
                f"{page.name}: `{step.command.strip()}` left with {status}:\n{output}"
            )
            commits += "git commit" in step.command
            if after_commit and commits > 1 and "git commit" in step.command:
                checked, status = _command(after_commit, folder)
                assert status == 0, f"{page.name}: `{after_commit}` after `{step.command.strip()}`:\n{checked}"
            given += f"$ {step.command}" + (step.shown if matches(step.shown, output) else output)
        start, end = block.start("body") - block.start(), block.end("body") - block.start()
        return block[0][:start] + given + block[0][end:]

    return _BLOCK.sub(replaced, text)


def matches(shown: str, output: str) -> bool:
    """Whether an output is the shown one, times and commit ids aside."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == "...\n" else re.escape(line) for line in _plain(shown).splitlines(keepends=True)
    )
    return re.fullmatch(pattern, _plain(output)) is not None


def _plain(text: str) -> str:
    text = re.sub(r"\b\d+(\.\d+)? ?(m?s)\b(?! delay)", "N.NN s", text)
    return re.sub(r"\b[0-9a-f]{7,40}\b", "0000000", text)


def _command(command: str, folder: Path) -> tuple[str, int]:
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "100",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_NAME": "You",
        "GIT_AUTHOR_EMAIL": "you@example.com",
        "GIT_COMMITTER_NAME": "You",
        "GIT_COMMITTER_EMAIL": "you@example.com",
    }
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    return done.stdout, done.returncode
