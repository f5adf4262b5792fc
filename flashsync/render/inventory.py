"""What an account has, with ids and the files that name it: as text and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flashsync.errors import Position
from flashsync.model import wording
from flashsync.model.command_results import Inventory, InventoryEntry, InventoryKind
from flashsync.model.people import MemberStatus
from flashsync.model.schedule import NO_TEAM
from flashsync.model.timezone import rfc3339
from flashsync.model.wording import count
from flashsync.render.calendar.json import people
from flashsync.render.sanitize import dump
from flashsync.render.terminal import (
    Cell,
    Look,
    Page,
    Screen,
    column_widths,
    stacked_lines,
    table_lines,
    table_width,
)

FORMAT_VERSION = "1.0"
"""Raised for any change that requires a change to a program that reads these documents."""
_SINGULAR = {
    InventoryKind.SCHEDULES: "schedule",
    InventoryKind.PEOPLE: "person",
    InventoryKind.TEAMS: "team",
    InventoryKind.ROLES: "role",
}


def render_inventory(inventory: Inventory, screen: Screen) -> str:
    """A line for each entry; on a narrow screen, its parts below its name. Then the counts."""
    rows: list[list[Cell]] = [
        [
            (entry.name, Look.STRONG),
            ("" if entry.id is None else str(entry.id), Look.PLAIN),
            _fact(entry, inventory),
            _source(entry.sources),
        ]
        for entry in inventory.entries
    ]
    sizes = column_widths(rows, screen)
    if table_width(sizes) <= screen.columns:
        lines = [line for row in rows for line in table_lines(row, sizes, screen)]
    else:
        lines = [line for row in rows for line in stacked_lines(row, screen.columns, screen)]
    page = Page(screen)
    if lines:
        page.text("")
    page.text(_summary(inventory), hang=2)
    for note in inventory.notes:
        page.text(f"note: {note}", hang=2)
    return "".join(f"{line}\n" for line in lines) + str(page)


def _fact(entry: InventoryEntry, inventory: Inventory) -> Cell:
    """Who is on call, the address, or how many schedules; or that the account lacks it."""
    if entry.id is None:
        is_schedule = inventory.kind is InventoryKind.SCHEDULES
        return "not live yet" if is_schedule else "not in the account", Look.WARNING
    match inventory.kind:
        case InventoryKind.SCHEDULES if not entry.on_call:
            return "!! nobody", Look.ERROR
        case InventoryKind.SCHEDULES:
            names = wording.members(entry.on_call, inventory.directory).strip("[]")
            return names, Look.PLAIN
        case InventoryKind.PEOPLE:
            status = "" if entry.status is MemberStatus.ENABLED else f"({entry.status})"
            return f"{entry.email} {status}".strip(), Look.PLAIN
        case InventoryKind.TEAMS:
            return count(entry.schedules, "schedule"), Look.PLAIN
        case _:
            return "", Look.PLAIN


def _source(sources: Sequence[Position]) -> Cell:
    """`schedules/prod.yaml:2 and 3 more`."""
    if not sources:
        return "in no file", Look.WARNING
    first = f"{sources[0].file}:{sources[0].line}"
    more = f" and {len(sources) - 1} more" if len(sources) > 1 else ""
    return first + more, Look.PLAIN


def _summary(inventory: Inventory) -> str:
    """`3 schedules of Acme Corp, 1 in no file, 1 not live yet`."""
    live = [entry for entry in inventory.entries if entry.id is not None]
    undeclared = sum(not entry.sources for entry in live)
    absent = len(inventory.entries) - len(live)
    singular = _SINGULAR[inventory.kind]
    number = f"{len(live)} people" if singular == "person" and len(live) != 1 else ""
    text = f"{number or count(len(live), singular)} of {inventory.account.name}"
    if undeclared:
        text += f", {undeclared} in no file"
    if absent:
        is_schedule = inventory.kind is InventoryKind.SCHEDULES
        text += f", {absent} {'not live yet' if is_schedule else 'not in the account'}"
    return text


def render_inventory_json(inventory: Inventory) -> str:
    """One entry each, by name. The id is null where the account lacks it, `sources` has the files.

    The list has the name of the kind, as in `schedules`.
    """
    return dump(
        {
            "format_version": FORMAT_VERSION,
            "account": {"id": inventory.account.id, "name": inventory.account.name},
            "at": rfc3339(inventory.now),
            inventory.kind.value: [_entry(entry, inventory) for entry in inventory.entries],
            "notes": inventory.notes,
        }
    )


def _entry(entry: InventoryEntry, inventory: Inventory) -> dict[str, Any]:
    key = _SINGULAR[inventory.kind]
    document: dict[str, Any] = {key: entry.name, f"{key}_id": entry.id}
    if inventory.kind is InventoryKind.SCHEDULES:
        document["team"] = None
        if entry.team != NO_TEAM:
            document["team"] = {"id": entry.team, "name": inventory.directory.team(entry.team)}
        document["on_call"] = people(entry.on_call, inventory.directory)
    elif inventory.kind is InventoryKind.PEOPLE:
        document |= {"email": entry.email, "status": entry.status.value if entry.id else None}
    elif inventory.kind is InventoryKind.TEAMS:
        document["schedules"] = entry.schedules
    sources = [{"file": source.file, "line": source.line} for source in entry.sources]
    return {**document, "sources": sources}
