"""What all runs come to: the row of the goals, and the seeds of those that did damage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.soak.run import Verdict

_HEAD = (
    "runs",
    "duplicates",
    "lost schedules",
    "lost overrides",
    "not converged",
    "told wrongly",
    "lost in the one known moment",
)
_PAGE = """\
# Fault runs

Made by `make soak SEED={seed} RUNS={runs}` on {cores} cores, in {minutes:.1f} minutes.

A run is a random account with console overrides, random edits of the files (rotas, renames,
exchanged names, creates, deletes), then plans and applies with up to seven faults each, at random
requests and at the writes: {faults:,} faults were met in all. Meanwhile others make overrides and
edits in the console, between any two requests; {kills} times the client was killed (`kill -9`) at a
request, before or after the service had acted. At most three applies without trouble have to leave
an empty plan. Before that, every outcome is compared with what the service did.

{table}
The last column is no damage by the design: the platform has no lock, so an override that is made
after a schedule is read and before the one write that follows can be lost. A schedule is lost when
its id is gone, under whatever name.

Beside these, each of the kinds of trouble was put at each request of `plan` and of `apply` in a
small scenario (an update beside a console override, a create, a delete): {cases} cases, {wrong} of
them wrong.
"""


@dataclass(frozen=True)
class Report:
    """The verdicts of all runs; `cases` of trouble at every request, and what was `found` there."""

    verdicts: Sequence[Verdict]
    cases: int
    found: Sequence[str]
    seconds: float

    @property
    def damage(self) -> int:
        """All that must be nought."""
        return sum(one.damage for one in self.verdicts) + len(self.found)

    @property
    def table(self) -> str:
        """The row, as Markdown."""
        numbers = (
            len(self.verdicts),
            sum(one.duplicates for one in self.verdicts),
            sum(one.lost_schedules for one in self.verdicts),
            sum(one.lost_overrides for one in self.verdicts),
            sum(one.unfinished for one in self.verdicts),
            sum(len(one.wrong) for one in self.verdicts),
            sum(one.known_moments for one in self.verdicts),
        )
        row = (f"{number:,}".ljust(len(name)) for number, name in zip(numbers, _HEAD, strict=True))
        rule = "|".join("-" * (len(name) + 2) for name in _HEAD)
        return f"| {' | '.join(_HEAD)} |\n|{rule}|\n| {' | '.join(row)} |\n"

    @property
    def text(self) -> str:
        """The row, the cases, and how to run again what did damage."""
        lines = [f"{self.cases} cases of one fault at one request: {len(self.found)} wrong"]
        lines += self.found
        lines += [
            f"make soak SEED={one.seed} RUNS=1   # {'; '.join(one.wrong)[:300]}"
            for one in self.verdicts
            if one.damage
        ]
        faults, kills = self._befell
        lines.append(f"{faults:,} faults met, {kills} times killed, {self.seconds:.0f} s")
        return self.table + "\n".join(lines) + "\n"

    @property
    def _befell(self) -> tuple[int, int]:
        return sum(one.faults for one in self.verdicts), sum(one.kills for one in self.verdicts)

    def page(self, seed: int, cores: int) -> str:
        """The result to be kept."""
        faults, kills = self._befell
        return _PAGE.format(
            seed=seed,
            runs=len(self.verdicts),
            cores=cores,
            minutes=self.seconds / 60,
            faults=faults,
            kills=kills,
            table=self.table,
            cases=self.cases,
            wrong=len(self.found),
        )
