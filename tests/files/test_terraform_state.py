"""The schedules in a state of Terraform, in each form that Terraform gives it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flashsync.errors import FilesError
from flashsync.files.terraform_state import TerraformSchedule, read_terraform


def shown(address: str, id: str, **more: Any) -> dict[str, Any]:
    return {
        "address": address,
        "mode": "managed",
        "type": "flashduty_schedule",
        "values": {"id": id, "schedule_name": "x"},
        **more,
    }


SHOWN = {
    "format_version": "1.0",
    "terraform_version": "1.9.5",
    "values": {
        "root_module": {
            "resources": [
                shown("flashduty_schedule.main", "11"),
                shown("flashduty_schedule.main", "12", deposed_key="0a1b"),
                shown("data.flashduty_schedule.other", "13", mode="data"),
                {"address": "flashduty_team.sre", "mode": "managed", "type": "flashduty_team"},
            ],
            "child_modules": [
                {
                    "address": 'module.rota["a.b"]',
                    "resources": [shown('module.rota["a.b"].flashduty_schedule.each["x]"]', "14")],
                    "child_modules": [
                        {
                            "resources": [
                                shown("module.rota.module.in.flashduty_schedule.n[0]", "15")
                            ]
                        }
                    ],
                }
            ],
        }
    },
}
STORED = {
    "version": 4,
    "terraform_version": "1.9.5",
    "resources": [
        {
            "mode": "managed",
            "type": "flashduty_schedule",
            "name": "main",
            "instances": [
                {"attributes": {"id": "11"}},
                {"attributes": {"id": "12"}, "deposed": "0a1b"},
            ],
        },
        {"mode": "data", "type": "flashduty_schedule", "name": "other", "instances": []},
        {"mode": "managed", "type": "flashduty_team", "name": "sre", "instances": []},
        {
            "module": 'module.rota["a.b"]',
            "mode": "managed",
            "type": "flashduty_schedule",
            "name": "each",
            "instances": [
                {"index_key": "x]", "attributes": {"id": "14"}},
                {"index_key": 0, "attributes": {"id": "15"}},
            ],
        },
    ],
}


def read(folder: Path, tree: Any) -> tuple[TerraformSchedule, ...]:
    path = folder / "state.json"
    path.write_text(tree if isinstance(tree, str) else json.dumps(tree))
    return read_terraform(path, "state.json")


def test_the_output_of_terraform_show(tmp_path: Path) -> None:
    found = read(tmp_path, SHOWN)
    assert [(one.address, one.id) for one in found] == [
        ("flashduty_schedule.main", 11),
        ('module.rota["a.b"].flashduty_schedule.each["x]"]', 14),
        ("module.rota.module.in.flashduty_schedule.n[0]", 15),
    ]
    assert [one.resource for one in found] == [
        "flashduty_schedule.main",
        "module.rota.flashduty_schedule.each",
        "module.rota.module.in.flashduty_schedule.n",
    ]


def test_the_output_for_a_saved_plan(tmp_path: Path) -> None:
    plan = {"format_version": "1.2", "planned_values": {}, "prior_state": SHOWN}
    assert [one.id for one in read(tmp_path, plan)] == [11, 14, 15]


def test_a_state_file_and_its_folder(tmp_path: Path) -> None:
    expected = [
        ("flashduty_schedule.main", 11),
        ('module.rota["a.b"].flashduty_schedule.each["x]"]', 14),
        ('module.rota["a.b"].flashduty_schedule.each[0]', 15),
    ]
    assert [(one.address, one.id) for one in read(tmp_path, STORED)] == expected
    (tmp_path / "terraform.tfstate").write_text(json.dumps(STORED))
    assert [(one.address, one.id) for one in read_terraform(tmp_path, "infra/")] == expected


NOT_A_STATE = (
    "state.json:1:1: this is not a state of Terraform; pass the output of `terraform show -json`"
)
EMPTY = (
    "state.json:1:1: no `flashduty_schedule` in this state; pass the state that has the schedules"
)


@pytest.mark.parametrize(
    ("tree", "said"),
    [
        (
            "resource {\n",
            "state.json:1:1: this is not JSON; pass the output of `terraform show -json`",
        ),
        ("{}", NOT_A_STATE),
        ("[]", NOT_A_STATE),
        ("3", NOT_A_STATE),
        ({"resources": [{"type": "flashduty_schedule"}]}, NOT_A_STATE),
        ({"values": {"root_module": {"resources": [shown("a.b", "x")]}}}, NOT_A_STATE),
        ({"format_version": "1.0"}, EMPTY),
        ({"values": {"root_module": {}}}, EMPTY),
        ({"version": 4, "resources": []}, EMPTY),
    ],
    ids=str,
)
def test_what_is_no_state_is_one_clear_line(tmp_path: Path, tree: Any, said: str) -> None:
    with pytest.raises(FilesError) as caught:
        read(tmp_path, tree)
    assert str(caught.value) == said


def test_nested_beyond_reason(tmp_path: Path) -> None:
    with pytest.raises(FilesError):
        read(tmp_path, "[" * 200_000)


def test_a_folder_without_a_state(tmp_path: Path) -> None:
    with pytest.raises(FilesError) as caught:
        read_terraform(tmp_path, "infra")
    assert str(caught.value) == (
        "infra/terraform.tfstate:1:1: this folder keeps no state of Terraform; "
        "pass the output of `terraform show -json`"
    )
