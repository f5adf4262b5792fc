"""The workflows for GitHub, run from their files: pull request, merge, nightly job."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.recipes.actions import Actions, Run
from tests.recipes.conftest import CI
from tests.recipes.github import GitHub
from tests.recipes.team import Team, made_eight_days_ago

PLAN, APPLY, DRIFT = (CI / "github" / f"{name}.yml" for name in ("plan", "apply", "drift"))
WEEKLY, PRODUCTION = "schedules/weekly.yaml", "Production On-Call"
STOREFRONT = "Storefront On-Call"
GREEN = {"plan": "success", "apply": "success", "report": "success"}
REFUSED = {"plan": "failure", "apply": "skipped", "report": "success"}
UNTOUCHED = {"plan": "success", "apply": "skipped", "report": "skipped"}


def proposed(team: Team, github: GitHub, branch: str, old: str, new: str) -> int:
    """A pull request with one edit of the weekly rota."""
    team.branch(branch)
    team.edit(WEEKLY, old, new)
    return github.open(branch)


def test_a_pull_request_has_one_comment_and_its_merge_applies_what_it_showed(
    team: Team, github: GitHub, actions: Actions
) -> None:
    number = proposed(team, github, "grace", "carol, dave]", "carol, dave, grace]")
    github.someone_comments(number, "mallory", "<!-- flashsync plan -->\nAll is well.")
    run = actions.run(PLAN, github.of_pull(number))
    assert run.results == {"validate": "success", "plan": "success"}
    other, comment = github.comments(number)
    assert comment.startswith("<!-- flashsync plan -->\n")
    assert "grace" in comment
    assert "grace" in run.jobs["plan"].summary

    team.edit(WEEKLY, "grace]", "nobody]")
    run = actions.run(PLAN, github.of_pull(number))
    assert run.results == {"validate": "success", "plan": "failure"}
    refused = github.comments(number)
    assert (len(refused), refused[0]) == (2, other)
    assert refused[1] != comment
    assert "nobody in the account is `nobody`" in refused[1]

    team.edit(WEEKLY, "nobody]", "grace, heidi]")
    assert actions.run(PLAN, github.of_pull(number)).green
    assert len(github.comments(number)) == 2
    assert "heidi" in github.comments(number)[1]
    before = team.written

    run = actions.run(APPLY, github.merge(number))
    assert run.results == GREEN, run.printed
    assert (team.written - before, team.turns(PRODUCTION)) == (1, 6)
    *_, outcome = github.comments(number)
    assert outcome.startswith("<!-- flashsync apply -->\n**Applied as reviewed**")
    assert PRODUCTION in outcome
    assert kept(github, run, "flashsync-journal")

    run = actions.run(APPLY, github.by_hand())
    assert run.results == UNTOUCHED


def kept(github: GitHub, run: Run, name: str) -> list[Path]:
    """The files of an artifact that a run has kept."""
    found = [
        one for one in github.state["artifacts"] if (one["run"], one["name"]) == (run.id, name)
    ]
    return [file for one in found for file in Path(one["folder"]).iterdir()]


def saved_plan(github: GitHub, run: Run) -> Path:
    """The plan that a run has kept."""
    return next(file for file in kept(github, run, "flashsync-plan") if file.name == "plan.json")


def test_what_is_old_or_has_moved_is_refused_and_then_planned_anew_by_hand(
    team: Team, github: GitHub, actions: Actions
) -> None:
    number = proposed(team, github, "grace", "carol, dave]", "carol, dave, grace]")
    run = actions.run(PLAN, github.of_pull(number))
    plan = saved_plan(github, run)
    reviewed = plan.read_text(encoding="utf-8")
    before = team.written

    made_eight_days_ago(plan)
    push = github.merge(number)
    run = actions.run(APPLY, push)
    assert (run.results, team.written) == (REFUSED, before)
    assert "::error::The reviewed plan cannot be applied any more" in run.printed
    assert "--max-age allows 7 days" in github.comments(number)[-1]

    plan.write_text(reviewed, encoding="utf-8")
    team.sandbox.console.edit(PRODUCTION, {"description": "Call Bob"}, by="bob@example.com")
    run = actions.run(APPLY, push)
    assert (run.results, team.written) == (REFUSED, before)
    _, said = github.comments(number)
    assert "**Not applied**; nothing was written" in said
    assert "has changed since the plan was made, in description; " in said
    assert "by bob on" in said

    run = actions.run(APPLY, github.by_hand())
    assert run.results == {**GREEN, "report": "skipped"}, run.printed
    assert (team.written, team.turns(PRODUCTION)) == (before + 1, 5)


def test_a_plan_is_applied_although_another_was_merged_and_the_rest_is_listed(
    team: Team, github: GitHub, actions: Actions
) -> None:
    first = proposed(team, github, "grace", "carol, dave]", "carol, dave, grace]")
    team.branch("words")
    team.edit("schedules/planned-cover.yaml", "layers:", "description: Call twice\nlayers:")
    second = github.open("words")
    for number in (first, second):
        assert actions.run(PLAN, github.of_pull(number)).green
    github.merge(first)  # and its run of apply was dropped

    run = actions.run(APPLY, github.merge(second))
    assert run.results == {"plan": "success", "apply": "failure", "report": "success"}, run.printed
    assert team.live(STOREFRONT)["description"] == "Call twice"
    assert "::error::The plan was applied, but main declares more than that." in run.printed
    said = github.comments(second)[-1]
    assert "**Not all is applied**, or something is left to do" in said
    assert said.index(STOREFRONT) < said.index(PRODUCTION)
    assert kept(github, run, "flashsync-journal")

    assert actions.run(APPLY, github.by_hand()).green
    assert team.turns(PRODUCTION) == 5


def test_a_push_without_a_review_is_not_applied(
    team: Team, github: GitHub, actions: Actions
) -> None:
    team.edit(WEEKLY, "carol, dave]", "carol, dave, grace]")
    before = team.written
    run = actions.run(APPLY, github.pushed())
    assert (run.results, team.written) == ({**REFUSED, "report": "skipped"}, before)
    assert "::error::Nobody has reviewed a plan for this" in run.printed


def test_a_fork_gets_no_key_and_its_plan_is_not_taken(
    team: Team, github: GitHub, actions: Actions
) -> None:
    team.branch("fork")
    team.edit(WEEKLY, "carol, dave]", "carol, mallory@example.com]")
    number = github.open("fork", fork=True)
    run = actions.run(PLAN, github.of_pull(number))
    assert run.results == {"validate": "success", "plan": "skipped"}
    assert github.comments(number) == []
    before = team.written
    run = actions.run(APPLY, github.merge(number))
    assert (run.green, team.written) == (False, before)


def test_drift_is_one_issue_that_is_closed_when_nothing_differs_any_more(
    team: Team, github: GitHub, actions: Actions
) -> None:
    assert actions.run(DRIFT, github.at_night()).green
    assert github.state["issues"] == []
    for words in ("Call Bob", "Call Carol"):
        team.sandbox.console.edit(PRODUCTION, {"description": words}, by="bob@example.com")
        assert actions.run(DRIFT, github.at_night()).green
        (issue,) = github.state["issues"]
        assert issue["state"] == "open"
        assert words in issue["body"]
    assert issue["labels"] == [{"name": "flashsync-drift"}]
    assert team.flashsync("apply", "--auto-approve").code == 0
    assert actions.run(DRIFT, github.at_night()).green
    (issue,) = github.state["issues"]
    assert (issue["state"], len(github.comments(issue["number"]))) == ("closed", 1)


def edit_in_console(team: Team, words: str) -> None:
    team.sandbox.console.edit(PRODUCTION, {"description": words}, by="bob@example.com")


def test_what_was_edited_in_the_console_is_one_pull_request_if_the_team_asks_for_it(
    team: Team, github: GitHub, actions: Actions
) -> None:
    actions.variables = {"FLASHSYNC_PULL": "true"}
    assert actions.run(DRIFT, github.at_night()).results == {"drift": "success", "pull": "skipped"}
    for words in ("Call Bob", "Call Carol"):
        edit_in_console(team, words)
        run = actions.run(DRIFT, github.at_night())
        assert run.results == {"drift": "success", "pull": "success"}, run.printed
        (pull,) = github.state["pulls"]
        assert f"+description: {words}" in github.diff("flashsync/pull").splitlines()
        assert github.diff("flashsync/pull").count("\ndiff --git") == 0
    assert (pull["head"]["ref"], pull["base"]["ref"]) == ("flashsync/pull", "main")
    reviewed = github.of_pull(pull["number"]).payload["pull_request"]["head"]["sha"]
    assert actions.run(DRIFT, github.at_night()).green
    again = github.of_pull(pull["number"]).payload["pull_request"]["head"]["sha"]
    assert again == reviewed, "what says the same is not pushed again, and keeps its reviews"

    run = actions.run(APPLY, github.merge(pull["number"]))
    assert run.results == UNTOUCHED, "the account is already as the files say"
    assert actions.run(DRIFT, github.at_night()).results == {"drift": "success", "pull": "skipped"}
    edit_in_console(team, "Call Dave")
    assert actions.run(DRIFT, github.at_night()).green
    assert len(github.state["pulls"]) == 2


@pytest.mark.parametrize("switch", [{}, {"FLASHSYNC_PULL": ""}, {"FLASHSYNC_PULL": "false"}])
def test_no_pull_request_is_made_unasked(
    team: Team, github: GitHub, actions: Actions, switch: dict[str, str]
) -> None:
    actions.variables = switch
    edit_in_console(team, "Call Bob")
    assert actions.run(DRIFT, github.at_night()).results == {"drift": "success", "pull": "skipped"}
    assert github.state["pulls"] == []
    assert team.git("ls-remote", "origin", "refs/heads/flashsync/*") == ""


def test_a_pull_request_has_a_reference_and_no_secret_of_a_chat(
    team: Team, github: GitHub, actions: Actions
) -> None:
    actions.variables = {"FLASHSYNC_PULL": "true"}
    chat = {"type": "dingtalk", "settings": {"alias": "ops", "token": "dt-4f1c9a7e2b"}}
    notify = {**team.live(PRODUCTION)["notify"], "webhooks": [chat]}
    team.sandbox.console.edit(PRODUCTION, {"notify": notify}, by="bob@example.com")
    run = actions.run(DRIFT, github.at_night())
    assert run.green, run.printed
    assert len(github.state["pulls"]) == 1
    assert "token: {env: DING_" in github.diff("flashsync/pull")
    assert "dt-4f1c9a7e2b" not in f"{github.diff('flashsync/pull')} {github.state} {run.printed}"


def test_a_commit_of_a_person_stays_on_the_branch(
    team: Team, github: GitHub, actions: Actions
) -> None:
    actions.variables = {"FLASHSYNC_PULL": "true"}
    edit_in_console(team, "Call Bob")
    assert actions.run(DRIFT, github.at_night()).green
    team.git("fetch", "--quiet", "origin")
    team.git("switch", "--quiet", "--track", "origin/flashsync/pull")
    team.edit(WEEKLY, "description: Call Bob", "description: Call Bob first")
    edit_in_console(team, "Call Carol")
    run = actions.run(DRIFT, github.at_night())
    assert run.green
    assert "::warning::The last commit of flashsync/pull is a person's" in run.printed
    assert "+description: Call Bob first" in github.diff("flashsync/pull")
    assert len(github.state["pulls"]) == 1


def test_the_job_fails_and_the_issue_stays_if_drift_is_unknown(
    team: Team, github: GitHub, actions: Actions
) -> None:
    actions.secrets = {"FLASHDUTY_APP_KEY": "no-such-key"}
    run = actions.run(DRIFT, github.at_night())
    assert (run.green, github.state["issues"]) == (False, [])
    assert json.dumps(github.state).count("no-such-key") == 0
