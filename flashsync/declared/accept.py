"""An entry of `accept`: a difference between account and file that drift lets pass for a time."""

from __future__ import annotations

import re
from typing import Annotated, NamedTuple

from flashsync.declared import scalars
from flashsync.declared.base import TEXT_SCHEMA, declared, keys_of, name, scalar, schema
from flashsync.declared.notify import Chat, Notify
from flashsync.declared.scalars import Moment
from flashsync.declared.schedule import Layer, Schedule
from flashsync.declared.suggest import suggestion
from flashsync.declared.wrong import shown, wrong

_LONGEST = 300
_NAMED = re.compile(r"(layers|notify\.chats)\[.*\]", re.DOTALL)
"""A path that ends with a name, which may hold anything."""
_END = re.compile(r"[.\[]")
_AS_SHOWN = "write it as drift shows it, like description or layers[Primary].groups"


class _Place(NamedTuple):
    """Where keys stand: how a path begins there, and by which keys it can go on."""

    path: str
    keys: tuple[str, ...]

    def key(self, field: str) -> str | None:
        """What follows in a path that begins so; the last bracket is the one that counts."""
        lead = re.escape(self.path).replace("NAME", ".*")
        found = re.fullmatch(rf"{lead}(.*)", field, re.DOTALL)
        return found and found[1]


def _comparable(model: type) -> tuple[str, ...]:
    """The keys of a model that a live schedule has as well, so that they can differ."""
    only_in_files = ("id", "renamed_from", "absent", "rollout", "expect", "layer")
    return tuple(key for key in keys_of(model) if key not in only_in_files)


_WITHIN = (
    _Place("layers[NAME].", _comparable(Layer)),
    _Place("notify.chats[NAME].", _comparable(Chat)),
    _Place("notify.", _comparable(Notify)),
)
_TOP = _Place("", _comparable(Schedule))


def field(text: str) -> str:
    """A path as a plan shows it, or what it begins with: `layers[Primary].groups`, `notify`."""
    found = text.strip()
    place = next(one for one in (*_WITHIN, _TOP) if one.key(found) is not None)
    key = place.key(found) or ""
    if key in place.keys or _NAMED.fullmatch(found):
        return found
    raise wrong(f"{shown(text)} is no field that can differ", _remedy(place, _END.split(key)[0]))


def _remedy(place: _Place, key: str) -> str:
    """What to write instead of a key that is none there, or below which nothing stands."""
    if key in place.keys:
        return _AS_SHOWN if key in ("layers", "chats") else f"write {place.path}{key} alone"
    inner = (one for one in _WITHIN if place is _TOP and key in one.keys)
    if found := next(inner, None):
        return f"write {found.path}{key}"
    return suggestion(key, place.keys)


_Text = Annotated[str, scalar(name(_LONGEST, "a text")), schema(**TEXT_SCHEMA)]
_Field = Annotated[str, scalar(field), schema(type="string", examples=["layers[Primary].groups"])]
_Until = Annotated[
    Moment, scalar(scalars.moment), schema(type="string", examples=["2026-12-01 10:00"])
]


@declared
class Accept:
    """What may differ: a schedule (a name or a glob) or one field of it, why, and until when."""

    schedule: _Text
    field: _Field | None = None
    reason: _Text
    until: _Until
