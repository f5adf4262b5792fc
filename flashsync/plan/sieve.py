"""What alarms in drift, parted from what is accepted until its time is over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from flashsync.errors import Position
from flashsync.model.wording import moment
from flashsync.plan.accepted import Acceptance, Accepted
from flashsync.plan.caution import Caution
from flashsync.plan.drift import Drift
from flashsync.plan.model import (
    Action,
    Create,
    Delete,
    Plan,
    Reason,
    Unchanged,
    Update,
    Write,
)


def sifted(
    plan: Plan, acceptances: Sequence[Acceptance], timezone: str, *, complete: bool
) -> Drift:
    """Part what is accepted from what alarms; times are told in `timezone`.

    An acceptance that has expired is told at what alarms again; in a run over all files
    (`complete`), so is one for which nothing differs any more.
    """
    work = _Sieve(plan, acceptances, timezone)
    actions = tuple(map(work.action, plan.actions))
    undeclared = tuple(name for name in plan.undeclared if work.undeclared(name))
    notes = (*plan.notes, *work.notes, *(work.idle() if complete else ()))
    left = replace(plan, actions=actions, undeclared=undeclared, notes=notes)
    return Drift(left, tuple(work.accepted))


def warned(plan: Plan, acceptances: Sequence[Acceptance], timezone: str) -> Plan:
    """The plan with a warning at each write that would undo what is accepted."""
    work = _Sieve(plan, acceptances, timezone)
    actions = tuple(one if isinstance(one, Unchanged) else work.undone(one) for one in plan.actions)
    return replace(plan, actions=actions)


class _Sieve:
    """Goes through a plan, and keeps what is accepted and which acceptances that took."""

    def __init__(self, plan: Plan, acceptances: Sequence[Acceptance], timezone: str) -> None:
        self._now, self._all = plan.created_at, acceptances
        self._timezone = timezone
        self._used: set[int] = set()
        self.accepted: list[Accepted] = []
        self.notes: list[str] = []

    def action(self, action: Action) -> Action:
        """The action with what alarms; one that is accepted whole is no write any more."""
        match action:
            case Unchanged():
                return action
            case Update():
                return self._update(action)
            case Create():
                return self._whole(action, "missing")
            case Delete():
                return self._whole(action, "live, although the file says `absent: true`")

    def undeclared(self, name: str) -> bool:
        """Whether a live schedule that no file declares alarms."""
        accepted, expired = self._found(name, None)
        if accepted:
            self.accepted.append(Accepted(name, "", "declared by no file", accepted))
        elif expired:
            self.notes.append(f"{name}: {self._expired(expired)}")
        return accepted is None

    def idle(self) -> Iterator[str]:
        """Acceptances for which nothing differs."""
        for one in self._all:
            if id(one) not in self._used:
                what = f"`{one.schedule}`" + (f", {one.field}" if one.field else "")
                yield f"{one.source}: accept {what}: nothing differs there any more: take it out"

    def undone(self, write: Write) -> Write:
        """The write with a warning for each acceptance that it takes no notice of."""
        if write.reason is Reason.TIDIED:
            return write
        paths = [one.path for one in write.changes] if isinstance(write, Update) else [None]
        found = {id(one): one for path in paths if (one := self._found(write.name, path)[0])}
        said = [self._overruled(one) for one in found.values()]
        return replace(write, remarks=write.remarks.and_warnings(*said)) if said else write

    def _update(self, update: Update) -> Action:
        left, expired = [], {}
        for change in update.changes:
            taken, old = self._found(update.name, change.path)
            if taken:
                self.accepted.append(Accepted(update.name, change.path, change.text, taken))
                continue
            left.append(change)
            if old:
                expired[id(old)] = Caution(self._expired(old))
        if update.changes and not left:
            return _accepted(update, update.id)
        remarks = update.remarks.and_warnings(*expired.values())
        return replace(update, changes=tuple(left), remarks=remarks)

    def _whole(self, action: Create | Delete, text: str) -> Action:
        taken, old = self._found(action.name, None)
        if taken:
            self.accepted.append(Accepted(action.name, "", text, taken))
            return _accepted(action, action.id if isinstance(action, Delete) else None)
        if old:
            remarks = action.remarks.and_warnings(Caution(self._expired(old)))
            return replace(action, remarks=remarks)
        return action

    def _found(self, name: str, path: str | None) -> tuple[Acceptance | None, Acceptance | None]:
        """The acceptance that holds for a field, or for a whole schedule; else one that did."""
        meant = [
            one
            for one in self._all
            if one.names(name) and (not one.field if path is None else one.holds(path))
        ]
        self._used |= {id(one) for one in meant}
        holding = [one for one in meant if one.until > self._now]
        expired = [one for one in meant if one.until <= self._now]
        return next(iter(holding), None), next(iter(expired), None)

    def _overruled(self, one: Acceptance) -> Caution:
        until = f"accepted in drift until {self._until(one)}"
        return Caution(f"{until} ({one.source}): {one.reason}; this plan undoes it")

    def _expired(self, one: Acceptance) -> str:
        return f"was accepted until {self._until(one)} ({one.source}): {one.reason}; that is over"

    def _until(self, one: Acceptance) -> str:
        return moment(one.until, self._timezone, self._now)


def _accepted(write: Write, id: int | None) -> Unchanged:
    source = write.source or Position("")
    return Unchanged(id, write.name, source, Reason.ACCEPTED, write.remarks)
