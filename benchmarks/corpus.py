"""What is measured on: schedules of about 50 lines, and zones of 30 records for octoDNS."""

from __future__ import annotations

from pathlib import Path

_PEOPLE = ("alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy")
TIMEZONE = "Asia/Shanghai"
CONFIG = f"version: 1\naccount: Acme Corp\ntimezone: {TIMEZONE}\n"
_LAYERS = (
    ("Primary", "1 week", "    handoff: mon 10:00\n"),
    ("Nights", "1 day", '    hours: "18:00-09:00"\n'),
    ("Weekdays", "12 hours", "    days: mon-fri\n"),
)


def schedule(number: int, *, swapped: bool = False) -> str:
    """One schedule: 3 layers of 4 groups, notify; with the first two of the first layer swapped."""
    parts = [
        f"schedule: Service {number:05} On-Call",
        f"description: Rotation of service {number}",
        "team: SRE",
        "layers:",
    ]
    for place, (name, rotation, extra) in enumerate(_LAYERS):
        parts.append(f"  - layer: {name}\n    rotation: {rotation}\n{extra}".rstrip("\n"))
        parts.append(f"    start: 2026-01-05 10:{(number % 2) * 30:02}")
        parts.append("    groups:")
        for turn in (1, 0, 2, 3) if swapped and place == 0 else range(4):
            first = _PEOPLE[(number + place + turn) % len(_PEOPLE)]
            second = _PEOPLE[(number + place + turn + 3) % len(_PEOPLE)]
            parts += [
                f"      - group: G{turn}",
                f"        members: [{first}@example.com, {second}@example.com]",
            ]
    parts += [
        "notify:",
        "  before: 30 min",
        '  daily_at: "08:00"',
        "  by: preference",
        "  chats:",
        f"    - {{type: feishu_app, data_source_id: 54272760141, chat_ids: [oc_{number}]}}",
    ]
    return "\n".join(parts) + "\n"


def write_schedules(folder: Path, count: int, *, swapped: bool = False) -> Path:
    """A folder with a configuration and `count` schedule files; see `schedule`."""
    schedules = folder / "schedules"
    schedules.mkdir(parents=True, exist_ok=True)
    (folder / "flashsync.yaml").write_text(CONFIG, encoding="utf-8")
    for number in range(count):
        path = schedules / f"service-{number:05}.yaml"
        path.write_text(schedule(number, swapped=swapped), encoding="utf-8")
    return folder


def zone_file(number: int) -> str:
    """One zone of 30 records."""
    records = [
        f"name{record:02}:\n  type: A\n  value: 10.0.{number % 250}.{record + 1}\n"
        for record in range(30)
    ]
    return "---\n" + "".join(records)


def write_zones(folder: Path, count: int) -> Path:
    """A folder with `count` zones twice, as source and as target, and octoDNS's configuration."""
    lines = ["providers:"]
    for name in ("source", "target"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        lines += [
            f"  {name}:",
            "    class: octodns.provider.yaml.YamlProvider",
            f"    directory: {folder / name}",
            "    default_ttl: 300",
        ]
    lines.append("zones:")
    for number in range(count):
        zone = f"zone{number:05}.example."
        for name in ("source", "target"):
            (folder / name / f"{zone}yaml").write_text(zone_file(number), encoding="utf-8")
        lines += [f"  {zone}:", "    sources: [source]", "    targets: [target]"]
    (folder / "octodns.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder
