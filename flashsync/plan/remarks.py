"""What a plan says about a schedule next to its changes: what stays, what is not compared, and what
is lost for good."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from flashsync.model import wording
from flashsync.model.desired import Desired
from flashsync.model.notify import Notify, Webhook
from flashsync.model.schedule import MARK, Layer, Override, Schedule
from flashsync.model.wording import count, first, group, joined, moment
from flashsync.plan.match import find_renamed_layers
from flashsync.plan.merge import find_ineffective, find_yielded
from flashsync.plan.model import Action, Caution, Facts, Remarks, Target, Unchanged, Update
from flashsync.plan.target_layers import Settled
from flashsync.plan.webhooks import ComparedNotify, match, path_of
from flashsync.plan.words import Words
from flashsync.rotation.rollout.chains import chains
from flashsync.rotation.rollout.handoffs import is_bridge
from flashsync.rotation.rollout.model import Note
from flashsync.rotation.turns import turn_at

_MOST = 3
"""How many overrides are named in a remark."""


def explain(
    desired: Desired,
    settled: Settled,
    facts: Facts,
    live: Schedule | None = None,
    on_live: Remarks | None = None,
) -> Remarks:
    """The remarks on a declared schedule; `on_live` come from `remarks_on`, where it is live."""
    words, now = facts.words, facts.now
    on_live = on_live or Remarks()
    layers = [_explain_note(note, words) for note in settled.notes]
    overrides = [
        f"the override {words.override(override)} has no effect: later ones cover all of its time"
        for override in find_ineffective(desired.schedule.overrides, now)
    ]
    ignored = f"left to the console: {', '.join(desired.ignored)}"
    texts = [*facts.warnings.get(desired.name, ()), *_find_past(desired, live, facts)]
    renamed: Iterator[Caution] = iter(())
    if live is None:
        notes = [f"{ignored}; it begins without them"] if desired.ignored else []
        notes += [*layers, *overrides]
    else:
        notes = [*layers, ignored] if desired.ignored else layers
        notes += [*on_live.notes, *overrides]
        renamed = find_renamed_layers(desired, live.layers, facts.account.timezone, now)
        if live.disabled:
            texts.append("it is disabled in the console, so it pages nobody")
    return Remarks(tuple(notes), (*renamed, *map(Caution, texts)), on_live.uncompared)


def _explain_note(note: Note, words: Words) -> str:
    """`…; no shift changes; nils is on call now`."""
    if note.group is None:
        return note.text
    are = "are" if len(note.group.members) > 1 else "is"
    return f"{note.text}; {group(note.group, words.directory)} {are} on call now"


def _find_past(desired: Desired, live: Schedule | None, facts: Facts) -> Iterator[str]:
    """Past layers and overrides of which the account has no record."""
    layers = {layer.name for layer in live.layers} if live else set()
    overrides = live.overrides if live else ()
    entries = [
        ("layer", layer.name, layer.end)
        for layer in desired.schedule.layers
        if layer.end is not None and layer.name not in layers
    ]
    entries += [
        ("override", entry.name.removesuffix(MARK), entry.end)
        for entry in desired.schedule.overrides
        if not any(known.start < entry.end and entry.start < known.end for known in overrides)
    ]
    for what, name, end in entries:
        if end <= facts.now:
            ended = moment(end, facts.words.timezone, facts.now)
            yield f"the {what} `{name}` ended on {ended}, so nothing is written; remove it"


def remarks_on(
    live: Schedule, target: Target, compared: ComparedNotify, words: Words, now: int
) -> Remarks:
    """The notes on a schedule; overrides that have passed (`now`: Unix seconds) are history."""
    notes: list[str] = []
    kept = [f"`{override.name}`" for override in live.console_overrides if not override.past(now)]
    if kept:
        notes.append(f"console overrides kept: {first(kept, _MOST)}")
    uncompared = (*compared.uncompared, *compared.masked)
    if uncompared:
        notes += _explain_uncompared(target, compared)
    if kept:
        notes += _left_to_console(live, target.schedule.overrides, words, now)
    return Remarks(tuple(notes), uncompared=uncompared)


def _explain_uncompared(target: Target, compared: ComparedNotify) -> Iterator[str]:
    """Which secrets were not compared, and what would help."""
    absent = {
        path_of(hook, field): secret.reference
        for hook in target.schedule.notify.webhooks
        for field, secret in hook.secrets()
        if not secret.value
    }
    for path in compared.uncompared:
        lacks = absent.get(path)
        why = f"{lacks} is not set here" if lacks else "the platform does not show it"
        yield f"{path} was not compared: {why}"
    why = "the platform masks it, and the file has to give it before the next edit"
    if "notify" in target.ignored:
        why = "the platform masks it, so flashsync cannot write this schedule without losing it"
    for path in compared.masked:
        yield f"{path} was not compared: {why}"


def _left_to_console(
    live: Schedule, wanted: Sequence[Override], words: Words, now: int
) -> Iterator[str]:
    """Where overrides of the file give way to the console's, a note for each name.

    An override of the same people is named only where it is ours, and somebody took its mark off.
    """
    stretches: dict[str, list[str]] = defaultdict(list)
    unsettled: set[str] = set()
    for yielded in find_yielded(live, wanted, now):
        piece, to = yielded.piece, yielded.to
        name = piece.name.removesuffix(MARK)
        if to.people == piece.people and to.name != name:
            continue
        begin, end = (wording.time(at, words.timezone) for at in yielded.span)
        who = wording.members(to.members, words.directory)
        stretches[name].append(f"`{to.name}` ({who}) from {begin} to {end}")
        if yielded.unsettled and to.people != piece.people:
            unsettled.add(name)
    for name, texts in stretches.items():
        until = "; until the next write the account has both" if name in unsettled else ""
        yield f"override `{name}` is left to the console: {first(texts, _MOST)}{until}"


# Rotas that run until a cut: the file's layer is compared with the last link only.

_MOST_PEOPLE = 6
_MOST_ROTAS = 5
"""How many people of a rota, and rotas of an account, are named."""


def note_earlier_rotas(actions: Sequence[Action], facts: Facts) -> Iterator[str]:
    """Notes on the schedules where other people than the file's take turns until a cut.

    They are about schedules that keep their layers: an edit that cuts them says when it takes
    effect.
    """
    notes: list[tuple[str, str]] = []
    for action in actions:
        if isinstance(action, Unchanged) and action.id is not None:
            layers = facts.live[action.id].layers
        elif isinstance(action, Update) and not action.cuts:
            layers = action.target.schedule.layers
        else:
            continue
        notes += [(action.name, rota) for rota in _list_earlier_rotas(layers, facts)]
    if len(notes) > _MOST_ROTAS:
        names = list(dict.fromkeys(f"`{name}`" for name, _ in notes))
        schedules = count(len(names), "schedule")
        yield f"an earlier rota runs until its cut on {schedules}: {first(names, _MOST_ROTAS)}"
        return
    for name, rota in notes:
        yield f"`{name}`: {rota}"


def _list_earlier_rotas(layers: Sequence[Layer], facts: Facts) -> Iterator[str]:
    """`until Mon 7 Dec 10:00 an earlier rota of layers[A] runs: ivan, judy; judy has the turn`."""
    if len({layer.name for layer in layers}) == len(layers):
        return  # no chain has two links
    directory, now = facts.words.directory, facts.now
    for chain in (chain for same in chains(layers).values() for chain in same):
        last = layers[chain[-1]]
        running = next((layers[at] for at in chain[:-1] if _runs(layers[at], now)), None)
        if running is None or last.begun(now):
            continue
        people, wanted = (
            {member for group in link.groups for member in group.members}
            for link in (running, last)
        )
        if people == wanted or (is_bridge(running) and people <= wanted):
            continue
        turns = list(dict.fromkeys(group(turn, directory) for turn in running.groups))
        rota = first(turns, _MOST_PEOPLE)
        until = moment(last.start, facts.words.timezone, now)
        text = f"until {until} an earlier rota of layers[{last.name}] runs: {rota}"
        turn = turn_at(running, facts.account.timezone, now)
        if turn is not None and turn.index is not None and len(turns) > 1:
            group_on = running.groups[turn.index]
            have = "have" if len(group_on.members) > 1 else "has"
            text += f"; {group(group_on, directory)} {have} the turn"
        yield text


def _runs(layer: Layer, now: int) -> bool:
    return layer.begun(now) and not layer.ended(now)


# What a write takes away that nothing can give back: secrets, and the record of past overrides.

Given = Callable[[str], bool]
"""Whether a file or a journal gives this value of a secret by reference."""


def lost_with(live: Schedule, given: Given, now: int) -> Iterator[Caution]:
    """All that goes for good with a whole schedule; `now` is in Unix seconds."""
    yield from lost_secrets(live, Notify(), given)
    yield from lost_records(live.name, [past for past in live.overrides if past.past(now)])


def lost_records(name: str, gone: Sequence[Override]) -> Iterator[Caution]:
    """Past overrides that a write removes; the platform keeps them for audit (api.md)."""
    if gone:
        names = first([f"`{override.name}`" for override in gone], _MOST)
        record = f"the record of {count(len(gone), 'past override')} of `{name}`"
        yield Caution(f"{record} is deleted ({names}), and nothing can restore it")


def lost_secrets(live: Schedule, wanted: Notify, given: Given) -> Iterator[Caution]:
    """The secrets that a write deletes or replaces, and that no file and no journal can restore.

    A chat with another type, alias or data source is a new chat: the secrets of the old chat go. A
    secret that reads back masked, or not at all, may be what the file sends: only a delete counts.
    """
    places = {at: place for place, at in match(wanted.webhooks, live.notify.webhooks).items()}
    for at, hook in enumerate(live.notify.webhooks):
        partner = wanted.webhooks[places[at]] if at in places else None
        gone, replaced = _losses(hook, partner, given)
        for names, verb, old, olds in (
            (gone, "deleted", "it", "them"),
            (replaced, "replaced", "the old value", "the old values"),
        ):
            if names:
                paths = joined([path_of(hook, name) for name in names])
                be, what = ("is", old) if len(names) == 1 else ("are", olds)
                yield Caution(
                    f"{paths} of `{live.name}` {be} {verb}, and no file and no journal can "
                    f"restore {what}"
                )


def _losses(hook: Webhook, partner: Webhook | None, given: Given) -> tuple[list[str], list[str]]:
    """The fields of secrets that go for good, and of secrets that get another value."""
    had = dict(hook.secrets())
    lost = [
        name for name, secret in had.items() if not (secret.readable and given(secret.value or ""))
    ]
    if partner is None:
        hidden = ["token"] if hook.by_token and hook.token is None else []
        return [*hidden, *lost], []
    wanted = dict(partner.secrets())
    lost = [name for name in lost if had[name].readable]
    gone = [name for name in lost if name not in wanted]
    # A secret that is missing here cannot be compared; a note says so.
    sent = {name: secret.value for name, secret in wanted.items() if secret.value}
    return gone, [name for name in lost if name in sent and sent[name] != had[name].value]
