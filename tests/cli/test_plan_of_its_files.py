"""A saved plan belongs to its files: what no file declares is not applied from it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from flashsync.plan.saved.plan_file import _checksum
from tests.cli.console import Ended, Terminal, layer, schedule
from tests.clock import Clock

pytestmark = pytest.mark.slow

Tree = dict[str, Any]
Edit = Callable[[Tree], object]

REMEDY = "plan again, or pass --without-files"
DAY = 86400
CHAT = {"type": "dingtalk", "alias": "ops", "token": {"env": "OPS_TOKEN"}}
OTHER_CHAT = {"type": "slack", "alias": "dev", "token": {"env": "DEV_TOKEN"}}


def full() -> Tree:
    """A schedule that gives every key, with what an edit of each needs."""
    office = {
        "layer": "Office",
        "rotation": "1 day",
        "start": "2027-01-04 09:00",
        "end": "2027-12-31 09:00",
        "days": "mon-fri",
        "hours": "09:00-18:00",
        "continuous": False,
        "groups": ["carol@example.com", ["alice@example.com", "bob@example.com"]],
    }
    return {
        "schedule": "Production",
        "description": "new",
        "team": "SRE",
        "layers": [layer("alice@example.com", "bob@example.com", "carol@example.com"), office],
        "overrides": [
            {
                "override": "Alice away",
                "from": "2027-02-01 00:00",
                "to": "2027-02-03 00:00",
                "people": ["bob@example.com"],
            }
        ],
        "notify": {
            "before": "30 min",
            "daily_at": "08:00",
            "by": ["email"],
            "chats": [deepcopy(CHAT)],
        },
    }


def put(path: str, value: Any) -> Edit:
    """Set the value at a dotted path."""

    def edit(tree: Any) -> None:
        *steps, last = [int(one) if one.isdigit() else one for one in path.split(".")]
        for step in steps:
            tree = tree[step]
        tree[last] = value

    return edit


def drop(path: str) -> Edit:
    """Take out what stands at a dotted path."""

    def edit(tree: Any) -> None:
        *steps, last = [int(one) if one.isdigit() else one for one in path.split(".")]
        for step in steps:
            tree = tree[step]
        del tree[last]

    return edit


def saved(terminal: Terminal, *arguments: str) -> None:
    ended = terminal("plan", "--out", "plan.json", *arguments)
    assert ended.code == 0, ended


def ready(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """A live schedule, and a plan of an update that touches every field."""
    for name in ("OPS_TOKEN", "DEV_TOKEN"):
        monkeypatch.setenv(name, f"very-secret-{name}")
    terminal.declare(schedule())
    terminal.apply()
    terminal.declare(full())
    saved(terminal)


def forge(terminal: Terminal, edit: Edit) -> None:
    """Edit the saved plan, and give it the checksum of what it is now."""
    path = terminal.folder / "plan.json"
    document = json.loads(path.read_text())
    edit(document)
    del document["checksum"]
    document["checksum"] = _checksum(document)
    path.write_text(json.dumps(document))


def both(terminal: Terminal, *flags: str) -> tuple[Ended, Ended]:
    """What the check and the apply say; they agree."""
    check = terminal("plan", "--check", "plan.json", *flags)
    done = terminal("apply", "--plan", "plan.json", "--auto-approve", *flags)
    assert check.code == done.code, (check, done)
    return check, done


def refused(terminal: Terminal, *said: str, remedy: str = REMEDY) -> None:
    """Check and apply refuse the plan with one reason, and nothing is written."""
    before = list(terminal.written)
    check, done = both(terminal)
    assert (done.code, terminal.written) == (1, before)
    reasons = done.err.splitlines()
    assert len(reasons) == 1, done.err
    assert reasons[0].removeprefix("error: ") in check.out
    for text in (*said, remedy):
        assert text in reasons[0], (text, reasons[0])


def applied(terminal: Terminal, *flags: str) -> Ended:
    check, done = both(terminal, *flags)
    assert done.code == 0, (check, done)
    return done


EDITS: dict[str, tuple[Edit, str]] = {
    "description": (put("description", "other"), "description"),
    "team": (put("team", "none"), "team"),
    "rollout": (put("rollout", "2026-12-20 10:00"), "rollout"),
    "rollout of a layer": (put("layers.0.rollout", "now"), "layers[Primary].rollout"),
    "name of a layer": (put("layers.1.layer", "Day"), "layers[Office], layers[Day]"),
    "rotation": (put("layers.1.rotation", "2 days"), "layers[Office].rotation"),
    "handoff": (put("layers.0.handoff", "tue 10:00"), "layers[Primary].handoff"),
    "start": (put("layers.1.start", "2027-01-05 09:00"), "layers[Office].start"),
    "end": (put("layers.1.end", "2028-01-01 00:00"), "layers[Office].end"),
    "no end": (drop("layers.1.end"), "layers[Office].end"),
    "days": (put("layers.1.days", "mon-thu"), "layers[Office].days"),
    "hours": (put("layers.1.hours", "10:00-18:00"), "layers[Office].hours"),
    "continuous": (put("layers.1.continuous", True), "layers[Office].continuous"),
    "fair": (put("layers.1.fair", True), "layers[Office].fair"),
    "groups": (put("layers.0.groups.2", "dave@example.com"), "layers[Primary].groups"),
    "order of groups": (
        put("layers.0.groups", ["alice@example.com", "carol@example.com", "bob@example.com"]),
        "layers[Primary].groups",
    ),
    "name of a group": (
        put("layers.0.groups.2", {"group": "Z", "members": ["carol@example.com"]}),
        "layers[Primary].groups",
    ),
    "role": (
        put("layers.1.groups.0", {"members": [{"person": "carol@example.com", "role": "backup"}]}),
        "layers[Office].groups",
    ),
    "no layer": (drop("layers.1"), "layers[Office]"),
    "name of an override": (put("overrides.0.override", "Away"), "overrides"),
    "from": (put("overrides.0.from", "2027-02-02 00:00"), "overrides"),
    "to": (put("overrides.0.to", "2027-02-04 00:00"), "overrides"),
    "people": (put("overrides.0.people", ["carol@example.com"]), "overrides"),
    "no overrides": (drop("overrides"), "overrides"),
    "before": (put("notify.before", "5 min"), "notify.before"),
    "daily_at": (put("notify.daily_at", "09:00"), "notify.daily_at"),
    "by": (put("notify.by", "preference"), "notify.by"),
    "alias": (put("notify.chats.0.alias", "else"), "notify.chats"),
    "reference of a secret": (put("notify.chats.0.token.env", "DEV_TOKEN"), "notify.chats"),
    "another chat": (put("notify.chats", [CHAT, OTHER_CHAT]), "notify.chats"),
}


@pytest.mark.parametrize(("edit", "field"), EDITS.values(), ids=EDITS)
def test_a_file_that_says_something_else_by_now(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, edit: Edit, field: str
) -> None:
    ready(terminal, monkeypatch)
    tree = full()
    edit(tree)
    terminal.declare(tree)
    said = f"the file of `Production` has changed since the plan was made, in {field}; "
    refused(terminal, f"schedules/0.yaml:1:1: {said}")


FORGED: dict[str, tuple[Edit, str]] = {
    "name": (put("name", "Else"), "the plan writes `Else`, which no file declares"),
    "description": (put("description", "forged"), "in description"),
    "team": (put("team", 0), "in team"),
    "a layer's name": (put("layers.0.name", "Mine"), "layers[Mine]"),
    "start": (put("layers.0.start", 1767582000), "layers[Primary].start"),
    "end": (put("layers.0.end", 1767578400), "layers[Primary].end"),
    "rotation": (put("layers.0.rotation_value", 2), "layers[Primary].rotation"),
    "unit": (put("layers.0.rotation_unit", "day"), "layers[Primary].rotation"),
    "handoff": (put("layers.0.handoff", 0), "layers[Primary].handoff"),
    "days": (put("layers.0.days", [1]), "layers[Primary].days"),
    "hours": (put("layers.0.hours", {"every": "day", "windows": [[0, 60]]}), "[Primary].hours"),
    "continuous": (put("layers.0.continuous", True), "layers[Primary].continuous"),
    "fair": (put("layers.0.fair", True), "layers[Primary].fair"),
    "a group's name": (put("layers.0.groups.0.name", "Mine"), "layers[Primary].groups"),
    "a person": (put("layers.0.groups.0.members.0.person", 2476444212200), "[Primary].groups"),
    "a role": (put("layers.0.groups.0.members.0.role", 1), "layers[Primary].groups"),
    "an override": (put("overrides.0.members.0.person", 2476444212200), "overrides"),
    "no override": (put("overrides", []), "overrides"),
    "before": (put("notify.before", None), "notify.before"),
    "channels": (put("notify.channels", []), "notify.by"),
    "chat": (put("notify.webhooks.0.chats", ["oc_mine"]), "notify.chats"),
    "secret": (put("notify.webhooks.0.token.name", "DEV_TOKEN"), "notify.chats"),
    "no secret": (put("notify.webhooks.0.token", None), "notify.chats"),
    "carried fields": (put("origins.0", None), "what no file can say"),
    "history": (put("forgotten", "2026-11-20T00:00:00Z"), "what no file can say"),
}


@pytest.mark.parametrize(("edit", "said"), FORGED.values(), ids=FORGED)
def test_a_forged_target_with_a_valid_checksum(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, edit: Edit, said: str
) -> None:
    ready(terminal, monkeypatch)

    def change(document: Tree) -> None:
        (action,) = document["actions"]
        edit(action["target"])

    forge(terminal, change)
    refused(terminal, said)


def test_a_forged_cut(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    ready(terminal, monkeypatch)
    forge(terminal, put("actions.0.cuts.0.rollout", "now"))
    refused(terminal, "what the file of `Production` declares, in layers[Primary].rollout")


TOLD_OTHERWISE: dict[str, tuple[Edit, str]] = {
    "another change": (
        put(
            "changes",
            [{"path": "description", "kind": "changed", "before": "a", "after": "b", "text": ""}],
        ),
        "that it changes team, layers[Office], layers[Primary].groups, overrides, notify.before, ",
    ),
    "no change": (put("changes", []), "the plan does not say that it changes description, team, "),
    "one change less": (
        lambda action: action.update(
            changes=[one for one in action["changes"] if one["path"] != "layers[Primary].groups"]
        ),
        "the plan does not say that it changes layers[Primary].groups of `Production`",
    ),
    "another name": (
        put("live_name", "Playground"),
        "the plan calls `Playground` what is `Production` in the account",
    ),
}


@pytest.mark.parametrize(("edit", "said"), TOLD_OTHERWISE.values(), ids=TOLD_OTHERWISE)
def test_a_plan_that_is_shown_as_something_else(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, edit: Edit, said: str
) -> None:
    ready(terminal, monkeypatch)
    forge(terminal, lambda document: edit(document["actions"][0]))
    refused(terminal, said)


def test_a_plan_that_leaves_out_why_it_is_refused(terminal: Terminal) -> None:
    people = ["alice@example.com", "bob@example.com", "carol@example.com"]
    slow = {"rotation": "3 months", "start": "2026-11-10 10:00", "fair": True}
    terminal.declare(schedule(layers=[layer(*people[:2], **slow)]))
    terminal.apply()
    terminal.declare(schedule(description="new", layers=[layer(*people, **slow)]))
    assert terminal("plan", "--out", "plan.json").code == 1
    said = "layers[Primary] is `fair`, and the server shows no handoff"
    forge(terminal, put("refusals", []))
    refused(terminal, said, remedy="give a date and time as its `rollout`")


def test_changes_and_people_are_shown_as_they_are(terminal: Terminal) -> None:
    """What a plan says of itself is not what is shown, where its files say better."""
    terminal.declare(schedule())
    terminal.apply()
    terminal.declare(schedule(layers=[layer("alice@example.com", "carol@example.com")]))
    saved(terminal)

    def lie(document: Tree) -> None:
        for change in document["actions"][0]["changes"]:
            change |= {"before": "x", "after": "y", "text": "spelling"}
        for one in document["people"]:
            if one["email"] == "carol@example.com":
                one["person"] = "Dave Wu"

    forge(terminal, lie)
    done = applied(terminal)
    assert "layers[Primary].groups    + Carol Diaz (turn 2), - Bob Martin" in done.out
    assert "spelling" not in done.out
    assert "Dave Wu" not in done.out


def test_a_delete_that_is_shown_as_another(terminal: Terminal) -> None:
    pruning(terminal)
    forge(terminal, put("actions.0.schedule", "Playground"))
    refused(terminal, "the plan calls `Playground` what is `Old` in the account")


HUGE = 10**400
NO_VALUES: dict[str, tuple[str, object]] = {
    "a start before 1970": ("actions[0].target.layers[0].start", -1),
    "an end that is none": ("actions[0].target.layers[0].end", 10**18),
    "a day that no week has": ("actions[0].target.layers[2].days[1]", 7),
    "no length": ("actions[0].target.layers[1].rotation_value", 0),
    "nobody's id": ("actions[0].target.overrides[0].members[0].person", HUGE),
    "nobody's role": ("actions[0].target.layers[1].groups[0].members[0].role", HUGE),
    "nobody's id in an effect": ("actions[0].effects[0].after[0].person_id", HUGE),
    "a year that no calendar has": ("created_at", "9999-12-31T23:59:59Z"),
    "a time without a zone": ("created_at", "2026-11-21T08:33:20"),
    "a window at the end of time": ("window.end", "9999-12-31T23:59:59Z"),
    "no zone": ("account.timezone", "Nowhere/Else"),
}


@pytest.mark.parametrize(("field", "value"), NO_VALUES.values(), ids=NO_VALUES)
def test_values_that_no_plan_has(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, field: str, value: object
) -> None:
    ready(terminal, monkeypatch)
    place = field.replace("[", ".").replace("]", "")
    forge(terminal, put(place, value))
    refused(
        terminal,
        f"`{field}` of plan.json is not valid in plan format 1.1",
        remedy="plan again with",
    )
    shown = terminal("show", "--plan", "plan.json")
    assert (shown.code, shown.err.splitlines()[1:]) == (1, [])


@pytest.mark.parametrize("declared", [schedule(), schedule(description="new")])
def test_a_plan_that_writes_twice(terminal: Terminal, declared: Tree) -> None:
    if "description" in declared:
        terminal.declare(schedule())
        terminal.apply()
    terminal.declare(declared)
    saved(terminal)
    forge(terminal, lambda document: document["actions"].append(document["actions"][0]))
    refused(terminal, "plan.json writes `Production` twice", remedy="plan again with")


def test_a_plan_that_was_read_as_made_at_another_time(terminal: Terminal, clock: Clock) -> None:
    terminal.declare(schedule())
    terminal.apply()
    terminal.declare(schedule(layers=[layer("alice@example.com", "carol@example.com")]))
    saved(terminal)
    clock.advance(8 * DAY)
    terminal.declare(schedule(layers=[layer("alice@example.com", "carol@example.com")]))
    forge(terminal, put("created_at", clock.text(form="%Y-%m-%dT%H:%M:%SZ")))
    before = list(terminal.written)
    _, done = both(terminal)
    assert (done.code, terminal.written) == (1, before)
    assert "the plan does not write what the file of `Production` declares" in done.err


def two(terminal: Terminal) -> None:
    """Two live schedules, and a plan that changes one of them."""
    other = schedule("Second", layers=[layer(rotation="2 weeks")])
    terminal.declare(schedule(), other)
    terminal.apply()
    terminal.declare(schedule(description="new"), other)
    saved(terminal)


def copy_action(name: str, **more: Any) -> Edit:
    """Let the plan act on another schedule as it acts on the first."""

    def edit(document: Tree) -> None:
        action = deepcopy(document["actions"][0])
        action |= {"schedule": name, **more}
        action["target"]["name"] = name
        document["actions"].append(action)

    return edit


def test_an_update_that_no_file_declares(terminal: Terminal) -> None:
    two(terminal)
    (terminal.folder / "schedules" / "0.yaml").unlink()
    refused(terminal, "the plan writes `Production`, which no file declares")


def test_a_create_that_no_file_declares(terminal: Terminal) -> None:
    two(terminal)
    gone = dict.fromkeys(("live_name", "schedule_id", "fingerprint", "parts", "stamp"))
    forge(terminal, copy_action("Mine", action="create", reason="new", **gone))
    refused(terminal, "the plan writes `Mine`, which no file declares")


def test_a_write_to_another_schedule_than_the_file_means(terminal: Terminal) -> None:
    two(terminal)
    second = terminal.sandbox.console.schedule("Second")["schedule_id"]
    terminal.declare(
        schedule(description="new", id=second),
        schedule("Second", renamed_from="Production"),
    )
    before = list(terminal.written)
    _, done = both(terminal)
    assert (done.code, terminal.written) == (1, before)
    assert "the plan writes `Production` to the one with id " in done.err
    assert f"its file means the one with id {second}" in done.err


def deleting(name: str, reason: str) -> Edit:
    """Let the plan delete what it would have updated."""

    def edit(document: Tree) -> None:
        action = document["actions"][0]
        assert action["schedule"] == name
        action |= {"action": "delete", "reason": reason, "target": None, "cuts": [], "changes": []}

    return edit


@pytest.mark.parametrize("reason", ["declared_absent", "not_declared", "undone", "tidied"])
def test_a_delete_that_no_file_declares(terminal: Terminal, reason: str) -> None:
    two(terminal)
    forge(terminal, deleting("Production", reason))
    commands = {"undone": "undo", "tidied": "tidy"}
    if reason in commands:
        said = f"the plan says that `Production` is written by {commands[reason]}"
        refused(terminal, said, remedy="pass --without-files")
    else:
        refused(terminal, "the plan deletes `Production`, and its file does not say `absent: true`")


def test_a_delete_of_what_is_declared_by_now(terminal: Terminal) -> None:
    terminal.declare(schedule())
    terminal.apply()
    terminal.declare(schedule(absent=True))
    saved(terminal)
    terminal.declare(schedule())
    refused(terminal, "the plan deletes `Production`, and its file does not say `absent: true`")
    terminal.declare(schedule(absent=True))
    applied(terminal)
    assert terminal.names == []


def pruning(terminal: Terminal) -> None:
    """A plan that prunes a schedule in scope; another undeclared one is outside."""
    terminal.declare(schedule(), schedule("Old"), schedule("Kept", layers=[layer(fair=True)]))
    terminal.apply()
    terminal.config(manage={"names": ["Old", "Production"]})
    terminal.declare(schedule())
    saved(terminal, "--prune", "--max-deletes", "1")


def out_of_scope(terminal: Terminal) -> None:
    terminal.config(manage={"names": ["Production"]})


def declared_by_now(terminal: Terminal) -> None:
    terminal.declare(schedule(), schedule("Old"))


def said_to_be_absent(terminal: Terminal) -> None:
    actions = json.loads((terminal.folder / "plan.json").read_text())["actions"]
    place = next(at for at, one in enumerate(actions) if one["schedule"] == "Old")
    forge(terminal, put(f"actions.{place}.reason", "declared_absent"))


def left_alone(terminal: Terminal) -> None:
    """Its file is there, and this run does not know it by its plan."""
    terminal.declare(schedule(), schedule("Older", renamed_from="Old"))


PRUNED: dict[str, tuple[Callable[[Terminal], None], str]] = {
    "out of scope": (out_of_scope, "the plan deletes `Old`, which is outside `manage`"),
    "declared by now": (
        declared_by_now,
        "the plan deletes `Old`, and its file does not say `absent: true`",
    ),
    "declared under another name": (
        left_alone,
        "the plan deletes `Old`, which a file declares",
    ),
    "said to be absent": (
        said_to_be_absent,
        "the plan deletes `Old`, which no file declares absent",
    ),
}


@pytest.mark.parametrize(("act", "said"), PRUNED.values(), ids=PRUNED)
def test_what_is_pruned_is_in_scope_and_undeclared(
    terminal: Terminal, act: Callable[[Terminal], None], said: str
) -> None:
    pruning(terminal)
    act(terminal)
    refused(terminal, said)


def test_an_honest_prune(terminal: Terminal) -> None:
    pruning(terminal)
    applied(terminal)
    assert set(terminal.names) == {"Kept", "Production"}


def test_an_update_of_what_is_absent_by_now(terminal: Terminal) -> None:
    two(terminal)
    terminal.declare(schedule(absent=True))
    refused(terminal, "the plan writes `Production`, and its file says `absent: true`")


def test_a_team_of_manage_that_is_gone(terminal: Terminal) -> None:
    two(terminal)
    terminal.config(manage={"teams": ["Nobody"]})
    _, done = both(terminal)
    assert done.code == 1
    assert "flashsync.yaml:1:" in done.err


def text_of(tree: Tree) -> str:
    """The same document in another order of keys, with comments and blanks."""
    turned = {key: tree[key] for key in reversed(tree)}
    return f"# a comment\n\n{json.dumps(turned, indent=4)}\n\n# another\n"


def edited_space(terminal: Terminal) -> None:
    terminal.write("schedules/0.yaml", text_of(full()))


def moved_file(terminal: Terminal) -> None:
    (terminal.folder / "schedules" / "deep").mkdir()
    path = terminal.folder / "schedules" / "0.yaml"
    path.rename(terminal.folder / "schedules" / "deep" / "moved.yaml")


def short_name(terminal: Terminal) -> None:
    terminal.config(people={"al": "alice@example.com"})
    tree = full()
    tree["layers"][0]["groups"][0] = "al"
    terminal.declare(tree)


def same_meaning(terminal: Terminal) -> None:
    tree = full()
    tree["layers"].reverse()
    tree["layers"][1]["start"] = "2026-01-12 10:00"
    tree["layers"][1]["handoff"] = "mon 10:00"
    tree["layers"][0]["groups"][1].reverse()
    terminal.declare(tree)


def a_default(terminal: Terminal) -> None:
    terminal.config(defaults={"team": "SRE", "description": "new"})
    tree = full()
    del tree["team"], tree["description"]
    terminal.declare(tree)


def nothing(terminal: Terminal) -> None:
    """All is as it was."""


def another_file(terminal: Terminal) -> None:
    terminal.declare(full(), schedule("Another"))


SAME: dict[str, Callable[[Terminal], None]] = {
    "untouched": nothing,
    "comments, blanks and order of keys": edited_space,
    "a file that has moved": moved_file,
    "another name for the same person": short_name,
    "the same in other words": same_meaning,
    "a default": a_default,
    "another schedule": another_file,
}


@pytest.mark.parametrize("edit", SAME.values(), ids=SAME)
def test_files_that_mean_the_same(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, edit: Callable[[Terminal], None]
) -> None:
    ready(terminal, monkeypatch)
    edit(terminal)
    done = applied(terminal)
    assert terminal.written == ["create", "update"]
    assert ("not in this plan, though declared: `Another`" in done.out) == (edit is another_file)


FLAGS: dict[str, tuple[str, ...]] = {
    "now": ("--rollout", "now"),
    "exact": ("--rollout", "exact"),
    "a date": ("--rollout", "2026-12-20 10:00"),
    "--only": ("--only", "Production"),
    "a path": ("schedules/0.yaml",),
    "--create-lookalike": ("--create-lookalike",),
}


@pytest.mark.parametrize("flags", FLAGS.values(), ids=FLAGS)
def test_an_honest_plan_is_applied_later(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, clock: Clock, flags: tuple[str, ...]
) -> None:
    ready(terminal, monkeypatch)
    terminal.declare(full(), schedule("Other", layers=[layer(rotation="2 weeks")]))
    saved(terminal, *flags)
    clock.advance(3600)
    start = clock.now // 3600 * 3600 + 2 * DAY
    people = ["dave@example.com"]
    terminal.sandbox.console.add_override("Production", people, start, start + 3600, "Swap")
    done = applied(terminal)
    assert ("made with --rollout" in done.out) == ("--rollout" in flags)


def test_a_lookalike_that_was_allowed(terminal: Terminal) -> None:
    terminal.declare(schedule("Old"))
    terminal.apply()
    terminal.declare(schedule())
    saved(terminal, "--create-lookalike")
    applied(terminal)
    assert set(terminal.names) == {"Old", "Production"}


def test_a_fair_layer(terminal: Terminal, clock: Clock) -> None:
    terminal.declare(schedule(layers=[layer(fair=True)]))
    terminal.apply()
    people = ("alice@example.com", "bob@example.com", "carol@example.com")
    terminal.declare(schedule(layers=[layer(*people, fair=True)]))
    saved(terminal)
    clock.advance(DAY)
    applied(terminal)
    assert terminal.written == ["create", "update"]


def test_an_override_that_has_passed_since(terminal: Terminal, clock: Clock) -> None:
    terminal.declare(schedule())
    terminal.apply()
    away = {"override": "Away", "from": clock.text(DAY), "to": clock.text(2 * DAY)}
    away["people"] = ["carol@example.com"]  # type: ignore[assignment]
    terminal.declare(schedule(description="new", overrides=[away]))
    saved(terminal)
    clock.advance(3 * DAY)
    applied(terminal)


def test_an_account_without_the_secrets_and_one_that_has_them(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(terminal, monkeypatch)
    applied(terminal)
    changed = {**full(), "description": "newer"}
    terminal.declare(changed)
    monkeypatch.delenv("OPS_TOKEN")
    saved(terminal)
    monkeypatch.setenv("OPS_TOKEN", "very-secret-OPS_TOKEN")
    applied(terminal)


def test_a_later_cut(terminal: Terminal, clock: Clock) -> None:
    terminal.declare(schedule())
    terminal.apply()
    people = ("alice@example.com", "carol@example.com")
    terminal.declare(schedule(layers=[layer(*people)]))
    saved(terminal)
    clock.advance(3 * DAY)
    refused(terminal, "has passed; the next one is", remedy="plan again, or pass --later-cut")
    late = terminal("apply", "--plan", "plan.json", "--auto-approve", "--later-cut")
    assert late.code == 0, late


def test_a_later_cut_of_another_rota(terminal: Terminal, clock: Clock) -> None:
    terminal.declare(schedule())
    terminal.apply()
    people = ("alice@example.com", "carol@example.com")
    terminal.declare(schedule(layers=[layer(*people)]))
    saved(terminal)
    clock.advance(3 * DAY)
    forge(terminal, put("actions.0.target.layers.1.groups.0.members.0.person", 2476444212200))
    late = terminal("apply", "--plan", "plan.json", "--auto-approve", "--later-cut")
    assert late.code == 1
    assert "the plan does not write what the file of `Production` declares, in " in late.err


def test_without_files_it_is_applied_as_it_is(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(terminal, monkeypatch)
    terminal.declare({**full(), "description": "newer"})
    refused(terminal, "in description")
    terminal.write("schedules/0.yaml", "schedule: [")
    applied(terminal, "--without-files")
    assert terminal.sandbox.console.schedule("Production")["description"] == "new"


def test_where_there_is_no_flashsync_yaml(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(terminal, monkeypatch)
    (terminal.folder / "flashsync.yaml").unlink()
    shutil.rmtree(terminal.folder / "schedules")
    applied(terminal)


@pytest.mark.parametrize("flags", [(), ("--config", "../flashsync.yaml")], ids=["up", "named"])
def test_files_are_found_from_a_folder_below_and_by_name(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, flags: tuple[str, ...]
) -> None:
    ready(terminal, monkeypatch)
    terminal.declare({**full(), "description": "newer"})
    (terminal.folder / "below").mkdir()
    monkeypatch.chdir(terminal.folder / "below")
    check = terminal("plan", "--check", "../plan.json", *flags)
    done = terminal("apply", "--plan", "../plan.json", "--auto-approve", *flags)
    assert (check.code, done.code) == (1, 1)
    said = "../schedules/0.yaml:1:1: the file of `Production` has changed since the plan was made"
    assert said in check.out
    assert said in done.err


def test_a_plan_of_an_earlier_build(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    ready(terminal, monkeypatch)
    forge(terminal, drop("basis"))
    refused(terminal, "plan.json was made by an earlier flashsync, which did not save its sources")
    applied(terminal, "--without-files")


def test_files_that_cannot_be_read(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    ready(terminal, monkeypatch)
    terminal.declare(full(), {"schedule": "Broken", "team": 5, "layerz": []})
    check, done = both(terminal)
    assert done.code == 1
    assert "schedules/1.yaml:1:" in done.err
    assert all(line in check.out for line in done.err.splitlines())
    assert terminal.written == ["create"]


def test_somebody_who_left_matters_where_the_plan_writes(terminal: Terminal) -> None:
    other = schedule("Second", layers=[layer("dave@example.com", rotation="2 weeks")])
    terminal.declare(schedule(), other)
    terminal.apply()
    terminal.declare(schedule(description="new"), other)
    saved(terminal)
    terminal.sandbox.world.account.change_person("dave@example.com", status="deleted")
    applied(terminal)


def test_what_the_plan_does_not_write_is_a_note(terminal: Terminal) -> None:
    two(terminal)
    terminal.declare(
        schedule(description="new"),
        schedule("Second", description="later", layers=[layer(rotation="2 weeks")]),
    )
    done = applied(terminal)
    assert (
        "not written, though declared anew since the plan was made: `Second`; plan again to see "
        "what changes"
    ) in " ".join(done.out.split())


def test_several_reasons_in_their_order(terminal: Terminal) -> None:
    terminal.declare(schedule(), schedule("Second"), schedule("Third"))
    terminal.apply()
    names = ("Production", "Second", "Third")
    terminal.declare(*(schedule(name, description="new") for name in names))
    saved(terminal)
    terminal.declare(*(schedule(name, description="newer") for name in names))
    terminal.sandbox.console.edit("Second", {"description": "mine"})
    check, done = both(terminal)
    assert done.err.count("\n") == 3
    assert done.err.index("`Second` has changed") < done.err.index("the file of `Production`")
    assert done.err.index("0.yaml:1:1: the file of") < done.err.index("2.yaml:1:1: the file of")
    assert check.out.startswith(done.err)


@pytest.mark.parametrize(("command", "flag"), [("plan", "--check"), ("apply", "--plan")])
def test_the_flag_goes_with_a_saved_plan(terminal: Terminal, command: str, flag: str) -> None:
    ended = terminal(command, "--without-files")
    assert ended.code == 1
    assert ended.err.startswith(f"error: --without-files needs {flag} FILE")
