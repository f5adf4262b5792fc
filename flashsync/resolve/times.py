"""Wall-clock times of a file to instants in the account's zone, with the problems found."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, overload

from flashsync.declared import schedule as declared
from flashsync.declared.problems import Finding, Path
from flashsync.declared.scalars import Moment
from flashsync.model.schedule import Unit
from flashsync.model.timezone import instants, offset, time_of_week
from flashsync.model.wording import wall_time
from flashsync.resolve.names import Doubt


class Times:
    """Finds instants in one zone, and notes problems with them.

    A zone that is not `known` is a placeholder: nothing is judged by it.
    """

    def __init__(self, timezone: str, trouble: Trouble, *, known: bool = True) -> None:
        self._timezone = timezone
        self._known = known
        self._trouble = trouble

    def _instants(self, moment: Moment) -> tuple[int, ...]:
        """The instants that a time can mean: none or two where clocks change without an offset."""
        if moment.offset is not None:
            return (moment.wall - moment.offset,)
        return instants(moment.wall, self._timezone)

    def instant(self, moment: Moment, path: Path) -> int:
        """The instant (Unix seconds) of a time."""
        meanings = self._instants(moment)
        if len(meanings) == 1:
            return meanings[0]
        written = wall_time(moment.wall)
        if not meanings:
            message = f"{self._timezone} skips {written}, when its clocks change"
            self._trouble.error(path, message, "write a time before or after, or add an offset")
            return moment.wall
        both = " or ".join(f"{written} {offset(at, self._timezone)}" for at in meanings)
        message = f"{self._timezone} has {written} twice, when its clocks change"
        self._trouble.error(path, message, f"write {both}")
        return meanings[0]

    @overload
    def end(self, moment: Moment, start: Moment, path: Path) -> int: ...
    @overload
    def end(self, moment: None, start: Moment, path: Path) -> None: ...
    @overload
    def end(self, moment: Moment | None, start: Moment, path: Path) -> int | None: ...
    def end(self, moment: Moment | None, start: Moment, path: Path) -> int | None:
        """The instant of an end, which has to come after `start`."""
        if moment is None:
            return None
        end = self.instant(moment, path)
        begin = next(iter(self._instants(start)), start.wall)  # its problems are noted elsewhere
        comparable = self._known or (moment.offset is None) == (start.offset is None)
        if comparable and end <= begin:
            self._trouble.error(path, "the end is not after the start", "write a later time")
        return end

    def check_handoff(self, given: declared.Layer, start: int, path: Path) -> None:
        """Note `handoff: mon 00:00` where it cannot be sent: 0 is unset (api.md, `handoff_time`).

        For a layer that starts at that time both mean the same, unless turns count masked days.
        """
        if self._known and given.handoff == 0 and time_of_week(start, self._timezone) != 0:
            message = "`handoff: mon 00:00` needs a `start` on a Monday at 00:00"
            remedy = (
                "move `start` there, or remove `handoff` to change turns at the time of `start`"
            )
            self._trouble.error((*path, "handoff"), message, remedy)
            return
        cuts_days = given.days is not None and not given.continuous
        if given.handoff == 0 and given.rotation.unit is Unit.DAY and cuts_days:
            message = "`handoff: mon 00:00` cannot be set with `7 days` and `days`"
            remedy = "write `rotation: 1 week`, or remove `handoff` to count seven days of `days`"
            self._trouble.error((*path, "handoff"), message, remedy)


# The problems of one document, collected so that all are reported at once.

Value = TypeVar("Value")


class Trouble:
    """Findings of one document, errors and warnings."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def error(self, path: Path, message: str, remedy: str) -> None:
        """Note an error at a path."""
        self.findings.append(Finding(path, message, remedy))

    def doubt(self, path: Path, doubt: Doubt) -> None:
        """Note a problem with a name."""
        self.findings.append(Finding(path, doubt.message, doubt.remedy, level=doubt.level))

    def tried(self, path: Path, function: Callable[[], Value], otherwise: Value) -> Value:
        """The function's result; `otherwise` where it raises Doubt, which is noted."""
        try:
            return function()
        except Doubt as doubt:
            self.doubt(path, doubt)
            return otherwise
