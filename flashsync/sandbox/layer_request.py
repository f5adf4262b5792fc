"""The layers of a request: what may be sent, checked field by field, as stored values.

Source: the platform's documentation (api.md, A schedule on the wire). A request may carry every
field that the sandbox itself answers, since clients send back what they read, but nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from flashsync.sandbox.failures import invalid, missing
from flashsync.sandbox.fields import MAX_INSTANT, Fields
from flashsync.sandbox.model import (
    DAILY,
    DAY_SECONDS,
    NO_RESTRICTION,
    OVERRIDE,
    ROTATION,
    UNIT_SECONDS,
    WEEK_SECONDS,
    WEEKLY,
    Group,
    Layer,
    Period,
    Seat,
)
from flashsync.sandbox.world import Account

FUTURE_FIELD: Final = "future_field"
NAME_LENGTH: Final = 40
STAMPS: Final = (
    "account_id",
    "schedule_id",
    "create_at",
    "create_by",
    "update_at",
    "update_by",
)


@dataclass(frozen=True, slots=True)
class Context:
    """What a request is checked against: the account, and whether the unknown field exists."""

    account: Account
    future: bool = False

    def future_field(self, fields: Fields) -> Any:
        """The field that no documentation knows, where the switch is on."""
        return fields.raw(FUTURE_FIELD) if self.future else None


def read_layers(fields: Fields, context: Context) -> tuple[Layer, ...]:
    """The layers of a schedule; overrides stand after all rotations."""
    # guess: a schedule may have no layers at all.
    found = fields.objects("layers")
    layers = tuple(_layer(item, context) for item in found)
    modes = [layer.mode for layer in layers]
    if modes != sorted(modes):
        raise invalid(f"{fields.at('layers')} must list overrides (mode 1) after all rotations")
    return layers


def _layer(fields: Fields, context: Context) -> Layer:
    """One layer of either mode."""
    mode = fields.integer("mode", low=ROTATION, high=OVERRIDE)
    start, end = _lifetime(fields, mode)
    # guess: an empty layer name is refused; its longest length is the decision of api.md.
    # `name` is internal and may differ; an older client sends it alone.
    sent = "layer_name" if fields.has("layer_name") or not fields.has("name") else "name"
    name = fields.text(sent, low=1, high=NAME_LENGTH)
    # guess: an inner name that is not sent is the name that users see.
    inner = fields.text("name", name, low=1, high=NAME_LENGTH)
    layer = Layer(
        name=name,
        inner_name="" if inner == name else inner,
        mode=mode,
        start=start,
        end=end,
        groups=_groups(fields, context, mode),
        **_rotation(fields, mode),
        **_restriction(fields, mode),
        **_mask(fields, mode),
        hidden=fields.integer("hidden", 0),
        weight=fields.integer("weight", 0),
        future=context.future_field(fields),
    )
    if layer.day_mask and layer.restrict_mode == WEEKLY:
        raise invalid(f"{fields.at('day_mask')} excludes week restrictions (restrict_mode 2)")
    _skip_stamps(fields)
    fields.end()
    return layer


def _lifetime(fields: Fields, mode: int) -> tuple[int, int | None]:
    """When the layer begins and ends (Unix seconds, any second); the end is open for a rotation."""
    start = fields.mirrored(
        "layer_start", "enable_time", lambda key: fields.integer(key, low=1, high=MAX_INSTANT)
    )
    # guess: `layer_end: 0` is open too, as `expire_time: 0` is.
    end = fields.mirrored(
        "layer_end",
        "expire_time",
        lambda key: fields.optional_integer(key, high=MAX_INSTANT) or None,
    )
    if mode == OVERRIDE and end is None:
        raise invalid(f"{fields.at('layer_end')} is required for an override")
    if end is not None and end <= start:
        raise invalid(f"{fields.at('layer_end')} must be after layer_start, is {end} for {start}")
    return start, end


def _rotation(fields: Fields, mode: int) -> dict[str, Any]:
    """How long a turn is. `rotation_duration` is derived, so what was sent is only looked at."""
    fields.integer("rotation_duration", 0)
    # guess: an override may carry rotation fields, as it is read back with them, if legal.
    if mode == OVERRIDE:
        unit = fields.choice("rotation_unit", ("", *UNIT_SECONDS), "")
        value = fields.integer("rotation_value", 0, high=30)
    else:
        unit = fields.choice("rotation_unit", tuple(UNIT_SECONDS))
        value = fields.integer("rotation_value", low=1, high=30)
    fair = fields.flag("fair_rotation")
    if fair and mode == OVERRIDE:
        raise invalid(f"{fields.at('fair_rotation')} is only for rotations")
    return {
        "rotation_unit": unit,
        "rotation_value": value,
        # guess: accepted with every rotation; it is only meant where the rotation is one week.
        "handoff_time": fields.integer("handoff_time", 0, high=WEEK_SECONDS - 1),
        "fair_rotation": fair,
    }


def _restriction(fields: Fields, mode: int) -> dict[str, Any]:
    """The hours of each day or week in which there is duty."""
    restrict = fields.integer("restrict_mode", NO_RESTRICTION, high=WEEKLY)
    periods = tuple(_period(item, restrict) for item in fields.objects("restrict_periods"))
    if restrict != NO_RESTRICTION and mode == OVERRIDE:
        raise invalid(f"{fields.at('restrict_mode')} must be 0 for an override")
    # guess: periods without a mode, and a mode without periods, are refused.
    if restrict == NO_RESTRICTION and periods:
        raise invalid(f"{fields.at('restrict_periods')} must be empty where restrict_mode is 0")
    if restrict != NO_RESTRICTION and not periods:
        raise invalid(f"{fields.at('restrict_periods')} may not be empty for this restrict_mode")
    return {
        "restrict_mode": restrict,
        "restrict_periods": periods,
        "restrict_start": fields.integer("restrict_start", 0),
        "restrict_end": fields.integer("restrict_end", 0),
    }


def _period(fields: Fields, restrict: int) -> Period:
    """One window. An end past the day or week means the next one, as an end before the start does.

    guess: both forms are accepted, as both are said to be read (api.md, `restrict_periods`), up to
    one whole day or week; a window with equal ends is refused.
    """
    cycle = DAY_SECONDS if restrict == DAILY else WEEK_SECONDS
    start = fields.integer("restrict_start", high=cycle - 1)
    end = fields.integer("restrict_end", high=2 * cycle)
    if end == start or end - start > cycle:
        raise invalid(
            f"{fields.at('restrict_end')} makes an empty or too long window: {start}–{end}"
        )
    fields.end()
    return Period(start, end)


def _mask(fields: Fields, mode: int) -> dict[str, Any]:
    """The days of the week with duty; null, `{}` and an empty list are no mask."""
    mask = fields.object("day_mask")
    days: tuple[int, ...] = ()
    if mask is not None:
        days = mask.integers("repeat", high=6)
        mask.end()
    continuous = fields.flag("mask_continuous_enabled")
    if continuous and not days:
        raise invalid(f"{fields.at('mask_continuous_enabled')} is only for a layer with a day_mask")
    if days and mode == OVERRIDE:
        raise invalid(f"{fields.at('day_mask')} is only for rotations")
    return {"day_mask": frozenset(days), "mask_continuous": continuous}


def _groups(fields: Fields, context: Context, mode: int) -> tuple[Group, ...]:
    """The groups in the order of their turns."""
    groups = tuple(_group(item, context) for item in fields.objects("groups"))
    if not groups:
        raise invalid(f"{fields.at('groups')} may not be empty")
    if mode == OVERRIDE and len(groups) != 1:
        raise invalid(f"{fields.at('groups')} must hold exactly one group for an override")
    return groups


def _group(fields: Fields, context: Context) -> Group:
    # guess: a group may be without a name, and its name is as long as a layer's at most.
    name = fields.mirrored("group_name", "name", lambda key: fields.text(key, "", high=NAME_LENGTH))
    seats = tuple(_seat(item, context.account) for item in fields.objects("members"))
    if not seats:
        raise invalid(f"{fields.at('members')} may not be empty")
    group = Group(
        name=name,
        seats=seats,
        start=fields.integer("start", 0),
        end=fields.integer("end", 0),
        future=context.future_field(fields),
    )
    fields.end()
    return group


def _seat(fields: Fields, account: Account) -> Seat:
    """People in a role: both must exist. guess: somebody who has left the account still does."""
    seat = Seat(fields.integer("role_id"), fields.integers("person_ids", low=1))
    if seat.role_id not in account.roles:
        raise missing(f"{fields.at('role_id')}: role {seat.role_id} does not exist")
    if not seat.person_ids:
        raise invalid(f"{fields.at('person_ids')} may not be empty")
    for index, person_id in enumerate(seat.person_ids):
        if person_id not in account.people:
            raise missing(f"{fields.at('person_ids')}[{index}]: person {person_id} does not exist")
    fields.end()
    return seat


def _skip_stamps(fields: Fields) -> None:
    """What the server stamps may be sent back, and has no effect."""
    for name in STAMPS:
        fields.optional_integer(name)
