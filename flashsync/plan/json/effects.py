"""Effects and cuts of a plan to the public document, and back."""

from __future__ import annotations

from collections.abc import Sequence

from flashsync.model.calendar import Span
from flashsync.model.desired import RolloutKind
from flashsync.model.people import Directory
from flashsync.model.schedule import Group, Member
from flashsync.model.timezone import rfc3339, unix_seconds
from flashsync.plan.effects import burdens
from flashsync.plan.json.document import (
    ActionDocument,
    BurdenDocument,
    CutDocument,
    EffectDocument,
    GapDocument,
    LoadDocument,
    PersonDocument,
    SpanDocument,
)
from flashsync.plan.model import Burden, Effect, EffectSource, endless
from flashsync.rotation.compare import Load, Move
from flashsync.rotation.rollout.model import Cut


def encode_span(span: Span) -> SpanDocument:
    """A stretch of time."""
    return {"start": rfc3339(span[0]), "end": rfc3339(span[1])}


def decode_span(document: SpanDocument) -> Span:
    """A stretch of time. Raises ValueError."""
    return unix_seconds(document["start"]), unix_seconds(document["end"])


def encode_effect(
    effect: Effect, directory: Directory, window: Span, timezone: str, document: ActionDocument
) -> None:
    """Put the effect of an action into its document; `timezone` is the account's."""
    source = effect.source or EffectSource.LOCAL
    found = [_move(move, source, directory) for move in effect.moves]
    if effect.later:
        found.append(_move(effect.later, EffectSource.LOCAL, directory))
    if found:
        found[-1]["goes_on"] = effect.goes_on
    document["effects"] = found
    document["effects_source"] = effect.source.value if effect.source else None
    document["effects_remark"] = effect.remark
    document["on_call_now_changes"] = None if effect.source is None else effect.now is not None
    document["gaps"] = [_gap(span, window) for span in effect.gaps]
    document["old_gaps"] = [_gap(span, window) for span in effect.old_gaps]
    document["left_gaps"] = [_gap(span, window) for span in effect.left_gaps]
    found_burdens = burdens(effect, window, timezone)
    document["load"] = [_burden(one, directory) for one in found_burdens]


def decode_effect(document: ActionDocument, window: Span) -> Effect:
    """The effect of an action, without its calendars. Raises ValueError."""
    source = document["effects_source"]
    found = [_read_move(one) for one in document["effects"]]
    moves = tuple(move for move in found if move.start < window[1])
    now = next((move for move in moves if move.start <= window[0]), None)
    return Effect(
        EffectSource(source) if source else None,
        document["effects_remark"],
        moves,
        any(one["goes_on"] for one in document["effects"]),
        later=next((move for move in found if move.start >= window[1]), None),
        now=now if document["on_call_now_changes"] else None,
        gaps=tuple(decode_span(gap) for gap in document["gaps"]),
        old_gaps=tuple(decode_span(gap) for gap in document["old_gaps"]),
        left_gaps=tuple(decode_span(gap) for gap in document["left_gaps"]),
        burdens=tuple(
            Burden(one["person_id"], Load(**one["before"]), Load(**one["after"]))
            for one in document["load"]
        ),
    )


def _burden(burden: Burden, directory: Directory) -> BurdenDocument:
    return {
        "person": directory.person(burden.person),
        "person_id": burden.person,
        "before": _load(burden.before),
        "after": _load(burden.after),
    }


def _load(load: Load) -> LoadDocument:
    return {
        "seconds": load.seconds,
        "night_seconds": load.night_seconds,
        "weekend_seconds": load.weekend_seconds,
    }


def _gap(span: Span, window: Span) -> GapDocument:
    return {**encode_span(span), "goes_on": endless(span, window[1])}


def _move(move: Move, source: EffectSource, directory: Directory) -> EffectDocument:
    return {
        "start": rfc3339(move.start),
        "end": rfc3339(move.end),
        "goes_on": False,
        "source": source.value,
        "before": people(move.before, directory),
        "after": people(move.after, directory),
    }


def people(members: frozenset[Member], directory: Directory) -> list[PersonDocument]:
    """Those on call, by role, then by name: the JSON of one shift's people."""
    found = [_encode_person(member, directory) for member in members]
    return sorted(found, key=lambda one: (one["role_id"], one["person"], one["person_id"]))


def _encode_person(member: Member, directory: Directory) -> PersonDocument:
    known = directory.people.get(member.person)
    return {
        "person": directory.person(member.person),
        "email": known.email if known else "",
        "role": directory.role(member.role),
        "person_id": member.person,
        "role_id": member.role,
    }


def _read_move(document: EffectDocument) -> Move:
    start, end = unix_seconds(document["start"]), unix_seconds(document["end"])
    return Move(start, end, read_people(document["before"]), read_people(document["after"]))


def read_people(documents: Sequence[PersonDocument]) -> frozenset[Member]:
    """The people of a list that `people` made."""
    return frozenset(Member(one["person_id"], one["role_id"]) for one in documents)


# Cuts as JSON and back.


def encode_cut(cut: Cut, directory: Directory) -> CutDocument:
    """A cut, with the people who come on as output names them."""
    comes = cut.comes
    return {
        "layer": cut.layer,
        "at": rfc3339(cut.at),
        "rollout": cut.how.value,
        "group": comes.name if comes else None,
        "people": people(comes.members, directory) if comes else None,
        "bridge_until": _shown(cut.bridge),
        "first_turn_until": _shown(cut.first_turn),
        "takes_effect": cut.effective,
        "fair": cut.fair,
        "past_end": cut.past_end,
    }


def decode_cut(document: CutDocument) -> Cut:
    """A cut. Raises ValueError."""
    staff = document["people"]
    return Cut(
        document["layer"],
        unix_seconds(document["at"]),
        None if staff is None else Group(read_people(staff), document["group"]),
        _read(document["bridge_until"]),
        _read(document["first_turn_until"]),
        document["takes_effect"],
        RolloutKind(document["rollout"]),
        document["fair"],
        document["past_end"],
    )


def _shown(instant: int | None) -> str | None:
    return None if instant is None else rfc3339(instant)


def _read(text: str | None) -> int | None:
    return None if text is None else unix_seconds(text)
