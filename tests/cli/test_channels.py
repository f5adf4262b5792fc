"""Personal channels of `notify`: what is declared is written, and an empty plan follows."""

from __future__ import annotations

import pytest

from tests.cli.console import Terminal, schedule

APPS = ("feishu_app", "dingtalk_app", "wecom_app", "slack_app", "teams_app")


@pytest.mark.parametrize("channel", ["email", "sms", "phone", *(f"{app}:5_a" for app in APPS)])
def test_a_personal_channel_is_written(terminal: Terminal, channel: str) -> None:
    terminal.declare(schedule(notify={"before": "5 min", "by": [channel]}))
    assert terminal("validate").code == 0
    terminal.apply()
    (live,) = terminal.sandbox.world.account.schedules.values()
    assert live.notify is not None
    assert live.notify.by is not None
    assert live.notify.by.personal_channels == (channel,)
    assert terminal("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize(
    ("channel", "remedy"),
    [
        ("phon", "did you mean phone?"),
        ("call", "use email, sms, phone, feishu_app:…, dingtalk_app:…, wecom_app:…, slack_app:…"),
        ("slack", "did you mean slack_app:…?"),
        ("slack_app", "did you mean slack_app:…?"),
        ("slack_app：5", "write slack_app:5"),
    ],
)
def test_a_channel_that_does_not_exist(terminal: Terminal, channel: str, remedy: str) -> None:
    terminal.declare(schedule(notify={"by": ["email", channel]}))
    ended = terminal("validate")
    assert ended.code == 1
    assert remedy in ended.err + ended.out
