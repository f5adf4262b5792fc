"""The whole story, from a branch to an undo, with a local git remote and the recipes for GitHub.

Read it from top to bottom: `team` are people at their keyboards, `actions` runs the workflows of
examples/ci/github, `github` is what everybody sees there, and the sandbox is the account.
"""

from __future__ import annotations

from tests.recipes.actions import Actions
from tests.recipes.github import GitHub
from tests.recipes.team import Team
from tests.recipes.test_github import APPLY, DRIFT, PLAN, kept

WEEKLY = "schedules/weekly.yaml"


def test_a_rota_in_git_from_a_branch_to_an_undo(
    team: Team, github: GitHub, actions: Actions
) -> None:
    # A team keeps two schedules in git, with the workflows beside them. Alice has applied them
    # once, with her own key; from now on, CI does.
    assert team.flashsync("plan", "--detailed-exitcode").code == 0

    # Grace joins the rota. Somebody adds her name on a branch, and opens a pull request.
    team.branch("grace-joins")
    team.edit(
        WEEKLY, "groups: [alice, bob, carol, dave]", "groups: [alice, bob, carol, dave, grace]"
    )
    pull = github.open("grace-joins")

    # CI plans, and says in a comment whose shifts move. Nothing is written yet.
    run = actions.run(PLAN, github.of_pull(pull))
    assert run.results == {"validate": "success", "plan": "success"}
    (comment,) = github.comments(pull)
    assert "1 to update" in comment
    assert "→ **grace**" in comment
    assert team.turns("Production On-Call") == 4

    # The reviewer likes it and merges. CI applies the plan that was in the comment.
    run = actions.run(APPLY, github.merge(pull))
    assert run.results == {"plan": "success", "apply": "success", "report": "success"}, run.printed
    assert "**Applied as reviewed**" in github.comments(pull)[-1]
    assert team.turns("Production On-Call") == 5
    team.pull()
    assert team.flashsync("plan", "--detailed-exitcode").code == 0

    # Bob changes another schedule in the web console, and tells nobody.
    team.sandbox.console.edit(
        "Storefront On-Call", {"description": "Call Bob"}, by="bob@example.com"
    )

    # At night, CI opens an issue that says what differs, and who wrote it.
    assert actions.run(DRIFT, github.at_night()).green
    (issue,) = github.state["issues"]
    assert "Storefront On-Call" in issue["body"]
    assert "bob" in issue["body"]

    # Grace changes her mind. The journal of the apply knows the way back, and nothing is refused,
    # since nobody has touched her schedule. `undo` shows its plan like any other.
    journal = kept(github, run, "flashsync-journal")[0].parent
    undone = team.flashsync("undo", "--journal", str(journal), "--auto-approve")
    assert undone.code == 0, undone.printed
    assert "- grace" in undone.printed
    assert team.turns("Production On-Call") == 4

    # Git still says otherwise, and plan says so, until the merge is reverted, too.
    assert "+ grace" in team.flashsync("plan", "--only", "Production*").printed
    team.git("revert", "--no-edit", "--mainline", "1", "HEAD")
    assert team.flashsync("plan", "--only", "Production*", "--detailed-exitcode").code == 0

    # What Bob wrote goes the way of every change: into a file, or away.
    assert team.flashsync("apply", "--auto-approve").code == 0
    team.git("push", "--quiet", "origin", "main")
    assert actions.run(DRIFT, github.at_night()).green
    (issue,) = github.state["issues"]
    assert issue["state"] == "closed"
