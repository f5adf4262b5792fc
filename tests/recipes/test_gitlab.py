"""The pipeline for GitLab, run from its file: merge request, merge, nightly job."""

from __future__ import annotations

from pathlib import Path

from tests.recipes.gitlab import FORK, GitLab
from tests.recipes.team import Team, made_eight_days_ago

WEEKLY, PRODUCTION = "schedules/weekly.yaml", "Production On-Call"
MERGE_REQUEST = {"validate": "success", "plan": "success", "comment": "success"}
MERGED = {"reviewed": "success", "apply": "success", "outcome": "success"}
REFUSED = {**MERGED, "apply": "failed"}
NIGHT = {"drift": "success", "issue": "success"}


def proposed(team: Team, gitlab: GitLab, branch: str, old: str, new: str) -> int:
    """A merge request with one edit of the weekly rota."""
    team.branch(branch)
    team.edit(WEEKLY, old, new)
    return gitlab.open(branch)


def notes(gitlab: GitLab, iid: int) -> list[str]:
    """The notes on a merge request."""
    return gitlab.notes("merge_requests", iid)


def test_a_merge_request_has_one_note_and_its_merge_applies_what_it_showed(
    team: Team, gitlab: GitLab
) -> None:
    iid = proposed(team, gitlab, "grace", "carol, dave]", "carol, dave, grace]")
    pipeline = gitlab.push(iid)
    assert pipeline.results == MERGE_REQUEST, pipeline.printed
    (note,) = notes(gitlab, iid)
    assert note.startswith("<!-- flashsync plan -->\n")
    assert "grace" in note

    team.edit(WEEKLY, "grace]", "nobody]")
    pipeline = gitlab.push(iid)
    assert (pipeline.results["plan"], pipeline.results["comment"]) == ("failed", "success")
    (refused,) = notes(gitlab, iid)
    assert refused != note

    team.edit(WEEKLY, "nobody]", "grace, heidi]")
    assert gitlab.push(iid).green
    assert "heidi" in notes(gitlab, iid)[0]
    before = team.written
    pipeline = gitlab.merge(iid)
    assert pipeline.results == MERGED, pipeline.printed
    assert (team.written - before, team.turns(PRODUCTION)) == (1, 6)
    _, outcome = notes(gitlab, iid)
    assert PRODUCTION in outcome
    assert gitlab.of_main("push").results == MERGED
    assert team.written - before == 1


def test_what_is_old_or_has_moved_is_refused_and_then_planned_anew_by_hand(
    team: Team, gitlab: GitLab
) -> None:
    iid = proposed(team, gitlab, "grace", "carol, dave]", "carol, dave, grace]")
    assert gitlab.push(iid).green
    (job,) = [job for job in gitlab.state["jobs"] if job["name"] == "plan"]
    plan = Path(job["folder"]) / "flashsync-ci" / "plan.json"
    reviewed = plan.read_text(encoding="utf-8")
    before = team.written

    made_eight_days_ago(plan)
    assert gitlab.merge(iid).results == REFUSED
    assert "--max-age allows 7 days" in notes(gitlab, iid)[-1]

    plan.write_text(reviewed, encoding="utf-8")
    team.sandbox.console.edit(PRODUCTION, {"description": "Call Bob"}, by="bob@example.com")
    assert gitlab.of_main("push").results == REFUSED
    said = notes(gitlab, iid)[-1]
    assert "the reviewed plan cannot be applied any more" in said
    assert "has changed since the plan was made, in description; " in said
    assert "by bob on" in said
    assert team.written == before

    pipeline = gitlab.of_main("web")
    assert pipeline.results == {"plan": "success", "apply": "success"}, pipeline.printed
    assert (team.written, team.turns(PRODUCTION)) == (before + 1, 5)


def test_a_branch_that_is_behind_plans_nothing(team: Team, gitlab: GitLab) -> None:
    iid = proposed(team, gitlab, "grace", "carol, dave]", "carol, dave, grace]")
    team.git("switch", "--quiet", "main")
    team.edit(WEEKLY, "carol, dave]", "carol, dave, heidi]")
    team.git("switch", "--quiet", "grace")
    pipeline = gitlab.push(iid)
    assert pipeline.results == {**MERGE_REQUEST, "plan": "failed"}
    assert "the branch is behind its target" in notes(gitlab, iid)[0]


def test_a_fork_only_validates(team: Team, gitlab: GitLab) -> None:
    iid = proposed(team, gitlab, "grace", "carol, dave]", "carol, dave, grace]")
    assert gitlab.push(iid, source=FORK).results == {"validate": "success"}


def test_drift_is_one_issue_that_is_closed_when_nothing_differs_any_more(
    team: Team, gitlab: GitLab
) -> None:
    assert gitlab.of_main("schedule").results == NIGHT
    assert gitlab.state["issues"] == []
    for words in ("Call Bob", "Call Carol"):
        team.sandbox.console.edit(PRODUCTION, {"description": words}, by="bob@example.com")
        assert gitlab.of_main("schedule").results == NIGHT
        (issue,) = gitlab.state["issues"]
        assert (issue["state"], issue["labels"]) == ("opened", ["flashsync-drift"])
        assert words in issue["description"]
    assert team.flashsync("apply", "--auto-approve").code == 0
    assert gitlab.of_main("schedule").results == NIGHT
    (issue,) = gitlab.state["issues"]
    assert (issue["state"], len(gitlab.notes("issues", issue["iid"]))) == ("closed", 1)
