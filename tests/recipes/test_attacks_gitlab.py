"""What somebody who may push a branch tries, so that a plan is applied that nobody reviewed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.recipes.gitlab import GitLab
from tests.recipes.team import Team
from tests.recipes.test_gitlab import MERGED, PRODUCTION, REFUSED, WEEKLY, notes, proposed

COVER = "schedules/planned-cover.yaml"
STOREFRONT = "Storefront On-Call"
NO_PLAN = "none was made for main before the merge"


@pytest.fixture
def iid(team: Team, gitlab: GitLab) -> int:
    """A merge request with a reviewed plan: Grace joins."""
    found = proposed(team, gitlab, "grace", "carol, dave]", "carol, dave, grace]")
    assert gitlab.push(found).green
    return found


def records(gitlab: GitLab) -> list[Path]:
    """What each pipeline says its plan is for."""
    jobs = [job for job in gitlab.state["jobs"] if job["name"] == "plan"]
    return [Path(job["folder"]) / "flashsync-ci" / "made-for.txt" for job in jobs]


def test_of_two_merge_requests_with_one_commit_the_plan_of_the_merged_one_is_applied(
    team: Team, gitlab: GitLab, iid: int
) -> None:
    team.git("push", "--quiet", "origin", "main:refs/heads/release")
    other = gitlab.open("grace", target="release")
    assert gitlab.push(other).green
    mine, forged = records(gitlab)
    forged.write_text(mine.read_text(encoding="utf-8"), encoding="utf-8")
    (forged.parent / "plan.json").write_text('{"mallory": true}', encoding="utf-8")
    pipeline = gitlab.merge(iid)
    assert pipeline.results == MERGED, pipeline.printed
    assert team.turns(PRODUCTION) == 5


def test_a_plan_for_another_target_is_not_taken(team: Team, gitlab: GitLab) -> None:
    team.git("push", "--quiet", "origin", "main:refs/heads/release")
    team.branch("grace")
    team.edit(WEEKLY, "carol, dave]", "carol, dave, grace]")
    iid = gitlab.open("grace", target="release")
    assert gitlab.push(iid).green
    gitlab.change_target(iid, "main")
    before = team.written
    assert gitlab.merge(iid).results == REFUSED
    assert team.written == before
    assert NO_PLAN in notes(gitlab, iid)[-1]


def test_a_plan_that_is_made_again_after_the_merge_was_not_reviewed(
    team: Team, gitlab: GitLab, iid: int
) -> None:
    main = gitlab.fast_forward(iid)
    gitlab.run_again(gitlab.state["pipelines"][-1]["id"])
    before = team.written
    assert gitlab.of_main("push", main).results == REFUSED
    assert team.written == before
    assert NO_PLAN in notes(gitlab, iid)[-1]


def test_a_merge_request_that_changes_the_pipeline_does_not_make_its_own_plan(
    team: Team, gitlab: GitLab, iid: int
) -> None:
    team.edit(".gitlab-ci.yml", "flashsync plan --report", "./mine --report")
    assert gitlab.push(iid).green  # of the file of this repository
    before = team.written
    assert gitlab.merge(iid).results == REFUSED
    assert team.written == before
    assert "it changes .gitlab-ci.yml, which made its own plan." in notes(gitlab, iid)[-1]


def test_a_record_that_is_not_of_this_merge_is_not_taken(
    team: Team, gitlab: GitLab, iid: int
) -> None:
    (path,) = records(gitlab)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[:3] == ["project 42", f"merge request {iid}", "target main"]
    wrong: tuple[list[str], ...] = (
        lines[:4],
        ["project 43", *lines[1:]],
        [lines[0], f"merge request {iid}1", *lines[2:]],
        [*lines[:2], "target mallory", *lines[3:]],
        [*lines[:3], f"head {'0' * 40}", lines[4]],
        [*lines[:4], f"target commit {'0' * 40}"],
        [*lines[:4], "target commit HEAD"],
        [*lines[:4], lines[3].replace("head", "target commit")],
        ["merge request 7", *lines],
        [],
    )
    for number, content in enumerate(wrong):
        folder = team.machine.home / f"forged-{number}" / "flashsync-ci"
        folder.mkdir(parents=True)
        (folder / "plan.json").write_text("{}", encoding="utf-8")
        if content:
            text = "\n".join(content) + "\n"
            (folder / "made-for.txt").write_text(text, encoding="utf-8")
        gitlab.remember_again(folder.parent)
    pipeline = gitlab.merge(iid)
    assert pipeline.results == MERGED, pipeline.printed


def test_what_two_merge_requests_were_merged_by_is_not_guessed(
    team: Team, gitlab: GitLab, iid: int
) -> None:
    team.git("push", "--quiet", "origin", "grace:refs/heads/twin")
    twin = gitlab.open("twin")
    assert gitlab.push(twin).green
    gitlab.fast_forward(twin)
    before = team.written
    pipeline = gitlab.merge(iid)
    assert (pipeline.results["apply"], team.written) == ("failed", before)
    assert "it is not the merge of one merge request of this project" in pipeline.printed


@pytest.mark.parametrize("place", ["plan.json", "flashsync-ci/plan.json"])
def test_a_plan_that_lies_in_the_repository_is_not_the_reviewed_one(
    team: Team, gitlab: GitLab, place: str
) -> None:
    team.pull()
    (team.clone / "flashsync-ci").mkdir()
    text = (team.clone / WEEKLY).read_text(encoding="utf-8")
    changed = text.replace("carol, dave]", "carol, dave, grace]")
    (team.clone / WEEKLY).write_text(changed, encoding="utf-8")
    assert team.flashsync("plan", "--out", place).code == 0
    team.git("add", "--all")
    team.edit(WEEKLY, "grace]", "grace] # as planned")
    before = team.written
    pipeline = gitlab.of_main("push")
    assert (pipeline.green, team.written) == (False, before)
