"""`flashsync import --from-terraform`: the files take over what Terraform managed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.console import Terminal
from tests.cli.test_import import build, check_empty_plan, files, imported, refused, text


def state(terminal: Terminal, **schedules: str) -> str:
    """A state with an instance for each name of a schedule, or for an id."""
    ids = {one["schedule_name"]: one["schedule_id"] for one in terminal.sandbox.console.schedules()}
    resources = [
        {
            "address": f"flashduty_schedule.{address}",
            "mode": "managed",
            "type": "flashduty_schedule",
            "values": {"id": str(ids.get(name, name))},
        }
        for address, name in schedules.items()
    ]
    terminal.write("state.json", json.dumps({"values": {"root_module": {"resources": resources}}}))
    return "state.json"


@pytest.fixture
def managed(terminal: Terminal) -> Terminal:
    """Three schedules, of which Terraform manages two."""
    for name in ("Prod", "Stage", "By hand"):
        build(terminal, name)
    state(terminal, prod="Prod", stage="Stage")
    return terminal


def id_of(terminal: Terminal, name: str) -> int:
    id: int = terminal.sandbox.console.schedule(name)["schedule_id"]
    return id


def test_schedules_are_imported_with_their_ids(managed: Terminal) -> None:
    ended = imported(managed, "--from-terraform", "state.json")
    assert files(managed)[1:-1] == ["schedules/prod.yaml", "schedules/stage.yaml"]
    first = text(managed, "schedules/prod.yaml").splitlines()[:2]
    assert first == ["schedule: Prod", f"id: {id_of(managed, 'Prod')}"]
    assert ended.out.partition("To make Terraform")[2] == (
        " let go of these schedules, without deleting them:\n"
        "  replace their resources in *.tf by these blocks, and apply (Terraform 1.7):\n"
        "\n"
        "    removed {\n"
        "      from = flashduty_schedule.prod\n"
        "      lifecycle {\n"
        "        destroy = false\n"
        "      }\n"
        "    }\n"
        "    removed {\n"
        "      from = flashduty_schedule.stage\n"
        "      lifecycle {\n"
        "        destroy = false\n"
        "      }\n"
        "    }\n"
        "\n"
        "  or remove the resources from *.tf, and run:\n"
        "\n"
        "    terraform state rm flashduty_schedule.prod\n"
        "    terraform state rm flashduty_schedule.stage\n"
        "\n"
        "  Where Terraform refers to a schedule, write its id:\n"
        "\n"
        f"    flashduty_schedule.prod.id: {id_of(managed, 'Prod')}\n"
        f"    flashduty_schedule.stage.id: {id_of(managed, 'Stage')}\n"
        "\n"
        "Next: flashsync plan, which should show no changes; then commit the files\n"
    )
    check_empty_plan(managed)
    assert managed.written == []


def test_the_steps_are_shown_again(managed: Terminal) -> None:
    imported(managed, "--from-terraform", "state.json")
    again = imported(managed, "--from-terraform", "state.json")
    assert again.out.startswith("Nothing to import from Acme Corp.\n")
    assert "    terraform state rm flashduty_schedule.prod\n" in again.out


def test_a_resource_with_instances_that_stay_gets_no_block(managed: Terminal) -> None:
    keys: dict[str, Any] = {'each["a"]': "Prod", 'each["b"]': "Stage"}
    path = state(managed, **keys)
    both = imported(managed, "--from-terraform", path, "--dry-run").out
    assert both.count("from = flashduty_schedule.each\n") == 1
    assert "    terraform state rm 'flashduty_schedule.each[\"a\"]'\n" in both
    one = imported(managed, "--from-terraform", path, "--dry-run", "--only", "Prod").out
    assert "removed {" not in one
    assert one.count("terraform state rm ") == 1


def test_what_the_account_does_not_have_is_listed(managed: Terminal) -> None:
    path = state(managed, prod="Prod", gone="404")
    result = imported(managed, "--from-terraform", path, "--format", "json").json
    assert result["left_alone"] == [
        {
            "schedule": "flashduty_schedule.gone",
            "text": "the account has no schedule with the id 404",
        }
    ]
    assert [one["address"] for one in result["handover"]["schedules"]] == [
        "flashduty_schedule.prod"
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nope.json"], "nope.json:1:1: cannot read the file (no such file or directory)"),
        (["."], "./terraform.tfstate:1:1: this folder keeps no state of Terraform; pass the"),
        (["flashsync.yaml"], "flashsync.yaml:1:1: this is not a state of Terraform; pass the"),
        (
            ["state.json", "--only", "By hand"],
            "--only By hand matches no schedule of the state of Terraform; check the name",
        ),
    ],
    ids=lambda value: value[-1] if isinstance(value, list) else "",
)
def test_bad_input_is_one_line(managed: Terminal, arguments: list[str], said: str) -> None:
    assert refused(managed("import", "--from-terraform", *arguments)).startswith(said)
    assert files(managed) == ["flashsync.yaml", "state.json"]
