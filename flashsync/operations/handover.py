"""How Terraform lets go of schedules that files declare from now on, without deleting them."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace

from flashsync.files.terraform_state import TerraformSchedule
from flashsync.model.import_summary import HandedOver, Handover, ImportRemark, ImportSummary


def hand_over(
    summary: ImportSummary,
    state: Sequence[TerraformSchedule],
    selected: Mapping[int, str],
    *,
    complete: bool,
) -> ImportSummary:
    """The summary of an import with the steps in Terraform.

    `selected` has the names of the schedules that were asked for, by id; with `complete`, these are
    all of the state that the account has. What no file can say stays with Terraform. A block
    `removed` is about all instances of a resource, so it is left out where one of them stays.
    """
    alone = {remark.schedule for remark in summary.left_alone}
    handed = [one for one in state if one.id in selected and selected[one.id] not in alone]
    staying = {one.resource for one in state if one not in handed}
    blocks = dict.fromkeys(one.resource for one in handed if one.resource not in staying)
    missing = [one for one in state if complete and one.id not in selected]
    return replace(
        summary,
        left_alone=(
            *summary.left_alone,
            *(
                ImportRemark(one.address, f"the account has no schedule with the id {one.id}")
                for one in missing
            ),
        ),
        handover=Handover(
            tuple(HandedOver(one.address, selected[one.id], one.id) for one in handed),
            tuple(map(_removed_block, blocks)),
            tuple(f"terraform state rm {shlex.quote(one.address)}" for one in handed),
        ),
    )


def _removed_block(resource: str) -> str:
    return f"removed {{\n  from = {resource}\n  lifecycle {{\n    destroy = false\n  }}\n}}"
