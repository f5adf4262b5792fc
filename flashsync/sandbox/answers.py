"""Stored schedules as the platform answers them, with the shifts of a window.

The fields are the documented ones, with all mirrors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from flashsync.sandbox.model import UNIT_SECONDS, Group, Layer, Notify, Schedule, Webhook
from flashsync.sandbox.options import Options, Secrets
from flashsync.sandbox.requests import FUTURE_FIELD
from flashsync.sandbox.rotation import Shift, WallClock, final_shifts, layer_shifts

Json = dict[str, Any]

SECRETS: Final = ("token", "verify_token", "sign_secret")
PADDING: Final[Mapping[str, Any]] = {
    "token": "",
    "alias": "",
    "data_source_id": 0,
    "chat_ids": [],
    "verify_token": "",
    "sign_secret": "",
}


@dataclass(frozen=True, slots=True)
class Answers:
    """Turns stored values into JSON."""

    options: Options
    account_id: int

    def schedule(self, schedule: Schedule, *, layers: bool) -> Json:
        """A schedule; `layers` is null without them, as in listings."""
        answer: Json = {
            "account_id": self.account_id,
            "id": schedule.schedule_id,
            "schedule_id": schedule.schedule_id,
            "name": schedule.name,
            "schedule_name": schedule.name,
            "description": schedule.description,
            "group_id": schedule.team_id,
            "team_id": schedule.team_id,
            "status": schedule.disabled,
            "disabled": schedule.disabled,
            **asdict(schedule.stamp),
        }
        if not layers:
            answer["layers"] = None
        else:
            items = [self._layer(layer, schedule.schedule_id) for layer in schedule.layers]
            self._optional(answer, "layers", items, [])
        self._optional(answer, "notify", self._notify(schedule.notify), {})
        self._future(answer, schedule.future)
        return answer

    def group(self, group: Group, start: int, end: int) -> Json:
        """A group, with its own `start` and `end`, or with a computed shift's."""
        members = [
            {"role_id": seat.role_id, "person_ids": list(seat.person_ids)} for seat in group.seats
        ]
        answer: Json = {
            "group_name": group.name,
            "name": group.inner_name or group.name,
            "members": members,
        }
        answer |= {"start": start, "end": end}
        self._future(answer, group.future)
        return answer

    def _layer(self, layer: Layer, schedule_id: int) -> Json:
        answer: Json = {
            "account_id": self.account_id,
            "schedule_id": schedule_id,
            "layer_name": layer.name,
            "name": layer.inner_name or layer.name,
            "mode": layer.mode,
            "hidden": layer.hidden,
            "weight": layer.weight,
            "groups": [self.group(group, group.start, group.end) for group in layer.groups],
            "layer_start": layer.start,
            "enable_time": layer.start,
            "expire_time": layer.end or 0,
            "rotation_unit": layer.rotation_unit,
            "rotation_value": layer.rotation_value,
            "rotation_duration": UNIT_SECONDS.get(layer.rotation_unit, 0) * layer.rotation_value,
            "handoff_time": layer.handoff_time,
            "fair_rotation": layer.fair_rotation,
            "restrict_mode": layer.restrict_mode,
            "restrict_start": layer.restrict_start,
            "restrict_end": layer.restrict_end,
            "mask_continuous_enabled": layer.mask_continuous,
            **asdict(layer.stamp),
        }
        self._optional(answer, "layer_end", layer.end, None)
        periods = [
            {"restrict_start": p.start, "restrict_end": p.end} for p in layer.restrict_periods
        ]
        self._optional(answer, "restrict_periods", periods, [])
        if layer.day_mask:
            answer["day_mask"] = {"repeat": sorted(layer.day_mask)}
        elif self.options.form != "missing":
            answer["day_mask"] = {"repeat": None if self.options.form == "null" else []}
        self._future(answer, layer.future)
        return answer

    def _notify(self, notify: Notify) -> Json | None:
        if notify == Notify():
            return None
        answer: Json = {}
        if notify.advance_in_time is not None:
            answer["advance_in_time"] = notify.advance_in_time  # absent is off, never 0
        fixed_time = asdict(notify.fixed_time) if notify.fixed_time else None
        self._optional(answer, "fixed_time", fixed_time, {})
        self._optional(answer, "by", self._by(notify), {})
        self._optional(answer, "webhooks", [self._webhook(hook) for hook in notify.webhooks], [])
        self._optional(answer, "im", dict(notify.im), {})
        return answer

    def _by(self, notify: Notify) -> Json | None:
        if notify.by is None:
            return None
        answer: Json = {"follow_preference": notify.by.follow_preference}
        self._optional(answer, "personal_channels", list(notify.by.personal_channels), [])
        return answer

    def _webhook(self, webhook: Webhook) -> Json:
        known: Json = dict(PADDING) if self.options.padded else {}
        known |= webhook.settings
        settings: Json = {}
        for name, value in known.items():
            if name in SECRETS:
                settings[name] = mask_secret(value, self.options.secrets)
            elif name == "chat_ids":
                self._optional(settings, name, list(value), [])
            else:
                settings[name] = value
        self._future(settings, webhook.future)
        return {"type": webhook.type, "settings": settings}

    def _optional(self, answer: Json, name: str, value: Any, empty: Any) -> None:
        """Puts an optional value into the answer; an empty one in the form of the options."""
        if value:
            answer[name] = value
        elif self.options.form != "missing":
            answer[name] = None if self.options.form == "null" else empty

    def _future(self, answer: Json, value: Any) -> None:
        if self.options.future_fields:
            answer[FUTURE_FIELD] = value


def mask_secret(secret: str, how: Secrets) -> str:
    """A secret as the sandbox answers it: plain, masked ("ab****yz") or empty."""
    if how == "empty" or not secret:
        return ""
    if how == "plain":
        return secret
    return f"{secret[:2]}****{secret[-2:]}" if len(secret) > 4 else "****"


# The computed part of an answer: shifts of a window, and who is on call now and next.

DAY: Final = 86400
LOOK_AHEAD: Final = (15 * DAY, 45 * DAY)


def computed(
    answers: Answers,
    layers: Sequence[Layer],
    calendar: WallClock,
    window: tuple[int, int],
    now: int,
) -> Json:
    """`schedule_layers`, its alias, `final_schedule`, `cur_oncall` and `next_oncall`.

    `final_schedule` has the form of a nameless layer, as in a published answer.
    """
    by_layer = [
        _row(answers, layer.name, layer.mode, layer_shifts(layer, calendar, *window))
        for layer in layers
    ]
    current, following = now_and_next(layers, calendar, now)
    return {
        "schedule_layers": by_layer,
        "layer_schedules": by_layer,
        "final_schedule": _row(answers, "", 0, final_shifts(layers, calendar, *window)),
        "cur_oncall": _duty(answers, current),
        "next_oncall": _duty(answers, following),
    }


def now_and_next(
    layers: Sequence[Layer], calendar: WallClock, now: int
) -> tuple[Shift | None, Shift | None]:
    """The running shift, cut to begin now, and the next one.

    Guess: the platform looks 45 days ahead; here in growing steps, to stay quick.
    """
    current = following = None
    for ahead in LOOK_AHEAD:
        shifts = final_shifts(layers, calendar, now, now + ahead)
        current = shifts[0] if shifts and shifts[0].start == now else None
        rest = shifts[1:] if current else shifts
        following = rest[0] if rest else None
        if following and following.end < now + ahead:
            break
    return current, following


def _row(answers: Answers, name: str, mode: int, shifts: Sequence[Shift]) -> Json:
    return {
        "layer_name": name,
        "name": name,
        "mode": mode,
        "schedules": [_shift(answers, shift) for shift in shifts] or answers.options.empty_list,
    }


def _shift(answers: Answers, shift: Shift) -> Json:
    return {
        "start": shift.start,
        "end": shift.end,
        "group": answers.group(shift.group, shift.start, shift.end),
        "index": shift.index,
    }


def _duty(answers: Answers, shift: Shift | None) -> Json | None:
    """`cur_oncall` and `next_oncall`, with an `index` of 0 as in published answers."""
    if shift is None:
        return None
    return {**_shift(answers, shift), "index": 0, "update_at": 0, "weight": 0}
