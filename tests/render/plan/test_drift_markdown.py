"""Drift as Markdown."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from flashsync.errors import Position
from flashsync.plan.drift import Acceptance, Accepted, Drift, Key, LastWrite, Wrote
from flashsync.plan.model import Change, ChangeKind, Plan
from flashsync.render.markdown import Links
from flashsync.render.plan.drift import render_drift_markdown
from tests.properties import trying
from tests.render import plans
from tests.render.judge import check_harmless, hostile, skeleton
from tests.render.looks import check_golden

BASE = "https://github.com/o/r/blob/main"
FULL = replace(plans.plan(plans.ABSENT, plans.new(), plans.RENAME, plans.ONE_LINE, plans.QUIET),
               undeclared=("Old one",), notes=plans.FULL.notes)  # fmt: skip
WRITTEN: dict[Key, LastWrite] = {
    plans.ABSENT.id: LastWrite("alice", plans.NOW - 3600),
    plans.ONE_LINE.id: LastWrite("bob", plans.NOW - 86_400, own=True),
}


def render(drift: Drift, most: int = 65_000) -> str:
    """The Markdown of a drift about the people of the tests."""
    return render_drift_markdown(drift, plans.WORDS, Links(BASE), most)


def test_all_that_may_differ() -> None:
    text = render(Drift(FULL, (), WRITTEN))
    check_harmless(text, BASE)
    check_golden("drift-markdown", text)


def test_nothing_differs() -> None:
    text = render(Drift(plans.plan(plans.unchanged("A"), plans.unchanged("B"))))
    said = (
        "### ✅ flashsync: no drift. 2 schedules are as the files say.\n\n<sub>Account Acme Corp "
    )
    assert text.startswith(said)


def test_a_long_one_is_cut() -> None:
    text = render(Drift(FULL, (), WRITTEN), most=1_000)
    assert len(text.encode()) <= 1_000
    assert "_Cut here, for length: " in text
    check_harmless(text, BASE)


def named(name: str) -> Plan:
    """A plan in which all has this name."""
    field = Change(f"layers[{name}].groups", ChangeKind.REMOVED, name)
    update = replace(plans.ONE_LINE, live_name=name, changes=(field,))
    return replace(plans.plan(replace(plans.ABSENT, name=name), update), undeclared=(name,))


def wrote(name: str) -> dict[Key, LastWrite]:
    """Writers, operations and requests of this name."""
    writes = (Wrote(name, plans.NOW, name, name),)
    return {
        plans.ABSENT.id: LastWrite(name, plans.NOW, writes=writes),
        name: LastWrite(name, plans.NOW),
    }


def passed(name: str) -> Accepted:
    """An accepted difference of this name."""
    by = Acceptance(name, name, name, plans.NOW, Position(name, 1))
    return Accepted(name, Change(name, ChangeKind.SET, None, name), by)


def drifted(name: str) -> Drift:
    """A drift in which all has this name."""
    return Drift(named(name), (passed(name),), wrote(name))


@given(hostile)
@trying(8)
def test_no_name_breaks_it(name: str) -> None:
    text = render(drifted(name))
    assert skeleton(text) == skeleton(render(drifted("name")))
    check_harmless(text, BASE)
