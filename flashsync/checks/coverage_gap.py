"""An update that leaves a duty open at a time when somebody has it now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flashsync.checks.model import NOBODY, Case, CheckFinding, CheckSettings, between, more
from flashsync.errors import Level
from flashsync.model.schedule import PRIMARY
from flashsync.rotation.compare import Gap

_COVER = "cover it by a layer or an override"
_IN_OVERRIDE = "people of an override are primary, so check which roles the escalation rules page"


def coverage_gap(case: Case, settings: CheckSettings) -> Iterator[CheckFinding]:
    """Finds gaps that the update opens, by duty; without a backup there still is a primary.

    A create or a delete opens no gap in a rota.
    """
    if case.effect is None or case.before is None or case.after is None:
        return
    for role in dict.fromkeys(gap.role for gap in case.effect.gaps):
        gaps = [gap for gap in case.effect.gaps if gap.role == role]
        nobody = NOBODY if role is None else f"no {case.words.directory.role(role)}"
        message = f"this leaves {nobody} on call {between(gaps[0].span, case, case.window[1])}"
        message += more(len(gaps) - 1, "gap")
        level = None if role in (None, PRIMARY) else Level.WARNING
        yield CheckFinding(message, _find_remedy(case, gaps), ("layers",), level)


def _find_remedy(case: Case, gaps: Sequence[Gap]) -> str:
    gap = gaps[0]
    if gap.role is None:
        return _COVER
    overrides = case.after.overrides if case.after else ()
    if gap.role != PRIMARY and any(
        override.start < gap.end and gap.start < override.end for override in overrides
    ):
        return _IN_OVERRIDE
    return f"give the role {case.words.directory.role(gap.role)} to somebody who is on call then"
