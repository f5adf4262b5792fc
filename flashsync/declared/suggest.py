"""What somebody meant who wrote a key that is not known: a slip, or a word of the API."""

from __future__ import annotations

from collections.abc import Iterable

from flashsync.declared.wrong import ascii_form

FOREIGN: dict[str, tuple[str, ...]] = {
    "advance_in_time": ("before",),
    "chat_id": ("chat_ids",),
    "data_source": ("data_source_id",),
    "day_mask": ("days",),
    "enable_time": ("start", "from"),
    "end": ("to",),
    "expire_time": ("end", "to"),
    "fair_rotation": ("fair",),
    "fixed_time": ("daily_at",),
    "follow_preference": ("by",),
    "from": ("start",),
    "group_id": ("team",),
    "group_name": ("group",),
    "groups": ("people",),
    "handoff_time": ("handoff",),
    "layer_end": ("end", "to"),
    "layer_name": ("layer", "override"),
    "layer_start": ("start", "from"),
    "mask_continuous_enabled": ("continuous",),
    "members": ("people", "on_call"),
    "name": ("schedule", "layer", "group", "override"),
    "people": ("members", "on_call"),
    "person_id": ("person",),
    "person_ids": ("members", "people"),
    "personal_channels": ("by",),
    "repeat": ("days",),
    "restrict_mode": ("hours",),
    "restrict_periods": ("hours",),
    "role_id": ("role",),
    "rotation_duration": ("rotation",),
    "rotation_unit": ("rotation",),
    "rotation_value": ("rotation",),
    "schedule_id": ("id",),
    "schedule_name": ("schedule",),
    "start": ("from",),
    "team_id": ("team",),
    "time_zone": ("timezone",),
    "to": ("end",),
    "webhooks": ("chats",),
}
"""Words of the API and the console, or of another place in a file, and the keys that say the same.

Which one is meant depends on the place: the first that is known there.
"""

_EXPLAINED = dict.fromkeys(
    ("timezone", "time_zone"), "there is one zone, the account's: leave the key out"
)


def nearest(text: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The known text that is most like this one, if any is; upper case and full width aside."""
    from difflib import get_close_matches

    folded = {ascii_form(one).casefold(): one for one in known}
    near = get_close_matches(ascii_form(text).casefold(), folded, n=1, cutoff=cutoff)
    return folded[near[0]] if near else None


def meant(key: str, known: Iterable[str]) -> str | None:
    """The known key that was probably meant."""
    known = tuple(known)
    foreign = next((word for word in FOREIGN.get(key, ()) if word in known), None)
    return foreign or nearest(key, known)


def suggestion(key: str, known: tuple[str, ...]) -> str:
    """What to write instead of a key that is not among the known ones."""
    found = meant(key, known)
    if found is None:
        return _EXPLAINED.get(key, f"known here: {', '.join(known)}")
    return f"write `{found}`" if key in FOREIGN else f"did you mean `{found}`?"
