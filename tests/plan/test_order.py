"""The order of writes: no two schedules ever have one name, and all end up with theirs."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from flashsync.errors import Position
from flashsync.model.schedule import Schedule
from flashsync.plan.match import temporary_name
from flashsync.plan.model import Action, Create, Delete, Reason, Target, Unchanged, Update
from flashsync.plan.order import Step, batches, ordered
from tests.model.strategies import steady

SOURCE = Position("a.yaml")


def create(name: str) -> Create:
    return Create(Target(Schedule(name)), SOURCE, ())


def update(id: int, before: str, after: str) -> Update:
    return Update(id, before, "f", Target(Schedule(after, id=id)), SOURCE, ())


def delete(id: int, name: str) -> Delete:
    return Delete(id, name, "f", Reason.ABSENT, SOURCE)


def unchanged(id: int, name: str) -> Unchanged:
    return Unchanged(id, name, SOURCE)


def told(steps: tuple[Step, ...]) -> list[str]:
    def one(step: Step) -> str:
        action = step.action
        if isinstance(action, Update):
            goal = "(aside)" if step.name else action.name
            return f"{action.live_name}→{goal}"
        return f"{'+' if isinstance(action, Create) else '-'}{action.name}"

    return [one(step) for step in steps]


def batched(*actions: Action) -> list[list[str]]:
    return [told(batch) for batch in batches(actions)]


def run(live: dict[int, str], actions: tuple[Action, ...]) -> dict[int, str]:
    """Carry out the batches, each in the worst order, against an account of unique names."""
    names = dict(live)
    for batch in batches(actions):
        before = set(names.values())
        after: list[str] = []
        for step in reversed(batch):
            action = step.action
            if isinstance(action, Delete):
                del names[action.id]
                continue
            taken = step.name or action.name
            own = names.get(action.id) if isinstance(action, Update) else None
            assert taken == own or taken not in before, f"{taken} is taken"
            assert taken not in after
            after.append(taken)
            names[action.id if isinstance(action, Update) else 1000 + len(names)] = taken
        assert len(set(names.values())) == len(names)
    return names


def test_frees_first_then_creates_updates_and_the_other_deletes() -> None:
    actions = (
        unchanged(1, "U"),
        delete(2, "D"),
        update(3, "B", "B"),
        update(4, "A", "A2"),
        create("N"),
        create("A"),
        delete(5, "F"),
        update(6, "X", "F"),
    )
    assert batched(*actions) == [["A→A2", "-F"], ["+A", "+N"], ["B→B", "X→F"], ["-D"]]
    order = [type(one).__name__ + " " + one.name for one in ordered(actions)]
    assert order == [
        *("Update A2", "Delete F", "Create A", "Create N", "Update B", "Update F"),
        *("Delete D", "Unchanged U"),
    ]


def test_along_a_chain_of_names_the_last_goes_first() -> None:
    chain = (update(1, "A", "B"), update(2, "B", "C"), update(3, "C", "D"), create("A"))
    assert batched(*chain) == [["C→D"], ["B→C"], ["A→B"], ["+A"]]
    deleted = (update(1, "A", "B"), delete(2, "B"))
    assert batched(*deleted) == [["-B"], ["A→B"]]


def test_in_a_cycle_one_steps_aside() -> None:
    assert batched(update(1, "A", "B"), update(2, "B", "A")) == [["A→(aside)"], ["B→A"], ["A→B"]]
    three = (update(1, "A", "B"), update(2, "B", "C"), update(3, "C", "A"))
    assert batched(*three) == [["A→(aside)"], ["C→A"], ["B→C"], ["A→B"]]
    aside = batches(three)[0][0]
    assert aside.name == temporary_name("B")
    two = (*three, update(4, "X", "Y"), update(5, "Y", "X"), update(6, "M", "N"))
    assert batched(*two) == [
        ["A→(aside)", "X→(aside)"],
        ["C→A", "Y→X"],
        ["B→C", "X→Y"],
        ["A→B"],
        ["M→N"],
    ]


def test_a_cycle_that_was_cut_off_is_only_a_chain() -> None:
    cut = (update(1, temporary_name("B"), "B"), update(2, "B", "A"))
    assert batched(*cut) == [["B→A"], [f"{temporary_name('B')}→B"]]


def test_nothing_to_do() -> None:
    assert batches((unchanged(1, "A"),)) == ()


@st.composite
def worlds(draw: st.DrawFn) -> tuple[dict[int, str], tuple[Action, ...]]:
    """An account, and actions that leave each schedule with a name of its own."""
    pool = [f"N{number}" for number in range(8)]
    live = dict(enumerate(draw(st.lists(st.sampled_from(pool), unique=True, max_size=6)), 1))
    gone = draw(st.sets(st.sampled_from(sorted(live)))) if live else set()
    moved = [id for id in live if id not in gone and draw(st.booleans())]
    fixed = {live[id] for id in live if id not in gone and id not in moved}
    free = draw(st.permutations([name for name in pool if name not in fixed]))
    actions: list[Action] = [delete(id, live[id]) for id in sorted(gone)]
    actions += [update(id, live[id], free[at]) for at, id in enumerate(moved)]
    actions += [create(name) for name in free[len(moved) : len(moved) + draw(st.integers(0, 2))]]
    actions += [unchanged(id, live[id]) for id in live if id not in gone and id not in moved]
    return live, tuple(draw(st.permutations(actions)))


@steady
@given(worlds())
def test_names_never_collide_and_all_end_right(world: Any) -> None:
    live, actions = world
    names = run(live, actions)
    wanted = [one.name for one in actions if not isinstance(one, Delete)]
    assert sorted(names.values()) == sorted(wanted)
    for one in actions:
        if isinstance(one, Update):
            assert names[one.id] == one.name
    done = [step.action for batch in batches(actions) for step in batch if step.name is None]
    writes = [one for one in ordered(actions) if not isinstance(one, Unchanged)]
    assert sorted(map(id, done)) == sorted(map(id, writes))
    assert {one.name for one in ordered(actions)} == {one.name for one in actions}


@steady
@given(worlds(), st.integers(0, 8))
def test_a_run_that_was_cut_off_is_finished_by_the_next(world: Any, done: int) -> None:
    live, actions = world
    names, created = dict(live), set()
    for step in [step for batch in batches(actions) for step in batch][:done]:
        match step.action:
            case Delete():
                del names[step.action.id]
            case Update():
                names[step.action.id] = step.name or step.action.name
            case Create():
                names[100 + len(names)] = step.action.name
                created.add(step.action.name)
    left: list[Action] = []
    for one in actions:
        match one:
            case Update():
                left.append(update(one.id, names[one.id], one.name))
            case Delete() if one.id in names:
                left.append(one)
            case Create() if one.name not in created:
                left.append(one)
    wanted = [one.name for one in actions if not isinstance(one, Delete)]
    assert sorted(run(names, tuple(left)).values()) == sorted(wanted)
