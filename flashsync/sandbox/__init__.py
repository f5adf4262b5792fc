"""A stand-in for the platform's API: a local HTTP server with a world of people and schedules.

It imports nothing else of this package, since what client and sandbox shared, they would get wrong
together. It is as strict as the documentation allows: unknown fields, wrong types and bad values
are refused. Where the documentation is silent, a comment says `guess`.

    with running(seed("demo"), now=time.time) as sandbox:
        ...                                     # the client under test talks to sandbox.url
        sandbox.console.rename("Legacy NOC", "NOC")         # somebody works in the web console
        sandbox.options = Options(form="missing", secrets="masked", limits=UNLIMITED)
        sandbox.fail_next(refusal("ServiceUnavailable"), "/schedule/update", acted=True)
        assert sandbox.counts["/schedule/info"] == 3 and sandbox.refused == 0

World   `seed("demo")`, `seed("empty")`, `seed(1000)`; or a `World` built by hand from `Account`,
        `Person`, `Team`. Keys of the seeds: `sandbox-key` (Alice, may do everything),
        `sandbox-account-key` (the account itself, account-scoped), `sandbox-reader-key` (Bob, reads
        schedules), `sandbox-nobody-key` (Carol, nothing), `other-account-key` (another account, in
        another zone).
Run     `running(world, options, now=..., monotonic=..., port=0)` gives a `Sandbox`;
        `serve(world, port, options, now=..., ready=...)` runs in the foreground until Ctrl-C.
Watch   `sandbox.log` (`Logged`: endpoint, body, status, code, request_id), `.counts`, `.refused`.
Act     `sandbox.console`: schedules, schedule, create, edit, rename, delete, add_override,
        disable, add_rule, remove_rule, add_incident, close_incident; `sandbox.console_of(account,
        by)` for another account.
Fail    `sandbox.fail_next(reply, endpoint, acted=..., times=...)`, or for anything else
        `sandbox.hook = function(endpoint, body, act)`; a `Reply` can wait (`delay`) or hang up
        (`drop`), `refusal(code)` is the platform's own way to say no. `sandbox.faults.at(n, fault)`
        troubles the n-th request from now; each kind of trouble is a `Fault`.
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
