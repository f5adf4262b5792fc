"""The result of an import: it fits every screen, and names stay names."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given

from flashsync.model.command_results import (
    FileFate,
    HandedOver,
    ImportedFile,
    ImportRemark,
    ImportSummary,
    NeededSecret,
    TerraformHandover,
)
from flashsync.render.new_files import import_json, render_import
from flashsync.render.terminal import Screen
from tests.properties import trying
from tests.render.judge import hostile
from tests.render.looks import check_fits, check_golden, check_harmless


def summary(name: str = "Production On-Call", number: int = 14) -> ImportSummary:
    """An import of which everything is to be told."""
    files = [
        ImportedFile(f"schedules/rota-{place:02}.yaml", FileFate.NEW, "schedule: x\n", (name,))
        for place in range(number)
    ]
    files[0] = replace(files[0], fate=FileFate.REPLACED)
    files[1] = replace(files[1], fate=FileFate.EXTENDED, schedules=(name, "B", "C", "D"))
    return ImportSummary(
        account="Acme Corp",
        found=number + 9,
        files=tuple(files),
        config=ImportedFile("flashsync.yaml", FileFate.EXTENDED, "version: 1\n"),
        people=("alice", "bob"),
        remarks=(
            ImportRemark(name, "disabled in the console; pages nobody until it is enabled there"),
            ImportRemark("值班", "Gina, who has left the account (turn 4 of 白班)"),
        ),
        left_alone=(ImportRemark("Empty", "it has no layers"),),
        declared=("One", "Two", "Three", "Four"),
        not_selected=4,
        console_overrides=3,
        secrets=(
            NeededSecret(
                "DINGTALK_OPS_TOKEN",
                (f"{name}: dingtalk ops, token", "Data: dingtalk data, token"),
                "shown in the schedule's notifications in the console",
            ),
        ),
        notes=("flashsync.yaml does not read the new files; add x/**/*.yaml to its `schedules`",),
    )


@pytest.mark.parametrize("width", [40, 80, 160])
def test_it_fits_the_screen(width: int) -> None:
    text = render_import(summary(), Screen(width), written=True)
    check_fits(text, width)
    check_golden(f"import-{width}", text)


def test_all_files_are_listed_with_v() -> None:
    screen = Screen(80)
    assert "and 2 more files; -v lists them\n" in render_import(summary(), screen, written=True)
    verbose = render_import(summary(), screen, written=True, verbose=True)
    assert "more files" not in verbose
    assert verbose.count("schedules/rota-") == 14


@pytest.mark.parametrize(
    ("found", "written", "first", "last"),
    [
        (0, True, "The account Acme Corp has no schedules.", "Next: write a schedule file"),
        (3, True, "Nothing to import from Acme Corp.", "Next: flashsync plan"),
    ],
)
def test_nothing_to_import(found: int, written: bool, first: str, last: str) -> None:
    lines = render_import(
        ImportSummary("Acme Corp", (), found=found), Screen(80), written=written
    ).splitlines()
    assert (lines[0], lines[-1]) == (first, last)


def test_a_dry_run_says_so() -> None:
    text = render_import(summary(), Screen(80), written=False)
    assert text.startswith("Would import 17 schedules from Acme Corp into 14 files:\n")
    assert text.endswith("\nNext: the same without --dry-run\n")


def test_steps_in_terraform_are_never_wrapped() -> None:
    address = 'module.a_very_long_name_of_a_module.flashduty_schedule.each["production-on-call"]'
    command = f"terraform state rm '{address}'"
    handover = TerraformHandover((HandedOver(address, "Prod", 7),), ("removed {\n}",), (command,))
    text = render_import(replace(summary(), handover=handover), Screen(40), written=True)
    assert f"\n    {command}\n" in text
    assert "\n    removed {\n    }\n" in text
    assert f"\n    {address}.id: 7\n" in text


@trying(30)
@given(hostile)
def test_names_from_the_account_are_harmless(name: str) -> None:
    text = render_import(summary(name, 2), Screen(60), written=True)
    check_harmless(text)
    assert json.loads(import_json(summary(name, 2), written=True))["files"][0]["fate"] == "replaced"
