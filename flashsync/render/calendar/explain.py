"""Why somebody is on call, as text and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flashsync.model import wording
from flashsync.model.calendar import Shift
from flashsync.model.schedule import MARK, Layer, Member
from flashsync.model.timezone import rfc3339
from flashsync.model.wording import count, joined, moment, span
from flashsync.render.calendar.duty import NOBODY, describe_alarm, name_members
from flashsync.render.calendar.json import FORMAT_VERSION, people
from flashsync.render.calendar.json import span as span_json
from flashsync.render.sanitize import dump
from flashsync.render.terminal import Look, Page, Row, Screen
from flashsync.rotation.explain import ExplainedCase, LayerReason, OverrideReason, Standing
from flashsync.rotation.rollout.chains import Chain, chains
from flashsync.rotation.rollout.handoffs import is_bridge
from flashsync.rotation.rollout.who_is_next import is_letter
from flashsync.rotation.turns import Turn

_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_FAIR = "the platform decides (fair)"


def render_explanation(case: ExplainedCase, screen: Screen) -> str:
    """Who is on call, whether the platform agrees, and each override and layer."""
    page = Page(screen)
    page.text(_heading(case), hang=2)
    page.blank()
    _add_result(page, case)
    for override in case.explanation.overrides:
        rows = list(_override_rows(override, case))
        _add_part(page, "override", override.name.removesuffix(MARK), rows)
    ended: list[Layer] = []
    by_name = chains(case.schedule.layers)
    for chain in sorted(chain for same_name in by_name.values() for chain in same_name):
        index = _find_link(chain, case)
        layer, reason = case.schedule.layers[index], case.explanation.layers[index]
        if reason.standing is Standing.ENDED:
            ended.append(layer)
        else:
            rows = [*_layer_rows(layer, reason, case), *_link_rows(chain, index, case)]
            _add_part(page, "layer", layer.name, rows)
    _add_ended(page, ended, case)
    return str(page)


def _find_link(chain: Chain, case: ExplainedCase) -> int:
    """The index of the running link, else of the next one, else of the last."""
    reasons = case.explanation.layers
    alive = (index for index in chain if reasons[index].standing is not Standing.ENDED)
    return next(alive, chain[-1])


def _link_rows(chain: Chain, index: int, case: ExplainedCase) -> Iterator[Row]:
    """The position of a link in its chain, and its cuts."""
    if len(chain) < 2:
        return
    number = chain.index(index)
    text = f"{number + 1} of {len(chain)}"
    links = [case.schedule.layers[index] for index in chain]
    if number:
        cut = moment(links[number].start, case.timezone, case.now)
        text += f", since the edit that took effect {cut}"
    if number + 1 < len(links):
        start = moment(links[number + 1].start, case.timezone, case.now)
        begins = "new order begins" if is_bridge(links[number]) else "next edit takes effect"
        text += f"; the {begins} {start}"
    yield Row("link", text)


def _add_part(page: Page, what: str, name: str, rows: list[Row]) -> None:
    page.blank()
    page.labelled(what, Look.PLAIN, name, indent=2)
    page.rows(rows)


def _heading(case: ExplainedCase) -> str:
    id = case.schedule.id
    which = case.schedule.name if id is None else f"{case.schedule.name} (id {id})"
    when = moment(case.at, case.timezone, case.now)
    basis = ", counted from `start`: the live position may differ" if not case.calendar else ""
    return f"{which} at {when}, {case.timezone}{basis}"


def _add_result(page: Page, case: ExplainedCase) -> None:
    until = case.until
    end = f" until {moment(until, case.timezone, case.now)}" if until else ""
    if case.members is None:
        page.text("Only the platform knows who is on call: a layer is fair.", Look.STRONG)
    elif case.members:
        are = "is" if len(case.members) == 1 else "are"
        alarm = describe_alarm(case.members, case.directory, _list_rota(case))
        names = joined(name_members(case.members, case.directory))
        look = Look.ERROR if alarm else Look.STRONG
        page.text(f"{alarm}{names} {are} on call{end}.", look)
    else:
        page.text(f"{NOBODY} is on call{end}.", Look.ERROR)
    if case.agrees is False:
        page.labelled(
            "warning:",
            Look.WARNING,
            f"the platform says {_people(case.platform, case) or 'nobody'}, and by what is "
            f"configured it is {_people(case.explanation.members or (), case) or 'nobody'}: "
            "the explanation below does not fit; see `flashsync doctor`",
        )


def _list_rota(case: ExplainedCase) -> Sequence[Shift]:
    """The shifts that show which roles the schedule has: the platform's, else a turn of each."""
    if case.calendar:
        return case.calendar.final
    layers = (layer for layer in case.schedule.layers if not layer.end or layer.end > case.at)
    return [Shift(case.at, case.at, group.members) for layer in layers for group in layer.groups]


def _people(members: frozenset[Member] | tuple[()], case: ExplainedCase) -> str:
    return joined(name_members(members, case.directory))


def _override_rows(override: OverrideReason, case: ExplainedCase) -> Iterator[Row]:
    origin = "a file" if override.name.endswith(MARK) else "the console"
    if override.replaced:
        why = "an override with a higher weight takes its place"
        yield Row("off duty", f"{why}; else {_people(override.members, case)}")
    else:
        yield Row("on duty", _people(override.members, case), Look.STRONG)
    yield Row("runs", span((override.start, override.end), case.timezone, case.now))
    yield Row("made in", f"{origin}; it takes the place of all layers")


def _layer_rows(layer: Layer, reason: LayerReason, case: ExplainedCase) -> Iterator[Row]:
    look = (
        Look.STRONG if reason.standing is Standing.ON_DUTY and not reason.replaced else Look.PLAIN
    )
    yield Row(*_describe_standing(layer, reason, case), look)
    if is_bridge(layer):
        until = moment(layer.end or 0, case.timezone, case.now)
        yield Row("bridge", f"has the turn that ran at the edit, until {until}")
        return
    if reason.turn is not None:
        yield Row("turn", _describe_turn(layer, reason.turn, case))
    yield Row("rotation", _describe_rotation(layer, case))
    if layer.days:
        yield Row("days", _describe_days(layer, reason))
    if layer.hours:
        yield Row("hours", _describe_hours(layer, reason))


def _describe_standing(layer: Layer, reason: LayerReason, case: ExplainedCase) -> tuple[str, str]:
    """The first row: on duty or not, and who or why."""
    match reason.standing:
        case Standing.NOT_BEGUN:
            return "off duty", f"begins {moment(layer.start, case.timezone, case.now)}"
        case Standing.ENDED:
            return "off duty", "ended"
        case Standing.OFF_DAY:
            return "off duty", f"{_day(reason)} is not one of its days"
        case Standing.OFF_HOURS:
            return "off duty", "outside its hours"
        case Standing.FAIR:
            who = _FAIR
        case Standing.ON_DUTY:
            who = _people(reason.members, case)
    if reason.replaced:
        return "off duty", f"an override takes its place; else {who}"
    return "on duty", who


def _describe_turn(layer: Layer, turn: Turn, case: ExplainedCase) -> str:
    """`46, of group 1 of 3: Mon 16 Nov 10:00 – Mon 23 Nov 10:00`."""
    times = span((turn.start, turn.end), case.timezone, case.now)
    if turn.index is None:
        return f"{turn.number + 1}: {times}; {_FAIR}"
    group = layer.groups[turn.index]
    name = "" if is_letter(group.name) else f" ({group.name})"
    people = wording.group(group, case.directory).strip("[]")
    which = f"group {turn.index + 1} of {len(layer.groups)}{name}, {people}"
    return f"{turn.number + 1}: {times}; {which}"


def _describe_rotation(layer: Layer, case: ExplainedCase) -> str:
    text = wording.rotation(layer.rotation)
    if layer.handoff is not None:
        text += f", handoff {wording.time_of_week(layer.handoff)}"
    text += f", from {moment(layer.start, case.timezone, case.now)}"
    if layer.end is not None:
        text += f" to {moment(layer.end, case.timezone, case.now)}"
    return text


def _describe_days(layer: Layer, reason: LayerReason) -> str:
    text = wording.days(layer.days or frozenset())
    if layer.continuous:
        text += ", continuous"
    if reason.weekday is None:
        return text
    within = "is one of them" if reason.weekday in (layer.days or ()) else "is not one of them"
    return f"{text}; {_day(reason)} {within}"


def _day(reason: LayerReason) -> str:
    return _DAYS[reason.weekday or 0]


def _describe_hours(layer: Layer, reason: LayerReason) -> str:
    text = wording.hours(layer.hours) if layer.hours else ""
    if reason.standing is Standing.OFF_HOURS:
        return f"{text}; this moment is outside"
    if reason.standing in (Standing.ON_DUTY, Standing.FAIR):
        return f"{text}; this moment is within"
    return text


def _add_ended(page: Page, layers: list[Layer], case: ExplainedCase) -> None:
    """Adds a line with the layers that have ended."""
    if not layers:
        return
    page.blank()
    ends = [f"{layer.name} ({moment(layer.end or 0, case.timezone, case.now)})" for layer in layers]
    have = count(len(layers), "layer has", "layers have")
    page.text(f"{have} ended: {', '.join(ends)}", indent=2, hang=2)


def render_explanation_json(case: ExplainedCase) -> str:
    """The platform's `on_call` and the configuration's `explained`; null is unknown.

    Turns and groups count from 1. `agrees` is null if one of the two is missing.
    """
    explained = case.explanation.members
    pairs = zip(case.schedule.layers, case.explanation.layers, strict=True)
    return dump(
        {
            "format_version": FORMAT_VERSION,
            "schedule": case.schedule.name,
            "schedule_id": case.schedule.id,
            "basis": "live" if case.calendar else "offline",
            "at": rfc3339(case.at),
            "timezone": case.timezone,
            "on_call": None if case.members is None else people(case.members, case.directory),
            "until": _time(case.until),
            "explained": None if explained is None else people(explained, case.directory),
            "agrees": case.agrees,
            "overrides": [
                _override_json(override, case) for override in case.explanation.overrides
            ],
            "layers": [_layer_json(layer, reason, case) for layer, reason in pairs],
        }
    )


def _override_json(override: OverrideReason, case: ExplainedCase) -> dict[str, Any]:
    return {
        "override": override.name.removesuffix(MARK),
        "from": "file" if override.name.endswith(MARK) else "console",
        "replaced": override.replaced,
        **span_json((override.start, override.end)),
        "people": people(override.members, case.directory),
    }


def _layer_json(layer: Layer, reason: LayerReason, case: ExplainedCase) -> dict[str, Any]:
    turn = reason.turn
    return {
        "layer": layer.name,
        "standing": reason.standing.value,
        "replaced": reason.replaced,
        "start": rfc3339(layer.start),
        "end": _time(layer.end),
        "rotation": wording.rotation(layer.rotation),
        "days": wording.days(layer.days) if layer.days else None,
        "hours": wording.hours(layer.hours) if layer.hours else None,
        "fair": layer.fair,
        "turn": turn
        and {
            "number": turn.number + 1,
            **span_json((turn.start, turn.end)),
            "group": None if turn.index is None else turn.index + 1,
            "groups": len(layer.groups),
        },
        "next_handoff": _time(reason.handoff),
        "people": people(reason.members, case.directory),
    }


def _time(instant: int | None) -> str | None:
    return None if instant is None else rfc3339(instant)
