"""From a live chain and the file's layer to the links to write: what an edit does, and when.

Pure: the same chain, layer, rollout and time give the same links. Where nothing differs, these are
the live links as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flashsync.model.desired import Rollout
from flashsync.model.schedule import Group, Layer
from flashsync.rotation.rollout.handoffs import TOLD, known_handoffs, next_half_hour
from flashsync.rotation.rollout.late_start import joined
from flashsync.rotation.rollout.model import Cut, Link, Note, Refusal, Rolled, Situation
from flashsync.rotation.rollout.normalise import called, duty, filled, in_form_of, like, turned
from flashsync.rotation.rollout.place_cut import edited, end_now
from flashsync.rotation.turns import turn_at


def roll_out(
    chain: Sequence[Layer],
    layer: Layer | None,
    rollout: Rollout,
    at: Situation,
    *,
    fresh: bool = False,
) -> Rolled:
    """What becomes of a chain: live layers of one name that do not overlap, by start.

    `layer` is the file's, None where the file has none. A `fresh` schedule is not live, and takes
    `start` as written.
    """
    if layer is None:
        return _gone(chain, rollout, at)
    if layer.ended(at.now) and chain and not chain[-1].ended(at.now) and not fresh:
        return end_now(chain, layer, at)
    chain = _before(chain, layer.end, at.now)
    over = not chain or chain[-1].ended(at.now)
    if over and layer.ended(at.now):
        return Rolled(_stay(chain))
    if fresh or rollout.exact:
        return _as_written(chain, layer, at, fresh=fresh)
    if not over and chain[0].begun(at.now):
        return _noted(edited(chain, layer, rollout, at), chain, layer, at)
    if layer.begun(at.now):
        return joined(chain, layer, rollout, at)
    return _to_come(chain, layer, at)


def differs(chain: Sequence[Layer], layer: Layer, at: Situation) -> bool:
    """Whether whose turn it is differs between the file's layer and the chain's last link."""
    return not chain or duty(like(layer, chain[-1], at.timezone)) != duty(chain[-1])


def _before(chain: Sequence[Layer], end: int | None, now: int) -> Sequence[Layer]:
    """The links that are over or begin before the layer ends: those that would begin later go."""
    return [one for one in chain if end is None or one.start < end or one.ended(now)] or chain[:1]


def _stay(chain: Sequence[Layer]) -> tuple[Link, ...]:
    return tuple(Link(one, place) for place, one in enumerate(chain))


def _to_come(chain: Sequence[Layer], layer: Layer, at: Situation) -> Rolled:
    """Nothing runs, and the layer shall begin later: it takes `start` as written."""
    over = [one for one in _stay(chain) if one.layer.ended(at.now)]
    pending = chain[len(over) :]
    origin = len(chain) - 1 if chain else None
    groups = pending[-1].groups if pending else ()
    new = filled(layer, groups, at.timezone)
    if pending:
        new = in_form_of(pending[-1], new, at.timezone)
    name = called(pending[-1], layer.name).name if pending else layer.name
    return Rolled((*over, Link(replace(new, name=name), origin)))


def _as_written(chain: Sequence[Layer], layer: Layer, at: Situation, *, fresh: bool) -> Rolled:
    """The file's start and order decide; the chain becomes one layer."""
    last = chain[-1] if chain else None
    new = filled(layer, last.groups if last else (), at.timezone)
    if last is not None:
        new = replace(in_form_of(last, new, at.timezone), name=called(last, layer.name).name)
    moved = last is None or len(chain) > 1 or (new.start, duty(new)) != (last.start, duty(last))
    begun = layer.begun(at.now) or (bool(chain) and chain[0].begun(at.now))
    note = Note(
        f"layers[{layer.name}] is written at once, as rollout `exact` asks: "
        "all its turns are dealt anew from `start`, past ones included"
    )
    notes = (note,) if moved and begun and not fresh else ()
    return Rolled((Link(new, len(chain) - 1 if chain else None),), notes=notes)


def _noted(rolled: Rolled, chain: Sequence[Layer], layer: Layer, at: Situation) -> Rolled:
    """With what has to be said of a layer that has begun, and whose turn stays as it is."""
    if rolled.cuts or rolled.refusals:
        return rolled
    notes = list(rolled.notes)
    if turned(layer.groups, chain[-1].groups):
        on = _on_now(chain, at)
        notes.append(
            Note(
                f"layers[{layer.name}].groups: same cycle, different starting point; "
                f"no shift changes{'; on call now is' if on else ''}",
                on,
            )
        )
    if layer.start not in [one.start for one in chain]:
        notes.append(
            Note(
                f"layers[{layer.name}].start differs from the live one and is not compared: "
                "the layer has begun, and its position is live state"
            )
        )
    return replace(rolled, notes=tuple(notes))


def _on_now(chain: Sequence[Layer], at: Situation) -> Group | None:
    """The group whose turn runs, where that is known here."""
    for one in chain:
        turn = turn_at(one, at.timezone, at.now)
        if turn is not None and turn.index is not None:
            return one.groups[turn.index]
    return None


def _gone(chain: Sequence[Layer], rollout: Rollout, at: Situation) -> Rolled:
    """The file has no such layer: it ends at the cut, or by then anyway. Ended links stay."""
    links = _stay(chain)
    over = tuple(one for one in links if one.layer.ended(at.now))
    moment = at.moment(rollout)
    waits = moment is not None and moment > at.now and chain[0].begun(at.now)
    if len(over) == len(chain) or rollout.exact or not (waits or _runs(chain, at.now)):
        return Rolled(over)
    cut = _end_of_gone(chain, rollout, at)
    if cut is None:
        ends = _ends_in_its_turn(chain[-1], at)
        return Rolled(links, refusals=() if ends else (_unknown_end(chain[-1].name),))
    left = [one for one in links if one.layer.start < cut]
    last = left[-1].layer if left else None
    if last is not None and (last.end is None or last.end > cut):
        left[-1] = replace(left[-1], layer=replace(last, end=cut))
    if tuple(left) == links:
        return Rolled(links)
    return Rolled(tuple(left), (Cut(chain[-1].name, cut, None),))


def _runs(chain: Sequence[Layer], now: int) -> bool:
    return any(one.begun(now) and not one.ended(now) for one in chain)


def _end_of_gone(chain: Sequence[Layer], rollout: Rollout, at: Situation) -> int | None:
    moment = at.moment(rollout)
    if moment is not None:
        return moment
    running = max(place for place, one in enumerate(chain) if one.begun(at.now))
    since = at.now + at.earliest
    handoff = next(known_handoffs(chain, at.computed, at.timezone, since, running), None)
    return None if handoff is None else next_half_hour(handoff.at, at.timezone)


def _ends_in_its_turn(last: Layer, at: Situation) -> bool:
    """Whether no handoff of a fair layer is told because it ends before: by then anyway."""
    return at.computed is not None and last.ended(at.now + TOLD)


def _unknown_end(name: str) -> Refusal:
    return Refusal(
        f"the file has no layers[{name}], which is `fair`: when its turn ends is not known",
        "give a date and time as the schedule's `rollout`, write an `end`, or put the layer back",
    )
