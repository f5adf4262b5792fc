"""The plan as JSON: what `--format json` prints and what `--out` saves. One encoding for both.

`schema/plan.schema.json` is generated from these models.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import AfterValidator, Field, model_validator

from flashsync import __version__
from flashsync.errors import Level, Position, Problem
from flashsync.model.desired import Rollout, RolloutKind
from flashsync.model.people import Account, Directory, Person, Role
from flashsync.model.schedule import Member, override_of
from flashsync.model.timezone import zone
from flashsync.plan.json.actions import ActionDocument, ActionView, action_document
from flashsync.plan.json.effects import PeopleNames, PersonDocument, SpanDocument
from flashsync.plan.json.schedule import Instant, JsonDocument, Many, MirrorDocument, Word
from flashsync.plan.model import Change, Create, Plan, PlanBasis, Update

FORMAT_VERSION = "1.1"
"""Raised for any change that requires a change to a program that reads plans."""


class AccountDocument(MirrorDocument):
    """The account that the plan was made for."""

    id: int
    name: str
    timezone: Annotated[str, AfterValidator(lambda name: zone(name).key)]

    def value(self) -> Account:
        """The account."""
        return Account(self.id, self.name, self.timezone)


class SummaryDocument(MirrorDocument):
    """Counts. The last two are null where effects were not computed."""

    create: int
    update: int
    delete: int
    unchanged: int
    shifts_moved: int | None
    on_call_now_changes: int | None


class ProblemDocument(JsonDocument):
    """One thing that is wrong, what to do about it, and where; `line` and `column` from 1."""

    level: Literal["error", "warning"]
    message: str
    remedy: str
    file: str | None
    line: int | None
    column: int | None

    @classmethod
    def of(cls, problem: Problem) -> ProblemDocument:
        """The document of a problem, in plans and in error output."""
        at = problem.position
        return cls(
            level="error" if problem.level is Level.ERROR else "warning",
            message=problem.message,
            remedy=problem.remedy,
            file=at.file if at else None,
            line=at.line if at else None,
            column=at.column if at else None,
        )

    def value(self) -> Problem:
        """The problem."""
        at = Position(self.file, self.line or 1, self.column or 1) if self.file else None
        return Problem(self.message, self.remedy, at, Level(self.level))


class RolloutDocument(MirrorDocument):
    """When edits of rotations take effect; `at` is a time for the kind `at`, else null."""

    kind: Word[RolloutKind]
    at: Instant | None

    @model_validator(mode="after")
    def _check_time(self) -> Self:
        if (self.at is not None) != (self.kind is RolloutKind.AT):
            raise ValueError("a time without `at`, or `at` without a time")
        return self

    def value(self) -> Rollout:
        """The rollout."""
        return Rollout(self.kind, self.at)


class BasisDocument(MirrorDocument):
    """What a plan was made from, so that a change of the files since can be named.

    `declared` has eight hexadecimal digits for each declared field, by schedule and path; for a
    schedule that is not written, one for all, with an empty path. `rollout` is that of the command
    line, or null.
    """

    declared: dict[str, dict[str, str]]
    rollout: RolloutDocument | None

    def value(self) -> PlanBasis:
        """The basis."""
        return PlanBasis(self.declared, self.rollout.value() if self.rollout else None)


PersonKey: TypeAlias = Annotated[str, Field(pattern="^[0-9]{1,19}$")]


class PlanDocument(JsonDocument):
    """A plan. `people` are all whom its targets, effects and cuts name, once for each role.

    A saved one also has the files' short names, by the id of the person, so that it can be shown
    without the files; its `basis`, which ties it to them; and a `checksum`, against accidents.
    """

    format_version: str
    tool_version: str
    created_at: Instant
    account: AccountDocument
    window: SpanDocument | None
    summary: SummaryDocument
    actions: Many[ActionDocument]
    undeclared: Many[str]
    refusals: Many[ProblemDocument]
    notes: Many[str]
    people: Many[PersonDocument]
    short_names: dict[PersonKey, str] = Field(default_factory=dict)
    basis: BasisDocument | None = None
    checksum: str | None = None

    @classmethod
    def of(
        cls, plan: Plan, directory: Directory, describe: Callable[[Change], str]
    ) -> PlanDocument:
        """The document of a plan; `directory` names people, `describe` gives a change in a line."""
        names = PeopleNames(directory)
        view = ActionView(names, plan.window, plan.account.timezone, describe)
        return cls(
            format_version=FORMAT_VERSION,
            tool_version=__version__,
            created_at=plan.created_at,
            account=AccountDocument.of(plan.account),
            window=SpanDocument.of(plan.window) if plan.window else None,
            summary=SummaryDocument.of(plan.summary),
            actions=tuple(action_document(action, view) for action in plan.actions),
            undeclared=plan.undeclared,
            refusals=tuple(map(ProblemDocument.of, plan.refusals)),
            notes=plan.notes,
            people=names.people(frozenset(_people_in(plan))),
        )

    def to_save(self, basis: PlanBasis | None, directory: Directory) -> PlanDocument:
        """The document with what ties it to its files, and with their short names."""
        names = {str(id): name for id, name in directory.short_names.items()}
        tie = {} if basis is None else {"basis": BasisDocument.of(basis)}
        return self.model_copy(update={"short_names": names, **tie})

    def value(self) -> Plan:
        """The plan, which names its people as when it was made, and others by short names."""
        window = self.window.value() if self.window else None
        people = {
            named.person_id: Person(named.person_id, named.person, named.email)
            for named in self.people
        }
        roles = {named.role_id: Role(named.role_id, named.role) for named in self.people}
        ids = {int(id): name for id, name in self.short_names.items()}
        others = {id: name for id, name in ids.items() if id not in people}
        return Plan(
            account=self.account.value(),
            created_at=self.created_at,
            actions=tuple(action.value(window) for action in self.actions),
            undeclared=self.undeclared,
            refusals=tuple(problem.value() for problem in self.refusals),
            notes=self.notes,
            window=window,
            directory=Directory(people, roles=roles, short_names=others),
            basis=self.basis.value() if self.basis else None,
        )


def _people_in(plan: Plan) -> Iterator[Member]:
    """All whom the writes of a plan name."""
    for write in plan.writes:
        if effect := write.effect:
            for move in (*effect.moves, *filter(None, (effect.later,))):
                yield from (*move.before, *move.after)
        if isinstance(write, Create | Update):
            schedule = write.target.schedule
            for group in (group for layer in schedule.layers for group in layer.groups):
                yield from group.members
            for override in schedule.overrides:
                yield from override.members
        if isinstance(write, Update):
            for kept in filter(None, map(override_of, write.kept)):
                yield from kept.members
            for cut in write.cuts:
                yield from cut.comes.members if cut.comes else ()


def plan_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of `--format json` and of saved plans."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **PlanDocument.model_json_schema(),
        "title": f"flashsync plan {FORMAT_VERSION}",
    }
