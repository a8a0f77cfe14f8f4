"""What was found in each rendered object, kept: after a change only the objects of services that have changed are checked again.

It is kept by what it hangs on: the program, the schemas, the versions of each cluster, and everything that is no file of a service.
"""

from __future__ import annotations

import marshal
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sailwright.commands.traces import Packed
from sailwright.commands.validate.worlds import Results, for_world
from sailwright.diagnostics.finding import Finding
from sailwright.diagnostics.plain import finding_of, plain_finding
from sailwright.lint.settings import ANNOTATION, MARKER
from sailwright.runtime.digests import blake2b
from sailwright.runtime.records import dataclass
from sailwright.runtime.store import Pending, Store
from sailwright.source.manifest import Manifest
from sailwright.validate.run import Settings, validate_each
from sailwright.validate.schemas.imported import defined
from sailwright.workspace.around_services import digest_around, digest_of_rendered
from sailwright.workspace.file_order import place_of_service, places_of_files
from sailwright.workspace.packed_services import unpack
from sailwright.workspace.selection import WorldSet
from sailwright.workspace.worlds import rendered_manifests

if TYPE_CHECKING:
    from sailwright.workspace.kept_rendering import Part

_KIND = "validation"


@dataclass(frozen=True, slots=True)
class KeptValidation:
    """Where it is kept, by the `name` of the clusters; `around` is a digest of what all services may depend on.

    `services` are the digests of what is rendered of each service file, `packed` gives that itself.
    """

    store: Store | Pending
    name: str
    around: bytes
    services: Mapping[str, str]
    packed: Packed

    def keep(
        self,
        settings: Settings,
        versions: Sequence[Any],
        compiled: WorldSet,
        found: Sequence[Results],
        *,
        ignoring: bool,
    ) -> None:
        """Keep what was found in the objects of each world; `versions` are those that flags name. With `ignoring`, the project file
        suppresses findings.
        """
        worlds, of_file = compiled.worlds, compiled.rendered_from
        if any(True for world in worlds for _ in defined(world.manifests)):
            return  # a definition may concern every object
        suppressing = (
            ignoring
            or any(MARKER in source.data for source in compiled.sources)
            or any(ANNOTATION in manifest.annotations for world in worlds for manifest in world.manifests)
        )
        seen = [validated(number, results, of_file) for number, results in enumerate(found)]
        places = places_of_files(compiled)
        environments, around = [world.environment for world in worlds], digest_of_rendered(compiled.rendered)
        self.keep_parts(settings, versions, environments, places, around, seen, suppressing=suppressing)

    def keep_parts(
        self,
        settings: Settings,
        versions: Sequence[Any],
        environments: Sequence[str | None],
        places: Sequence[Mapping[str, str]],
        rendered_around: bytes,
        found: Iterable[ValidatedPart],
        *,
        suppressing: bool,
    ) -> None:
        """Keep what was found in the objects of all worlds, in some parts. `places` has the order of the files of each world,
        `rendered_around` tells apart what is rendered of no service. `suppressing` says that something may suppress findings.
        """
        sound: dict[str, list[bytes]] = {path: [] for path in self.services}
        kept: list[Any] = []
        for part in found:
            kept.extend(part.found)
            for path, digests in part.sound.items():
                if path in sound:
                    sound[path].extend(digests)
        kept = [(number, places[number][path], path, *rest) for number, path, *rest in kept]
        known = {
            "key": _key(settings, versions),
            "around": self.around,
            "suppressing": suppressing,
            "services": dict(self.services),
            "rendered around": rendered_around,
            "environments": list(environments),
            "sound": {path: b"".join(digests) for path, digests in sound.items()},
            "found": sorted(kept, key=_in_world),
        }
        self.store.keep(_KIND, self.name, marshal.dumps(known))

    def all_must_load(self) -> bool:
        """Whether the last run found something that may be suppressed: by what, only the whole mesh says."""
        known = self.store.load_mapping(_KIND, self.name)
        return bool(known.get("found") and known["suppressing"])

    def known(
        self, settings: Settings, versions: Sequence[Any], since: Callable[[], Part | None]
    ) -> list[tuple[str | None, Finding]] | None:
        """What was found in all objects, each finding with its environment; None where that may not be all, or some may be suppressed.

        `since` gives what was read of the services that have changed. May raise LostRow.
        """
        known = self.store.load_mapping(_KIND, self.name)
        same = {"key": _key(settings, versions), "around": self.around}
        if any(known.get(key) != value for key, value in same.items()):
            return None
        former = known["services"]
        changed = frozenset(path for path, digest in self.services.items() if former.get(path) != digest)
        gone = former.keys() - self.services.keys()
        if changed or gone:
            part = since()
            renewed = self._renewed(known, changed, gone, settings, versions, part) if part is not None else None
            if renewed is None:
                return None
            known = renewed
            self.store.keep(_KIND, self.name, marshal.dumps(known))
        if known["found"] and known["suppressing"]:
            return None
        return [
            (known["environments"][number], finding_of(each)) for number, *_, plain in known["found"] for each in plain
        ]

    def _renewed(
        self,
        known: dict[str, Any],
        changed: frozenset[str],
        gone: AbstractSet[str],
        settings: Settings,
        versions: Sequence[Any],
        part: Part,
    ) -> dict[str, Any] | None:
        """What is known with the objects of changed services checked again, and without those that are gone."""
        now, compilation = self.packed(changed), part.compilation
        if now is None or digest_around(part) != known["rendered around"]:
            return None
        found = [each for each in known["found"] if each[3] not in changed and each[3] not in gone]
        sound = {path: digests for path, digests in known["sound"].items() if path not in gone}
        numbers = {target: number for number, target in enumerate(compilation.targets)}
        for path, data in now.items():
            before, after = _digests(sound.get(path, b"")), []
            for target, key, file in unpack(compilation, path, data).files:
                number = numbers[target]
                manifests = [each for each in rendered_manifests(compilation, file) if each.kind]
                if any(True for _ in defined(manifests)):
                    return None
                wanted = for_world(settings, compilation.renderings[target].context.facts, *versions)
                digests = [_digest(number, each) for each in manifests]
                again = [each for each, digest in zip(manifests, digests, strict=True) if digest not in before]
                results = {id(each): one for each, one in zip(again, validate_each(again, wanted), strict=True)}
                for manifest, digest in zip(manifests, digests, strict=True):
                    if findings := results.get(id(manifest), ()):
                        plain = [plain_finding(each) for each in findings]
                        found.append((number, place_of_service(key), manifest.document.source.path, path, plain))
                    else:
                        after.append(digest)
            sound[path] = b"".join(after)
        suppressing = any(word in data for data in now.values() for word in (MARKER, ANNOTATION.encode()))
        return {
            **known,
            "suppressing": known["suppressing"] or suppressing,
            "services": dict(self.services),
            "sound": sound,
            "found": sorted(found, key=_in_world),
        }


def _in_world(found: tuple[Any, ...]) -> tuple[Any, ...]:
    """What orders findings: the number of the world, and the place of the file there."""
    return found[:2]


@dataclass(frozen=True, slots=True)
class ValidatedPart:
    """What was found in some objects: of each service file the digests of those without findings, and the findings of the others.

    Each of these has the number of its world, its file, and the service file.
    """

    sound: Mapping[str, Sequence[bytes]]
    found: Sequence[tuple[int, str, str, list[Any]]]


def validated(world: int, results: Results, of_file: Mapping[str, str]) -> ValidatedPart:
    """What was found in some objects of a world. `of_file` leads from rendered files to service files."""
    sound: dict[str, list[bytes]] = {}
    found = []
    for manifest, findings in results:
        path = manifest.document.source.path
        service = of_file.get(path, "")
        if findings:
            found.append((world, path, service, [plain_finding(each) for each in findings]))
        elif service:
            sound.setdefault(service, []).append(_digest(world, manifest))
    return ValidatedPart(sound, found)


def validate_part(
    world: int, manifests: Iterable[Manifest], settings: Settings, of_file: Mapping[str, str]
) -> ValidatedPart:
    """Validate some objects of a world. `of_file` leads from rendered files to service files."""
    own = [each for each in manifests if each.kind]
    return validated(world, list(zip(own, validate_each(own, settings), strict=True)), of_file)


_DIGEST = 16
"""Bytes of an object's digest."""


def _digest(world: int, manifest: Manifest) -> bytes:
    """What tells apart objects of a world by what they say."""
    return blake2b(marshal.dumps((world, manifest.value), 2), digest_size=_DIGEST).digest()


def _digests(joined: bytes) -> frozenset[bytes]:
    return frozenset(joined[at : at + _DIGEST] for at in range(0, len(joined), _DIGEST))


def _key(settings: Settings, versions: Sequence[Any]) -> bytes:
    """What tells apart how objects are checked."""
    said = "\0".join(_said(settings, versions))
    return blake2b(said.encode("utf-8", "surrogateescape"), digest_size=16).digest()


def _said(settings: Settings, versions: Sequence[Any]) -> Iterator[str]:
    yield repr((settings.kubernetes, settings.istio, settings.compat, list(versions)))
    for each in settings.imported:
        yield repr((each.api_version, each.kind, blake2b(each.packed).hexdigest(), each.file))
    if settings.kubeconform is not None:
        yield repr((settings.kubeconform.version, settings.kubeconform.program))
        with suppress(OSError):
            status = os.stat(settings.kubeconform.program)
            yield repr((status.st_mtime_ns, status.st_size, status.st_ino))
