"""What we ship and document for CI names everything by its digest, keeps no token in a checkout and asks for few rights."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from sailwright.commands.edit.scaffold import start

ROOT = Path(__file__).parent.parent.parent
SKIPPED = {".venv", ".git", "node_modules", "tests", "rendered"}
USES = re.compile(r"^\s*-?\s*uses:\s*(\S+)(.*)$")
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")
VERSION = re.compile(r"\s+# v\d+(\.\d+)+\b.*")
INSTALLS = re.compile(
    r"\b(pip3? install|pipx install|npm (i|install|ci)|npx|gem install|go install)\b|\b(curl|wget)\b[^|]*\|\s*(ba)?sh\b"
)


def texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Name and text of everything in YAML that somebody may copy: files, blocks of the documentation, and what `init` writes."""
    for path in sorted(ROOT.rglob("*")):
        inside = path.relative_to(ROOT)
        if SKIPPED.intersection(inside.parts) or not path.is_file():
            continue
        if path.suffix in (".yaml", ".yml"):
            yield str(inside), path.read_text()
        elif path.suffix == ".md":
            for number, block in enumerate(
                re.findall(r"^```yaml\n(.*?)^```", path.read_text(), re.MULTILINE | re.DOTALL)
            ):
                yield f"{inside}#{number}", block
    start(str(folder))
    for path in sorted(folder.rglob("*.y*ml")):
        yield f"init:{path.relative_to(folder)}", path.read_text()


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return dict(texts(tmp_path_factory.mktemp("init")))


def steps(value: Any) -> Iterator[dict[str, Any]]:
    """Every step of a workflow or an action."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "steps" and isinstance(inner, list):
                yield from (step for step in inner if isinstance(step, dict))
            else:
                yield from steps(inner)


def workflows(shipped: dict[str, str]) -> dict[str, Any]:
    """The workflows and actions among the texts, as data."""
    marked = {name: text for name, text in shipped.items() if re.search(r"^(jobs|runs):", text, re.MULTILINE)}
    return {name: yaml.safe_load(text) for name, text in marked.items()}


def test_the_walk_finds_what_we_ship(shipped: dict[str, str]) -> None:
    found = set(workflows(shipped))
    assert found >= {"action.yml", "integrations/github/render.yaml", "init:.github/workflows/sailwright.yaml"}
    assert any(name.startswith("docs/guides/ci.md") for name in found)


def test_every_action_is_named_by_its_digest_and_says_its_version(shipped: dict[str, str]) -> None:
    named = [
        (name, match[1], match[2])
        for name, text in shipped.items()
        for line in text.splitlines()
        if (match := USES.match(line)) and not match[1].startswith("./")
    ]
    assert len(named) >= 8
    for name, action, rest in named:
        assert PINNED.fullmatch(action), f"{name}: {action}"
        assert VERSION.fullmatch(rest), f"{name}: {action}{rest}"


def test_one_action_has_one_digest(shipped: dict[str, str]) -> None:
    """A digest that is raised is raised everywhere."""
    found: dict[str, set[str]] = {}
    for text in shipped.values():
        for action, digest in re.findall(r"uses: ([\w./-]+)@(\S+)", text):
            found.setdefault(action, set()).add(digest)
    assert {action: digests for action, digests in found.items() if len(digests) > 1} == {}


def test_no_checkout_keeps_its_token(shipped: dict[str, str]) -> None:
    found = [
        (name, step)
        for name, workflow in workflows(shipped).items()
        for step in steps(workflow)
        if str(step.get("uses", "")).startswith("actions/checkout@")
    ]
    assert len(found) >= 3
    for name, step in found:
        assert step.get("with", {}).get("persist-credentials") is False, name


WRITES = {
    "integrations/github/render.yaml": {"contents"},  # it commits what it rendered
    "docs/guides/ci.md": {"security-events"},  # the SARIF upload
}


def test_workflows_ask_for_few_rights(shipped: dict[str, str]) -> None:
    for name, workflow in workflows(shipped).items():
        if "jobs" not in workflow:
            continue
        given = [workflow.get("permissions"), *(job.get("permissions") for job in workflow["jobs"].values())]
        assert isinstance(given[0], dict), f"{name}: no permissions at the top"
        writes = {
            scope for each in given if isinstance(each, dict) for scope, level in each.items() if level == "write"
        }
        assert writes <= WRITES.get(name.partition("#")[0], set()), name
        assert all(each is None or isinstance(each, dict) for each in given), name
        assert not {scope for scope, level in given[0].items() if level == "write"}, (
            f"{name}: rights of one job at the top"
        )


def test_nothing_is_installed_that_is_not_locked(shipped: dict[str, str]) -> None:
    """Our own packages come from a commit, with the locked set beside them; no registry has a release."""
    for name, text in shipped.items():
        for line in text.splitlines():
            code = line.partition(" #")[0]
            assert not INSTALLS.search(code) or "--require-hashes" in code, f"{name}: {line}"
            assert not re.search(r"\bpython3? -m\b", code), f"{name}: {line}: without -I the folder at hand is searched"
    installing = [text for name, text in shipped.items() if "SAILWRIGHT_COMMIT" in text]
    assert len(installing) == 3
    for text in installing:
        assert 'tools/dependencies.py" locked run' in text or "tools/dependencies.py locked run" in text
        assert "${SAILWRIGHT_COMMIT:?" in text, "without a commit the job fails and says so"


def test_images_and_hooks_are_named_by_their_digests(shipped: dict[str, str]) -> None:
    job = yaml.safe_load(shipped["integrations/gitlab/sailwright.gitlab-ci.yml"])["sailwright"]
    assert re.fullmatch(r"python:3\.\d+-slim@sha256:[0-9a-f]{64}", job["image"])
    hooks = [entry for text in shipped.values() if text.startswith("repos:") for entry in yaml.safe_load(text)["repos"]]
    for entry in hooks:
        assert entry["repo"] == "local" or re.fullmatch(r"[0-9a-f]{40}", entry["rev"])


def test_the_gate_of_every_template_takes_its_settings_from_the_base(shipped: dict[str, str]) -> None:
    assert '--config-ref "origin/$GITHUB_BASE_REF"' in shipped["init:.github/workflows/sailwright.yaml"]
    assert "--config-ref=$CI_MERGE_REQUEST_DIFF_BASE_SHA" in shipped["integrations/gitlab/sailwright.gitlab-ci.yml"]
    assert any("config-ref: ${{" in text for name, text in shipped.items() if name.startswith("docs/guides/ci.md"))
