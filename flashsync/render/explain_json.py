"""Why somebody is on call, as JSON."""

from __future__ import annotations

from typing import Any

from flashsync.model import wording
from flashsync.model.schedule import MARK, Layer
from flashsync.model.timezone import rfc3339
from flashsync.render.calendar_json import FORMAT_VERSION, people, span
from flashsync.render.explain_view import Case
from flashsync.render.json_text import dump
from flashsync.rotation.explain import LayerReason, OverrideReason


def render(case: Case) -> str:
    """`on_call` is what counts, `explained` what the configuration gives; null is not known.

    Turns and groups count from 1. `agrees` is null where there is nothing to compare.
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
            "overrides": [_override(one, case) for one in case.explanation.overrides],
            "layers": [_layer(layer, reason, case) for layer, reason in pairs],
        }
    )


def _override(cover: OverrideReason, case: Case) -> dict[str, Any]:
    return {
        "override": cover.name.removesuffix(MARK),
        "from": "file" if cover.name.endswith(MARK) else "console",
        **span((cover.start, cover.end)),
        "people": people(cover.members, case.directory),
    }


def _layer(layer: Layer, reason: LayerReason, case: Case) -> dict[str, Any]:
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
            **span((turn.start, turn.end)),
            "group": None if turn.index is None else turn.index + 1,
            "groups": len(layer.groups),
        },
        "next_handoff": _time(reason.handoff),
        "people": people(reason.members, case.directory),
    }


def _time(instant: int | None) -> str | None:
    return None if instant is None else rfc3339(instant)
