"""Whether people on call can answer: not active, no team, no way to be told."""

from __future__ import annotations

from collections.abc import Iterator

from flashsync.checks.finding_text import hours
from flashsync.checks.model import Case, CheckFinding, CheckSettings, Path
from flashsync.model import wording
from flashsync.model.people import MemberStatus
from flashsync.model.schedule import Layer, Rotation, Unit
from flashsync.model.timezone import DAY, HOUR, WEEK


def pending_person(case: Case, settings: CheckSettings) -> Iterator[CheckFinding]:
    """Somebody whom the file names has not accepted the invitation to the account."""
    del settings
    directory = case.words.directory
    for id, path in _declared(case).items():
        person = directory.people.get(id)
        if person and person.status is MemberStatus.PENDING:
            message = f"{directory.person(id)} has not joined the account yet (pending)"
            yield CheckFinding(message, "nobody is paged until they accept the invitation", path)


def unreachable_person(case: Case, settings: CheckSettings) -> Iterator[CheckFinding]:
    """Somebody has left the account, or has neither a verified address nor a verified phone."""
    del settings
    directory = case.words.directory
    for id, path in {**_of_the_console(case), **_declared(case)}.items():
        person = directory.people.get(id)
        if person is None or person.status is MemberStatus.PENDING:
            continue
        named = directory.person(id)
        where = "" if path else ", who is on an override made in the console,"
        if person.status is MemberStatus.DELETED:
            yield CheckFinding(
                f"{named}{where} has left the account", "put somebody else there", path
            )
        elif not (person.email_verified or person.phone_verified):
            message = f"{named}{where} has neither a verified e-mail address nor a verified phone"
            yield CheckFinding(message, "no page reaches them before they verify one", path)


def single_person(case: Case, settings: CheckSettings) -> Iterator[CheckFinding]:
    """All turns of a layer are one person's, or all layers are."""
    del settings
    wanted = case.wanted
    if wanted is None:
        return
    alone = {}
    layers = 0
    for place, layer in enumerate(wanted.layers):
        if layer.ended(case.now):
            continue
        layers += 1
        if (person := _only(layer)) is not None:
            alone[place] = person
    if not alone:
        return
    remedy = "add a second person to `groups`"
    name = case.words.directory.person
    if len(alone) == layers and len(set(alone.values())) == 1:
        message = f"{name(min(alone.values()))} alone has all turns: nobody can take over"
        path: Path = ("layers", min(alone), "groups") if layers == 1 else ("layers",)
        yield CheckFinding(message, remedy, path)
        return
    for place, person in alone.items():
        message = f"{name(person)} alone has all turns of layer `{wanted.layers[place].name}`"
        yield CheckFinding(message, remedy, ("layers", place, "groups"))


def _only(layer: Layer) -> int | None:
    """The person who has every turn, if one has."""
    first = None
    for group in layer.groups:
        if len(group.members) != 1:
            return None
        (member,) = group.members
        if first is not None and member.person != first:
            return None
        first = member.person
    return first


def _declared(case: Case) -> dict[int, Path]:
    """Whom the file puts on call from now on, and where it first does."""
    found: dict[int, Path] = {}
    wanted = case.wanted
    if wanted is None:
        return found
    for place, layer in enumerate(wanted.layers):
        if layer.ended(case.now):
            continue
        for turn, group in enumerate(layer.groups):
            for member in group.members:
                found.setdefault(member.person, ("layers", place, "groups", turn))
    for place, cover in enumerate(wanted.overrides):
        if not cover.past(case.now):
            for id in cover.people:
                found.setdefault(id, ("overrides", place, "people"))
    return found


def _of_the_console(case: Case) -> dict[int, Path]:
    """Whom people put on call in the console, by overrides that are not history."""
    covers = case.after.console_overrides if case.after else ()
    return {id: () for cover in covers if not cover.past(case.now) for id in cover.people}


# Notifications that never come, or come in somebody else's turn.

_SECONDS = {Unit.HOUR: HOUR, Unit.DAY: DAY, Unit.WEEK: WEEK, Unit.MONTH: 28 * DAY}


def idle_notify(case: Case, settings: CheckSettings) -> Iterator[CheckFinding]:
    """Channels without a time, or a lead that is longer than a turn."""
    del settings
    wanted = case.wanted
    if wanted is None:
        return
    notify = wanted.notify
    if notify.before is None:
        channels = notify.by.preference or notify.by.channels or notify.webhooks
        if notify.daily_at is None and channels:
            message = "`notify` says how to notify people but not when, so nobody gets a notice"
            yield CheckFinding(message, "add `before` or `daily_at`", ("notify",))
        return
    for layer in wanted.layers:
        if notify.before > _shortest(layer.rotation) and not layer.ended(case.now):
            message = (
                f"a lead of {hours(notify.before)} is longer than a turn of layer "
                f"`{layer.name}` ({wording.rotation(layer.rotation)})"
            )
            yield CheckFinding(message, "write a shorter lead", ("notify", "before"))
            return


def _shortest(rotation: Rotation) -> int:
    """How long the shortest turn lasts."""
    return rotation.value * _SECONDS[rotation.unit]
