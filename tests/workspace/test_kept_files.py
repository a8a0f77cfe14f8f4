"""What is kept of files is in the same pages however it came about, and only what has changed is suspect."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sailwright.runtime.cache import Cache
from sailwright.runtime.store import Store, open_store
from sailwright.runtime.table import Keeping, LostRow
from sailwright.source.files.recorded import digest
from sailwright.workspace import kept_files
from sailwright.workspace.kept_files import KeptFiles, Page, new_pages, suspects_of

NAMES = [f"{folder}{name}" for folder in ("", "a/", "a/b/", "c/") for name in ("x", "y z", "é", "\udce9", "~")]
NOW = 1
"""Nanoseconds: when all was noted. Every stamp is trusted here, or none: `trusting` says which."""


@contextmanager
def trusting(stamps: bool) -> Iterator[pytest.MonkeyPatch]:
    """Small pages, of stamps that are trusted however young the files are, or never."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept_files, "_IN_A_PAGE", 3)
        patch.setattr("sailwright.source.files.stamps.YOUNG", -(1 << 62) if stamps else 1 << 62)
        yield patch


def write(root: Path, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The digests of these files, which are written."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text)
    return {name: digest(text) for name, text in files.items()}


def pages_of(store: Store, root: Path, digests: Mapping[str, bytes]) -> Sequence[Page]:
    """The pages as of a first run."""
    keeping = Keeping(store)
    pages = new_pages("files", str(root), digests, NOW, keeping)
    keeping.keep("files", "all", {})
    return pages


@contextmanager
def folder() -> Iterator[tuple[Store, Path]]:
    """A store, and an empty folder."""
    with tempfile.TemporaryDirectory() as name:
        (root := Path(name, "root")).mkdir()
        yield open_store(Cache(str(Path(name, "cache")), b"k" * 32), name), root


texts = st.dictionaries(st.sampled_from(NAMES), st.sampled_from([b"one", b"two", b"three"]))


@given(first=texts, steps=st.lists(st.tuples(texts, st.sets(st.sampled_from(NAMES))), max_size=4), young=st.booleans())
@settings(max_examples=25, deadline=None)
def test_pages_that_were_changed_are_those_of_a_first_run(
    first: dict[str, bytes], steps: list[tuple[dict[str, bytes], set[str]]], young: bool
) -> None:
    with folder() as (store, root), trusting(not young):
        digests = write(root, first)
        kept = KeptFiles(store, "files", str(root), pages_of(store, root, digests))
        for changed, gone in steps:
            new = write(root, changed)
            keeping = Keeping(store)
            pages = kept.renewed([(new, NOW)], gone, keeping)
            keeping.keep("files", "all", {})
            digests = {name: each for name, each in (digests | new).items() if name not in gone}
            kept = KeptFiles(store, "files", str(root), pages)
        assert kept.pages == new_pages("files", str(root), digests, NOW, Keeping(store))
        assert dict(kept.items()) == digests == kept.digests(NAMES)
        assert list(kept.paths()) == sorted(digests)
        assert [name for name, _ in suspects_of(kept)[0]] == (sorted(digests) if young else [])


@given(first=texts, then=texts, gone=st.sets(st.sampled_from(NAMES)))
@settings(max_examples=25, deadline=None)
def test_what_was_written_again_or_is_gone_is_suspect(
    first: dict[str, bytes], then: dict[str, bytes], gone: set[str]
) -> None:
    """Whatever is in it: the digest tells. Nothing else is looked at."""
    with folder() as (store, root), trusting(stamps=True):
        digests = write(root, first)
        kept = KeptFiles(store, "files", str(root), pages_of(store, root, digests))
        for name in then:  # another inode, as editors and git make it: the same one could be written within one tick
            (root / name).unlink(missing_ok=True)
            write(root, {f"new/{name}": then[name]})
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / "new" / name).rename(root / name)
        for name in gone & first.keys():
            (root / name).unlink(missing_ok=True)
        looked: list[str] = []

        def look(name: str) -> bytes | None:
            looked.append(name)
            return digest((root / name).read_bytes()) if (root / name).exists() else None

        changed, same = kept.changed(look)
        touched = (then.keys() | gone) & first.keys()
        assert sorted(looked) == sorted(touched)
        assert changed == {name for name in touched if name in gone or then[name] != first[name]}
        assert same.keys() == touched - changed


def test_folders_and_files_are_asked_about_together() -> None:
    """What each of them has to say stays its own."""
    with folder() as (store, root), trusting(stamps=True):
        digests = write(root, dict.fromkeys(NAMES, b"one"))
        files = KeptFiles(store, "files", str(root), pages_of(store, root, digests))
        keeping = Keeping(store)
        pages = new_pages("folders", str(root), dict.fromkeys((".", "a", "c"), b"f" * 32), NOW, keeping, folders=True)
        keeping.keep("folders", "all", {})
        folders = KeptFiles(store, "folders", str(root), pages, folders=True)
        assert suspects_of(folders, files) == [[], []]
        os.rename(root / "c", root / "d")
        (root / "c").symlink_to("d")
        (root / "a" / "x").unlink()
        assert suspects_of(folders, files) == [
            [(each, b"f" * 32) for each in (".", "a", "c")],
            [("a/x", digests["a/x"])],
        ]


def test_a_page_that_is_gone_from_the_store_is_lost() -> None:
    with folder() as (store, root), trusting(stamps=True):
        pages = pages_of(store, root, write(root, {"x": b"one"}))
        store.keep_all([("other", "entry", b"")], emptied=["files"])
        with pytest.raises(LostRow):
            suspects_of(KeptFiles(store, "files", str(root), pages))
