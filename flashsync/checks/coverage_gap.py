"""An update that leaves nobody on call at a time that is covered now."""

from __future__ import annotations

from collections.abc import Iterator

from flashsync.checks.finding_text import between, more
from flashsync.checks.model import Case, CheckFinding, CheckSettings


def coverage_gap(case: Case, settings: CheckSettings) -> Iterator[CheckFinding]:
    """Finds gaps that the update opens. A create or a delete opens no gap in a rota."""
    if case.effect is None or case.before is None or case.after is None:
        return
    if gaps := case.effect.gaps:
        message = f"this leaves nobody on call {between(gaps[0], case, case.window[1])}"
        message += more(len(gaps) - 1, "gap")
        yield CheckFinding(message, "cover it by a layer or an override", ("layers",))
