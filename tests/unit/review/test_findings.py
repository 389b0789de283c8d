"""Findings of two sides: which are new, which are gone, and which only moved."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from billing_dsl.changes.told import Renamed
from billing_dsl.diagnostics import Diagnostic, Reach, Severity
from billing_dsl.review.findings import compared
from tests.unit.review.sample import finding


def test_what_is_on_one_side_only_is_new_or_gone() -> None:
    old, both, new = finding("old"), finding("both"), finding("new", Severity.WARNING)
    found = compared([old, both], [both, new])
    assert (found.new, found.fixed, found.both) == ((new,), (old,), 1)
    assert found.at_least(Severity.ERROR) == ()
    assert found.at_least(Severity.NOTE) == (new,)


def test_a_finding_that_moved_is_the_same() -> None:
    one = finding("a")
    lower = replace(one, span=replace(one.span, line=40, end_line=40))
    elsewhere = replace(one, span=replace(one.span, path="other.yaml"))
    for other in (lower, elsewhere):
        assert not compared([one], [other])


def test_a_finding_that_reaches_more_is_new_for_those() -> None:
    one = replace(finding("a"), reached=(Reach("acme", "x"),))
    more = replace(one, reached=(Reach("acme", "x"), Reach("globex", "y")))
    [new] = compared([one], [more]).new
    assert new.reached == (Reach("globex", "y"),)
    assert not compared([more], [one])


RENAMED = (
    Renamed("agreement", "acme-26", "acme-2026"),
    Renamed("client", "acme", "acme-group"),
    Renamed("tier", "silver@1", "argent@1"),
    Renamed("work_type", "visit", "onsite"),
)


def test_a_finding_of_something_renamed_is_the_same() -> None:
    one = replace(
        finding("`visit` of acme-26 goes where `silver@1` lets it go; `silver@10` is another"),
        subject="agreement/acme-26",
        route="exceptions[0].visit",
        reached=(Reach("acme", "acme-26"), Reach("zeta", "zeta-1")),
    )
    other = replace(
        finding("`onsite` of acme-2026 goes where `argent@1` lets it go; `silver@10` is another"),
        span=replace(one.span, path="clients/group.yaml"),
        subject="agreement/acme-2026",
        route="exceptions[0].onsite",
        reached=(Reach("zeta", "zeta-1"), Reach("acme-group", "acme-2026")),
    )
    found = compared([one], [other], RENAMED)
    assert (found.new, found.fixed, found.both) == ((), (), 1)
    assert compared([one], [other]).fixed == (one,)
    more = replace(other, reached=(*other.reached, Reach("eta")))
    assert [new.reached for new in compared([one], [more], RENAMED).new] == [(Reach("eta"),)]


def test_a_finding_of_what_only_sounds_like_it_stays_new_or_gone() -> None:
    one = replace(finding("`visits` of `re-visit`"), subject="role/acme")
    other = replace(finding("`onsites` of `re-onsite`"), subject="role/acme-group")
    found = compared([one], [other], RENAMED)
    assert (found.new, found.fixed) == ((other,), (one,))


def test_the_worst_stand_first() -> None:
    note, error = finding("a", Severity.NOTE), finding("b", Severity.ERROR)
    assert compared([], [note, error]).new == (error, note)


def test_several_alike_are_counted_one_by_one() -> None:
    one = finding("a")
    twice = [one, replace(one, occurrence=1)]
    assert len(compared([one], twice).new) == 1
    assert len(compared(twice, [one]).fixed) == 1


made = st.builds(
    lambda text, file, clients: replace(
        finding(text),
        span=replace(finding(text).span, path=file),
        reached=tuple(Reach(name) for name in sorted(clients)),
    ),
    st.sampled_from("abc"),
    st.sampled_from(["x.yaml", "y.yaml"]),
    st.frozensets(st.sampled_from(["acme", "globex"])),
)


def numbered(findings: list[Diagnostic]) -> list[Diagnostic]:
    """As a check gives them: those alike are counted."""
    seen: dict[object, int] = {}
    kept = []
    for one in findings:
        alike = one.code, one.span.path, one.route, one.message
        kept.append(replace(one, occurrence=seen.get(alike, 0)))
        seen[alike] = seen.get(alike, 0) + 1
    return kept


@given(st.lists(made), st.lists(made))
def test_nothing_is_told_twice_and_nothing_is_lost(
    before: list[Diagnostic], after: list[Diagnostic]
) -> None:
    before, after = numbered(before), numbered(after)
    found = compared(before, after)
    assert len(found.new) <= len(after)
    assert len(found.fixed) <= len(before)
    assert not compared(before, before)
    texts = {one.message for one in before}
    assert all(one in found.new for one in after if one.message not in texts)
    backwards = compared(after, before)
    assert {one.message for one in backwards.fixed} >= {
        one.message for one in found.new if one.message not in texts
    }
