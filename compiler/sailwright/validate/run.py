"""A validation run: objects, Kubernetes versions, a backend; findings."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from sailwright.diagnostics.finding import Finding
from sailwright.diagnostics.problem import Problem
from sailwright.diagnostics.schema_error import UNKNOWN_FIELD
from sailwright.mesh.values import releases
from sailwright.runtime.errors import Failure
from sailwright.runtime.progress import counted
from sailwright.runtime.records import dataclass, replace
from sailwright.source.emit_proven import Likeness
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import text
from sailwright.validate import builtin
from sailwright.validate.findings import SCHEMA_RULE, SCHEMA_VIOLATION, finding
from sailwright.validate.judge import Submitted, problems, unknown_kind, with_other_schemas
from sailwright.validate.schemas.catalogue import Catalogue, Unknown
from sailwright.validate.schemas.kubernetes import NEWEST, nearest_version
from sailwright.validate.sound_likenesses import is_known_as_readable, is_known_as_sound

if TYPE_CHECKING:
    from sailwright.diagnostics.schema_error import SchemaError
    from sailwright.validate.kubeconform.run import Kubeconform
    from sailwright.validate.schemas.crd import CustomResource

BackendName = Literal["auto", "kubeconform", "builtin"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What objects are held to. `kubernetes` are minor versions; an empty tuple means the newest known. One that is
    not known is checked by the nearest that is.

    `kubeconform` is the program that judges, None for the built-in validator.
    """

    kubernetes: tuple[str, ...] = ()
    istio: str = str(releases.NEWEST)
    imported: tuple[CustomResource, ...] = ()
    compat: bool = False
    kubeconform: Kubeconform | None = None


def choose_backend(name: BackendName, program: str | None) -> Kubeconform | None:
    """The kubeconform to use, None for the built-in validator. Raises Failure where one was asked for and is not there."""
    if name == "builtin":
        if program is not None:
            raise Failure("--kubeconform names a program, and --backend builtin uses none: leave one of them out")
        return None
    program = program or (_kubeconform_on_path() if name == "auto" else "kubeconform")
    if program is None:
        return None
    from sailwright.validate.kubeconform import run as kubeconform

    return kubeconform.opened(program)


def _kubeconform_on_path() -> str | None:
    from sailwright.runtime.programs import find_program

    return find_program("kubeconform")


def validate(manifests: Sequence[Manifest], settings: Settings = Settings()) -> tuple[Finding, ...]:
    """What would be refused or warned about, object by object, in the order of the manifests."""
    return tuple(finding for found in validate_each(manifests, settings) for finding in found)


def validate_each(manifests: Sequence[Manifest], settings: Settings = Settings()) -> tuple[tuple[Finding, ...], ...]:
    """The findings of each manifest."""
    judged = judge([manifest.value for manifest in manifests], settings)
    met = {(kind.api_version, kind.kind): kind.file for kind in settings.imported if kind.file}
    return tuple(
        tuple(
            finding(problem, manifest)
            for problem in found
            if settings.compat or not (_hangs_on_placeholder(problem, manifest) or _is_newer(problem, manifest, met))
        )
        for manifest, found in zip(manifests, judged, strict=True)
    )


def _is_newer(problem: Problem, manifest: Manifest, met: Mapping[tuple[str, str], str]) -> bool:
    """Whether a definition in a folder of its own lacks a field that no other of its fields is near to.

    Another release of the definition may be installed with the object, and have it. A folder goes with those above and below it.
    """
    file = met.get((manifest.api_version, manifest.kind)) if met else None
    if (
        file is None
        or problem.rule != SCHEMA_VIOLATION
        or problem.help
        or not problem.message.startswith(UNKNOWN_FIELD)
    ):
        return False
    one, other = (f"{os.path.dirname(path)}/" for path in (file, manifest.document.source.path))
    return not (one == "/" or other == "/" or one.startswith(other) or other.startswith(one))


def _hangs_on_placeholder(problem: Problem, manifest: Manifest) -> bool:
    """Whether a value that is filled in later decides about a problem. A validation rule looks at all that lies below it."""
    from sailwright.source.placeholders import at, holds_placeholder, is_unknown

    if is_unknown({} if problem.key else manifest.value, problem.path, problem.message):
        return True
    return problem.rule == SCHEMA_RULE and holds_placeholder(at(manifest.value, problem.path))


def judge(
    values: Sequence[Mapping[str, Any]], settings: Settings = Settings(), alike: Sequence[Likeness | None] | None = None
) -> tuple[tuple[Problem, ...], ...]:
    """The same for plain data: the problems of each value, of which `alike` has the likeness where it is known."""
    wanted = tuple(dict.fromkeys(nearest_version(text) for text in settings.kubernetes)) or (NEWEST,)
    given = list(zip(values, alike or (None,) * len(values), strict=True))
    by_version = [_judge(given, _catalogue(version, settings.istio, settings.imported), settings) for version in wanted]
    if len(wanted) == 1:
        return by_version[0]
    return tuple(_merged(found, wanted) for found in zip(*by_version, strict=True))


@lru_cache(maxsize=8)
def _catalogue(kubernetes: str, istio: str, imported: tuple[CustomResource, ...]) -> Catalogue:
    """One for all files: what it has found and compiled serves the next one."""
    return Catalogue(kubernetes, istio, imported)


def _judge(
    values: Sequence[tuple[Mapping[str, Any], Likeness | None]], catalogue: Catalogue, settings: Settings
) -> tuple[tuple[Problem, ...], ...]:
    found = [_submitted(value, alike, catalogue) for value, alike in values]
    given = [each for each in found if isinstance(each, Submitted)]
    errors = iter(_errors(given, catalogue, settings))
    check = with_other_schemas(_as_istioctl if settings.compat else problems)
    return tuple(
        check(each, next(errors), catalogue) if isinstance(each, Submitted) else (unknown_kind(each),)
        for each in counted(found, "validating")
    )


def _submitted(value: Mapping[str, Any], alike: Likeness | None, catalogue: Catalogue) -> Submitted | Unknown:
    found = catalogue.find(text(value.get("apiVersion")), text(value.get("kind")))
    if isinstance(found, Unknown):
        return found
    sound = alike is not None and is_known_as_sound(found, alike)
    readable = alike is not None and is_known_as_readable(found, alike)
    own = dict(value)
    return Submitted(own, found, own if sound or readable else found.admitted(value), alike, sound, readable)


def _as_istioctl(given: Submitted, errors: Sequence[SchemaError], catalogue: Catalogue) -> tuple[Problem, ...]:
    from sailwright.validate.istioctl_compat import validated

    return validated(given, errors, catalogue)


def _errors(given: Sequence[Submitted], catalogue: Catalogue, settings: Settings) -> Iterable[tuple[SchemaError, ...]]:
    if settings.kubeconform is None:
        return [() if each.sound or each.readable else builtin.errors(each.found, each.admitted) for each in given]
    from sailwright.validate.kubeconform import run as kubeconform

    readable = [(each.found, each.admitted) for each in given if kubeconform.can_read(each.admitted)]
    results = iter(kubeconform.errors(settings.kubeconform, readable, catalogue))
    return [
        next(results) if kubeconform.can_read(each.admitted) else builtin.errors(each.found, each.admitted)
        for each in given
    ]


def _merged(found: Sequence[tuple[Problem, ...]], versions: Sequence[str]) -> tuple[Problem, ...]:
    """What one version alone refuses names it."""
    where: dict[Problem, list[str]] = {}
    for version, problems_found in zip(versions, found, strict=True):
        for problem in problems_found:
            where.setdefault(problem, []).append(version)
    return tuple(_naming(problem, named, versions) for problem, named in where.items())


def _naming(problem: Problem, named: Sequence[str], versions: Sequence[str]) -> Problem:
    if len(named) == len(versions):
        return problem
    return replace(problem, message=f"{problem.message} (Kubernetes {', '.join(named)})")
