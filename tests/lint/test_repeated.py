"""What rendering reports and a rule reports better: one finding for a place."""

from sailwright.diagnostics.finding import Finding, Location
from sailwright.lint.deduplicate import without_repeated

HERE = Location("service.yaml", 8, 3, 8, 17)
ELSEWHERE = Location("service.yaml", 20, 3, 20, 17)


def doubtful(location: Location) -> Finding:
    return Finding("injection-doubtful", "warning", "the sidecar will fail this probe", location)


def test_a_problem_that_a_rule_reports_at_the_same_place_is_left_out() -> None:
    rule = Finding("probe-port-unknown", "error", "no port of this name", HERE)
    assert without_repeated([doubtful(HERE)], [rule]) == []
    assert without_repeated([doubtful(ELSEWHERE)], [rule]) == [doubtful(ELSEWHERE)]


def test_other_rules_leave_it() -> None:
    rule = Finding("image-by-tag", "warning", "the image is named by a tag", HERE)
    assert without_repeated([doubtful(HERE)], [rule]) == [doubtful(HERE)]
