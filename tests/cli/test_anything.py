"""Any text and any bytes at all: `validate` ends with 0 or 1, and never with a traceback."""

from __future__ import annotations

from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from tests.cli.console import Terminal
from tests.properties import trying

KEYS = [
    "schedule",
    "layers",
    "layer",
    "groups",
    "start",
    "rotation",
    "hours",
    "overrides",
    "people",
]
VALUES = ["alice", "1 week", "2026-01-05 10:00", "null", "~", "<<", "x-", "notify", "version"]
SIGNS = [": ", "- ", "\n", "\n  ", "\n    ", "---\n", "...\n", "&a ", "*a", *"[]{},!|>'\"#%@`\t?"]
STRANGE = ["\ufeff", "\u2028", "\x00", "\x85"]
WORDS = st.sampled_from([*KEYS, *VALUES, *SIGNS, *STRANGE])
YAML_LIKE = st.lists(WORDS, max_size=30).map("".join)
CONTENT = st.one_of(
    st.binary(max_size=80),
    st.text(max_size=80).map(lambda text: text.encode("utf-8", "surrogatepass")),
    YAML_LIKE.map(str.encode),
)
MANY = trying(20, suppress_health_check=[HealthCheck.function_scoped_fixture])


@MANY
@given(content=CONTENT)
def test_as_a_schedule_file(terminal: Terminal, content: bytes) -> None:
    terminal.write("schedules/any.yaml", content)
    assert terminal("validate").code in (0, 1)


@MANY
@given(content=CONTENT)
def test_as_the_configuration(terminal: Terminal, content: bytes) -> None:
    terminal.write("schedules/any.yaml", "schedule: A\nabsent: true\n")
    terminal.write("flashsync.yaml", content)
    assert terminal("validate").code in (0, 1)


@MANY
@given(content=CONTENT)
def test_as_a_saved_plan(terminal: Terminal, content: bytes) -> None:
    terminal.write("plan.json", content)
    ended = terminal("apply", "--auto-approve", "--plan", "plan.json")
    assert (ended.code, ended.err.count("\n")) == (1, 1)
