"""Field changes in the file's words: all that matter, in a stable order, on one line each."""

# ruff: noqa: E501 - a change stands on one line

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashsync.model.notify import By, Notify, Secret, SecretReference, Webhook
from flashsync.model.schedule import MARK, Hours, Member, Override, Schedule
from flashsync.plan.diff import at, find_changes, list_fields, paths, same
from flashsync.plan.model import Change, Target
from flashsync.plan.webhooks import compare
from flashsync.plan.words import keyed
from flashsync.render.plan.changes import change_text, turns_text
from tests.model import strategies
from tests.model.strategies import few, steady
from tests.plan.helpers import DAILY, DAY, NOW, START, WORDS, groups, live, live_layer


def changes(before: Schedule, after: Schedule, origins: Any = None) -> tuple[Change, ...]:
    target = Target(after, origins or (None,) * len(after.layers))
    return find_changes(before, target, compare(after.notify, before.notify), WORDS)


def told(before: Schedule, after: Schedule, origins: Any = None) -> list[str]:
    return [f"{one.path}: {change_text(one)}" for one in changes(before, after, origins)]


def rota(**fields: Any) -> Schedule:
    return live(layers=(live_layer(1, 2, **fields),))


def told_to(*notifies: Notify) -> tuple[Schedule, Schedule]:
    before, after = (live(notify=notify) for notify in notifies)
    return before, after


def secret(value: str | None = "a", name: str = "TOKEN") -> Secret:
    return Secret(value, SecretReference("env", name))


COVER = Override("Alice away" + MARK, NOW, NOW + DAY, frozenset({Member(2)}))
LONG = "The rota of the team that keeps the lights on, day and night, wherever they are, whatever it takes."
HOURS = Hours("day", ((32400, 64800),))

CASES: dict[str, tuple[Schedule, Schedule, list[str]]] = {
    "one name for another": (live(), live("New"), ["schedule: Production → New"]),
    "a description where there was none": (live(), live(description="Hi"), ["description: + Hi"]),
    "no description any more": (live(description="a\nb"), live(), ["description: - a↵b"]),
    "another description": (live(description="a"), live(description="b"), ["description: a → b"]),
    "long descriptions from where they differ": (
        live(description=LONG),
        live(description=LONG.replace("whatever", "WHATEVER")),
        [
            "description: … wherever they are, whatever it takes. → … wherever they are, WHATEVER it takes."
        ],
    ),
    "long descriptions that differ at the start": (
        live(description=LONG),
        live(description="x"),
        [f"description: {LONG[:80]}… → x"],
    ),
    "a team": (live(), live(team=1), ["team: + SRE"]),
    "another team": (live(team=1), live(team=2), ["team: SRE → Payments"]),
    "a person more": (
        rota(),
        live(layers=(live_layer(1, 2, 6),)),
        ["layers[Primary].groups: + frank (turn 3)"],
    ),
    "a person less": (
        live(layers=(live_layer(1, 2, 6),)),
        rota(),
        ["layers[Primary].groups: - frank"],
    ),
    "another order": (
        rota(),
        rota(groups=groups(2, 1, names="BA")),
        ["layers[Primary].groups: order: alice, bob → bob, alice"],
    ),
    "a person more who reshuffles the others": (
        rota(),
        rota(groups=groups(2, 1, 6, names="BAC")),
        ["layers[Primary].groups: + frank (turn 3), order: alice, bob → bob, alice, frank"],
    ),
    "two who share a turn": (
        rota(),
        rota(groups=groups(1, "2+3", names="AB")),
        ["layers[Primary].groups: + [bob, carol] (turn 2), - bob"],
    ),
    "names of groups": (
        rota(),
        rota(groups=groups(1, 2, names="AZ")),
        ["layers[Primary].groups: names: A, B → A, Z"],
    ),
    "a group that gets a name": (
        rota(groups=groups(1, 2)),
        rota(groups=(*groups(1), replace(groups(2)[0], name="Night crew"))),
        ["layers[Primary].groups: names: (none), (none) → (none), Night crew"],
    ),
    "another rotation": (
        rota(),
        rota(rotation=DAILY, handoff=None),
        ["layers[Primary].rotation: 1 week → 1 day", "layers[Primary].handoff: - mon 10:00"],
    ),
    "another start": (
        rota(),
        rota(start=START + DAY),
        ["layers[Primary].start: 2026-01-05 10:00 → 2026-01-06 10:00"],
    ),
    "an end": (rota(), rota(end=START + DAY), ["layers[Primary].end: + 2026-01-06 10:00"]),
    "days": (
        rota(),
        rota(days=frozenset({1, 2}), continuous=True),
        ["layers[Primary].days: + mon, tue", "layers[Primary].continuous: + true"],
    ),
    "hours": (rota(hours=HOURS), rota(), ["layers[Primary].hours: - 09:00-18:00"]),
    "fair": (rota(), rota(fair=True), ["layers[Primary].fair: + true"]),
    "a new layer": (
        rota(),
        live(layers=(live_layer(1, 2), live_layer(3, name="Night", rotation=DAILY))),
        ["layers[Night]: + rotation: 1 day, start: 2026-01-05 10:00, groups: [carol]"],
    ),
    "a layer gone": (
        live(layers=(live_layer(1, 2), live_layer(3, name="Night", rotation=DAILY))),
        rota(),
        ["layers[Night]: - rotation: 1 day, start: 2026-01-05 10:00, groups: [carol]"],
    ),
    "all layers gone": (
        rota(rotation=DAILY),
        live(layers=()),
        ["layers[Primary]: - rotation: 1 day, start: 2026-01-05 10:00, groups: [alice, bob]"],
    ),
    "layers by awkward names": (
        live(layers=(live_layer(1, name="layers"), live_layer(1, name="__x"))),
        live(
            layers=(live_layer(1, name="layers", fair=True), live_layer(1, name="__x", fair=True))
        ),
        ["layers[layers].fair: + true", "layers[__x].fair: + true"],
    ),
    "a cover more": (
        live(),
        live(overrides=(COVER,)),
        ["overrides: + Alice away: bob, 2026-02-04 10:00 – 2026-02-05 10:00"],
    ),
    "a cover in another role": (
        live(overrides=(replace(COVER, members=frozenset({Member(2, 1)})),)),
        live(overrides=(COVER,)),
        [
            "overrides: - Alice away: bob (backup), 2026-02-04 10:00 – 2026-02-05 10:00",
            "overrides: + Alice away: bob, 2026-02-04 10:00 – 2026-02-05 10:00",
        ],
    ),
    "a cover that moves": (
        live(overrides=(COVER,)),
        live(overrides=(replace(COVER, members=frozenset({Member(3)})),)),
        [
            "overrides: - Alice away: bob, 2026-02-04 10:00 – 2026-02-05 10:00",
            "overrides: + Alice away: carol, 2026-02-04 10:00 – 2026-02-05 10:00",
        ],
    ),
    "a lead": (*told_to(Notify(), Notify(before=0)), ["notify.before: + 0 min"]),
    "no lead": (*told_to(Notify(before=300), Notify()), ["notify.before: - 5 min"]),
    "another lead and a time": (
        *told_to(Notify(before=300), Notify(before=600, daily_at="08:00")),
        ["notify.before: 5 min → 10 min", "notify.daily_at: + 08:00"],
    ),
    "channels": (
        *told_to(Notify(by=By(True)), Notify(by=By(False, frozenset({"sms", "email"})))),
        ["notify.by: preference → [email, sms]"],
    ),
    "preference and channels": (
        *told_to(Notify(by=By(True, frozenset({"sms"}))), Notify(by=By(True))),
        ["notify.by: preference and [sms] → preference"],
    ),
    "a chat more": (
        *told_to(Notify(), Notify(webhooks=(Webhook("slack", "ops", token=secret()),))),
        ["notify.chats[slack ops]: + type: slack, alias: ops"],
    ),
    "a chat gone": (
        *told_to(
            Notify(webhooks=(Webhook("slack", "ops"), Webhook("zoom"))),
            Notify(webhooks=(Webhook("zoom"),)),
        ),
        ["notify.chats[slack ops]: - type: slack, alias: ops"],
    ),
    "chats in another order, and one with more rooms": (
        *told_to(
            Notify(webhooks=(Webhook("slack"), Webhook("slack", chats=frozenset({"b"})))),
            Notify(webhooks=(Webhook("slack", chats=frozenset({"a", "b"})), Webhook("slack"))),
        ),
        ["notify.chats[slack].chat_ids: + a"],
    ),
    "a secret changed": (
        *told_to(
            Notify(webhooks=(Webhook("slack", token=Secret("old")),)),
            Notify(webhooks=(Webhook("slack", token=secret("new")),)),
        ),
        ["notify.chats[slack].token: changed, from env: TOKEN"],
    ),
    "a secret removed": (
        *told_to(
            Notify(webhooks=(Webhook("slack", token=Secret("old")),)),
            Notify(webhooks=(Webhook("slack"),)),
        ),
        ["notify.chats[slack].token: removed"],
    ),
    "everything at once, in the order of a file": (
        live(overrides=(COVER,), team=1),
        live(
            "New", description="Hi", notify=Notify(before=0), layers=(live_layer(1, 2, fair=True),)
        ),
        [
            "schedule: Production → New",
            "team: - SRE",
            "description: + Hi",
            "layers[Primary].fair: + true",
            "overrides: - Alice away: bob, 2026-02-04 10:00 – 2026-02-05 10:00",
            "notify.before: + 0 min",
        ],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_changes_in_words(case: str) -> None:
    before, after, text = CASES[case]
    assert told(before, after) == text
    assert told(after, after) == []


def test_a_renamed_layer() -> None:
    before = live(layers=(live_layer(1, 2, end=START + DAY), live_layer(1, 2, start=START + DAY)))
    after = live(layers=tuple(replace(layer, name="First", fair=True) for layer in before.layers))
    assert told(before, after, (0, 1)) == [
        "layers[First]: renamed from Primary",
        "layers[First].fair: + true",
        "layers[First (2)].fair: + true",
    ]


def test_links_that_stay_are_not_in_the_way() -> None:
    over = live_layer(3, end=START + DAY)
    before = live(layers=(over, live_layer(1, 2, start=START + DAY)))
    after = live(layers=(over, live_layer(1, 2, start=START + DAY, end=NOW)))
    assert told(before, after) == ["layers[Primary].end: + 2026-02-04 10:00"]


def test_what_has_no_words_is_still_a_change() -> None:
    odd = Hours("week", ((0, 60),)), Hours("week", ((7 * DAY, 60),))
    before, after = (rota(hours=hours) for hours in odd)
    assert told(before, after) == ["layers: differs in what no file can say"]


def test_all_that_a_new_schedule_has() -> None:
    crew = (*groups("4+5"), replace(groups(1)[0], name="Night crew"))
    schedule = live(
        description="a\nb",
        team=1,
        layers=(live_layer(1, hours=HOURS, groups=crew),),
        overrides=(COVER,),
        notify=Notify(
            300, "08:00", By(True), (Webhook("slack", "ops", 5, frozenset({"b", "a"}), secret()),)
        ),
    )
    assert [f"{one.path}: {change_text(one)}" for one in list_fields(schedule, WORDS)] == [
        "description: a↵b",
        "team: SRE",
        "layers[Primary].rotation: 1 week",
        "layers[Primary].handoff: mon 10:00",
        "layers[Primary].start: 2026-01-05 10:00",
        "layers[Primary].hours: 09:00-18:00",
        "layers[Primary].groups: [[dave, erin], Night crew: alice]",
        "overrides: Alice away: bob, 2026-02-04 10:00 – 2026-02-05 10:00",
        "notify.before: 5 min",
        "notify.daily_at: 08:00",
        "notify.by: preference",
        "notify.chats[slack ops].type: slack",
        "notify.chats[slack ops].alias: ops",
        "notify.chats[slack ops].data_source_id: 5",
        "notify.chats[slack ops].chat_ids: [a, b]",
    ]
    description = list_fields(schedule, WORDS)[0]
    assert (description.before, description.after) == (None, "a\nb")


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        (["a", "b"], ["a", "b", "c"], "+ c (turn 3)"),
        (["a", "b"], ["c", "a", "b"], "+ c (turn 1)"),
        (["a", "a"], ["a"], "- a"),
        (["a", "b", "a"], ["a", "b"], "- a"),
        (["a", "b"], ["b", "a"], "order: a, b → b, a"),
        (["a", "b", "c"], ["c", "b"], "- a, order: a, b, c → c, b"),
        (["a"], ["b"], "+ b (turn 1), - a"),
    ],
)
def test_lists_in_words(before: list[str], after: list[str], text: str) -> None:
    assert turns_text(before, after) == text


def test_a_repeated_name_gets_a_number() -> None:
    assert list(keyed([("a", 1), ("a (2)", 2), ("a", 3), ("a", 4)])) == [
        "a",
        "a (2)",
        "a (3)",
        "a (4)",
    ]


def target_of(before: Schedule, after: Schedule) -> Schedule:
    """What a plan compares: only overrides of files."""
    return replace(after, overrides=after.our_overrides, id=before.id)


@few
@given(strategies.schedules(live=True), strategies.schedules())
def test_nothing_is_lost(before: Schedule, after: Schedule) -> None:
    ours, target = replace(before, overrides=before.our_overrides), target_of(before, after)
    compared = compare(target.notify, ours.notify)
    found = changes(ours, target)
    assert bool(found) is not same(ours, target, compared)
    assert all("\n" not in change_text(one) for one in found)
    assert all(change not in found[:place] for place, change in enumerate(found))
    assert found == changes(ours, target)


@st.composite
def edits(draw: st.DrawFn) -> tuple[Schedule, Schedule]:
    """A schedule and the same with one thing changed."""
    before = draw(strategies.schedules())
    other = draw(strategies.schedules())
    field = draw(st.sampled_from(["name", "description", "team", "layers", "overrides", "notify"]))
    after = replace(before, **{field: getattr(other, field)})
    if field == "layers" and before.layers and draw(st.booleans()):
        layer = draw(st.sampled_from(other.layers))
        part = draw(
            st.sampled_from(["start", "end", "rotation", "groups", "days", "hours", "fair", "name"])
        )
        first, *rest = before.layers
        after = replace(before, layers=(replace(first, **{part: getattr(layer, part)}), *rest))
    return before, after


@few
@given(edits())
def test_no_single_edit_is_lost(edit: tuple[Schedule, Schedule]) -> None:
    before, after = edit
    compared = compare(after.notify, before.notify)
    assert bool(changes(before, after)) is not same(before, after, compared)


def test_the_same_override_twice_means_no_more_than_once() -> None:
    once, twice = live(overrides=(COVER,)), live(overrides=(COVER, COVER))
    assert same(once, twice, compare(twice.notify, once.notify))
    assert changes(once, twice) == changes(twice, once) == ()


views: st.SearchStrategy[Any] = st.dictionaries(
    st.sampled_from(["a", "b", "__c", "1", "x.y", "['q']", "\ud800"]),
    st.recursive(
        st.sampled_from(["", "1", "two\nlines", "\udfff"]) | st.lists(st.sampled_from("xyz")),
        lambda inner: st.dictionaries(st.sampled_from(["a", "b", "__d"]), inner),
        max_leaves=4,
    ),
)


def naive(before: Any, after: Any, path: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    if before == after:
        return set()
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return {path}
    return {
        one
        for key in {**before, **after}
        for one in naive(before.get(key), after.get(key), (*path, key))
    }


@steady
@given(views, views)
def test_every_path_that_differs_is_found(before: Any, after: Any) -> None:
    found = paths(before, after)
    assert set(found) == naive(before, after)
    assert len(set(found)) == len(found)
    assert all(at(before, path) != at(after, path) for path in found)


def test_deepdiff_is_not_imported_while_nothing_differs() -> None:
    import subprocess

    code = (
        "import sys, flashsync.plan.build, flashsync.plan.diff\n"
        "from flashsync.plan.diff import paths\n"
        "assert paths({}, {}) == []\n"
        "sys.exit('deepdiff' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
