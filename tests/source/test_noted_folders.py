"""The folders that patterns look into are noted while they are walked, as they would be found later."""

from pathlib import Path

import pytest

from sailwright.source.files.checkout import Disk
from sailwright.source.files.recorded import Recorded
from sailwright.source.files.stamps import folder_digests
from sailwright.workspace.input_state import visited

PATTERNS = (
    "services/*/service.yaml",
    "services/*/*",
    "services/**",
    "./services/a/*.yaml",
    "services/a/service.yaml",
    "missing/*/service.yaml",
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for path in (
        "services/a/service.yaml", "services/a/notes.txt", "services/b/.hidden/service.yaml", "services/b/c/service.yaml",
        "services/other/sailwright.yaml", "services/other/service.yaml",
    ):  # fmt: skip
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("name: a\n")
    return tmp_path


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_walk_notes_the_folders_on_which_a_pattern_depends(project: Path, pattern: str) -> None:
    recorded = Recorded(Disk(str(project)))
    assert recorded.glob(pattern) == Disk(str(project)).glob(pattern)
    assert recorded.folders.keys() == visited(str(project), (pattern,))


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_names_noted_are_those_that_are_in_the_folders(project: Path, pattern: str) -> None:
    recorded = Recorded(Disk(str(project)))
    recorded.glob(pattern)
    later = 1 << 62
    noted = folder_digests(str(project), recorded.folders, later, recorded.folders)
    assert noted is not None
    assert noted == folder_digests(str(project), visited(str(project), (pattern,)), later)


def test_what_was_added_since_the_walk_is_looked_into_again(project: Path) -> None:
    recorded = Recorded(Disk(str(project)))
    recorded.glob("services/*/*")
    (project / "services/a/new.yaml").write_text("")
    noted = folder_digests(str(project), recorded.folders, recorded.since, recorded.folders)
    assert noted is not None
    assert noted["services/a"] == b""


def test_a_link_to_a_folder_is_not_relied_on(project: Path) -> None:
    (project / "services/linked").symlink_to("a")
    recorded = Recorded(Disk(str(project)))
    recorded.glob("services/*/*")
    assert folder_digests(str(project), recorded.folders, recorded.since, recorded.folders) is None


def test_several_patterns_share_what_was_listed(project: Path) -> None:
    recorded = Recorded(Disk(str(project)))
    recorded.glob("services/*/*")
    listed = recorded.folders["services/a/"]
    recorded.glob("services/*/service.yaml")
    assert listed
    assert recorded.folders["services/a/"] == listed
    assert recorded.walked == {"services/*/*", "services/*/service.yaml"}


def test_a_pattern_that_leads_out_of_the_repository_is_not_walked(project: Path) -> None:
    recorded = Recorded(Disk(str(project / "services")))
    assert recorded.glob("../*") == ()
    assert recorded.walked == set()
