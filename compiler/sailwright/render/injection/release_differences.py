"""What each release's injector does beyond its templates: a table kept with the templates, read once."""

from __future__ import annotations

import os.path
from collections.abc import Mapping
from functools import cache
from typing import Any

from sailwright.mesh.values.releases import Release, release_numbers
from sailwright.source.source import parse
from sailwright_templates import FOLDER


@cache
def differences(release: Release) -> frozenset[str]:
    """The entries of injection/release_differences.yaml that hold for a release."""
    return frozenset(name for name, since in _data("release_differences").items() if _holds(release, since))


def default_values() -> Mapping[str, Any]:
    """The chart values that injection reads, as the charts set them (injection/values.yaml)."""
    return _data("values")


@cache
def _data(name: str) -> Mapping[str, Any]:
    with open(os.path.join(FOLDER, "injection", f"{name}.yaml"), "rb") as file:
        value: Mapping[str, Any] = parse(name, file.read(), "service").documents[0].value
    return value


def _holds(release: Release, since: list[str]) -> bool:
    first = [_first(text) for text in since]
    return release >= first[-1] or any(one.line == release.line and release >= one for one in first)


def _first(text: str) -> Release:
    return Release(*(*release_numbers(text), 0)[:3])
