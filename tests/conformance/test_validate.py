"""The recorded answers of the real istioctl: `istioctl validate` on 800 documents, and the validators' part of `istioctl analyze`."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sailwright.diagnostics.finding import Finding
from sailwright.lint.former_families import FORMER_FAMILIES
from sailwright.lint.run_rules import EnabledRule, run_rules
from sailwright.mesh.facts import Facts
from sailwright.mesh.world import World
from sailwright.runtime.cache import Cache
from sailwright.source.manifest import Manifest, manifests
from sailwright.source.source import parse
from sailwright.validate.run import Settings, validate_each
from sailwright.validate.schemas.imported import read_schemas
from sailwright.validate.schemas.istio import GROUPS, line, openapi_schema, versions
from sailwright_policies import RULES

ROOT = Path(__file__).parent.parent.parent
ORACLE = Path(os.environ.get("SAILWRIGHT_ORACLE", ROOT.parent / "shared" / "oracle"))
RELEASES = ("1.29.6", "1.30.3", "1.31.0")

pytestmark = pytest.mark.skipif(not ORACLE.is_dir(), reason="the recorded answers of the real istioctl are not there")

STRICTER = {
    "d0364": "a rule of the schema: only one of jwks and jwksUri",
    "d0650": "the schema: an item of a list that is null",
}
"""Documents that istioctl accepts and the CustomResourceDefinition's own schema or rules refuse, and why they do."""


def manifest(path: Path) -> Manifest:
    """The one object of a file."""
    (found,) = manifests(parse(path.name, path.read_bytes(), "manifest"))
    return found


@cache
def answers(release: str) -> tuple[dict[str, Any], ...]:
    """What istioctl of a release said, document by document."""
    lines = (ORACLE / "validate" / f"{release}.jsonl").read_text().splitlines()
    return tuple(json.loads(line) for line in lines)


@cache
def judged(release: str, *, compat: bool) -> dict[str, tuple[Finding, ...]]:
    """Our findings, document by document."""
    names = [answer["id"] for answer in answers(release)]
    objects = [manifest(ORACLE / "validate" / "docs" / f"{name}.yaml") for name in names]
    return dict(zip(names, validate_each(objects, Settings(istio=release, compat=compat)), strict=True))


def counts(answer: dict[str, Any]) -> tuple[int, int]:
    """How many errors and warnings istioctl printed."""
    warnings, _, errors = answer["text"].partition("Error:")
    if answer["text"].startswith("Error:"):
        warnings, errors = "", answer["text"]
    line = re.compile(r"^\t\* \w+/\S*: ", re.MULTILINE)
    return len(line.findall(errors)), len(line.findall(warnings))


@pytest.mark.parametrize("release", RELEASES)
def test_istioctl_validate_prints_as_many_messages(release: str) -> None:
    """With `--compat istioctl` each message of istioctl is one finding with its code, and no other finding has the code."""
    ours = {
        name: (
            sum("IST0106" in finding.aliases for finding in found),
            sum("IST0133" in finding.aliases for finding in found),
        )
        for name, found in judged(release, compat=True).items()
    }
    theirs = {answer["id"]: counts(answer) for answer in answers(release)}
    assert {name: (theirs[name], count) for name, count in ours.items() if count != theirs[name]} == {}


@pytest.mark.parametrize("compat", [False, True])
@pytest.mark.parametrize("release", RELEASES)
def test_every_document_is_refused_or_accepted_as_there(release: str, compat: bool) -> None:
    """What istioctl refuses we refuse; what we refuse beyond it, the definition's schema or one of its rules refuses."""
    for answer in answers(release):
        found = judged(release, compat=compat)[answer["id"]]
        errors = [finding for finding in found if finding.severity == "error"]
        if answer["refused"]:
            assert errors, answer
        else:
            beyond = {finding.rule for finding in errors}
            assert beyond <= {"schema-violation", "schema-rule"}, (answer, errors)
            assert bool(beyond) == (answer["id"] in STRICTER), (answer, errors)


@pytest.mark.parametrize("compat", [False, True])
@pytest.mark.parametrize("release", RELEASES)
def test_warnings_are_those_of_istioctl(release: str, compat: bool) -> None:
    """A document has a warning of the webhook where istioctl prints one, in either mode."""
    for answer in answers(release):
        found = judged(release, compat=compat)[answer["id"]]
        assert any("IST0133" in each.aliases for each in found) == answer["warned"], answer


CODES = ("IST0106", "IST0130", "IST0131", "IST0133")


def analyzed(release: str) -> dict[str, Counter[tuple[str, str]]]:
    """What the validators behind `istioctl analyze` said, world by world: how often which code of which object."""
    found = {}
    for text in (ORACLE / "analyze" / f"{release}.jsonl").read_text().splitlines():
        answer = json.loads(text)
        messages = ((each["Code"], each["Object"]) for each in answer["messages"])
        found[answer["dir"]] = Counter(each for each in messages if each[0] in CODES)
    return found


@cache
def objects(name: str) -> tuple[Manifest, ...]:
    """The objects of a world."""
    path = ORACLE / "analyze" / "worlds" / name / "world.yaml"
    return manifests(parse("world.yaml", path.read_bytes(), "manifest"))


@pytest.mark.parametrize("release", RELEASES)
def test_rules_agree_with_istioctl_analyze(release: str) -> None:
    """As multisets of code and object, world by world, the webhook's rules say what the analyzers' validators say."""
    differing = {}
    for name, theirs in analyzed(release).items():
        world = World(objects(name), Facts(istio_version=release, compat=True))
        webhook = [EnabledRule(rule) for rule in RULES if rule.ID in FORMER_FAMILIES["webhook"]]
        found = run_rules([world], webhook).found
        ours = Counter((each.chosen.rule.ALIASES[0], shown(each.problem.manifest)) for each in found)
        if ours != theirs:
            differing[name] = {"missing": dict(theirs - ours), "extra": dict(ours - theirs)}
    assert differing == {}


def shown(found: Manifest) -> str:
    """An object as istioctl writes it."""
    return f"{found.kind} {found.namespace}/{found.name}"


@pytest.mark.parametrize("file", sorted((ORACLE / "crds").glob("*.yaml")), ids=lambda path: path.stem)
def test_builtin_schemas_are_those_of_the_definitions(file: Path) -> None:
    """Types, enums, patterns, limits, required fields and validation rules of every release are those of its definitions."""
    release = file.stem.removeprefix("istio-")
    found, problems = read_schemas(file.name, file.read_bytes(), Cache(None))
    assert problems == ()
    assert {each.kind for each in found} <= set(GROUPS)
    for each in found:
        assert each.api_version.rpartition("/")[2] in versions(each.kind)
        assert openapi_schema(each.kind, line(release)) == without_prose(each.openapi), each


def without_prose(schema: Any) -> Any:
    """A schema without its descriptions; `description` may also be the name of a property."""
    if isinstance(schema, list):
        return [without_prose(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: {name: without_prose(each) for name, each in value.items()}
        if key == "properties"
        else without_prose(value)
        for key, value in schema.items()
        if key != "description"
    }


@pytest.mark.parametrize("release", RELEASES)
def test_imported_definitions_give_the_same_verdicts(release: str) -> None:
    """The real files, imported, judge the documents as the built-in schemas do."""
    file = ORACLE / "crds" / f"istio-{release}.yaml"
    imported, _ = read_schemas(file.name, file.read_bytes(), Cache(None))
    names = [answer["id"] for answer in answers(release)]
    manifests_of = [manifest(ORACLE / "validate" / "docs" / f"{name}.yaml") for name in names]
    found = validate_each(manifests_of, Settings(istio=release, imported=imported))
    assert dict(zip(names, found, strict=True)) == judged(release, compat=False)
