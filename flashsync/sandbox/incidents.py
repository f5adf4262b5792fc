"""What the sandbox stores of an incident. All instants are Unix seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Progress = Literal["Triggered", "Processing", "Closed"]
Severity = Literal["Critical", "Warning", "Info"]

PROGRESSES: Final = ("Triggered", "Processing", "Closed")
SEVERITIES: Final = ("Critical", "Warning", "Info")


@dataclass(frozen=True, slots=True)
class Responder:
    """Somebody who was called to an incident; `acknowledged_at` is 0 until they say they came."""

    person_id: int
    assigned_at: int
    acknowledged_at: int = 0


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident of a channel.

    A `start_time` below 0 is that of a seed: so many seconds before the sandbox started.
    """

    incident_id: str
    title: str
    channel_id: int
    start_time: int
    progress: Progress = "Triggered"
    severity: Severity = "Critical"
    responders: tuple[Responder, ...] = ()
    assigned_to: tuple[int, ...] = ()
    detail_url: str = ""

    @property
    def num(self) -> str:
        """The short number that people call it by. guess: the end of the id."""
        return self.incident_id[-6:].upper()
