"""Random schedule documents that are valid, as the trees that YAML would give."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

PEOPLE = (
    "alice@example.com",
    "bob@example.com",
    "carol@example.com",
    "dave@example.com",
    "erin@example.com",
    "xiaoming@example.com",
)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Tree = dict[str, Any]

names = (
    st.text(
        st.characters(categories=("L", "N", "P", "S"), include_characters=" "),
        min_size=1,
        max_size=20,
    )
    .map(lambda text: unicodedata.normalize("NFC", text).strip())
    .filter(lambda text: text != "" and "[flashsync]" not in text and text.isprintable())
)
clocks = st.builds(lambda h, m: f"{h:02}:{m:02}", st.integers(0, 23), st.integers(0, 59))


def moments(first: str, last: str) -> st.SearchStrategy[datetime]:
    """Whole half-hours between two dates, as wall-clock times."""
    begin, end = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (first, last))
    steps = int((end - begin) / timedelta(minutes=30))
    return st.integers(0, steps).map(lambda step: begin + timedelta(minutes=30 * step))


def written(moment: datetime) -> str:
    """A time as a file writes it."""
    return f"{moment:%Y-%m-%d %H:%M}"


@st.composite
def groups(draw: st.DrawFn) -> list[Any]:
    """Entries of `groups` in each shorthand; no group has anybody twice."""
    found: list[Any] = []
    for _ in range(draw(st.integers(1, 4))):
        people = draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3, unique=True))
        members = [
            {"person": person, "role": "backup"} if draw(st.booleans()) else person
            for person in people
        ]
        shapes: list[Any] = [members, {"group": draw(names), "members": members}]
        found.append(draw(st.sampled_from([*shapes, people[0]])))
    return found


@st.composite
def hours(draw: st.DrawFn, *, weekly: bool) -> str:
    """A daily or a weekly window."""
    start, end = draw(st.lists(clocks, min_size=2, max_size=2, unique=True))
    if not weekly:
        return f"{start}-{end}"
    first, last = draw(st.sampled_from(WEEKDAYS)), draw(st.sampled_from(WEEKDAYS))
    each_day, one = f"{first}-{last} {start}-{end}", f"{first} {start} - {last} {end}"
    return draw(st.sampled_from([each_day, one]))


@st.composite
def layers(draw: st.DrawFn, name: str) -> Tree:
    """A layer with any mix of what goes together."""
    unit = draw(st.sampled_from(["hour", "day", "week", "month"]))
    start = draw(moments("2025-01-01", "2028-01-01"))
    tree: Tree = {
        "layer": name,
        "rotation": f"{draw(st.integers(1, 30))} {unit}s",
        "start": written(start),
        "groups": draw(groups()),
    }
    if draw(st.booleans()):
        tree["rotation"] = "1 week"
        if draw(st.booleans()):
            clock = draw(clocks.filter(lambda text: text != "00:00"))
            tree["handoff"] = f"{draw(st.sampled_from(WEEKDAYS))} {clock}"
    if draw(st.booleans()):
        tree["end"] = written(start + timedelta(days=draw(st.integers(1, 900))))
    _duty(draw, tree)
    if draw(st.integers(0, 5)) == 0:
        tree["fair"] = "true"
    return tree


def _duty(draw: st.DrawFn, tree: Tree) -> None:
    masked = draw(st.booleans())
    if masked:
        first, last = draw(st.sampled_from(WEEKDAYS)), draw(st.sampled_from(WEEKDAYS))
        tree["days"] = f"{first}-{last}"
        if draw(st.booleans()):
            tree["continuous"] = "true"
    if draw(st.booleans()):
        weekly = not masked and draw(st.booleans())
        tree["hours"] = [draw(hours(weekly=weekly))]


@st.composite
def overrides(draw: st.DrawFn) -> list[Tree]:
    """Planned cover, past and to come; no two alike."""
    found = []
    for number in range(draw(st.integers(0, 3))):
        start = draw(moments("2026-01-01", "2028-01-01"))
        people = draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2, unique=True))
        found.append(
            {
                "override": f"Cover {number}",
                "from": written(start),
                "to": written(start + timedelta(hours=draw(st.integers(1, 200)))),
                "people": people,
            }
        )
    keys = {(one["from"], one["to"], tuple(sorted(one["people"]))) for one in found}
    return found if len(keys) == len(found) else []


chats: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "type": st.just("dingtalk"),
        "alias": st.sampled_from(["ops", "dev", "值班"]),
        "token": st.just({"env": "PROMISES_TOKEN"}),
    },
    optional={"sign_secret": st.just({"env": "PROMISES_SECRET"})},
)


def _alias(chat: Any) -> str:
    return str(chat["alias"])


notifies = st.fixed_dictionaries(
    {},
    optional={
        "before": st.integers(0, 48).map(lambda steps: f"{steps * 5} min"),
        "daily_at": clocks,
        "by": st.sampled_from(["preference", ["email"], ["sms", "feishu_app:oc_1"]]),
        "chats": st.lists(chats, max_size=3, unique_by=_alias),
    },
)

descriptions = st.text(
    st.characters(categories=("L", "M", "N", "P", "S", "Zs"), include_characters="\n\t"),
    max_size=80,
)


@st.composite
def schedules(draw: st.DrawFn) -> Tree:
    """A schedule document."""
    layer_names = draw(st.lists(names, min_size=1, max_size=3, unique=True))
    tree: Tree = {
        "schedule": draw(names),
        "layers": [draw(layers(name)) for name in layer_names],
        "overrides": draw(overrides()),
        "notify": draw(notifies),
    }
    if draw(st.booleans()):
        tree["team"] = draw(st.sampled_from(["SRE", "支付团队", "none"]))
    if draw(st.booleans()):
        tree["description"] = draw(descriptions)
    return tree
