"""What somebody who may push a branch tries, so that a plan is applied that nobody reviewed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.recipes.actions import Actions, Run
from tests.recipes.github import GitHub
from tests.recipes.team import Team
from tests.recipes.test_github import (
    APPLY,
    GREEN,
    PLAN,
    PRODUCTION,
    REFUSED,
    STOREFRONT,
    WEEKLY,
    kept,
    proposed,
    saved_plan,
)

COVER = "schedules/planned-cover.yaml"
NO_PLAN = "::error::The last commit of the pull request has no reviewed plan for main"


@pytest.fixture
def number(team: Team, github: GitHub, actions: Actions) -> int:
    """A pull request with a reviewed plan: Grace joins."""
    found = proposed(team, github, "grace", "carol, dave]", "carol, dave, grace]")
    assert actions.run(PLAN, github.of_pull(found)).green
    return found


def add_branch(team: Team, name: str) -> None:
    """A branch next to main, with an edit that no reviewer of main has seen."""
    team.branch(name)
    team.edit(COVER, "layers:", "description: Call mallory\nlayers:")


def record(github: GitHub, run: Run) -> Path:
    """What a run says its plan is for."""
    return next(file for file in kept(github, run, "flashsync-plan") if file.name == "made-for.txt")


def forge(github: GitHub, run: Run, number: int) -> None:
    """Have a run say that it was for another pull request, and for main."""
    path = record(github, run)
    lines = path.read_text(encoding="utf-8").splitlines()
    main = github.by_hand().sha
    lines[1:3] = [f"pull request {number}", "base main"]
    lines[4] = f"base commit {main}"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def assert_nothing_unreviewed(team: Team) -> None:
    assert "mallory" not in str(team.live(STOREFRONT))


def test_of_two_pull_requests_with_one_commit_the_plan_of_the_merged_one_is_applied(
    team: Team, github: GitHub, actions: Actions, number: int
) -> None:
    add_branch(team, "release")
    github.protect("release")
    other = github.open("grace", base="release")
    run = actions.run(PLAN, github.of_pull(other))
    assert "mallory" in github.comments(other)[0]
    run = actions.run(APPLY, github.merge(number))
    assert run.results == GREEN, run.printed
    assert team.turns(PRODUCTION) == 5
    assert_nothing_unreviewed(team)


def test_a_run_for_a_base_that_anybody_may_push_to_can_say_anything(
    team: Team, github: GitHub, actions: Actions, number: int
) -> None:
    add_branch(team, "mallory")
    other = github.open("grace", base="mallory")
    forge(github, actions.run(PLAN, github.of_pull(other)), number)
    before = team.written
    run = actions.run(APPLY, github.merge(number))
    assert (run.results, team.written) == (REFUSED, before)
    assert f"::error::Pull request #{other} is of the same branch" in run.printed


def test_a_pull_request_that_is_opened_after_the_merge_stops_nothing(
    team: Team, github: GitHub, actions: Actions, number: int
) -> None:
    push = github.merge(number)
    add_branch(team, "mallory")
    forge(github, actions.run(PLAN, github.of_pull(github.open("grace", base="mallory"))), number)
    run = actions.run(APPLY, push)
    assert run.results == GREEN, run.printed
    assert_nothing_unreviewed(team)


def test_a_twin_branch_with_the_same_commit_is_not_the_branch_that_was_merged(
    team: Team, github: GitHub, actions: Actions, number: int
) -> None:
    add_branch(team, "mallory")
    team.git("push", "--quiet", "origin", "grace:refs/heads/twin")
    forge(github, actions.run(PLAN, github.of_pull(github.open("twin", base="mallory"))), number)
    run = actions.run(APPLY, github.merge(number))
    assert run.results == GREEN, run.printed
    assert_nothing_unreviewed(team)


def test_a_plan_is_not_taken_when_its_base_was_changed_later(
    team: Team, github: GitHub, actions: Actions
) -> None:
    add_branch(team, "mallory")
    team.branch("grace")
    team.edit(WEEKLY, "carol, dave]", "carol, dave, grace]")
    number = github.open("grace", base="mallory")
    forge(github, actions.run(PLAN, github.of_pull(number)), number)
    github.change_base(number, "main")
    before = team.written
    push = github.merge(number)
    run = actions.run(APPLY, push)
    assert (run.results, team.written) == (REFUSED, before)
    assert NO_PLAN in run.printed


def test_a_plan_that_writes_what_no_merged_file_declares_is_refused_whoever_made_it(
    team: Team, github: GitHub, actions: Actions, number: int
) -> None:
    reviewed = saved_plan(github, Run(github.state["runs"][-1]["id"], {}))
    add_branch(team, "mallory")
    team.git("push", "--quiet", "origin", "grace:refs/heads/twin")
    forged = actions.run(PLAN, github.of_pull(github.open("twin", base="mallory")))
    reviewed.write_bytes(saved_plan(github, forged).read_bytes())
    before = team.written
    run = actions.run(APPLY, github.merge(number))
    assert (run.results, team.written) == (REFUSED, before)
    assert "::error::The reviewed plan cannot be applied any more" in run.printed
    assert STOREFRONT in github.comments(number)[-1]


def test_a_base_that_is_changed_after_the_merge_hides_nothing(
    team: Team, github: GitHub, actions: Actions, number: int
) -> None:
    add_branch(team, "mallory")
    other = github.open("grace", base="mallory")
    forge(github, actions.run(PLAN, github.of_pull(other)), number)
    push = github.merge(number)
    github.change_base(other, "main")
    before = team.written
    run = actions.run(APPLY, push)
    assert (run.results, team.written) == (REFUSED, before)
    assert NO_PLAN in run.printed


def test_a_plan_that_is_made_again_after_the_merge_was_not_reviewed(
    team: Team, github: GitHub, actions: Actions, number: int
) -> None:
    push = github.merge(number)
    github.run_again(github.state["runs"][-1]["id"])
    before = team.written
    run = actions.run(APPLY, push)
    assert (run.results, team.written) == (REFUSED, before)
    assert NO_PLAN in run.printed


def test_a_pull_request_that_changes_the_workflows_does_not_make_its_own_plan(
    team: Team, github: GitHub, actions: Actions, number: int
) -> None:
    team.edit(".github/workflows/plan.yml", "flashsync plan --format", "./mine --format")
    assert actions.run(PLAN, github.of_pull(number)).green  # of the file of this repository
    before = team.written
    run = actions.run(APPLY, github.merge(number))
    assert (run.results, team.written) == (REFUSED, before)
    assert "::error::The merge changes .github" in run.printed


def test_a_record_that_is_not_of_this_merge_is_not_taken(
    team: Team, github: GitHub, actions: Actions, number: int
) -> None:
    event = github.of_pull(number)
    run = actions.run(PLAN, event)
    lines = record(github, run).read_text(encoding="utf-8").splitlines()
    head = event.payload["pull_request"]["head"]["sha"]
    assert lines[:4] == [
        "repository acme/rota",
        f"pull request {number}",
        "base main",
        f"head {head}",
    ]
    wrong: tuple[list[str], ...] = (
        lines[:4],
        ["repository mallory/rota", *lines[1:]],
        [lines[0], f"pull request {number}1", *lines[2:]],
        [*lines[:2], "base mallory", *lines[3:]],
        [*lines[:3], f"head {'0' * 40}", lines[4]],
        [*lines[:4], f"base commit {'0' * 40}"],
        [*lines[:4], "base commit HEAD"],
        [*lines[:4], f"base commit {head}"],
        [*lines, lines[4]],
        ["pull request 7", *lines],
        [],
    )
    for extra, content in enumerate(wrong, start=7000):
        folder = team.machine.home / f"forged-{extra}"
        folder.mkdir()
        (folder / "plan.json").write_text("{}", encoding="utf-8")
        if content:
            text = "\n".join(content) + "\n"
            (folder / "made-for.txt").write_text(text, encoding="utf-8")
        github.remember_run(extra, "plan.yml", event, "success")
        github.remember_artifact(extra, "flashsync-plan", folder)
    run = actions.run(APPLY, github.merge(number))
    assert run.results == GREEN, run.printed
    assert run.printed.count("made its plan for something else.") == len(wrong)


def test_what_two_pull_requests_were_merged_by_is_not_guessed(
    team: Team, github: GitHub, actions: Actions, number: int
) -> None:
    team.git("push", "--quiet", "origin", "grace:refs/heads/twin")
    twin = github.open("twin")
    push = github.merge(number)
    github.merged_too(twin, push)
    before = team.written
    run = actions.run(APPLY, push)
    assert (run.results, team.written) == ({**REFUSED, "report": "skipped"}, before)
    assert "::error::Nobody has reviewed a plan for this" in run.printed


def test_a_plan_needs_the_flashsync_yaml_that_it_is_compared_with(
    team: Team, github: GitHub, actions: Actions
) -> None:
    team.pull()
    team.git("rm", "--quiet", "flashsync.yaml", COVER)
    addresses = "alice@example.com, bob@example.com"
    team.edit(WEEKLY, "[alice, bob, carol, dave]", f"[{addresses}]")
    before = team.written
    run = actions.run(APPLY, github.by_hand())
    assert (run.jobs["plan"].result, team.written) == ("failure", before)
    assert "::error::flashsync.yaml must be at the root of the repository" in run.printed
