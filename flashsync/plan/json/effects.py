"""People, effects and cuts as JSON and back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from flashsync.model.calendar import Span
from flashsync.model.desired import RolloutKind
from flashsync.model.duty_load import Load
from flashsync.model.people import Directory
from flashsync.model.schedule import Group, Member
from flashsync.plan.effects import burdens
from flashsync.plan.json.schedule import Id, Instant, JsonDocument, Many, MirrorDocument, Word
from flashsync.plan.model import Burden, Effect, EffectSource, endless
from flashsync.rotation.compare import Gap, Move
from flashsync.rotation.rollout.model import Cut


class PersonDocument(JsonDocument):
    """Somebody on call: as output names people, with address and ids."""

    person: str
    email: str
    role: str
    person_id: Id
    role_id: Id

    @classmethod
    def of(cls, member: Member, directory: Directory) -> PersonDocument:
        """The document of a member, named by the directory."""
        known = directory.people.get(member.person)
        return cls(
            person=directory.person(member.person),
            email=known.email if known else "",
            role=directory.role(member.role),
            person_id=member.person,
            role_id=member.role,
        )


@dataclass(frozen=True, slots=True)
class PeopleNames:
    """Names people in documents by a directory; the same few people in all of a plan's shifts."""

    directory: Directory
    _known: dict[frozenset[Member], tuple[PersonDocument, ...]] = field(default_factory=dict)

    def people(self, members: frozenset[Member]) -> tuple[PersonDocument, ...]:
        """Documents of members, by role, then by name."""
        known = self._known.get(members)
        if known is None:
            documents = [PersonDocument.of(member, self.directory) for member in members]
            known = tuple(
                sorted(documents, key=lambda named: (named.role_id, named.person, named.person_id))
            )
            self._known[members] = known
        return known


def read_people(documents: Iterable[PersonDocument]) -> frozenset[Member]:
    """The members of documents."""
    return frozenset(Member(named.person_id, named.role_id) for named in documents)


class SpanDocument(JsonDocument):
    """A stretch of time, as the window of a plan."""

    start: Instant
    end: Instant

    @classmethod
    def of(cls, span: Span) -> SpanDocument:
        """The document of a stretch of time."""
        return cls(start=span[0], end=span[1])

    def value(self) -> Span:
        """The stretch of time."""
        return self.start, self.end


class GapDocument(JsonDocument):
    """A stretch of time in which nobody is on call; with `goes_on` it is not known to end.

    With a role, others are on call then, and nobody in that role.
    """

    start: Instant
    end: Instant
    goes_on: bool
    role: str | None
    role_id: Id | None

    @classmethod
    def of(cls, gap: Gap, window: Span, directory: Directory) -> GapDocument:
        """The document of a gap."""
        return cls(
            start=gap.start,
            end=gap.end,
            goes_on=endless(gap.span, window[1]),
            role=None if gap.role is None else directory.role(gap.role),
            role_id=gap.role,
        )

    def value(self) -> Gap:
        """The gap of the document."""
        return Gap(self.start, self.end, self.role_id)


class MoveDocument(JsonDocument):
    """A stretch of time in which other people are on call.

    Within the plan's window; where nothing moves in it, the first stretch beyond it. With
    `goes_on` it is cut by the window, and does not end there.
    """

    start: Instant
    end: Instant
    goes_on: bool
    source: Word[EffectSource]
    before: Many[PersonDocument]
    after: Many[PersonDocument]

    @classmethod
    def of(
        cls, move: Move, source: EffectSource, names: PeopleNames, *, goes_on: bool
    ) -> MoveDocument:
        """The document of a move."""
        return cls(
            start=move.start,
            end=move.end,
            goes_on=goes_on,
            source=source,
            before=names.people(move.before),
            after=names.people(move.after),
        )

    def value(self) -> Move:
        """The move."""
        return Move(self.start, self.end, read_people(self.before), read_people(self.after))


class LoadDocument(MirrorDocument):
    """Seconds on call in all, at night (22:00 to 06:00), and on weekends, in the plan's window."""

    seconds: int
    night_seconds: int
    weekend_seconds: int

    def value(self) -> Load:
        """The load."""
        return Load(self.seconds, self.night_seconds, self.weekend_seconds)


class BurdenDocument(JsonDocument):
    """How much one person is on call before and after."""

    person: str
    person_id: Id
    before: LoadDocument
    after: LoadDocument

    @classmethod
    def of(cls, burden: Burden, names: PeopleNames) -> BurdenDocument:
        """The document of a burden."""
        return cls(
            person=names.directory.person(burden.person),
            person_id=burden.person,
            before=LoadDocument.of(burden.before),
            after=LoadDocument.of(burden.after),
        )

    def value(self) -> Burden:
        """The burden."""
        return Burden(self.person_id, self.before.value(), self.after.value())


class CutDocument(JsonDocument):
    """The moment at which an edit of a layer takes effect.

    `group` and `people` are who comes on then; `people` is null where the layer ends. A bridge, if
    there is one, begins then and ends at `bridge_until`. `first_turn_until` is the end of the first
    turn of a new cadence, where that is not as long as later ones. With `takes_effect` false the
    layer ends before. `rollout` is what the moment goes by: a date that has passed is the next
    handoff. With `fair` only the platform knows who comes on, and `people` are no more than a group
    of the layer. With `past_end` the `end` of the file had passed already: the layer ends when the
    plan is applied.
    """

    layer: str
    at: Instant
    rollout: Word[RolloutKind]
    group: str | None
    people: Many[PersonDocument] | None
    bridge_until: Instant | None
    first_turn_until: Instant | None
    takes_effect: bool
    fair: bool
    past_end: bool

    @classmethod
    def of(cls, cut: Cut, names: PeopleNames) -> CutDocument:
        """The document of a cut."""
        comes = cut.comes
        return cls(
            layer=cut.layer,
            at=cut.at,
            rollout=cut.how,
            group=comes.name if comes else None,
            people=names.people(comes.members) if comes else None,
            bridge_until=cut.bridge,
            first_turn_until=cut.first_turn,
            takes_effect=cut.effective,
            fair=cut.fair,
            past_end=cut.past_end,
        )

    def value(self) -> Cut:
        """The cut."""
        return Cut(
            self.layer,
            self.at,
            None if self.people is None else Group(read_people(self.people), self.group),
            self.bridge_until,
            self.first_turn_until,
            self.takes_effect,
            self.rollout,
            self.fair,
            self.past_end,
        )


class EffectDocument(JsonDocument):
    """Who is on call before and after a write.

    `effects_source` is who computed both sides of the effects, null where they are not known or
    were not asked for; `effects_remark` says why. `gaps` are introduced by the change; `old_gaps`
    were there before it, `left_gaps` are there after it.
    """

    effects: Many[MoveDocument]
    effects_source: Word[EffectSource] | None
    effects_remark: str
    on_call_now_changes: bool | None
    gaps: Many[GapDocument]
    old_gaps: Many[GapDocument]
    left_gaps: Many[GapDocument]
    load: Many[BurdenDocument]

    @staticmethod
    def of_effect(
        effect: Effect | None, window: Span | None, timezone: str, names: PeopleNames
    ) -> EffectDocument:
        """The document of an effect, if it was computed; `timezone` is the account's."""
        if effect is None or window is None:
            return _no_effect()
        # What lies beyond the window is computed by the local engine.
        moves = [(move, effect.source or EffectSource.LOCAL) for move in effect.moves]
        moves += [(effect.later, EffectSource.LOCAL)] if effect.later else []
        opened, before, after = (
            tuple(GapDocument.of(gap, window, names.directory) for gap in gaps)
            for gaps in (effect.gaps, effect.old_gaps, effect.left_gaps)
        )
        return EffectDocument(
            effects=tuple(
                MoveDocument.of(move, source, names, goes_on=effect.goes_on and place == len(moves))
                for place, (move, source) in enumerate(moves, 1)
            ),
            effects_source=effect.source,
            effects_remark=effect.remark,
            on_call_now_changes=None if effect.source is None else effect.now is not None,
            gaps=opened,
            old_gaps=before,
            left_gaps=after,
            load=tuple(
                BurdenDocument.of(burden, names) for burden in burdens(effect, window, timezone)
            ),
        )

    def effect(self, window: Span | None) -> Effect | None:
        """The effect without its calendars, where it was computed."""
        if window is None:
            return None
        all_moves = [document.value() for document in self.effects]
        moves = tuple(move for move in all_moves if move.start < window[1])
        now = next((move for move in moves if move.start <= window[0]), None)
        return Effect(
            self.effects_source,
            self.effects_remark,
            moves,
            any(document.goes_on for document in self.effects),
            later=next((move for move in all_moves if move.start >= window[1]), None),
            now=now if self.on_call_now_changes else None,
            gaps=tuple(document.value() for document in self.gaps),
            old_gaps=tuple(document.value() for document in self.old_gaps),
            left_gaps=tuple(document.value() for document in self.left_gaps),
            burdens=tuple(burden.value() for burden in self.load),
        )


@cache
def _no_effect() -> EffectDocument:
    """The same for all schedules that nobody writes (`make bench`)."""
    return EffectDocument(
        effects=(),
        effects_source=None,
        effects_remark="",
        on_call_now_changes=None,
        gaps=(),
        old_gaps=(),
        left_gaps=(),
        load=(),
    )
