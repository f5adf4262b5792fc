"""A person in the file who has not accepted the invitation to the account."""

from __future__ import annotations

from collections.abc import Iterator

from flashsync.checks.model import Case, CheckFinding, CheckSettings
from flashsync.model.people import MemberStatus


def pending_person(case: Case, settings: CheckSettings) -> Iterator[CheckFinding]:
    """Finds pending members among the people of the file."""
    directory = case.words.directory
    for id, path in case.declared_people().items():
        person = directory.people.get(id)
        if person and person.status is MemberStatus.PENDING:
            message = f"{directory.person(id)} has not joined the account yet (pending)"
            yield CheckFinding(message, "nobody is paged until they accept the invitation", path)
