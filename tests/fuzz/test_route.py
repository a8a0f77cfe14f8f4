"""Routing: an answer for each request, or one sentence that says what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz.runs import FUZZ, run
from tests.fuzz.samples import objects
from tests.fuzz.trees import CHANGES, WORDS, Change, mutated
from tests.route.test_bad_worlds import OBJECTS, URLS

from sailwright.source.emit import emit_all

REQUESTS: tuple[dict[str, Any], ...] = (
    {"authority": "cart.shop:80", "path": "/a?b=c", "headers": {"x": "1"}, "from": "shop"},
    {"url": "http://cart.shop/b", "method": "POST", "labels": {"app": "client"}, "from": "shop"},
    {"url": "tcp://cart.shop:5432", "from": "shop"},
    {"authority": "cart.example.com", "port": 80, "gateway": "edge/public"},
)
WORLD = {"items": OBJECTS}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("route")


@FUZZ
@given(
    changes=CHANGES | st.just([]),
    request_changes=CHANGES | st.just([]),
    form=st.sampled_from(("text", "json")),
    url=st.none() | st.sampled_from((*URLS, *WORDS)) | st.text(max_size=12),
)
def test_an_answer_or_one_sentence(
    folder: Path, changes: list[Change], request_changes: list[Change], form: str, url: str | None
) -> None:
    """Worlds and requests with changes."""
    world = mutated(WORLD, changes, objects())
    requests = mutated({"all": list(REQUESTS)}, request_changes, objects()).get("all")
    items = world.get("items")
    (folder / "a.yaml").write_text(emit_all(items if isinstance(items, list) else [world]))
    (folder / "requests.json").write_text(json.dumps(requests))
    asked = ("--requests", "requests.json") if url is None else (f"--url={url}",)
    done = run(folder, "route", "a.yaml", *asked, "--from", "shop", "--format", form)
    if done.returncode:
        assert done.stdout == ""
        assert len([line for line in done.stderr.splitlines() if line.startswith("sailwright: ")]) == 1, done.stderr
    elif form == "json":
        assert len(json.loads(done.stdout)["answers"]) == (len(requests or ()) if url is None else 1)
