"""The result of `doctor` as text: short sections, a mark before each line; and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from flashsync.model import wording
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
from flashsync.model.schedule import Member
from flashsync.model.timezone import DAY, rfc3339
from flashsync.model.wording import count, moment
from flashsync.render.sanitize import dump
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
"""The most schedules without difference that are named; more are counted."""
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
    """All findings by section. Times are in `timezone`, else in the account's zone."""
    page = Page(screen)
    text = _MarkedPage(page, screen)
    text.section("Key")
    for finding in diagnosis.key:
        text.finding(finding)
    if diagnosis.account is not None or diagnosis.skew is not None:
        text.section("Clock")
        text.finding(diagnosis.clock)
    if diagnosis.account is None:
        page.blank()
        text.line(*_summary(diagnosis), indent=0)
        return str(page)
    text.section("Permissions", "read only; endpoints that write are never probed")
    text.table([_permission_line(permission) for permission in diagnosis.permissions])
    text.section("Open rules", "what the platform's documentation leaves open, as it is here")
    known = [rule for rule in diagnosis.rules if rule.verdict is not Verdict.OPEN]
    text.table([_rule_line(rule) for rule in known])
    for why, titles in _group_open_rules(diagnosis.rules).items():
        text.line(Mark.OPEN, f"not known ({why}): {', '.join(titles)}")
    zone = timezone or diagnosis.account.timezone
    names = _Names(directory, partial(moment, timezone=zone, now=diagnosis.at))
    start, end = diagnosis.window
    days = f"{(end - start) // DAY} days from {names.when(start)}"
    text.section("Local engine against the platform", days)
    _add_comparisons(text, diagnosis.comparisons, names, verbose=verbose)
    text.line(_mark_of_comparisons(diagnosis), count_comparisons(diagnosis))
    page.blank()
    text.line(_TRUST_MARKS[diagnosis.trust], f"{explain_trust(diagnosis)}.", indent=0)
    text.line(*_summary(diagnosis), indent=0)
    return str(page)


Line = tuple[Mark, str, str]
"""A mark, a title, and a text."""


class _MarkedPage:
    """A page of lines with marks."""

    def __init__(self, page: Page, screen: Screen) -> None:
        self._page, self._screen = page, screen

    def section(self, title: str, about: str = "") -> None:
        """Adds a heading, with a few words on the section."""
        self._page.blank()
        if about:
            self._page.labelled(f"{title}:", Look.STRONG, about)
        else:
            self._page.text(title, Look.STRONG)

    def finding(self, finding: DoctorFinding) -> None:
        """Adds a finding with its remedy."""
        self.line(finding.mark, _with_remedy(finding.message, finding.remedy))

    def line(self, mark: Mark, text: str, *, indent: int = 2) -> None:
        """Adds a text, wrapped behind its mark."""
        self._page.labelled(_SIGNS[mark], _LOOKS[mark], text, indent=indent)

    def detail(self, text: str) -> None:
        """Adds a text that belongs to the line above."""
        self._page.text(text, indent=6, hang=2)

    def table(self, lines: Sequence[Line]) -> None:
        """Adds lines in two columns, if there is room for two."""
        widths = [cells(self._screen.safe(title)) for _, title, _ in lines]
        column = max((width for width in widths if width <= _WIDEST_TITLE), default=0)
        for (mark, title, text), width in zip(lines, widths, strict=True):
            if self._screen.columns < _NARROW or width > column:
                self.line(mark, f"{title}: {text}")
                continue
            start = len("  ✓ ") + column + 2
            first, *others = wrapped(self._screen.safe(text), self._screen.columns - start)
            row = title + " " * (column - width + 2) + first
            self._page.labelled(_SIGNS[mark], _LOOKS[mark], row, indent=2, hang=0)
            for other in others:
                self._page.text(other, indent=start)


def _with_remedy(message: str, remedy: str) -> str:
    return f"{message}; {remedy}" if remedy else message


def _permission_line(permission: Permission) -> Line:
    text = permission.use
    if permission.access is not Access.ALLOWED:
        text += f": {permission.message}"
        if permission.mark is not Mark.OPEN:
            request = f" (request {permission.request_id})" if permission.request_id else ""
            text = _with_remedy(f"{text}{request}", permission.remedy)
    return permission.mark, permission.endpoint, text


def _rule_line(rule: RuleFinding) -> Line:
    if rule.verdict is Verdict.CONTRADICTED:
        return Mark.WARNING, rule.title, f"assumed: {rule.decision}; but {rule.seen}"
    return Mark.OK, rule.title, f"{rule.decision}; {rule.seen}"


def _group_open_rules(rules: Iterable[RuleFinding]) -> dict[str, list[str]]:
    """The titles of the rules that stay open, by the reason."""
    titles: dict[str, list[str]] = {}
    for rule in rules:
        if rule.verdict is Verdict.OPEN:
            titles.setdefault(rule.seen, []).append(rule.title)
    return titles


class _Names:
    """People and times in words."""

    def __init__(self, directory: Directory, when: Callable[[int], str]) -> None:
        self.when = when
        self._directory = directory

    def people(self, members: Iterable[Member]) -> str:
        """`alice, bob (backup)`, or `nobody`."""
        ordered = sorted(members)
        return ", ".join(wording.member(member, self._directory) for member in ordered) or "nobody"


def _add_comparisons(
    text: _MarkedPage, comparisons: Sequence[Comparison], names: _Names, *, verbose: bool
) -> None:
    same = [comparison for comparison in comparisons if comparison.match is EngineMatch.SAME]
    if len(same) > _FEW_SCHEDULES and not verbose:
        text.line(Mark.OK, f"{count(len(same), 'schedule')}: the same shifts (-v names them)")
        comparisons = [part for part in comparisons if part.match is not EngineMatch.SAME]
    for comparison in comparisons:
        mark = _MATCH_MARKS[comparison.match]
        text.line(mark, f"{comparison.schedule}: {_describe(comparison)}")
        _add_stretches(text, comparison.stretches, names, verbose=verbose)


def _describe(comparison: Comparison) -> str:
    if comparison.match is EngineMatch.SAME:
        return "the same shifts"
    if comparison.match is EngineMatch.DIFFERS:
        return f"other people in {count(len(comparison.stretches), 'stretch', 'stretches')}"
    return comparison.message


def _add_stretches(
    text: _MarkedPage, stretches: Sequence[Stretch], names: _Names, *, verbose: bool
) -> None:
    shown = stretches if verbose else stretches[:_FEW_STRETCHES]
    for stretch in shown:
        span = f"{names.when(stretch.start)} – {names.when(stretch.end)}"
        platform, engine = names.people(stretch.platform), names.people(stretch.engine)
        text.detail(f"{span}   platform: {platform}; engine: {engine}")
    if len(stretches) > len(shown):
        text.detail(f"and {len(stretches) - len(shown)} more (-v shows them)")


def _mark_of_comparisons(diagnosis: Diagnosis) -> Mark:
    marks = {_MATCH_MARKS[comparison.match] for comparison in diagnosis.comparisons}
    if Mark.WARNING in marks:
        return Mark.WARNING
    return Mark.OK if marks == {Mark.OK} and not diagnosis.left_out else Mark.OPEN


def _summary(diagnosis: Diagnosis) -> tuple[Mark, str]:
    errors = diagnosis.marks.count(Mark.ERROR)
    warnings = diagnosis.marks.count(Mark.WARNING)
    text = f"{count(errors, 'error')}, {count(warnings, 'warning')}; nothing was written."
    if diagnosis.account is None:
        text = f"Nothing else could be asked: {text}"
    mark = Mark.ERROR if errors else Mark.WARNING if warnings else Mark.OK
    return mark, text


def count_comparisons(diagnosis: Diagnosis) -> str:
    """`3 schedules compared: 2 the same, 1 different; 4 not computed`."""
    counts = {match: len(diagnosis.matching(match)) for match in EngineMatch}
    words = {EngineMatch.NOT_COMPUTED: "not computed", EngineMatch.NOT_READ: "not read"}
    parts = [f"{counts[match]} {word}" for match, word in words.items() if counts[match]]
    if diagnosis.left_out:
        parts.append(f"{diagnosis.left_out} left out (--schedules N compares more)")
    same, different = counts[EngineMatch.SAME], counts[EngineMatch.DIFFERS]
    compared = f"{count(same + different, 'schedule')} compared"
    if different:
        compared += f": {same} the same, {different} different"
    else:
        compared = f"{compared}, no difference" if same else "no schedule was compared"
    return "; ".join([compared, *parts])


def explain_trust(diagnosis: Diagnosis) -> str:
    """Whether offline answers can be trusted, and why: one sentence without a full stop."""
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
    """The evidence for trust: compared schedules, else previews alone."""
    if same := len(diagnosis.matching(EngineMatch.SAME)):
        one = "the one schedule compared is the same"
        return one if same == 1 else f"all {same} schedules compared are the same"
    verb = "agrees" if diagnosis.previews == 1 else "agree"
    return f"no schedule was compared, but {count(diagnosis.previews, 'preview')} {verb}"


def _doubts(diagnosis: Diagnosis) -> Iterator[str]:
    """The evidence against trust, the gravest first."""
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


FORMAT_VERSION = "1.0"


def render_doctor_json(diagnosis: Diagnosis, directory: Directory) -> str:
    """All findings; keys are stable across versions."""
    account, skew = diagnosis.account, diagnosis.skew
    start, end = diagnosis.window
    document = {
        "format_version": FORMAT_VERSION,
        "healthy": diagnosis.healthy,
        "offline": {"trusted": diagnosis.trust.value, "said": explain_trust(diagnosis)},
        "account": account
        and {"id": account.id, "name": account.name, "timezone": account.timezone},
        "key": [_finding(finding) for finding in diagnosis.key],
        "clock": {
            **_finding(diagnosis.clock),
            "seconds_behind": skew and round(skew.seconds, 3),
        },
        "permissions": [_permission(part) for part in diagnosis.permissions],
        "rules": [_rule(rule) for rule in diagnosis.rules],
        "engine": {
            "window": {"start": rfc3339(start), "end": rfc3339(end)},
            "left_out": diagnosis.left_out,
            "schedules": [_comparison(part, directory) for part in diagnosis.comparisons],
        },
    }
    return dump(document)


def _finding(finding: DoctorFinding) -> dict[str, object]:
    return {
        "id": finding.id,
        "mark": finding.mark.value,
        "message": finding.message,
        "remedy": finding.remedy,
    }


def _permission(permission: Permission) -> dict[str, object]:
    return {
        "endpoint": permission.endpoint,
        "use": permission.use,
        "access": permission.access.value,
        "mark": permission.mark.value,
        "message": permission.message,
        "remedy": permission.remedy,
        "request_id": permission.request_id,
    }


def _rule(rule: RuleFinding) -> dict[str, object]:
    return {
        "id": rule.id,
        "title": rule.title,
        "assumed": rule.decision,
        "verdict": rule.verdict.value,
        "seen": rule.seen,
        "previewed": rule.tried,
        "agreeing": list(rule.agreeing),
        "differing": list(rule.differing),
    }


def _comparison(comparison: Comparison, directory: Directory) -> dict[str, object]:
    return {
        "schedule": comparison.schedule,
        "schedule_id": comparison.id,
        "match": comparison.match.value,
        "message": comparison.message,
        "rules": sorted(comparison.rules),
        "differences": [_stretch(part, directory) for part in comparison.stretches],
    }


def _stretch(stretch: Stretch, directory: Directory) -> dict[str, object]:
    return {
        "start": rfc3339(stretch.start),
        "end": rfc3339(stretch.end),
        "platform": _people(stretch.platform, directory),
        "engine": _people(stretch.engine, directory),
    }


def _people(members: Iterable[Member], directory: Directory) -> list[dict[str, str]]:
    people = ((member, directory.people.get(member.person)) for member in sorted(members))
    return [
        {
            "person": directory.person(member.person),
            "email": person.email if person else "",
            "role": directory.role(member.role),
        }
        for member, person in people
    ]
