"""When edits of rotation layers take effect, in rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flashsync.model import wording
from flashsync.model.desired import RolloutKind
from flashsync.model.wording import joined, moment
from flashsync.plan.model import Effect
from flashsync.plan.words import Words
from flashsync.render.layout import Row
from flashsync.render.screen import Look
from flashsync.rotation.rollout.model import Cut


def rows(cuts: Sequence[Cut], effect: Effect | None, words: Words, now: int) -> Iterator[Row]:
    """A row a cut; `effect` tells whether really nobody's shift moves before."""
    for cut in cuts:
        label = "takes effect" if len(cuts) == 1 else f"layers[{cut.layer}] from"
        if cut.effective:
            yield Row(label, _told(cut, words, now))
        else:
            when = moment(cut.at, words.timezone, now)
            text = f"never: layers[{cut.layer}] ends before {when}, {_going_by(cut, now)}"
            yield Row(label, text, Look.WARNING)
    if cuts and effect is not None and effect.source is not None:
        yield from _kept(cuts, effect, words, now)


def _told(cut: Cut, words: Words, now: int) -> str:
    """`Mon 23 Nov 10:00, at the next handoff: bob comes on`."""
    zone = words.timezone
    parts = [f"{moment(cut.at, zone, now)}, {_going_by(cut, now)}"]
    if cut.comes is None:
        return f"{parts[0]}: layers[{cut.layer}] ends"
    if cut.fair:
        return f"{parts[0]}: the platform decides who comes on (fair)"
    who = wording.group(cut.comes, words.directory)
    have = "have" if len(cut.comes.members) > 1 else "has"
    if cut.bridge is not None:
        parts.append(f"{who} {have} the running turn until {moment(cut.bridge, zone, now)}")
    else:
        parts.append(f"{who} {'come' if len(cut.comes.members) > 1 else 'comes'} on")
    if cut.first_turn is not None:
        parts.append(f"the first turn is short, until {moment(cut.first_turn, zone, now)}")
    return f"{parts[0]}: {joined(parts[1:])}"


def _going_by(cut: Cut, now: int) -> str:
    """What the moment goes by; `now` waits for the handoff where those on call stay."""
    if cut.past_end:
        return "as its `end` has passed"
    if cut.how is RolloutKind.AT:
        return "by the time that `rollout` gives"
    return "in the half-hour that runs" if cut.at <= now else "at the next handoff"


def _kept(cuts: Sequence[Cut], effect: Effect, words: Words, now: int) -> Iterator[Row]:
    """That nobody's shift moves before the first cut; or that one does all the same."""
    first = min(cut.at for cut in cuts)
    early = [move for move in effect.moves if move.start < max(first, now)]
    if first <= now:
        yield Row("", "up to 29 minutes of the calendar's past change with it")
    elif not early:
        yield Row("", f"nobody's shift moves before {moment(first, words.timezone, now)}")
    else:
        when = moment(early[0].start, words.timezone, now)
        text = f"a shift moves before that, {when}, by what changes at once"
        yield Row("", text, Look.WARNING)
