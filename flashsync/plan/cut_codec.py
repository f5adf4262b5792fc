"""Cuts as JSON and back."""

from __future__ import annotations

from flashsync.model.desired import RolloutKind
from flashsync.model.people import Directory
from flashsync.model.schedule import Group
from flashsync.model.timezone import rfc3339, unix_seconds
from flashsync.plan.document import CutDocument
from flashsync.plan.effect_codec import people, read_people
from flashsync.rotation.rollout.model import Cut


def encode_cut(cut: Cut, directory: Directory) -> CutDocument:
    """A cut, with the people who come on as output names them."""
    comes = cut.comes
    return {
        "layer": cut.layer,
        "at": rfc3339(cut.at),
        "rollout": cut.how.value,
        "group": comes.name if comes else None,
        "people": people(comes.members, directory) if comes else None,
        "bridge_until": _shown(cut.bridge),
        "first_turn_until": _shown(cut.first_turn),
        "takes_effect": cut.effective,
        "fair": cut.fair,
        "past_end": cut.past_end,
    }


def decode_cut(document: CutDocument) -> Cut:
    """A cut. Raises ValueError."""
    staff = document["people"]
    return Cut(
        document["layer"],
        unix_seconds(document["at"]),
        None if staff is None else Group(read_people(staff), document["group"]),
        _read(document["bridge_until"]),
        _read(document["first_turn_until"]),
        document["takes_effect"],
        RolloutKind(document["rollout"]),
        document["fair"],
        document["past_end"],
    )


def _shown(instant: int | None) -> str | None:
    return None if instant is None else rfc3339(instant)


def _read(text: str | None) -> int | None:
    return None if text is None else unix_seconds(text)
