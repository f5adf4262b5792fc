"""The body of create, update and preview as a schedule that is not stored yet."""

from __future__ import annotations

from flashsync.sandbox.failures import missing
from flashsync.sandbox.fields import Fields
from flashsync.sandbox.layer_request import NAME_LENGTH, Context, read_layers
from flashsync.sandbox.model import Schedule
from flashsync.sandbox.notify_request import read_notify
from flashsync.sandbox.world import Account


def read_schedule(fields: Fields, context: Context) -> Schedule:
    """What every write sends: name, team, description, layers, notify.

    The caller reads what is its own (`schedule_id`, `start`, `end`) and then calls `fields.end()`:
    the server's stamps, `status` and `disabled` are read only and refused here.
    """
    # guess: outer blanks and the Unicode form of a name are kept as sent.
    name = fields.mirrored(
        "schedule_name", "name", lambda key: fields.text(key, low=1, high=NAME_LENGTH)
    )
    return Schedule(
        name=name,
        description=fields.text("description", "", high=500),
        team_id=_team(fields, context.account),
        layers=read_layers(fields, context),
        notify=read_notify(fields.object("notify"), context),
        future=context.future_field(fields),
    )


def read_update(fields: Fields, context: Context) -> Schedule:
    """As `read_schedule`, but `description` and `layers` must be sent.

    guess: whether other absent fields keep their value is open; here they are emptied, the harshest
    reading, so that a client that forgets one loses it.
    """
    fields.required("description")
    fields.required("layers")
    return read_schedule(fields, context)


def _team(fields: Fields, account: Account) -> int:
    """The team's id; 0 is no team."""
    team_id = fields.mirrored("team_id", "group_id", lambda key: fields.integer(key, 0))
    if team_id and team_id not in account.teams:
        raise missing(f"{fields.at('team_id')}: team {team_id} does not exist")
    return team_id
