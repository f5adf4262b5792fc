"""Plans as JSON: what was saved is what is loaded, or it is refused."""

# ruff: noqa: E501 - a message stands on one line

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from flashsync import __version__
from flashsync.errors import Level, Position, Problem, RefusedError
from flashsync.model.check_registry import CHECKS, EXPECT
from flashsync.model.notify import Notify, Secret, SecretReference, Webhook
from flashsync.model.people import Account, Directory
from flashsync.model.schedule import Group, Member, Override, Schedule, Stamp, canonical_name
from flashsync.plan.fingerprint import fingerprint
from flashsync.plan.json.document import FORMAT_VERSION, plan_schema
from flashsync.plan.json.schedule import ScheduleDocument
from flashsync.plan.model import (
    Action,
    Caution,
    Change,
    ChangeKind,
    Create,
    Delete,
    Plan,
    Reason,
    Remarks,
    Target,
    Unchanged,
    Update,
)
from flashsync.plan.saved import plan_file
from flashsync.render.plan.changes import change_text
from flashsync.render.plan.json import plan_json
from tests.model import strategies
from tests.model.strategies import few, steady
from tests.plan.helpers import NOW, desired, file_layer, live, live_layer, plan_of

texts = st.text(st.characters(), max_size=6)
"""Also half characters, as a hostile account can have them in its names."""
some_texts = st.lists(texts, max_size=2).map(tuple)
positions = st.builds(Position, st.just("a.yaml"), st.integers(1, 99))
file_values = (
    st.none() | texts | some_texts | st.dictionaries(texts, texts | some_texts, max_size=2)
)
changes = st.lists(
    st.builds(Change, texts, st.sampled_from(ChangeKind), file_values, file_values), max_size=2
).map(tuple)
cautions = st.builds(Caution, texts, st.sampled_from(["", EXPECT, *CHECKS]))
remarks = st.builds(Remarks, some_texts, st.lists(cautions, max_size=2).map(tuple), some_texts)
marks = st.text("0123456789abcdef", min_size=32, max_size=32)
ids = st.integers(1, 2**63 - 1)


def saved(plan: Plan) -> str:
    """The text of a saved plan, its people by number."""
    return plan_file.save(plan, Directory(), change_text)


def printed(plan: Plan) -> dict[str, Any]:
    """The JSON of a plan that is printed, its people by number."""
    return plan_json(plan, Directory())


def _unread(schedule: Schedule) -> Schedule:
    """As a plan holds it: overrides in their order, secrets as references without values."""
    hooks = tuple(
        replace(hook, **{name: Secret(None, secret.reference) for name, secret in hook.secrets()})  # type: ignore[arg-type]
        for hook in schedule.notify.webhooks
    )
    order = sorted(
        schedule.overrides, key=lambda one: (one.start, one.end, one.name, sorted(one.people))
    )
    return replace(
        schedule, overrides=tuple(order), notify=replace(schedule.notify, webhooks=hooks)
    )


@st.composite
def targets(draw: st.DrawFn) -> Target:
    schedule = _unread(draw(strategies.schedules()))
    origins = st.none() | st.integers(0, 9)
    return Target(schedule, tuple(draw(origins) for _ in schedule.layers))


actions: st.SearchStrategy[Action] = st.one_of(
    st.builds(Create, targets(), positions, changes, remarks),
    st.builds(
        Update,
        ids,
        texts,
        marks,
        targets(),
        positions,
        changes,
        st.sampled_from(Reason),
        remarks,
        some_texts,
    ),
    st.builds(Delete, ids, texts, marks, st.sampled_from(Reason), st.none() | positions, remarks),
    st.builds(Unchanged, st.none() | ids, texts, positions, st.sampled_from(Reason), remarks),
)


def write_once(actions: list[Action]) -> bool:
    """Whether no two of the actions write one schedule, by id or by name."""
    keys: list[object] = []
    for action in actions:
        if isinstance(action, Update | Delete):
            keys.append(action.id)
        if isinstance(action, Create | Update):
            keys.append(canonical_name(action.name))
    return len(keys) == len(set(keys))


problems = st.builds(
    Problem,
    texts,
    texts,
    st.none() | st.builds(Position, st.just("b.yaml"), st.integers(1, 9), st.integers(1, 9)),
    st.sampled_from(Level),
)
plans = st.builds(
    Plan,
    st.builds(Account, ids, texts, strategies.zones),
    strategies.instants,
    st.lists(actions, max_size=3).filter(write_once).map(tuple),
    some_texts,
    st.lists(problems, max_size=2).map(tuple),
    some_texts,
)
SCHEMA = plan_schema()


@few
@given(plans)
def test_what_was_saved_is_what_is_loaded(plan: Plan) -> None:
    text = saved(plan)
    text.encode()
    assert plan_file.load(text, "plan.json") == plan
    assert saved(plan_file.load(text, "plan.json")) == text


@few
@given(plans)
def test_every_plan_fits_the_schema(plan: Plan) -> None:
    validator = Draft202012Validator(SCHEMA)
    assert list(validator.iter_errors(printed(plan))) == []
    assert list(validator.iter_errors(json.loads(saved(plan)))) == []


def example_plan() -> Plan:
    files = [
        desired(description="Hi", layers=(live_layer(1, 2, end=NOW + 1),)),
        desired("New", layers=(file_layer(3),)),
        desired("Old", absent=True),
        desired("Same", layers=(file_layer(4),)),
    ]
    return plan_of(files, [live(), live("Old", 6), live("Same", 7, layers=(live_layer(4),))])


def test_the_document_of_a_plan() -> None:
    document: Any = printed(example_plan())
    assert (document["format_version"], document["tool_version"]) == (FORMAT_VERSION, __version__)
    assert document["created_at"] == "2026-02-04T02:00:00Z"
    assert document["account"] == {"id": 1, "name": "Acme Corp", "timezone": "Asia/Shanghai"}
    assert document["summary"] == {
        "create": 1,
        "update": 1,
        "delete": 1,
        "unchanged": 1,
        "shifts_moved": None,
        "on_call_now_changes": None,
    }
    words = [(one["action"], one["schedule"], one["reason"]) for one in document["actions"]]
    assert words == [
        ("create", "New", "new"),
        ("update", "Production", "changed"),
        ("delete", "Old", "declared_absent"),
        ("none", "Same", "same"),
    ]
    update = document["actions"][1]
    assert update["changes"][0] == {
        "path": "description",
        "kind": "added",
        "before": None,
        "after": "Hi",
        "text": "+ Hi",
    }
    assert (update["source"], update["schedule_id"]) == ({"file": "a.yaml", "line": 1}, 5)
    assert (update["cuts"], update["effects"], update["target"]["origins"]) == ([], [], [0])
    assert "checksum" not in document


def test_no_secret_gets_into_a_plan() -> None:
    secret = Secret("hush", SecretReference("env", "TOKEN"))
    hook = Webhook("slack", "ops", token=secret, sign_secret=secret)
    plan = plan_of(
        [desired(notify=Notify(webhooks=(hook,)))],
        [live(notify=Notify(webhooks=(replace(hook, token=Secret("hush-old")),)))],
    )
    assert plan.writes
    text = saved(plan)
    assert "hush" not in text
    assert '"name": "TOKEN"' in text


def test_a_saved_plan_tells_which_secrets_were_not_compared() -> None:
    hook = Webhook("slack", "ops", token=Secret(None, SecretReference("env", "TOKEN")))
    files = [desired(description="Hi", notify=Notify(webhooks=(hook,)))]
    read_back = Notify(webhooks=(replace(hook, token=Secret("***")),))
    plan = plan_file.load(saved(plan_of(files, [live(notify=read_back)])), "plan.json")
    assert [one.remarks.uncompared for one in plan.actions] == [("notify.chats[slack ops].token",)]


def test_the_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["title"] == "flashsync plan 1.1"

    def described(model: dict[str, Any]) -> bool:
        return bool(model.get("description"))

    assert all(described(model) for model in SCHEMA["$defs"].values())
    validator = Draft202012Validator(SCHEMA)
    document: Any = printed(example_plan())
    assert not validator.is_valid({**document, "summary": None})
    assert not validator.is_valid({key: part for key, part in document.items() if key != "actions"})


SAVED = saved(example_plan())


def refused(text: str) -> str:
    with pytest.raises(RefusedError) as found:
        plan_file.load(text, "plan.json")
    return str(found.value)


AGAIN = "; plan again with `flashsync plan --out FILE`"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "plan.json is not a plan, or is incomplete" + AGAIN),
        ("schedule: Production", "plan.json is not a plan, or is incomplete" + AGAIN),
        (SAVED[:-100], "plan.json is not a plan, or is incomplete" + AGAIN),
        ("[" * 100_000, "plan.json is not a plan, or is incomplete" + AGAIN),
        ("[" + "9" * 5000 + "]", "plan.json is not a plan, or is incomplete" + AGAIN),
        ("[]", "plan.json is not a flashsync plan; give a file made by `plan --out`"),
        ("{}", "plan.json is not a flashsync plan; give a file made by `plan --out`"),
        (SAVED.replace('"1.1"', '"1.0"', 1), "plan.json has the plan format 1.0, and this flashsync reads 1.1" + AGAIN),
        (SAVED.replace('"1.1"', '["\\u001b"]', 1), "plan.json has the plan format ['\\x1b'], and this flashsync reads 1.1" + AGAIN),
        (json.dumps(printed(example_plan())), "plan.json was printed, and not saved as a plan" + AGAIN),
        (SAVED.replace("Production", "Produktion"), "plan.json was altered since it was saved" + AGAIN),
        (SAVED.replace('"checksum": "', '"checksum": "0'), "plan.json was altered since it was saved" + AGAIN),
    ],
)  # fmt: skip
def test_what_is_no_saved_plan(text: str, said: str) -> None:
    assert refused(text) == said


def forged(edit: Callable[[Any], object]) -> str:
    """A plan altered by somebody who knows how checksums are made."""
    document = json.loads(SAVED)
    del document["checksum"]
    edit(document)
    document["checksum"] = plan_file._checksum(document)
    return json.dumps(document)


MISFITS: dict[str, tuple[Callable[[Any], object], str]] = {
    "a list is missing": (lambda plan: plan.pop("notes"), "`notes` of plan.json is missing"),
    "a number in a list of texts": (
        lambda plan: plan.update(notes=[5]),
        "`notes[0]` of plan.json is not valid in plan format 1.1",
    ),
    "a time that is none": (
        lambda plan: plan.update(created_at="soon"),
        "`created_at` of plan.json is not valid in plan format 1.1",
    ),
    "a time before all calendars": (
        lambda plan: plan.update(created_at="0001-01-01T00:00:00+14:00"),
        "`created_at` of plan.json is not valid in plan format 1.1",
    ),
    "a zone that is none": (
        lambda plan: plan["account"].update(timezone="Asia/Nowhere"),
        "`account.timezone` of plan.json is not valid in plan format 1.1",
    ),
    "a create without a target": (
        lambda plan: plan["actions"][0].update(target=None),
        "`actions[0].target` of plan.json is not valid in plan format 1.1",
    ),
    "a create without its file": (
        lambda plan: plan["actions"][0].pop("source"),
        "`actions[0].source` of plan.json is missing",
    ),
    "an update without a fingerprint": (
        lambda plan: plan["actions"][1].update(fingerprint=None),
        "`actions[1].fingerprint` of plan.json is not valid in plan format 1.1",
    ),
    "a delete without an id": (
        lambda plan: plan["actions"][2].update(schedule_id=None),
        "`actions[2].schedule_id` of plan.json is not valid in plan format 1.1",
    ),
    "a layer without an origin": (
        lambda plan: plan["actions"][1]["target"].update(origins=[]),
        "`actions[1].target` of plan.json is not valid in plan format 1.1",
    ),
    "an action that nobody knows": (
        lambda plan: plan["actions"][1].update(action="replace"),
        "`actions[1]` of plan.json is not valid in plan format 1.1",
    ),
    "a field that nobody knows": (
        lambda plan: plan["actions"][1]["changes"][0].update({"by\x1b[31m": "me"}),
        "`actions[1].changes[0].by[31m` of plan.json is not in the plan format 1.1",
    ),
    "a warning in the words of 1.0": (
        lambda plan: plan["actions"][0].update(warnings=["it is late (short_notice)"]),
        "`actions[0].warnings[0]` of plan.json is not valid in plan format 1.1",
    ),
}


@pytest.mark.parametrize("case", MISFITS)
def test_a_document_that_does_not_fit_names_the_field(case: str) -> None:
    edit, said = MISFITS[case]
    assert refused(forged(edit)) == f"{said}{AGAIN}"


def nodes(document: Any) -> list[Any]:
    """All objects and lists of a document that are not empty."""
    parts = document.values() if isinstance(document, dict) else document
    inner = [node for part in parts if isinstance(part, dict | list) for node in nodes(part)]
    return [document, *inner] if document else inner


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=3,
)


@few
@given(plans, st.data())
def test_a_mutated_document_is_a_plan_or_is_refused_in_one_line(
    plan: Plan, data: st.DataObject
) -> None:
    document = json.loads(saved(plan))
    del document["checksum"]
    node = data.draw(st.sampled_from(nodes(document)))
    key = data.draw(st.sampled_from(list(node) if isinstance(node, dict) else range(len(node))))
    if data.draw(st.booleans()):
        node[key] = data.draw(json_values)
    else:
        del node[key]
    document["checksum"] = plan_file._checksum(document)
    try:
        plan_file.load(json.dumps(document), "plan.json")
    except RefusedError as error:
        said = str(error)
    else:
        said = ""
    assert said.isprintable()


@pytest.mark.parametrize(
    ("version", "said"),
    [("0.9.0", "0.9.0"), ("0.9\x1b[31m\u202e\n", "0.9[31m"), ([9] * 9, "[9, 9, 9, 9, 9, 9, 9")],
)
def test_a_plan_of_another_version_says_so(version: Any, said: str) -> None:
    """Its keys may be others although its format has the same number."""

    def edit(plan: Any) -> None:
        plan["tool_version"] = version
        del plan["window"]

    message = f"plan.json was made by another version of flashsync ({said})"
    assert refused(forged(edit)) == message + AGAIN


def test_a_plan_of_another_version_is_read_where_it_fits() -> None:
    text = forged(lambda plan: plan.update(tool_version="0.9.0"))
    assert plan_file.load(text, "plan.json") == example_plan()


def test_a_plan_of_someone_who_reformats_is_still_the_plan() -> None:
    assert (
        plan_file.load(json.dumps(json.loads(SAVED), sort_keys=True), "plan.json") == example_plan()
    )


@steady
@given(st.integers(0, len(SAVED) - 1), st.characters(codec="utf-8"))
def test_any_altered_character_is_noticed(place: int, char: str) -> None:
    text = SAVED[:place] + char + SAVED[place + 1 :]
    try:
        same = json.loads(text) == json.loads(SAVED)
    except ValueError:
        same = False
    if same:
        assert plan_file.load(text, "plan.json") == example_plan()
    else:
        refused(text)


@steady
@given(st.text(max_size=30))
@example('{"format_version": "1.0"}')
@example('{"format_version": "1.0", "checksum": 5}')
@example('{"format_version": NaN}')
def test_any_text_is_refused(text: str) -> None:
    assert refused(text)


@steady
@given(strategies.schedules(live=True))
def test_a_schedule_comes_back(schedule: Schedule) -> None:
    document = ScheduleDocument.of(schedule)
    read = ScheduleDocument.model_validate(json.loads(json.dumps(document.plain())))
    assert read == document
    back = read.value()
    assert ScheduleDocument.of(back) == document
    assert replace(back, notify=Notify()) == replace(_unread(schedule), notify=Notify())


def test_a_fingerprint_covers_what_is_written_and_nothing_else() -> None:
    ours = replace(swap(), name="Away [flashsync]")
    hook = Webhook("slack", "ops", token=Secret("a"))
    base = live(overrides=(ours,), notify=Notify(webhooks=(hook,)))
    same = [
        replace(base, stamp=Stamp(3, 4)),
        replace(base, disabled=True),
        replace(base, carried={"hidden": 1}),
        replace(base, overrides=(ours, swap())),
        replace(base, notify=Notify(webhooks=(replace(hook, token=Secret("***")),))),
        replace(base, layers=tuple(replace(one, carried={"weight": 2}) for one in base.layers)),
    ]
    assert {fingerprint(one) for one in same} == {fingerprint(base)}
    layer = base.layers[0]
    different = [
        replace(base, name="production"),
        replace(base, description="x"),
        replace(base, team=1),
        replace(base, overrides=()),
        replace(base, overrides=(replace(ours, end=ours.end + 1),)),
        replace(base, overrides=(replace(ours, members=frozenset({Member(9)})),)),
        replace(base, overrides=(replace(ours, members=frozenset({Member(1, 1)})),)),
        replace(base, notify=Notify(before=0, webhooks=(hook,))),
        replace(base, notify=Notify(webhooks=(replace(hook, alias="dev"),))),
        replace(base, notify=Notify(webhooks=(replace(hook, token=None),))),
        replace(base, layers=()),
        *(
            replace(base, layers=(changed,))
            for changed in [
                replace(layer, name="x"),
                replace(layer, start=layer.start + 1),
                replace(layer, end=layer.start + 1),
                replace(layer, handoff=0),
                replace(layer, fair=True),
                replace(layer, days=frozenset({1})),
                replace(layer, days=frozenset({1}), continuous=True),
                replace(layer, groups=layer.groups[::-1]),
                replace(layer, groups=(Group(layer.groups[0].members, "Z"), layer.groups[1])),
            ]
        ),
    ]
    marks = [fingerprint(one) for one in (base, *different)]
    assert len(set(marks)) == len(marks)
    assert all(len(mark) == 32 for mark in marks)


def swap() -> Override:
    return Override("Swap", NOW, NOW + 60, frozenset({Member(1)}))


def test_hostile_names_have_fingerprints_too() -> None:
    assert fingerprint(live("\ud800")) != fingerprint(live("\ud801"))
