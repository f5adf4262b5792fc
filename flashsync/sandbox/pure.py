"""The sandbox's counter without a server: who is on call by a configuration in the API's JSON.

The account is made up from the people and roles of the body.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flashsync.sandbox.model import Layer
from flashsync.sandbox.request_fields import Fields
from flashsync.sandbox.requests import RequestContext, read_layers
from flashsync.sandbox.rotation import Shift, WallClock, final_shifts, on_call
from flashsync.sandbox.world import Account, Person


def schedule_layers(body: Mapping[str, Any], zone: str) -> tuple[Layer, ...]:
    """The `layers` of a request body, checked as a request is."""
    account = Account(1, "", zone)
    for layer in body["layers"]:
        for group in layer["groups"]:
            for seat in group["members"]:
                account.roles[seat["role_id"]] = ""
                account.add_people(Person(person, "", "") for person in seat["person_ids"])
    return read_layers(Fields({"layers": body["layers"]}), RequestContext(account))


def schedule_on_call(
    body: Mapping[str, Any], zone: str, instant: int
) -> frozenset[tuple[int, int]]:
    """Who is on call at an instant (Unix seconds): pairs of person id and role id."""
    return on_call(schedule_layers(body, zone), zone, instant)


def schedule_shifts(body: Mapping[str, Any], zone: str, start: int, end: int) -> list[Shift]:
    """The shifts of all layers together from `start` to `end` (Unix seconds)."""
    return final_shifts(schedule_layers(body, zone), WallClock(zone), start, end)
