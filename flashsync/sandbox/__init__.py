"""A local server that speaks the platform's API, with a world of people and schedules.

It imports nothing else of this package, since client and sandbox would get wrong together what
they shared. It is as strict as the documentation allows. Where the documentation is silent, a
comment says `Guess:`.

    with running(seed("demo"), now=time.time) as sandbox:
        ...                                     # the client under test talks to sandbox.url
        sandbox.console.rename("Legacy NOC", "NOC")         # somebody works in the web console
        sandbox.options = Options(form="missing", secrets="masked", limits=UNLIMITED)
        sandbox.fail_next(refusal("ServiceUnavailable"), "/schedule/update", acted=True)
        assert sandbox.counts["/schedule/info"] == 3 and sandbox.refused == 0

World   `seed("demo")`, `seed("recorded")`, `seed("empty")`, `seed(1000)`; or a `World` built by
        hand from `Account`, `Person`, `Team`. docs/sandbox.md lists the seeds and their keys.
Run     `running(world, options, now=..., monotonic=..., port=0)` gives a `Sandbox`;
        `serve(world, port, options, now=..., ready=...)` runs in the foreground until Ctrl-C.
Watch   `sandbox.log` (`Logged`: endpoint, body, status, code, request_id), `.counts`, `.refused`.
Act     `sandbox.console` for the first account, `sandbox.console_of(account, by)` for another: see
        `Console`. `flashsync sandbox edit` does the same over HTTP.
Switch  `sandbox.options`: see `Options`; each switch is described there.
Fail    `sandbox.fail_next(reply, endpoint, acted=..., times=...)`, or for anything else
        `sandbox.hook = function(endpoint, body, act)`; a `Reply` can wait (`delay`) or hang up
        (`drop`), `refusal(code)` is the platform's own refusal. `sandbox.faults.at(n, fault)` plans
        a `Fault` of the n-th request from now.
Count   `schedule_on_call(body, zone, instant)` and `on_call(layers, zone, instant)`: who is on
        call, as (person id, role id).
"""

from __future__ import annotations

from flashsync.sandbox.console import Console
from flashsync.sandbox.faults import BadDay, Fault, Faults, Hook
from flashsync.sandbox.options import UNLIMITED, Limits, Options
from flashsync.sandbox.protocol import CODES, ApiError, Logged, Reply, refusal
from flashsync.sandbox.pure import schedule_on_call, schedule_shifts
from flashsync.sandbox.rotation import on_call
from flashsync.sandbox.seeds import seed
from flashsync.sandbox.server import Sandbox, running, serve
from flashsync.sandbox.service import ENDPOINTS
from flashsync.sandbox.world import PERMISSIONS, Account, Key, Person, Team, World

__all__ = [
    "CODES",
    "ENDPOINTS",
    "PERMISSIONS",
    "UNLIMITED",
    "Account",
    "ApiError",
    "BadDay",
    "Console",
    "Fault",
    "Faults",
    "Hook",
    "Key",
    "Limits",
    "Logged",
    "Options",
    "Person",
    "Reply",
    "Sandbox",
    "Team",
    "World",
    "on_call",
    "refusal",
    "running",
    "schedule_on_call",
    "schedule_shifts",
    "seed",
    "serve",
]
