"""Plans: which action each schedule gets, with its reason, notes, warnings; and what is refused."""

# ruff: noqa: E501 - a message stands on one line

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from flashsync.errors import ExitCode, Problem
from flashsync.model.desired import Desired, LayerIntent
from flashsync.model.notify import Notify, Secret, SecretReference, Webhook
from flashsync.model.schedule import MARK, Member, Override, Schedule
from flashsync.model.timezone import WEEK
from flashsync.plan import safety
from flashsync.plan.build import wanted_ids
from flashsync.plan.fingerprint import fingerprint, parts
from flashsync.plan.match import Known, match
from flashsync.plan.model import Caution, Create, Delete, Plan, Reason, Summary, Unchanged, Update
from flashsync.plan.outcome import Outcome, Result, WriteStatus
from flashsync.plan.safety import RunOptions, Safety, Scope
from flashsync.render.plan.changes import change_text
from tests.model import strategies
from tests.model.strategies import few
from tests.plan.helpers import (
    DAY,
    EXACT,
    NOW,
    START,
    ZONE,
    applied,
    desired,
    file_layer,
    groups,
    live,
    live_layer,
    plan_of,
)

ALL = Scope(names=("*",))


def cover(name: str = "Away" + MARK, start: int = NOW + DAY, person: int = 2) -> Override:
    return Override(name, start, start + DAY, frozenset({Member(person)}))


def told(**fields: Any) -> Notify:
    return Notify(webhooks=(Webhook("slack", "ops", **fields),))


def given_secret(value: str | None = "hush") -> Secret:
    return Secret(value, SecretReference("env", "TOKEN"))


def only(plan: Plan) -> Any:
    (action,) = plan.actions
    return action


def refusals(plan: Plan) -> list[str]:
    return [problem.text for problem in plan.refusals]


def test_a_schedule_that_is_not_live_is_created() -> None:
    plan = plan_of([desired(overrides=(cover(), cover(start=START)))], [live("Other")])
    action = only(plan)
    assert isinstance(action, Create)
    assert (action.name, action.reason, action.source.line) == ("Production", Reason.NEW, 1)
    assert action.target.schedule == Schedule(
        "Production", layers=(live_layer(1, 2),), overrides=(cover(),)
    )
    assert action.target.origins == (None,)
    assert plan.summary == Summary(create=1, update=0, delete=0, unchanged=0)
    assert (plan.empty, plan.summary.writes, plan.writes) == (False, 1, plan.actions)


def test_a_schedule_as_its_file_wants_it_is_unchanged() -> None:
    plan = plan_of([desired()], [live()])
    assert only(plan) == Unchanged(5, "Production", desired().source)
    assert (plan.empty, plan.writes, plan.refusals) == (True, (), ())


def test_a_schedule_that_differs_is_updated() -> None:
    plan = plan_of([desired(description="Hi")], [live(name=" Production")])
    action = only(plan)
    assert isinstance(action, Update)
    assert (action.id, action.live_name, action.name, action.reason) == (
        5,
        "Production",
        "Production",
        Reason.CHANGED,
    )
    assert [change_text(change) for change in action.changes] == ["+ Hi"]
    assert action.fingerprint == fingerprint(live(name=" Production"))
    assert (action.target.schedule.id, action.target.origins, action.renamed) == (5, (0,), False)


def test_a_rename() -> None:
    action = only(plan_of([desired("New", renamed_from="Production")], [live()]))
    assert (action.reason, action.renamed, action.live_name) == (Reason.RENAMED, True, "Production")
    action = only(plan_of([desired("New", id=5)], [live()]))
    assert (action.reason, action.name) == (Reason.RENAMED, "New")


def test_a_schedule_to_be_deleted() -> None:
    action = only(plan_of([desired(absent=True)], [live()]))
    assert action == Delete(
        5,
        "Production",
        fingerprint(live()),
        Reason.ABSENT,
        desired().source,
        parts=parts(live()),
    )
    plan = plan_of([desired(absent=True)], [])
    assert only(plan) == Unchanged(None, "Production", desired().source, Reason.GONE)
    assert plan.empty


def test_undeclared_schedules_are_listed_or_pruned() -> None:
    account = [live(), live("Old", 6, team=1), live("Other", 7, team=2)]
    in_team = RunOptions(Scope(teams=frozenset({1})))
    assert plan_of([desired()], account, in_team).undeclared == ("Old",)
    assert plan_of([desired()], account).undeclared == ()
    assert plan_of([desired()], account, replace(in_team, complete=False)).undeclared == ()
    both = RunOptions(Scope(teams=frozenset({1, 2}), names=("Oth*",)))
    assert plan_of([desired()], account, both).undeclared == ("Other",)
    prune = replace(in_team, prune=True, safety=Safety(max_deletes=1))
    plan = plan_of([desired()], account, prune)
    assert plan.undeclared == ()
    assert plan.writes == (
        Delete(6, "Old", fingerprint(account[1]), Reason.PRUNED, parts=parts(account[1])),
    )
    assert plan.refusals == ()


def test_what_has_to_be_read() -> None:
    known = [Known(1, "A"), Known(2, "B"), Known(3, "C", team=1)]
    same = match([desired("A")], known)
    assert wanted_ids(same, RunOptions()) == (1,)
    assert wanted_ids(same, RunOptions(Scope(frozenset({1})), prune=True)) == (1, 3)
    new = match([desired("A"), desired("N")], known)
    assert wanted_ids(new, RunOptions()) == (1, 2, 3)
    assert wanted_ids(new, RunOptions(create_lookalike=True)) == (1,)
    absent = match([desired("A"), desired("N", absent=True)], known)
    assert wanted_ids(absent, RunOptions()) == (1,)


@pytest.mark.parametrize("most", [0, 2])
def test_more_deletes_than_one_run_may_make(most: int) -> None:
    account = [live(f"Old {number}", 10 + number) for number in range(7)]
    plan = plan_of([], account, RunOptions(ALL, Safety(max_deletes=most), prune=True))
    assert refusals(plan) == [
        f"--prune would delete 7 schedules (`Old 0`, `Old 1`, `Old 2`, `Old 3`, `Old 4` and 2 more), and {most} may be deleted in one run; look at each, then pass --max-deletes 7"
    ]
    absent = [desired(f"Old {number}", absent=True) for number in range(7)]
    assert plan_of(absent, account).refusals == ()


def test_one_delete_too_many() -> None:
    plan = plan_of([], [live("Old")], RunOptions(ALL, prune=True))
    assert refusals(plan) == [
        "--prune would delete 1 schedule (`Old`), and 0 may be deleted in one run; look at each, then pass --max-deletes 1"
    ]


@pytest.mark.parametrize(
    ("declared", "changed", "absent", "pruned", "most", "said"),
    [
        (9, 9, 0, 0, 50, None),
        (10, 5, 0, 0, 50, None),
        (10, 6, 0, 0, 50, "6 schedules would be changed or deleted, against 10 declared ones that are live: 60 %, and 50 % may be in one run; look at each, then pass --max-change-percent 60"),
        (12, 3, 4, 0, 50, "7 schedules would be changed or deleted, against 12 declared ones that are live: 59 %, and 50 % may be in one run; look at each, then pass --max-change-percent 59"),
        (12, 3, 4, 0, 59, None),
        (10, 0, 0, 6, 50, "6 schedules would be changed or deleted, against 10 declared ones that are live: 60 %, and 50 % may be in one run; look at each, then pass --max-change-percent 60"),
        (10, 0, 0, 15, 99, "15 schedules would be changed or deleted, against 10 declared ones that are live: 100 %, and 99 % may be in one run; look at each, then pass --max-change-percent 100"),
        (10, 0, 0, 15, 100, None),
        (10, 1, 0, 0, 0, "1 schedule would be changed or deleted, against 10 declared ones that are live: 10 %, and 0 % may be in one run; look at each, then pass --max-change-percent 10"),
    ],
)  # fmt: skip
def test_more_changes_than_one_run_may_make(
    declared: int, changed: int, absent: int, pruned: int, most: int, said: str | None
) -> None:
    account = [live(f"S{number}", 10 + number) for number in range(declared + pruned)]
    files = [
        desired(
            one.name,
            absent=number < absent,
            description="x" * (absent <= number < absent + changed),
        )
        for number, one in enumerate(account[:declared])
    ]
    files += [desired("New", layers=(file_layer(3),)), desired("Gone", absent=True)]
    plan = plan_of(files, account, RunOptions(ALL, Safety(pruned, most), prune=True))
    assert refusals(plan) == ([said] if said else [])


def test_a_create_that_looks_like_a_rename_in_the_console() -> None:
    account = [live("Renamed"), live("Other", 6, layers=(live_layer(3),))]
    plan = plan_of([desired()], account)
    assert refusals(plan) == [
        "`Production` would be created, but `Renamed` (id 5), which no file declares, has the same rotation, so it looks renamed; write `renamed_from: Renamed` or `id: 5`, or pass --create-lookalike"
    ]
    assert plan.refusals[0].position == desired().source
    assert plan_of([desired()], account, RunOptions(create_lookalike=True)).refusals == ()
    assert plan_of([desired(), desired("Renamed")], account).refusals == ()
    assert plan_of([desired(layers=(file_layer(4),))], account).refusals == ()
    assert plan_of([desired()], [live("Empty", layers=())]).refusals == ()


def test_an_edit_of_a_rotation_that_has_begun() -> None:
    edit = desired(layers=(file_layer(1, 2, 3), file_layer(1, name="Night")))
    plan = plan_of([edit], [live()])
    assert refusals(plan) == []
    update = only(plan)
    assert [(change.path, change_text(change)) for change in update.changes] == [
        ("layers[Primary].groups", "+ carol (turn 3)"),
        (
            "layers[Night]",
            "+ rotation: 1 week, handoff: mon 10:00, start: 2026-01-05 10:00, groups: [alice]",
        ),
    ]
    assert [(cut.layer, cut.at) for cut in update.cuts] == [
        ("Primary", START + 5 * WEEK),
        ("Night", START + 5 * WEEK),
    ]
    assert plan_of([edit], applied(plan, [live()])).empty
    plan = plan_of([desired(layers=(file_layer(1, 2, 3),), rollout=EXACT)], [live()])
    assert (refusals(plan), len(only(plan).remarks.notes)) == ([], 1)
    gone = plan_of([desired()], [live(layers=(live_layer(1, 2), live_layer(3, name="Old")))])
    assert [change_text(change) for change in only(gone).changes] == ["+ 2026-02-09 10:00"]


def test_an_edit_that_is_turned_says_who_is_on_call() -> None:
    plan = plan_of([desired(layers=(file_layer(2, 1),))], [live()])
    assert plan.empty
    assert plan.actions[0].remarks.notes == (
        "layers[Primary].groups: same cycle, different starting point; no shift changes; alice is on call now",
    )


def test_an_edit_that_no_cut_can_carry_out_is_refused() -> None:
    fair = live(layers=(live_layer(1, 2, fair=True),))
    plan = plan_of([desired(layers=(file_layer(1, 2, 3, fair=True),))], [fair])
    assert refusals(plan) == [
        "layers[Primary] is `fair`, so that only the server knows whose turn it is, and it was not asked; give a date and time as its `rollout`, to be cut there"
    ]
    assert [change_text(change) for change in only(plan).changes] == ["+ carol (turn 3)"]


def test_overrides_of_files_and_of_the_console() -> None:
    console = cover("Swap", NOW + 3 * DAY, 3)
    over = cover(start=START)
    account = [live(overrides=(cover(), console, over, cover("Old swap", START)))]
    plan = plan_of([desired(overrides=(cover(),))], account)
    assert plan.empty
    assert only(plan).remarks.notes == ("console overrides kept: `Swap`",)
    moved = cover(start=NOW + 5 * DAY)
    plan = plan_of([desired(overrides=(moved,))], account)
    assert [change_text(change)[:6] for change in only(plan).changes] == ["- Away", "+ Away"]
    assert only(plan).target.schedule.overrides == (moved,)
    assert only(plan).kept == (
        "Swap 1770429600-1770516000 3",
        "Old swap 1767578400-1767664800 2",
    )
    assert plan_of([desired(overrides=(over,))], [live()]).empty
    assert plan_of([desired()], [live(overrides=(over,))]).empty
    four = [cover(f"Swap {number}") for number in range(5)]
    notes = only(plan_of([desired()], [live(overrides=tuple(four))])).remarks.notes
    assert notes == ("console overrides kept: `Swap 0`, `Swap 1`, `Swap 2` and 2 more",)


def test_a_mark_that_somebody_took_off_in_the_console() -> None:
    theirs = replace(cover("Away"), end=NOW + DAY + 3600)
    plan = plan_of([desired(overrides=(cover(),))], [live(overrides=(theirs,))])
    assert only(plan).remarks.notes == (
        "console overrides kept: `Away`",
        (
            "override `Away` is left to the console: "
            "`Away` (bob) from 2026-02-05 10:00 to 2026-02-05 11:00"
        ),
    )
    assert [change_text(change) for change in only(plan).changes] == [
        "+ Away: bob, 2026-02-05 11:00 – 2026-02-06 10:00"
    ]
    whole = [live(overrides=(cover("Away"),))]
    assert plan_of([desired(overrides=(cover(),))], whole).empty
    apart = [live(overrides=(cover("Away", NOW + 2 * DAY),))]
    assert len(only(plan_of([desired(overrides=(cover(),))], apart)).remarks.notes) == 1


def test_a_secret_that_cannot_be_compared_is_a_note_and_not_drift() -> None:
    file, account = (
        desired(notify=told(token=given_secret())),
        [live(notify=told(token=Secret("***")))],
    )
    plan = plan_of([file], account)
    assert (plan.empty, plan.refusals) == (True, ())
    note = "notify.chats[slack ops].token was not compared: the platform does not show it"
    assert only(plan).remarks.notes == (note,)
    assert only(plan).remarks.uncompared == ("notify.chats[slack ops].token",)
    sent = only(plan_of([file], account, RunOptions(send_secrets=True)))
    assert (sent.reason, sent.changes) == (Reason.SECRETS, ())
    plain = [live(notify=told(token=Secret("hush")))]
    assert only(plan_of([file], plain, RunOptions(send_secrets=True))).reason is Reason.SAME


def test_a_masked_secret_that_the_file_does_not_give() -> None:
    account = [live(notify=told(token=Secret("***")))]
    assert plan_of([desired(notify=told())], account).empty
    plan = plan_of([desired(notify=told(), description="Hi")], account)
    assert refusals(plan) == [
        "notify.chats[slack ops].token of `Production` reads back masked, so a write would lose it; give the secret in the file, as {env: NAME} or {file: PATH}"
    ]


def test_a_missing_secret_is_the_business_of_apply() -> None:
    file = desired(notify=told(token=given_secret(None)))
    assert only(plan_of([file], [live(notify=told(token=Secret("x")))])).remarks.warnings == ()
    for account in ([], [live(description="Hi")]):
        plan = plan_of([file], account)
        assert plan.refusals == ()
        assert [one.text for one in only(plan).remarks.warnings] == [
            "secrets that are not there, and that apply will need: env: TOKEN (notify.chats[slack ops].token)",
        ]


def test_missing_secrets_in_words() -> None:
    problem = safety.missing_secrets(["env: A (x)", "env: B (y)"], "S", desired().source)
    assert (
        problem.text
        == "`S` needs secrets that are not there: env: A (x), env: B (y); set the variable or write the file, then run again"
    )


def test_warnings_of_a_schedule() -> None:
    plan = plan_of([desired()], [live(disabled=True)], warnings={"Production": ("a doubt",)})
    assert only(plan).remarks.warnings == (
        Caution("a doubt"),
        Caution("it is disabled in the console, so it pages nobody"),
    )


def test_names_go_round_by_ids() -> None:
    account = [live("A", 1), live("B", 2, layers=(live_layer(3),))]
    files = [desired("B", id=1), desired("A", id=2, layers=(file_layer(3),))]
    plan = plan_of(files, account)
    assert [one.name for one in plan.actions] == ["A", "B"]
    after = applied(plan, account)
    assert sorted(one.name for one in after) == ["A", "B"]
    assert plan_of(files, after).empty


@pytest.mark.parametrize(
    ("scope", "team", "name", "holds"),
    [
        (Scope(), 1, "prod-a", False),
        (Scope(teams=frozenset()), 1, "prod-a", False),
        (Scope(teams=frozenset({1})), 1, "x", True),
        (Scope(teams=frozenset({1})), 2, "x", False),
        (Scope(names=("prod-*", "x")), 2, "x", True),
        (Scope(names=("prod-*",)), 2, "Prod-a", False),
        (Scope(frozenset({1}), ("prod-*",)), 1, "prod-a", True),
        (Scope(frozenset({1}), ("prod-*",)), 2, "prod-a", False),
    ],
)
def test_scope(scope: Scope, team: int, name: str, holds: bool) -> None:
    assert scope.holds(Known(1, name, team)) is holds


RESULTS = {status: Result(Create(None, None, ()), status) for status in WriteStatus}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("statuses", "interrupted", "code"),
    [
        ([], False, ExitCode.OK),
        ([WriteStatus.CONFIRMED], False, ExitCode.OK),
        ([WriteStatus.CONFIRMED, WriteStatus.FAILED], False, ExitCode.UNFINISHED),
        ([WriteStatus.FAILED, WriteStatus.NOT_STARTED], False, ExitCode.ERROR),
        ([WriteStatus.NOT_STARTED], True, ExitCode.INTERRUPTED),
        ([WriteStatus.CONFIRMED, WriteStatus.NOT_STARTED], True, ExitCode.UNFINISHED),
        ([WriteStatus.UNCLEAR], False, ExitCode.UNFINISHED),
        ([WriteStatus.UNCONFIRMED], False, ExitCode.UNFINISHED),
        ([WriteStatus.DIFFERS], False, ExitCode.UNFINISHED),
    ],
)
def test_the_exit_code_of_an_outcome(
    statuses: list[WriteStatus], interrupted: bool, code: ExitCode
) -> None:
    outcome = Outcome(plan_of([], []), tuple(RESULTS[one] for one in statuses), interrupted)
    assert outcome.exit_code is code
    assert outcome.complete is (code is ExitCode.OK)
    assert outcome.having(WriteStatus.CONFIRMED) == tuple(
        RESULTS[one] for one in statuses if one is WriteStatus.CONFIRMED
    )


@few
@given(strategies.schedules(), strategies.schedules(live=True), strategies.instants, st.booleans())
def test_a_plan_after_apply_is_empty(
    wanted: Schedule, account: Schedule, now: int, exists: bool
) -> None:
    assume(len({layer.name for layer in wanted.layers}) == len(wanted.layers))
    assume(
        len({(one.start, one.end, one.people) for one in wanted.overrides}) == len(wanted.overrides)
    )
    file = Desired(
        replace(wanted, id=account.id if exists else None),
        desired().source,
        rollout=EXACT,
        intents=(LayerIntent(EXACT),) * len(wanted.layers),
    )
    alive = [account] if exists else []
    plan = plan_of([file], alive, now=now)
    again = plan_of([file], applied(plan, alive), now=now)
    assert again.empty
    later = plan_of([file], applied(plan, alive), now=now + 10**7)
    assert later.empty


def test_problems_are_values() -> None:
    assert Problem("a", "b").text == "a; b"
    assert (ZONE, groups(1)[0].name) == ("Asia/Shanghai", None)
