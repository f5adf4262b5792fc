"""People who are gone from the files, but stay on call until a cut."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flashsync.model.desired import RolloutKind
from flashsync.model.schedule import Member, canonical_name
from flashsync.plan.model import Update
from flashsync.rotation.turns import turn_at


@dataclass(frozen=True, slots=True)
class Leavers:
    """The members who leave and have the turn that runs now; `until` is its end, or the cut.

    With `dated` the cut is at a date, which `rollout: now` may not bring forward.
    """

    members: frozenset[Member]
    until: int
    dated: bool = False


def find_leavers(update: Update, timezone: str, now: int) -> Iterator[Leavers]:
    """The leavers of each cut that is still ahead at `now` (Unix seconds).

    They are found in what apply writes, so that a saved plan names them too. Whoever stays on any
    layer does not leave. Of a fair layer only the platform knows whose turn runs.
    """
    layers = update.target.schedule.layers
    for cut in update.cuts:
        later = [layer for layer in layers if not layer.ended(cut.at)]
        stay = {
            member.person for layer in later for group in layer.groups for member in group.members
        }
        for layer in layers:
            turn = turn_at(layer, timezone, now) if cut.at > now else None
            if turn is None or turn.index is None:
                continue
            if canonical_name(layer.name) != canonical_name(cut.layer):
                continue
            members = layer.groups[turn.index].members
            leaving = frozenset(member for member in members if member.person not in stay)
            if leaving:
                dated = cut.how is RolloutKind.AT
                yield Leavers(leaving, min(turn.end, cut.at), dated)
