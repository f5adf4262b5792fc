"""Safe writes, promise by promise, over real HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import pytest

from flashsync.errors import ExitCode, RefusedError, ServiceError
from flashsync.plan.outcome import Outcome, WriteStatus
from flashsync.render.plan.changes import differences_text
from flashsync.sandbox import UNLIMITED, Options, Reply, refusal
from flashsync.sandbox.options import Secrets
from tests.apply.conftest import nth, schedule
from tests.promises.loop import Loop

IN_2033 = 2_000_000_000
HOUR = 3600


def applied(loop: Loop, *trees: dict[str, Any], **request: Any) -> Outcome:
    """Write files, plan and apply them; all has to be confirmed."""
    loop.write(*trees)
    outcome = loop.apply(loop.plan(**request))
    assert [str(one.problem) for one in outcome.results if one.problem] == []
    assert outcome.exit_code is ExitCode.OK
    return outcome


def written(loop: Loop) -> list[str]:
    """The names of the endpoints that write, as they were called."""
    return [
        entry.endpoint.removeprefix("/schedule/")
        for entry in loop.sandbox.log
        if entry.endpoint in ("/schedule/create", "/schedule/update", "/schedule/delete")
    ]


def statuses(outcome: Outcome) -> list[str]:
    return [result.status.value for result in outcome.results]


def overrides(loop: Loop, name: str = "Production") -> list[str]:
    layers = loop.sandbox.console.schedule(name)["layers"]
    return [layer["layer_name"] for layer in layers if layer["mode"] == 1]


def test_console_overrides_survive_and_a_later_override_is_a_note(loop: Loop) -> None:
    applied(loop, schedule())
    loop.sandbox.console.add_override("Production", ["carol@example.com"], IN_2033, IN_2033 + HOUR)
    loop.write(schedule(description="new"))
    planned = loop.plan()
    assert "Temporary" in planned.plan.actions[0].remarks.notes[0]
    start = IN_2033 + 2 * HOUR
    loop.sandbox.console.add_override("Production", ["dave@example.com"], start, start + 60, "Late")
    outcome = loop.apply(planned)
    assert outcome.exit_code is ExitCode.OK
    assert overrides(loop) == ["Temporary", "Late"]
    (note,) = outcome.results[0].notes
    assert note.startswith("kept an override made in the console since the plan: Late: Dave Wu, ")


def test_a_later_override_that_a_delete_removes_is_a_note(loop: Loop) -> None:
    applied(loop, schedule())
    people = ["carol@example.com"]
    loop.sandbox.console.add_override("Production", people, IN_2033, IN_2033 + HOUR)
    loop.write({"schedule": "Production", "absent": "true"})
    planned = loop.plan()
    start = IN_2033 + 2 * HOUR

    def swap() -> None:
        loop.sandbox.console.add_override("Production", people, start, start + 60, "Late")

    loop.sandbox.hook = nth("/schedule/info", 2, swap)
    outcome = loop.apply(planned)
    assert outcome.exit_code is ExitCode.OK
    (note,) = outcome.results[0].notes
    assert note.startswith("deleted with it, made in the console since the plan: Late: Carol Diaz")


def test_an_override_made_between_the_check_and_the_write_survives(loop: Loop) -> None:
    applied(loop, schedule())
    loop.write(schedule(description="new"))
    planned = loop.plan()

    def swap() -> None:
        loop.sandbox.console.add_override(
            "Production", ["carol@example.com"], IN_2033, IN_2033 + HOUR, "Swap"
        )

    loop.sandbox.hook = nth("/schedule/info", 2, swap)
    assert loop.apply(planned).exit_code is ExitCode.OK
    assert overrides(loop) == ["Swap"]


def test_what_moved_since_the_plan_is_refused_whole_and_its_writer_named(loop: Loop) -> None:
    applied(loop, schedule("One"), schedule("Two"))
    loop.write(schedule("One", description="new"), schedule("Two", description="new"))
    planned = loop.plan()
    loop.sandbox.console.edit("Two", {"description": "by hand"}, by="bob@example.com")
    before = len(written(loop))
    with pytest.raises(RefusedError, match="`Two` has changed since the plan was made") as refused:
        loop.apply(planned)
    assert "in description; written since by Bob Martin on " in str(refused.value)
    assert len(written(loop)) == before


def test_a_schedule_that_is_gone_since_the_plan_is_refused(loop: Loop) -> None:
    applied(loop, schedule("One"))
    loop.write(schedule("One", description="new"))
    planned = loop.plan()
    loop.sandbox.console.delete("One")
    with pytest.raises(
        RefusedError, match="is gone: somebody deleted it; written since by Bob Martin on "
    ):
        loop.apply(planned)


def test_a_name_that_was_taken_since_the_plan_is_refused(loop: Loop) -> None:
    applied(loop, schedule("One"))
    loop.write(schedule("One"), schedule("Two", description="x"))
    planned = loop.plan()
    body = loop.sandbox.console.schedule("One")
    loop.sandbox.console.create(
        {key: body[key] for key in ("description", "layers", "notify", "team_id")}
        | {"schedule_name": "Two"}
    )
    with pytest.raises(
        RefusedError, match=r"`Two` is the name of another schedule .*by Bob Martin on "
    ):
        loop.apply(planned)


def test_what_moves_right_before_its_own_write_stops_apply(loop: Loop) -> None:
    applied(loop, schedule("One"))
    loop.write(schedule("One", description="new"))
    planned = loop.plan()

    def meddle() -> None:
        loop.sandbox.console.edit("One", {"description": "by hand"})

    loop.sandbox.hook = nth("/schedule/info", 2, meddle)
    outcome = loop.apply(planned)
    assert (statuses(outcome), outcome.exit_code) == (["failed"], ExitCode.ERROR)
    assert loop.sandbox.console.schedule("One")["description"] == "by hand"


def test_emptied_fields_are_really_emptied(loop: Loop) -> None:
    notify = {
        "before": "0 min",
        "daily_at": "08:00",
        "by": ["email"],
        "chats": [{"type": "dingtalk", "alias": "ops", "token": {"env": "TOKEN"}}],
    }
    cover = {"override": "Cover", "from": "2033-01-01 00:00", "to": "2033-01-02 00:00"}
    full = schedule(
        description="text", team="SRE", notify=notify, overrides=[{**cover, "people": ["Dave Wu"]}]
    )
    applied(loop, full)
    applied(loop, schedule())
    live = loop.sandbox.console.schedule("Production")
    assert (live["description"], live["team_id"], overrides(loop)) == ("", 0, [])
    assert live["notify"]["webhooks"] in (None, [])
    assert "advance_in_time" not in live["notify"] or live["notify"]["advance_in_time"] is None
    assert loop.plan().plan.empty


def test_undeclared_fields_keep_their_live_value(loop: Loop) -> None:
    loop.sandbox.options = Options(limits=UNLIMITED, future_fields=True)
    applied(loop, schedule())

    def hide(live: dict[str, Any]) -> None:
        live["layers"][0] |= {"hidden": 1, "weight": 7}

    loop.sandbox.console.edit("Production", hide)
    before = loop.sandbox.console.schedule("Production")
    applied(loop, schedule(description="new"))
    after = loop.sandbox.console.schedule("Production")
    assert (after["layers"][0]["hidden"], after["layers"][0]["weight"]) == (1, 7)
    assert after["future_field"] == before["future_field"]
    assert after["layers"][0]["future_field"] == before["layers"][0]["future_field"]


def test_a_create_with_a_lost_answer_is_not_sent_twice(loop: Loop) -> None:
    loop.write(schedule())
    planned = loop.plan()
    loop.sandbox.fail_next(Reply(drop=True), "/schedule/create", acted=True)
    outcome = loop.apply(planned)
    assert (statuses(outcome), written(loop)[-1:]) == (["confirmed"], ["create"])
    assert len(loop.sandbox.console.schedules()) == 1


def test_a_create_that_was_not_carried_out_is_sent_again(loop: Loop) -> None:
    loop.write(schedule())
    planned = loop.plan()
    loop.sandbox.fail_next(refusal("InternalError"), "/schedule/create")
    assert statuses(loop.apply(planned)) == ["confirmed"]
    assert len(loop.sandbox.console.schedules()) == 1


@pytest.mark.parametrize("acted", [True, False])
def test_a_create_over_the_rate_limit_is_sent_again(loop: Loop, acted: bool) -> None:
    loop.write(schedule())
    planned = loop.plan()
    loop.sandbox.fail_next(refusal("RequestTooFrequently"), "/schedule/create")
    loop.sandbox.fail_next(Reply(drop=True), "/schedule/create", acted=acted)
    assert statuses(loop.apply(planned)) == ["confirmed"]
    assert written(loop) == ["create"] * (2 if acted else 3)


def test_a_create_that_stays_unclear_is_reported_as_such(loop: Loop) -> None:
    loop.write(schedule())
    planned = loop.plan()
    loop.sandbox.fail_next(refusal("InternalError"), "/schedule/create", times=9)
    outcome = loop.apply(planned)
    loop.sandbox.hook = None
    assert (statuses(outcome), outcome.exit_code) == (["unclear"], ExitCode.UNFINISHED)


def test_an_update_is_repeated_after_trouble(loop: Loop) -> None:
    applied(loop, schedule())
    loop.write(schedule(description="new"))
    planned = loop.plan()
    loop.sandbox.fail_next(refusal("ServiceUnavailable"), "/schedule/update", acted=True, times=2)
    assert statuses(loop.apply(planned)) == ["confirmed"]


@pytest.mark.parametrize("secrets", get_args(Secrets))
def test_an_update_with_a_secret_and_a_lost_answer_is_confirmed(
    loop: Loop, secrets: Secrets
) -> None:
    chat = {"type": "dingtalk", "alias": "ops", "token": {"env": "TOKEN"}}
    loop.sandbox.options = Options(limits=UNLIMITED, secrets=secrets)
    applied(loop, schedule(notify={"chats": [chat]}))
    loop.write(schedule(notify={"chats": [chat]}, description="new"))
    planned = loop.plan()
    loop.sandbox.fail_next(Reply(drop=True), "/schedule/update", acted=True)
    assert statuses(loop.apply(planned)) == ["confirmed"]
    assert loop.plan().plan.empty


def test_a_delete_with_a_lost_answer_is_confirmed(loop: Loop) -> None:
    applied(loop, schedule())
    loop.write({"schedule": "Production", "absent": "true"})
    planned = loop.plan()
    loop.sandbox.fail_next(Reply(drop=True), "/schedule/delete", acted=True)
    assert statuses(loop.apply(planned)) == ["confirmed"]
    assert loop.plan().plan.empty


TWO_WEEKS = {
    "layer": "Primary",
    "rotation": "2 weeks",
    "start": "2026-01-05 10:00",
    "groups": ["carol@example.com", "dave@example.com"],
}
NINE = [f"S{number}" for number in range(9)]


def test_a_failed_write_does_not_stop_the_others_and_running_again_converges(loop: Loop) -> None:
    loop.write(*(schedule(name, description=name) for name in NINE))
    planned = loop.plan()
    loop.sandbox.hook = refuse("/schedule/create", "S3")
    outcome = loop.apply(planned)
    assert outcome.exit_code is ExitCode.UNFINISHED
    assert sorted(statuses(outcome)) == ["confirmed"] * 8 + ["failed"]
    (failed,) = outcome.having(WriteStatus.FAILED)
    assert failed.action.name == "S3"
    assert "AccessDenied" in str(failed.problem)
    assert "request " in str(failed.problem)
    loop.sandbox.hook = None
    assert loop.apply(loop.plan()).exit_code is ExitCode.OK
    assert loop.plan().plan.empty


def test_a_failed_write_stops_the_others_with_fail_fast(loop: Loop) -> None:
    loop.write(*(schedule(name, description=name) for name in NINE))
    planned = loop.plan()
    loop.sandbox.hook = refuse("/schedule/create", "S3")
    outcome = loop.apply(planned, fail_fast=True)
    assert statuses(outcome).count("failed") == 1
    left = outcome.having(WriteStatus.NOT_STARTED)
    assert {str(result.problem) for result in left} == {
        "another write has failed; without --fail-fast this one goes on"
    }


def test_a_write_that_takes_a_name_waits_for_the_write_that_frees_it(loop: Loop) -> None:
    applied(loop, schedule("Old"), schedule("Other"))
    trees = [
        schedule("Older", id=loop.sandbox.console.schedule("Old")["schedule_id"]),
        schedule("Old", description="takes the name", layers=[TWO_WEEKS]),
        schedule("Other", description="has nothing to do with it"),
    ]
    loop.write(*trees)
    planned = loop.plan()
    loop.sandbox.hook = refuse("/schedule/update", "Older")
    outcome = loop.apply(planned)
    by_name = {result.action.name: result for result in outcome.results}
    assert by_name["Other"].status is WriteStatus.CONFIRMED
    assert by_name["Older"].status is WriteStatus.FAILED
    assert by_name["Old"].status is WriteStatus.NOT_STARTED
    assert str(by_name["Old"].problem) == (
        "`Older`, which frees its name, was not written; fix that write first"
    )
    loop.sandbox.hook = None
    applied(loop, *trees)


def test_names_in_a_cycle_wait_for_the_temporary_name(loop: Loop) -> None:
    applied(loop, *(schedule(name, description=name) for name in "ABC"))
    ids = {one["schedule_name"]: one["schedule_id"] for one in loop.sandbox.console.schedules()}
    loop.write(
        *(
            schedule(new, description=new, id=ids[old])
            for old, new in zip("ABC", "BCA", strict=True)
        ),
        schedule("D"),
    )
    planned = loop.plan()
    before = {one["schedule_id"]: one["schedule_name"] for one in loop.sandbox.console.schedules()}

    def refuse_updates(asked: str, body: Any, act: Callable[[], Reply]) -> Reply | None:
        return refusal("AccessDenied") if asked == "/schedule/update" else None

    loop.sandbox.hook = refuse_updates
    outcome = loop.apply(planned)
    assert sorted(statuses(outcome)) == ["confirmed", "failed", "not_started", "not_started"]
    after = {one["schedule_id"]: one["schedule_name"] for one in loop.sandbox.console.schedules()}
    assert {id: after[id] for id in before} == before


def test_nothing_is_deleted_while_what_may_replace_it_is_not_written(loop: Loop) -> None:
    applied(loop, schedule("Old"), schedule("Other"))
    loop.write(
        schedule("New", description="replaces the old one"),
        schedule("Old", absent=True),
        schedule("Other", description="new"),
    )
    planned = loop.plan(create_lookalike=True)
    loop.sandbox.hook = refuse("/schedule/create", "New")
    outcome = loop.apply(planned)
    by_name = {result.action.name: result for result in outcome.results}
    assert by_name["Other"].status is WriteStatus.CONFIRMED
    assert by_name["Old"].status is WriteStatus.NOT_STARTED
    assert str(by_name["Old"].problem) == (
        "`New`, which may replace it, was not written; fix that write first"
    )


def test_what_every_write_would_meet_stops_the_others(loop: Loop) -> None:
    loop.write(*(schedule(name, description=name) for name in NINE))
    planned = loop.plan()

    def revoked(asked: str, body: Any, act: Callable[[], Reply]) -> Reply | None:
        return refusal("Unauthorized") if asked == "/schedule/create" else None

    loop.sandbox.hook = revoked
    outcome = loop.apply(planned)
    assert len(written(loop)) <= loop.client.parallel
    left = outcome.having(WriteStatus.NOT_STARTED)
    assert left
    assert all("the APP key is missing or not valid" in str(one.problem) for one in left)


def refuse(endpoint: str, name: str) -> Callable[..., Reply | None]:
    """A hook that forbids one write."""

    def hook(asked: str, body: Any, act: Callable[[], Reply]) -> Reply | None:
        if asked == endpoint and body.get("schedule_name") == name:
            return refusal("AccessDenied")
        return None

    return hook


def test_a_failure_of_the_first_write_leaves_nothing_written(loop: Loop) -> None:
    loop.write(schedule())
    loop.sandbox.hook = refuse("/schedule/create", "Production")
    outcome = loop.apply(loop.plan())
    assert outcome.exit_code is ExitCode.ERROR
    assert loop.sandbox.console.schedules() == []


def test_fields_that_read_back_differently_are_listed(loop: Loop) -> None:
    applied(loop, schedule())
    loop.write(schedule(description="new"))
    planned = loop.plan()

    def forget(asked: str, body: Any, act: Callable[[], Reply]) -> Reply | None:
        if asked == "/schedule/update":
            body["description"] = "something else"
        return None

    loop.sandbox.hook = forget
    outcome = loop.apply(planned)
    assert (statuses(outcome), outcome.exit_code) == (["differs"], ExitCode.UNFINISHED)
    assert outcome.results[0].problem is not None
    assert outcome.results[0].problem.message == "description"
    assert differences_text(outcome.results[0].differences) == "description: something else → new"


def test_a_write_that_cannot_be_read_back_is_unconfirmed(loop: Loop) -> None:
    applied(loop, schedule())
    loop.write(schedule(description="new"))
    planned = loop.plan()

    def break_reading() -> None:
        loop.sandbox.fail_next(refusal("InternalError"), "/schedule/info", times=4)

    loop.sandbox.hook = nth("/schedule/update", 1, break_reading)
    outcome = loop.apply(planned)
    assert (statuses(outcome), outcome.exit_code) == (["unconfirmed"], ExitCode.UNFINISHED)


def test_a_masked_secret_that_the_file_does_not_give_is_refused(loop: Loop) -> None:
    chat = {"type": "dingtalk", "alias": "ops", "token": {"env": "TOKEN"}}
    applied(loop, schedule(notify={"chats": [chat]}))
    loop.sandbox.options = Options(limits=UNLIMITED, secrets="masked")
    del chat["token"]
    loop.write(schedule(description="new", notify={"chats": [chat]}))
    planned = loop.plan()
    (refused,) = planned.plan.refusals
    assert "notify.chats[dingtalk ops].token of `Production` reads back masked" in str(refused)
    before = len(written(loop))
    with pytest.raises(RefusedError):
        loop.apply(planned)
    assert len(written(loop)) == before


def test_secrets_that_cannot_be_compared_are_sent_with_every_write(loop: Loop) -> None:
    chat = {"type": "dingtalk", "alias": "ops", "token": {"env": "TOKEN"}}
    loop.sandbox.options = Options(limits=UNLIMITED, secrets="masked")
    applied(loop, schedule(notify={"chats": [chat]}))
    assert loop.plan().plan.empty
    forced = loop.plan(send_secrets=True)
    assert forced.plan.actions[0].reason == "secrets_sent"
    assert loop.apply(forced).exit_code is ExitCode.OK
    live = loop.sandbox.console.schedule("Production")
    assert live["notify"]["webhooks"][0]["settings"]["token"] == "a-token"


def test_a_missing_secret_stops_before_the_first_write(
    loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = {"type": "dingtalk", "alias": "ops", "token": {"env": "TOKEN"}}
    loop.write(schedule(notify={"chats": [chat]}))
    planned = loop.plan()
    monkeypatch.delenv("TOKEN")
    with pytest.raises(RefusedError, match="env: TOKEN"):
        loop.apply(planned)
    assert written(loop) == []
    (action,) = loop.plan().plan.actions
    assert any("env: TOKEN" in warning.text for warning in action.remarks.warnings)


@pytest.mark.parametrize("number", [2, 3, 4])
def test_names_that_go_round_in_a_cycle_are_exchanged(loop: Loop, number: int) -> None:
    names = [f"N{place}" for place in range(number)]
    applied(loop, *(schedule(name, description=name) for name in names))
    ids = {one["schedule_name"]: one["schedule_id"] for one in loop.sandbox.console.schedules()}
    turned = [*names[1:], names[0]]
    applied(
        loop,
        *(
            schedule(new, description=old, id=ids[old])
            for old, new in zip(names, turned, strict=True)
        ),
    )
    now = {one["schedule_id"]: one["schedule_name"] for one in loop.sandbox.console.schedules()}
    assert now == {ids[old]: new for old, new in zip(names, turned, strict=True)}
    assert loop.plan().plan.empty


def test_a_cycle_that_was_cut_off_is_finished_by_the_next_run(loop: Loop) -> None:
    applied(loop, schedule("A", description="A"), schedule("B", description="B"))
    ids = {one["schedule_name"]: one["schedule_id"] for one in loop.sandbox.console.schedules()}
    loop.write(
        schedule("A", description="B", id=ids["B"]), schedule("B", description="A", id=ids["A"])
    )
    loop.sandbox.hook = refuse("/schedule/update", "A")
    assert loop.apply(loop.plan()).exit_code is ExitCode.UNFINISHED
    loop.sandbox.hook = None
    assert loop.apply(loop.plan()).exit_code is ExitCode.OK
    assert loop.plan().plan.empty


def test_a_delete_frees_a_name_for_a_create(loop: Loop) -> None:
    applied(loop, schedule("Old", description="old"))
    old = loop.sandbox.console.schedule("Old")["schedule_id"]
    loop.write({"schedule": "Gone", "id": old, "absent": "true"}, schedule("Old"))
    outcome = loop.apply(loop.plan())
    assert (statuses(outcome), outcome.exit_code) == (["confirmed"] * 2, ExitCode.OK)
    assert loop.sandbox.console.schedule("Old")["schedule_id"] != old


def test_ctrl_c_before_anything_is_written_ends_with_130(loop: Loop) -> None:
    from flashsync.apply import execute as module
    from flashsync.apply.write import Writer

    loop.write(schedule())
    planned = loop.plan()

    class Interrupts:
        def started(self, action: object) -> None:
            raise KeyboardInterrupt

        def finished(self, result: object) -> None:
            raise AssertionError("nothing was to finish")

    timezone = planned.plan.account.timezone
    writer = Writer(loop.client, planned.words, lambda: IN_2033, timezone)
    outcome = module.run(planned.plan, writer, Interrupts())
    assert outcome.interrupted
    assert (outcome.exit_code, outcome.wrote) == (ExitCode.INTERRUPTED, False)


def test_an_override_made_while_an_update_is_in_trouble_survives_its_repetition(loop: Loop) -> None:
    applied(loop, schedule())
    loop.write(schedule(description="new"))
    planned = loop.plan()

    def refused_and_swapped(asked: str, body: Any, act: Callable[[], Reply]) -> Reply | None:
        if asked != "/schedule/update":
            return None
        loop.sandbox.hook = None
        loop.sandbox.console.add_override(
            "Production", ["carol@example.com"], IN_2033, IN_2033 + HOUR, "Swap"
        )
        return refusal("RequestTooFrequently")

    loop.sandbox.hook = refused_and_swapped
    assert statuses(loop.apply(planned)) == ["confirmed"]
    assert overrides(loop) == ["Swap"]
    assert written(loop)[-2:] == ["update", "update"]


def test_what_somebody_else_changed_after_a_lost_update_is_left_alone(loop: Loop) -> None:
    applied(loop, schedule())
    loop.write(schedule(description="new"))
    planned = loop.plan()

    def lost_and_edited(asked: str, body: Any, act: Callable[[], Reply]) -> Reply | None:
        if asked != "/schedule/update":
            return None
        loop.sandbox.console.edit("Production", {"description": "by hand"})
        return Reply(drop=True)

    loop.sandbox.hook = lost_and_edited
    assert statuses(loop.apply(planned)) == ["unclear"]
    assert loop.sandbox.console.schedule("Production")["description"] == "by hand"


@pytest.mark.parametrize("absent", [False, True])
def test_what_could_not_be_read_before_its_write_was_not_written(loop: Loop, absent: bool) -> None:
    applied(loop, schedule())
    loop.write(schedule(absent="true") if absent else schedule(description="new"))
    planned = loop.plan()
    seen: list[str] = []

    def trouble(asked: str, body: Any, act: Callable[[], Reply]) -> Reply | None:
        seen.append(asked)
        late = seen.count("/schedule/info") > 1  # the first one is the check of all
        return refusal("InternalError") if late and asked == "/schedule/info" else None

    loop.sandbox.hook = trouble
    outcome = loop.apply(planned)
    assert (statuses(outcome), outcome.exit_code) == (["failed"], ExitCode.ERROR)
    assert "internal error" in str(outcome.results[0].problem)


def test_an_answer_of_a_portal_to_an_update_is_not_an_answer(loop: Loop) -> None:
    applied(loop, schedule())
    loop.write(schedule(description="new"))
    planned = loop.plan()
    loop.sandbox.fail_next(Reply(content=b"<!DOCTYPE html>"), "/schedule/update")
    assert statuses(loop.apply(planned)) == ["confirmed"]
    loop.write(schedule(absent="true"))
    planned = loop.plan()
    loop.sandbox.fail_next(Reply(content=b"<!DOCTYPE html>"), "/schedule/delete")
    assert statuses(loop.apply(planned)) == ["confirmed"]


def test_a_create_that_arrives_late_is_found(loop: Loop) -> None:
    loop.write(schedule())
    planned = loop.plan()
    late: list[Callable[[], Reply]] = []

    def slow(asked: str, body: Any, act: Callable[[], Reply]) -> Reply | None:
        if asked != "/schedule/create":
            return None
        late.append(act)
        if len(late) == 1:
            return Reply(504, b"<html>")
        late[0]()
        return None

    loop.sandbox.hook = slow
    assert statuses(loop.apply(planned)) == ["confirmed"]
    assert len(loop.sandbox.console.schedules()) == 1


def test_a_listing_without_items_is_not_an_empty_account(loop: Loop) -> None:
    applied(loop, schedule())
    loop.sandbox.fail_next(Reply(content={"data": {"other": 1}}), "/schedule/list")
    with pytest.raises(ServiceError, match="items should be a list and is missing"):
        loop.plan()
