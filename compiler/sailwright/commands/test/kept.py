"""What the tests of all services answered, kept: while nothing that they read differs, none runs again.

Tests ask the simulated mesh, so an answer may hang on any object: what was read of workloads and service files is noted while they run,
and all other objects count as read. Where no service has tests there is nothing to read.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sailwright.commands.test.answers import CasesRun
from sailwright.commands.traces import Packed, Trace, trace_of, trace_of_plain
from sailwright.diagnostics.plain import finding_of, plain_finding
from sailwright.lint.noted_fields import SERVICE_FILE, Noted
from sailwright.runtime.records import dataclass
from sailwright.runtime.store import Pending, Store

_KIND = "tests"


@dataclass(frozen=True, slots=True)
class KeptTests:
    """Where the results are kept, by the `name` of the clusters; `around` is a digest of what all services may depend on.

    `services` are the digests of what is rendered of each service file, `packed` gives that itself.
    """

    store: Store | Pending
    name: str
    around: bytes
    services: Mapping[str, str]
    packed: Packed

    def known(self) -> CasesRun | None:
        """The results of the last run, where they hold; None where they may not."""
        known = self.store.load_mapping(_KIND, self.name)
        if known.get("around") != self.around:
            return None
        if not known["run"] and not known["tested"]:
            return self._untested(known)
        trace = trace_of_plain(known["trace"])
        followed = trace.followed(self.services, self.packed)
        findings = tuple(map(finding_of, known["findings"]))
        if followed is None or trace.about_changed(findings, self.services, self.packed):
            return None
        if followed is not trace:
            self._keep({**known, "trace": followed.plain()})
        return CasesRun(findings, known["run"], known["failed"])

    def keep(self, tests: CasesRun, noted: Noted) -> None:
        """Keep results, for which these fields were read."""
        found = self.packed(frozenset(self.services))
        if found is None:
            return
        tested = sorted(path for path, data in found.items() if has_tests(data))
        trace = Trace(self.services, {}, set())
        if tested or tests.run:
            trace = trace_of(self.services, found, noted | asked_fields(found.values()))
        self.keep_traced(tests, tested, trace)

    def keep_traced(self, tests: CasesRun, tested: Sequence[str], trace: Trace) -> None:
        """Keep results of the tests in the files that are `tested`, and what they hang on."""
        known = {
            "around": self.around,
            "tested": list(tested),
            "trace": trace.plain(),
            "findings": [plain_finding(each) for each in tests.findings],
            "run": tests.run,
            "failed": tests.failed,
        }
        self._keep(known)

    def _keep(self, known: dict[str, Any]) -> None:
        self.store.keep(_KIND, self.name, marshal.dumps(known))

    def _untested(self, known: Mapping[str, Any]) -> CasesRun | None:
        """No test ran: none does while no other service has any."""
        former = trace_of_plain(known["trace"]).services
        changed = frozenset(path for path, digest in self.services.items() if former.get(path) != digest)
        now = self.packed(changed) if changed else {}
        if now is None or any(map(has_tests, now.values())):
            return None
        if changed:
            self._keep({**known, "trace": Trace(self.services, {}, set()).plain()})
        return CasesRun((), 0, 0)


def has_tests(packed: bytes) -> bool:
    """Whether a service file says `tests` anywhere."""
    _, sources = marshal.loads(packed)  # noqa: S302  # sealed: this user's own program wrote it
    return any(_says_tests(value) for value in sources[0][3])


def _says_tests(value: Any) -> bool:
    if isinstance(value, dict):
        return "tests" in value or any(map(_says_tests, value.values()))
    return isinstance(value, list) and any(map(_says_tests, value))


_UNASKED = frozenset(("image", "env", "envFrom", "resources"))
"""Settings of pods that tests do not get to see (`test.run_cases.without_pod_settings`): only what is rendered of them may be read."""


def asked_fields(packed: Iterable[bytes]) -> Noted:
    """The fields of service files that tests may read: all but those settings of pods."""
    found: Noted = set()
    for data in packed:
        _, sources = marshal.loads(data)  # noqa: S302  # sealed: this user's own program wrote it
        for value in sources[0][3]:
            _add_fields(value, SERVICE_FILE, found)
    return found


def _add_fields(value: Any, what: str, found: Noted) -> None:
    if not isinstance(value, dict):
        return
    unasked = _UNASKED if what.endswith(("/versions", "/defaults")) else frozenset()
    for key in value.keys() - unasked:
        found.add((what, key))
        for each in value[key] if isinstance(value[key], list) else (value[key],):
            _add_fields(each, f"{what}/{key}", found)
