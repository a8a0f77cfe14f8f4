"""The results of a lint after a change that only concerns the changed services, from those of the last one.

That is a change in nothing but fields that no rule about the mesh has read (see `lint.noted_fields`): a new image, other variables. Then
what such rules found anywhere still holds, and so does what others found in other services: no other service is looked at. Whatever is
not certain here (another field, a problem that hangs on other objects, findings whose lines may have moved) is left to a run of all rules.
"""

from __future__ import annotations

import marshal
from typing import Any

from sailwright.commands.lint.change import Change, suppresses_anew
from sailwright.commands.lint.keep_change import keep_renewed
from sailwright.commands.lint.results import LastRun
from sailwright.commands.lint.suppressions import names_of
from sailwright.commands.lint.units import known_rules, seen_earlier
from sailwright.diagnostics.plain import finding_of
from sailwright.lint.deduplicate import WorldFinding, resolve
from sailwright.lint.noted_fields import Noted, same_but_for_unread, same_file_but_for_unread
from sailwright.lint.run_alone import NeedsMesh, run_alone
from sailwright.lint.suppression_audit import annotated


def _concerns_nobody_else(change: Change) -> bool:
    """Whether nothing that was read of these services is another, nothing is suppressed for the first time, and no finding of others
    is about them.
    """
    if suppresses_anew(change):
        return False
    part, noted = change.part, change.noted
    former = change.former
    if former is None:
        return False
    for path, data in part.packed.items():
        if not _same_service(marshal.loads(former[path]), marshal.loads(data), noted):  # noqa: S302  # sealed, and our own
            return False
    asked, ours = frozenset(change.last.known["asked"]), change.files
    return not any(
        rule in asked and not ours.isdisjoint(finding_of(plain).files)
        for _, rule, *_, plain in change.last.known["seen"]
    )


def _same_service(old: Any, new: Any, noted: Noted) -> bool:
    """Whether what is packed of a service file differs in nothing that was read."""
    (old_files, old_sources), (new_files, new_sources) = old, new
    if len(old_files) != len(new_files) or len(old_sources) != len(new_sources) or old_sources[1:] != new_sources[1:]:
        return False
    (_, _, *former), (_, data, *current) = old_sources[0], new_sources[0]
    if b"${" in data or len(former[1]) != len(current[1]):
        return False
    if not all(same_file_but_for_unread(*pair, noted) for pair in zip(former[1], current[1], strict=True)):
        return False
    return all(_same_file(*pair, noted) for pair in zip(old_files, new_files, strict=True))


def _same_file(old: Any, new: Any, noted: Noted) -> bool:
    (*old_place, old_objects, old_root), (*new_place, new_objects, new_root) = old, new
    if old_place != new_place or old_root != new_root or len(old_objects) != len(new_objects):
        return False
    return all(
        former[1:] == current[1:] and same_but_for_unread(former[0], current[0], noted)
        for former, current in zip(old_objects, new_objects, strict=True)
    )


def after_change(change: Change) -> LastRun | None:
    """What is known once the rules that ask nothing of the mesh have run for the changed services; None where others may be concerned.

    It is kept in the place of what was known, and what is rendered as well.
    """
    if not change.same_names or not _concerns_nobody_else(change):
        return None
    known = change.last.known
    ids: list[str] = known["ids"]
    numbers = {rule: number for number, rule in enumerate(ids)}
    names = names_of(known)
    asked, ours = frozenset(known["asked"]), change.files
    earlier = [
        each
        for each in seen_earlier(known, numbers, known["places"])
        if each.finding.rule in asked or each.file not in ours
    ]
    rules = known_rules(known, "rules")  # the objects are the same: no others have subjects and ask nothing of the mesh
    try:
        found = list(run_alone(change.worlds, rules, known["places"])) if rules is not None else None
    except NeedsMesh:
        found = None
    if found is None:
        return None
    new = [
        WorldFinding(world, numbers[each.chosen.rule.ID], resolve(each), each.turn, each.file, annotated(each, names))
        for world, each in found
    ]
    return keep_renewed(change, (*earlier, *new), {})
