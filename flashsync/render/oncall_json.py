"""Who is on call, as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flashsync.model.calendar import Shift
from flashsync.model.timezone import rfc3339
from flashsync.render.calendar_json import FORMAT_VERSION, people, span
from flashsync.render.json_text import dump
from flashsync.render.oncall_view import Moment, Post


def render(posts: Sequence[Post], moment: Moment) -> str:
    """One entry a schedule, in the order of the files.

    `now` is null where nobody is on call, and `next` where nobody is from then on; `read` is the
    time for which shifts were read: one that begins or ends right there may be longer.
    """
    return dump(
        {
            "format_version": FORMAT_VERSION,
            "at": rfc3339(moment.at),
            "timezone": moment.timezone,
            "schedules": [_post(post, moment) for post in posts],
        }
    )


def _post(post: Post, moment: Moment) -> dict[str, Any]:
    calendar = post.calendar
    return {
        "schedule": post.name,
        "schedule_id": post.id,
        "live": calendar is not None,
        "at": rfc3339(moment.at),
        "read": span((calendar.start, calendar.end)) if calendar else None,
        "now": _shift(post.now(moment.at), moment),
        "next": _shift(post.next(moment.at), moment),
    }


def _shift(shift: Shift | None, moment: Moment) -> dict[str, Any] | None:
    if shift is None:
        return None
    return {
        **span((shift.start, shift.end)),
        "people": people(shift.members, moment.directory),
    }
