"""A schedule in the file's own words, as nested mappings: what a plan compares and shows."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from flashsync.model import wording
from flashsync.model.notify import Notify
from flashsync.model.people import Directory
from flashsync.model.schedule import MARK, NO_TEAM, Layer, Override, Schedule, Unit
from flashsync.model.timezone import time_of_week
from flashsync.rotation.rollout.who_is_next import is_letter
from flashsync.rotation.turns import counts_included_days, rhythm
from flashsync.rotation.wall_clock import as_date, clock

Value = TypeVar("Value")
View: TypeAlias = "dict[str, str | list[str] | View]"


@dataclass(frozen=True, slots=True)
class Words:
    """What turns ids and seconds into words: the people, and the account's zone."""

    directory: Directory
    timezone: str

    def schedule(self, value: Schedule, nameless: Container[str] = ()) -> View:
        """The whole schedule, without its name; a key at its default is left out.

        In the layers called `nameless`, groups are their people only.
        """
        layers = keyed((layer.name, layer) for layer in value.layers)
        view: View = {
            "description": value.description,
            "team": "" if value.team == NO_TEAM else self.directory.team(value.team),
            "layers": {
                name: self.layer(layer, names=name not in nameless)
                for name, layer in layers.items()
            },
            "overrides": keyed(
                (self.override(cover), {}) for cover in dict.fromkeys(value.overrides)
            ),
            "notify": self.notify(value.notify),
        }
        return {key: part for key, part in view.items() if part}

    def layer(self, value: Layer, *, names: bool = True) -> View:
        """A layer, by the keys of a file; with the names that people gave to groups, or without.

        A group is `alice`, `[bob, carol]` or `Night crew: [bob, carol]`.
        """
        groups = []
        for group in value.groups:
            people = wording.group(group, self.directory)
            named = names and not is_letter(group.name)
            groups.append(f"{group.name}: {people}" if named else people)
        view: View = {
            "rotation": wording.rotation(value.rotation),
            "handoff": "" if value.handoff is None else wording.time_of_week(value.handoff),
            "start": wording.time(value.start, self.timezone),
            "end": "" if value.end is None else wording.time(value.end, self.timezone),
            "days": wording.days(value.days) if value.days else "",
            "hours": wording.hours(value.hours) if value.hours else "",
            "continuous": "true" if value.continuous else "",
            "fair": "true" if value.fair else "",
            "groups": groups,
        }
        return {key: part for key, part in view.items() if part}

    def cadence(self, value: Layer, since: int) -> str:
        """`daily 09:00`, `every 2 weeks from 2026-01-05 10:00`: with the first handoff from an
        instant (Unix seconds) on where the length alone does not say which."""
        there, rotation = clock(self.timezone), value.rotation
        first = next(rhythm(value, there).handoffs(since))
        counted = counts_included_days(value)
        time = wording.time_of_day(there.wall(first))
        match rotation.value, rotation.unit:
            case 1, Unit.DAY:
                text = f"daily {time}"
            case 1, Unit.MONTH:
                text = f"monthly on day {as_date(there.day(value.start)).day}, {time}"
            case _ if rotation.weekly and not counted:
                text = f"weekly {wording.time_of_week(time_of_week(first, self.timezone))}"
            case _:
                days = f" of {wording.days(value.days)}" if counted and value.days else ""
                from_then = wording.time(first, self.timezone)
                text = f"every {wording.rotation(rotation)}{days} from {from_then}"
        if value.continuous and value.days:
            text += f", days from {wording.time_of_day(there.wall(value.start))}"
        return text

    def override(self, value: Override) -> str:
        """`Alice away: bob, 2026-12-01 00:00 – 2026-12-03 00:00`."""
        name = value.name.removesuffix(MARK)
        people = ", ".join(sorted(wording.member(who, self.directory) for who in value.members))
        times = (wording.time(at, self.timezone) for at in (value.start, value.end))
        return f"{name}: {people}, {' – '.join(times)}"

    def notify(self, value: Notify) -> View:
        """The notify, by the keys of a file; secrets are compared apart."""
        channels = f"[{', '.join(sorted(value.by.channels))}]" if value.by.channels else ""
        preference = "preference" if value.by.preference else ""
        chats: list[tuple[str, View]] = []
        for hook in value.webhooks:
            chat: View = {
                "type": hook.type,
                "alias": hook.alias,
                "data_source_id": str(hook.data_source or ""),
                "chat_ids": sorted(hook.chats),
            }
            chats.append((hook.label, {key: part for key, part in chat.items() if part}))
        view: View = {
            "before": "" if value.before is None else wording.lead(value.before),
            "daily_at": value.daily_at or "",
            "by": " and ".join(filter(None, (preference, channels))),
            "chats": keyed(chats),
        }
        return {key: part for key, part in view.items() if part}


def keyed(items: Iterable[tuple[str, Value]]) -> dict[str, Value]:
    """By name; a name that appears again gets its number, from the second on."""
    values: dict[str, Value] = {}
    for name, value in items:
        key, number = name, 1
        while key in values:
            number += 1
            key = f"{name} ({number})"
        values[key] = value
    return values
