"""YAML documents to declared models, with all errors in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from flashsync.declared.config import Accept, Check, Config, Defaults, Manage, Safety
from flashsync.declared.fields import keys_of
from flashsync.declared.notify import Chat, Notify, check_references
from flashsync.declared.people import Member
from flashsync.declared.problems import (
    Finding,
    Findings,
    Path,
    correct_keys,
    from_pydantic,
    kind_of,
    without_wrong,
)
from flashsync.declared.schedule import (
    Expectation,
    Group,
    Layer,
    Override,
    Schedule,
    check_expectation,
)
from flashsync.declared.secrets import Secrets
from flashsync.model.schedule import canonical_name

Model = TypeVar("Model")

_MOST_ATTEMPTS = 8
"""How often a wrong configuration is read again: once for each depth of its parts, and more."""


def adapter(model: type[Model]) -> TypeAdapter[Model]:
    """The validator of a declared model, built once."""
    if model not in _ADAPTERS:
        _ADAPTERS[model] = TypeAdapter(model)
    return _ADAPTERS[model]


_ADAPTERS: dict[type, TypeAdapter[Any]] = {}


def read_schedule(tree: object, limits: Secrets | None = None) -> Schedule:
    """A schedule from a document's tree of mappings, lists and text. Raises Findings.

    `limits` restricts the references to secrets.
    """
    try:
        schedule = _read(Schedule, tree, _SCHEDULE_KEYS, "schedule: …")
    except Findings as error:
        findings = [*error.findings, *_check_valid_parts(tree, limits)]
    else:
        refused = check_references(schedule.notify, limits, ("notify",))
        findings = [*check_schedule(schedule), *refused]
        if not findings:
            return schedule
    read_again = partial(read_schedule, limits=limits)
    raise _read_on(tree, Findings(findings), _SCHEDULE_KEYS, read_again)


def name_of(tree: object) -> str | None:
    """The name in a document of which other parts are wrong."""
    name = tree.get("schedule") if isinstance(tree, dict) else None
    return canonical_name(name) or None if isinstance(name, str) else None


def _check_valid_parts(tree: object, limits: Secrets | None) -> Iterator[Finding]:
    """The rules that the valid parts of an invalid document break."""
    for index, part in enumerate(_list_at(tree, "layers")):
        with suppress(ValidationError):
            layer = adapter(Layer).validate_python(part)
            yield from check_layer(layer, ("layers", index))
    for index, part in enumerate(_list_at(tree, "expect")):
        with suppress(ValidationError):
            expectation = adapter(Expectation).validate_python(part)
            yield from check_expectation(expectation, ("expect", index))
    if isinstance(tree, dict) and isinstance(tree.get("notify"), dict):
        with suppress(ValidationError):
            notify = adapter(Notify).validate_python(tree["notify"])
            yield from check_references(notify, limits, ("notify",))


def _list_at(tree: object, key: str) -> list[object]:
    value = tree.get(key) if isinstance(tree, dict) else None
    return value if isinstance(value, list) else []


def read_config(tree: object) -> Config:
    """The configuration from a document's tree. Raises Findings."""
    try:
        return _read_config(tree)
    except Findings as wrong:
        raise _read_on(tree, wrong, _CONFIG_KEYS, read_config) from None


def read_valid_config(tree: object) -> Config:
    """What can be read of a wrong configuration: without the entries that are wrong."""
    for _ in range(_MOST_ATTEMPTS):
        try:
            return _read_config(tree)
        except Findings as wrong:
            corrected = correct_keys(tree, wrong.findings, _CONFIG_KEYS)
            tree = corrected.tree if corrected else without_wrong(tree, wrong.findings)
    return Config()


def _read_config(tree: object) -> Config:
    config = _read(Config, tree, _CONFIG_KEYS, "version: 1")
    notify = config.defaults.notify
    if refused := tuple(check_references(notify, config.secrets, ("defaults", "notify"))):
        raise Findings(refused)
    return config


def _read_on(
    tree: object,
    wrong: Findings,
    keys: Mapping[str, tuple[str, ...]],
    read: Callable[[object], object],
) -> Findings:
    """The findings with those in parts under a misspelt key, which are read as they are meant."""
    corrected = correct_keys(tree, wrong.findings, keys)
    if corrected is None:
        return wrong
    try:
        read(corrected.tree)
    except Findings as others:
        return Findings((*corrected.findings, *map(corrected.as_written, others.findings)))
    return Findings(corrected.findings)


def _read(
    model: type[Model], tree: object, keys: dict[str, tuple[str, ...]], example: str
) -> Model:
    if not isinstance(tree, dict):
        message = f"expected a mapping (`{example}`), found {kind_of(tree)}"
        raise Findings([Finding((), message)])
    try:
        return adapter(model).validate_python(tree)
    except ValidationError as error:
        raise from_pydantic(error, tree, keys) from None


_SCHEDULE_KEYS = {
    "": keys_of(Schedule),
    "layers": keys_of(Layer),
    "groups": keys_of(Group),
    "members": keys_of(Member),
    "overrides": keys_of(Override),
    "notify": keys_of(Notify),
    "chats": keys_of(Chat),
    "expect": keys_of(Expectation),
}
_CONFIG_KEYS = {
    "": keys_of(Config),
    "defaults": keys_of(Defaults),
    "manage": keys_of(Manage),
    "safety": keys_of(Safety),
    "secrets": keys_of(Secrets),
    "notify": keys_of(Notify),
    "chats": keys_of(Chat),
    "checks": keys_of(Check),
    "accept": keys_of(Accept),
}

# Rules between the keys of one document, whatever the account.


def check_schedule(schedule: Schedule) -> Iterator[Finding]:
    """The rules that a schedule breaks."""
    if schedule.layers is None:
        if not schedule.absent:
            remedy = "add `layers:`, or `absent: true` to delete the schedule"
            yield Finding((), "`layers` is missing", remedy)
        return
    for index, layer in enumerate(schedule.layers):
        yield from check_layer(layer, ("layers", index))
    for index, expectation in enumerate(schedule.expect):
        yield from check_expectation(expectation, ("expect", index))


def check_layer(layer: Layer, path: Path) -> Iterator[Finding]:
    """The rules that a layer breaks."""
    if layer.handoff is not None and not layer.rotation.weekly:
        remedy = "for others set the time of `start`"
        message = "`handoff` works only with `rotation: 1 week`"
        yield Finding((*path, "handoff"), message, remedy, at_key=True)
    if layer.days is not None and layer.hours is not None and layer.hours.every == "week":
        remedy = "name the days in `hours`, as in mon-fri 09:00-18:00, and remove `days`"
        yield Finding((*path, "hours"), "weekly `hours` cannot be used with `days`", remedy)
    if layer.continuous is not None and layer.days is None:
        remedy = "remove it or add `days`"
        message = "`continuous` works only with `days`"
        yield Finding((*path, "continuous"), message, remedy, at_key=True)
