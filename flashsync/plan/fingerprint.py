"""What a live schedule looked like, in short: tells whether it has moved since a plan was made.

It covers what flashsync writes: name, team, description, rotation layers, its own overrides and
notify. It does not cover console overrides, stamps and the values of secrets, and it does not
depend on the time at which it is taken.
"""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256

from flashsync.plan.schedule_codec import encode_schedule
from flashsync.state.schedule import Schedule


def fingerprint(live: Schedule) -> str:
    """32 hexadecimal digits."""
    ours = replace(live, overrides=live.our_overrides)
    text = json.dumps(encode_schedule(ours), sort_keys=True, ensure_ascii=True)
    return sha256(text.encode()).hexdigest()[:32]
