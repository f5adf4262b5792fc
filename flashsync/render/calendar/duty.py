"""Who is on call at a moment, in words, with an alarm where nobody, or the wrong person, is."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from flashsync.model import wording
from flashsync.model.calendar import Shift
from flashsync.model.people import Directory, MemberStatus
from flashsync.model.schedule import PRIMARY, Member

ALARM = "!! "
NOBODY = f"{ALARM}nobody"
_LEFT = "left the account"


def has_left(person: int, directory: Directory) -> bool:
    """Whether a person is no longer a member of the account."""
    known = directory.people.get(person)
    return known is not None and known.status is MemberStatus.DELETED


def has_leaver(members: Iterable[Member], directory: Directory) -> bool:
    """Whether one of the members has left the account."""
    return any(has_left(member.person, directory) for member in members)


def lacks_primary(members: Collection[Member], rota: Iterable[Shift]) -> bool:
    """Whether somebody is on call, but no primary, on a rota that has primaries."""
    if not members or any(member.role == PRIMARY for member in members):
        return False
    return any(member.role == PRIMARY for shift in rota for member in shift.members)


def name_members(members: Iterable[Member], directory: Directory) -> list[str]:
    """`alice`, `erin (backup)`, `Bob Martin (left the account)`: by role, then by name."""
    return [_name(member, directory) for member in wording.sort_members(members, directory)]


def _name(member: Member, directory: Directory) -> str:
    name = wording.member(member, directory)
    if not has_left(member.person, directory):
        return name
    if member.role == PRIMARY:
        return f"{name} ({_LEFT})"
    return f"{name.removesuffix(')')}, {_LEFT})"


def describe_alarm(members: Collection[Member], directory: Directory, rota: Iterable[Shift]) -> str:
    """`!! `, `!! no primary: `, or nothing where somebody answers; goes before the names."""
    if lacks_primary(members, rota):
        return f"{ALARM}no primary: "
    return ALARM if has_leaver(members, directory) else ""
