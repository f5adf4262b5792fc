"""Documents as they come from YAML, to models: the one border of what users write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from flashsync.declared import expectation as expect
from flashsync.declared.config import Accept, Check, Config, Defaults, Manage, Safety
from flashsync.declared.expectation import Expectation, broken_by
from flashsync.declared.fields import keys_of
from flashsync.declared.notify import Chat, Notify, broken_references
from flashsync.declared.people import Member
from flashsync.declared.problems import Finding, Findings, Path, from_pydantic, kind_of
from flashsync.declared.schedule import Group, Layer, Override, Schedule
from flashsync.declared.secrets import Secrets
from flashsync.model.schedule import Hours

Model = TypeVar("Model")


@cache
def schedule_adapter() -> TypeAdapter[Schedule]:
    """The model of a schedule document, built once."""
    return TypeAdapter(Schedule)


@cache
def _layer_adapter() -> TypeAdapter[Layer]:
    return TypeAdapter(Layer)


@cache
def _expectation_adapter() -> TypeAdapter[Expectation]:
    return TypeAdapter(Expectation)


@cache
def config_adapter() -> TypeAdapter[Config]:
    """The model of flashsync.yaml, built once."""
    return TypeAdapter(Config)


@cache
def _notify_adapter() -> TypeAdapter[Notify]:
    return TypeAdapter(Notify)


def read_schedule(tree: object, limits: Secrets | None = None) -> Schedule:
    """A schedule from a document's tree of mappings, lists and text. Raises Findings.

    `limits` says what its references to secrets may name.
    """
    try:
        schedule = _read(schedule_adapter(), tree, _SCHEDULE_KEYS, "schedule: …")
    except Findings as wrong:
        raise Findings([*wrong.findings, *_broken_besides(tree, limits)]) from None
    broken = broken_references(schedule.notify, limits, ("notify",))
    if found := (*broken_rules(schedule), *broken):
        raise Findings(found)
    return schedule


def _broken_besides(tree: object, limits: Secrets | None) -> Iterator[Finding]:
    """The rules broken by parts that are all right otherwise, in a document that is not."""
    for place, part in enumerate(_list(tree, "layers")):
        with suppress(ValidationError):
            layer = _layer_adapter().validate_python(part)
            yield from rules_broken_by(layer, ("layers", place))
    for place, part in enumerate(_list(tree, "expect")):
        with suppress(ValidationError):
            expectation = _expectation_adapter().validate_python(part)
            yield from broken_by(expectation, ("expect", place))
    if isinstance(tree, dict) and isinstance(tree.get("notify"), dict):
        with suppress(ValidationError):
            notify = _notify_adapter().validate_python(tree["notify"])
            yield from broken_references(notify, limits, ("notify",))


def _list(tree: object, key: str) -> list[object]:
    found = tree.get(key) if isinstance(tree, dict) else None
    return found if isinstance(found, list) else []


def read_config(tree: object) -> Config:
    """The configuration from a document's tree. Raises Findings."""
    config = _read(config_adapter(), tree, _CONFIG_KEYS, "version: 1")
    notify = config.defaults.notify
    if found := tuple(broken_references(notify, config.secrets, ("defaults", "notify"))):
        raise Findings(found)
    return config


def _read(
    adapter: TypeAdapter[Model], tree: object, keys: dict[str, tuple[str, ...]], example: str
) -> Model:
    if not isinstance(tree, dict):
        message = f"expected a mapping (`{example}`), found {kind_of(tree)}"
        raise Findings([Finding((), message)])
    try:
        return adapter.validate_python(tree)
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

# Rules that hold between the keys of one document, whatever the account.


def broken_rules(schedule: Schedule) -> Iterator[Finding]:
    """The rules that a schedule breaks."""
    if schedule.layers is None:
        if not schedule.absent:
            remedy = "add `layers:`, or `absent: true` to delete the schedule"
            yield Finding((), "`layers` is missing", remedy)
        return
    for place, layer in enumerate(schedule.layers):
        yield from rules_broken_by(layer, ("layers", place))
    for place, expectation in enumerate(schedule.expect):
        yield from expect.broken_by(expectation, ("expect", place))


def rules_broken_by(layer: Layer, path: Path) -> Iterator[Finding]:
    """The rules that a layer breaks."""
    if layer.handoff is not None and not layer.rotation.weekly:
        remedy = "for others set the time of `start`"
        message = "`handoff` works only with `rotation: 1 week`"
        yield Finding((*path, "handoff"), message, remedy, at_key=True)
    if layer.days is not None and _weekly(layer.hours):
        remedy = "name the days in `hours`, as in mon-fri 09:00-18:00, and remove `days`"
        yield Finding((*path, "hours"), "weekly `hours` cannot be used with `days`", remedy)
    if layer.continuous is not None and layer.days is None:
        remedy = "remove it or add `days`"
        message = "`continuous` works only with `days`"
        yield Finding((*path, "continuous"), message, remedy, at_key=True)


def _weekly(hours: Hours | None) -> bool:
    return hours is not None and hours.every == "week"
