"""What `doctor` found, as text: short sections, a mark before each line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from flashsync.model.doctor_report import (
    Access,
    Comparison,
    Diagnosis,
    DoctorFinding,
    EngineMatch,
    Mark,
    Permission,
    RuleFinding,
    Stretch,
    Trust,
    Verdict,
)
from flashsync.model.people import Directory
from flashsync.model.schedule import PRIMARY, Member
from flashsync.model.timezone import DAY
from flashsync.model.wording import count, moment
from flashsync.render.terminal import Look, Page, Screen, cells, wrapped

_SIGNS = {Mark.OK: "✓", Mark.WARNING: "!", Mark.ERROR: "✗", Mark.OPEN: "–"}
_LOOKS = {
    Mark.OK: Look.ADDED,
    Mark.WARNING: Look.WARNING,
    Mark.ERROR: Look.ERROR,
    Mark.OPEN: Look.PLAIN,
}
_MATCH_MARKS = {
    EngineMatch.SAME: Mark.OK,
    EngineMatch.DIFFERS: Mark.WARNING,
    EngineMatch.NOT_COMPUTED: Mark.OPEN,
    EngineMatch.NOT_READ: Mark.WARNING,
}
_TRUST_MARKS = {
    Trust.YES: Mark.OK,
    Trust.PARTLY: Mark.WARNING,
    Trust.NO: Mark.WARNING,
    Trust.UNKNOWN: Mark.OPEN,
}
_FEW_SCHEDULES = 8
"""So many that agree are named; of more, only their number is said."""
_FEW_STRETCHES = 3
_NARROW = 60
_WIDEST_TITLE = 29


def render_doctor(
    diagnosis: Diagnosis,
    directory: Directory,
    screen: Screen,
    *,
    timezone: str = "",
    verbose: bool = False,
) -> str:
    """All findings, section by section. Times are in `timezone`, else in the account's zone."""
    page = Page(screen)
    text = _Text(page, screen)
    text.section("Key")
    for found in diagnosis.key:
        text.finding(found)
    if diagnosis.account is not None or diagnosis.skew is not None:
        text.section("Clock")
        text.finding(diagnosis.clock)
    if diagnosis.account is None:
        page.blank()
        text.line(*_summary(diagnosis), indent=0)
        return str(page)
    text.section("Permissions", "read only; endpoints that write are never probed")
    text.table([_permission(one) for one in diagnosis.permissions])
    text.section("Open rules", "what the platform's documentation leaves open, as it is here")
    text.table([_rule(one) for one in diagnosis.rules if one.verdict is not Verdict.OPEN])
    for why, titles in _open_rules(diagnosis.rules).items():
        text.line(Mark.OPEN, f"not known ({why}): {', '.join(titles)}")
    zone = timezone or diagnosis.account.timezone
    names = _Names(directory, partial(moment, timezone=zone, now=diagnosis.at))
    text.section("Local engine against the platform", _window(diagnosis, names))
    _comparisons(text, diagnosis.comparisons, names, verbose=verbose)
    text.line(_compared_mark(diagnosis), compared(diagnosis))
    page.blank()
    text.line(_TRUST_MARKS[diagnosis.trust], f"{verdict(diagnosis)}.", indent=0)
    text.line(*_summary(diagnosis), indent=0)
    return str(page)


Line = tuple[Mark, str, str]
"""A mark, what it is about, and what was found."""


class _Text:
    """Lines with marks, on a page."""

    def __init__(self, page: Page, screen: Screen) -> None:
        self._page, self._screen = page, screen

    def section(self, title: str, what: str = "") -> None:
        """A heading, with a few words on what follows."""
        self._page.blank()
        if what:
            self._page.labelled(f"{title}:", Look.STRONG, what)
        else:
            self._page.text(title, Look.STRONG)

    def finding(self, found: DoctorFinding) -> None:
        """A finding with its remedy."""
        self.line(found.mark, _with_remedy(found.said, found.remedy))

    def line(self, mark: Mark, said: str, *, indent: int = 2) -> None:
        """One line, wrapped behind its mark."""
        self._page.labelled(_SIGNS[mark], _LOOKS[mark], said, indent=indent)

    def below(self, said: str) -> None:
        """A line that belongs to the one above."""
        self._page.text(said, indent=6, hang=2)

    def table(self, lines: Sequence[Line]) -> None:
        """Lines in two columns, where there is room for two."""
        widths = [cells(self._screen.safe(title)) for _, title, _ in lines]
        column = max((width for width in widths if width <= _WIDEST_TITLE), default=0)
        for (mark, title, said), width in zip(lines, widths, strict=True):
            if self._screen.columns < _NARROW or width > column:
                self.line(mark, f"{title}: {said}")
                continue
            start = len("  ✓ ") + column + 2
            first, *others = wrapped(self._screen.safe(said), self._screen.columns - start)
            row = title + " " * (column - width + 2) + first
            self._page.labelled(_SIGNS[mark], _LOOKS[mark], row, indent=2, hang=0)
            for other in others:
                self._page.text(other, indent=start)


def _with_remedy(said: str, remedy: str) -> str:
    return f"{said}; {remedy}" if remedy else said


def _permission(one: Permission) -> Line:
    if one.access is Access.ALLOWED:
        return one.mark, one.endpoint, one.use
    request = f" (request {one.request_id})" if one.request_id else ""
    if one.mark is Mark.OPEN:
        return one.mark, one.endpoint, f"{one.use}: {one.said}"
    return one.mark, one.endpoint, _with_remedy(f"{one.use}: {one.said}{request}", one.remedy)


def _rule(one: RuleFinding) -> Line:
    if one.verdict is Verdict.CONTRADICTED:
        return Mark.WARNING, one.title, f"assumed: {one.decision}; but {one.seen}"
    return Mark.OK, one.title, f"{one.decision}; {one.seen}"


def _open_rules(rules: Iterable[RuleFinding]) -> dict[str, list[str]]:
    """The titles of the rules that are not known, by what stood in the way."""
    found: dict[str, list[str]] = {}
    for one in rules:
        if one.verdict is Verdict.OPEN:
            found.setdefault(one.seen, []).append(one.title)
    return found


class _Names:
    """People and times in words."""

    def __init__(self, directory: Directory, when: Callable[[int], str]) -> None:
        self.when = when
        self._directory = directory

    def people(self, members: Iterable[Member]) -> str:
        """`alice, bob (backup)`, or nobody."""
        return ", ".join(self._member(one) for one in sorted(members)) or "nobody"

    def _member(self, member: Member) -> str:
        name = self._directory.person(member.person)
        return name if member.role == PRIMARY else f"{name} ({self._directory.role(member.role)})"


def _window(diagnosis: Diagnosis, names: _Names) -> str:
    start, end = diagnosis.window
    return f"{(end - start) // DAY} days from {names.when(start)}"


def _comparisons(text: _Text, found: Sequence[Comparison], names: _Names, *, verbose: bool) -> None:
    same = [one for one in found if one.match is EngineMatch.SAME]
    if len(same) > _FEW_SCHEDULES and not verbose:
        text.line(Mark.OK, f"{count(len(same), 'schedule')}: the same shifts (-v names them)")
        found = [one for one in found if one.match is not EngineMatch.SAME]
    for one in found:
        text.line(_MATCH_MARKS[one.match], f"{one.schedule}: {_compared(one)}")
        _stretches(text, one.stretches, names, verbose=verbose)


def _compared(one: Comparison) -> str:
    if one.match is EngineMatch.SAME:
        return "the same shifts"
    if one.match is EngineMatch.DIFFERS:
        return f"other people in {count(len(one.stretches), 'stretch', 'stretches')}"
    return one.said


def _stretches(text: _Text, found: Sequence[Stretch], names: _Names, *, verbose: bool) -> None:
    shown = found if verbose else found[:_FEW_STRETCHES]
    for one in shown:
        span = f"{names.when(one.start)} – {names.when(one.end)}"
        platform, engine = names.people(one.platform), names.people(one.engine)
        text.below(f"{span}   platform: {platform}; engine: {engine}")
    if len(found) > len(shown):
        text.below(f"and {len(found) - len(shown)} more (-v shows them)")


def _compared_mark(diagnosis: Diagnosis) -> Mark:
    marks = {_MATCH_MARKS[one.match] for one in diagnosis.comparisons}
    if Mark.WARNING in marks:
        return Mark.WARNING
    return Mark.OK if marks == {Mark.OK} and not diagnosis.left_out else Mark.OPEN


def _summary(diagnosis: Diagnosis) -> tuple[Mark, str]:
    """How many things are wrong."""
    errors = diagnosis.marks.count(Mark.ERROR)
    warnings = diagnosis.marks.count(Mark.WARNING)
    said = f"{count(errors, 'error')}, {count(warnings, 'warning')}; nothing was written."
    if diagnosis.account is None:
        said = f"Nothing else could be asked: {said}"
    mark = Mark.ERROR if errors else Mark.WARNING if warnings else Mark.OK
    return mark, said


# What text and JSON say alike about a look at key, account and platform.


def compared(diagnosis: Diagnosis) -> str:
    """`3 schedules compared: 2 the same, 1 different; 4 not computed`."""
    counts = {match: len(diagnosis.matching(match)) for match in EngineMatch}
    words = {EngineMatch.NOT_COMPUTED: "not computed", EngineMatch.NOT_READ: "not read"}
    parts = [f"{counts[match]} {word}" for match, word in words.items() if counts[match]]
    if diagnosis.left_out:
        parts.append(f"{diagnosis.left_out} left out (--schedules N compares more)")
    return "; ".join([_counted(counts[EngineMatch.SAME], counts[EngineMatch.DIFFERS]), *parts])


def _counted(same: int, different: int) -> str:
    if not same + different:
        return "no schedule was compared"
    said = f"{count(same + different, 'schedule')} compared"
    return (
        f"{said}: {same} the same, {different} different" if different else f"{said}, no difference"
    )


def verdict(diagnosis: Diagnosis) -> str:
    """Whether offline answers can be trusted, and why, in one sentence without a full stop."""
    doubts = "; ".join(_doubts(diagnosis))
    match diagnosis.trust:
        case Trust.YES:
            return f"Offline answers can be trusted for this account ({_grounds(diagnosis)})"
        case Trust.PARTLY:
            return f"Offline answers can be trusted in part only ({doubts})"
        case Trust.NO:
            return f"Offline answers cannot be trusted for this account ({doubts})"
        case Trust.UNKNOWN:
            return "Whether offline answers can be trusted is not known: nothing was compared"


def _grounds(diagnosis: Diagnosis) -> str:
    """What trust rests on: schedules that were compared, else previews alone."""
    if same := diagnosis.matching(EngineMatch.SAME):
        return _all_of(len(same))
    verb = "agrees" if diagnosis.previews == 1 else "agree"
    return f"no schedule was compared, but {count(diagnosis.previews, 'preview')} {verb}"


def _doubts(diagnosis: Diagnosis) -> Iterator[str]:
    """What stands against trust, the gravest first."""
    differing, fair = (
        len(diagnosis.matching(match)) for match in (EngineMatch.DIFFERS, EngineMatch.NOT_COMPUTED)
    )
    against = [
        rule.title
        for rule in diagnosis.rules
        if rule.shifts and rule.tried and rule.verdict is Verdict.CONTRADICTED
    ]
    if diagnosis.zone is Mark.ERROR:
        yield "flashsync.yaml names another time zone than the account's, and they count in it"
    if differing:
        yield f"{count(differing, 'schedule')} {'differs' if differing == 1 else 'differ'}"
    if against:
        yield f"the platform reads another way: {', '.join(against)}"
    if diagnosis.zone is Mark.OPEN:
        yield "no flashsync.yaml names the time zone in which they count"
    if fair:
        verb = "has" if fair == 1 else "have"
        yield f"{count(fair, 'schedule')} {verb} fair layers, which only the platform computes"


def _all_of(number: int) -> str:
    return (
        "the one schedule compared is the same"
        if number == 1
        else (f"all {number} schedules compared are the same")
    )
