"""A person who has left the account, or has no verified e-mail address or phone."""

from __future__ import annotations

from collections.abc import Iterator

from flashsync.checks.model import Case, CheckFinding, CheckSettings, Path
from flashsync.model.people import MemberStatus


def unreachable_person(case: Case, settings: CheckSettings) -> Iterator[CheckFinding]:
    """Finds them among the people of the file and of console overrides."""
    directory = case.words.directory
    overrides = case.after.console_overrides if case.after else ()
    people: dict[int, Path] = {
        id: () for cover in overrides if not cover.past(case.now) for id in cover.people
    }
    for id, path in (people | case.declared_people()).items():
        person = directory.people.get(id)
        if person is None or person.status is MemberStatus.PENDING:
            continue
        name = directory.person(id)
        if not path:
            name += ", who is on an override made in the console,"
        if person.status is MemberStatus.DELETED:
            yield CheckFinding(f"{name} has left the account", "put somebody else there", path)
        elif not (person.email_verified or person.phone_verified):
            message = f"{name} has neither a verified e-mail address nor a verified phone"
            yield CheckFinding(message, "no page reaches them before they verify one", path)
