"""An entry of `expect` as the user writes it: a test of the rota."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Annotated, Any

from annotated_types import MinLen
from pydantic import Field

from flashsync.declared import patterns, scalars
from flashsync.declared.fields import declared, one_of, scalar, schema
from flashsync.declared.people import PersonField, PersonName, RoleField
from flashsync.declared.problems import Finding, Path
from flashsync.declared.scalars import Length, Moment
from flashsync.model.wording import joined

COVERED = "covered"

_Time = Annotated[
    Moment, scalar(scalars.parse_moment), schema(**patterns.TIME, examples=["2026-12-25 10:00"])
]
_People = Annotated[tuple[PersonField, ...], MinLen(1)]
_Covered = Annotated[str, scalar(one_of((COVERED,), "value of `always`")), schema(enum=[COVERED])]
_Length = Annotated[
    Length, scalar(scalars.parse_length), schema(**patterns.LENGTH, examples=["7 days"])
]


@declared
class Expectation:
    """Who is on call at a time, that somebody always is, or the longest time without a break.

    Without `from` and `to`, always is one full cycle of the rota from now on.
    """

    at: _Time | None = None
    on_call: _People | None = None
    any_of: _People | None = None
    not_: Annotated[_People | None, Field(alias="not")] = None
    role: RoleField | None = None
    always: _Covered | None = None
    from_: Annotated[_Time | None, Field(alias="from")] = None
    to: _Time | None = None
    at_most: _Length | None = None


_FORMS: dict[str, tuple[str, ...]] = {
    "at": ("on_call", "any_of", "not", "role"),
    "always": ("role", "from", "to"),
    "at_most": (),
}
"""The forms of an expectation by their key, each with the keys allowed next to it."""
_WHO = ("on_call", "any_of", "not")


class _Forms:
    """The JSON Schema: one of the forms."""

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        forms: list[dict[str, Any]] = [
            {"required": [key], "propertyNames": {"enum": [key, *others]}}
            for key, others in _FORMS.items()
        ]
        forms[0]["oneOf"] = [
            {
                "required": ["on_call"],
                "propertyNames": {"enum": ["at", "on_call", "role"]},
            },
            {
                "anyOf": [{"required": ["any_of"]}, {"required": ["not"]}],
                "propertyNames": {"enum": ["at", "any_of", "not", "role"]},
            },
        ]
        forms[1]["dependentRequired"] = {"from": ["to"], "to": ["from"]}
        return {"allOf": [handler(core)], "oneOf": forms}


ExpectationField = Annotated[Expectation, _Forms]


def people_in(expectations: Iterable[Expectation]) -> Iterator[PersonName]:
    """Everyone whom expectations name."""
    for expectation in expectations:
        lists = (expectation.on_call, expectation.any_of, expectation.not_)
        yield from (name for names in lists for name in names or ())


def check_expectation(expectation: Expectation, path: Path) -> Iterator[Finding]:
    """The rules that an expectation breaks."""
    keys = [
        field.name.rstrip("_")
        for field in fields(expectation)
        if getattr(expectation, field.name) is not None
    ]
    forms = [key for key in keys if key in _FORMS]
    if not forms:
        remedy = "add `at` with people, `always: covered` or `at_most`"
        yield Finding(path, "empty expectation", remedy)
        return
    form, *others = forms
    for key in others:
        message = f"`{form}` and `{key}` cannot be in one entry"
        yield Finding((*path, key), message, "write an entry for each", at_key=True)
    allowed = {key for form in forms for key in _FORMS[form]}
    for key in keys:
        if key not in _FORMS and key not in allowed:
            homes = joined([f"`{form}`" for form in _FORMS if key in _FORMS[form]], "or")
            message = f"`{key}` works only with {homes}"
            yield Finding((*path, key), message, "remove it", at_key=True)
    if not others:
        yield from _check_form(form, keys, path)


def _check_form(form: str, keys: list[str], path: Path) -> Iterator[Finding]:
    """The missing keys of a form, and keys that contradict each other."""
    if form == "always" and ("from" in keys) != ("to" in keys):
        key = "to" if "from" in keys else "from"
        yield Finding(path, f"`{key}` is missing", f"add `{key}:`")
    if form == "at":
        if not any(key in keys for key in _WHO):
            remedy = "add `on_call`, `any_of` or `not`"
            yield Finding((*path, "at"), "`at` needs people", remedy)
        if "on_call" in keys:
            for key in ("any_of", "not"):
                if key in keys:
                    message = f"`{key}` has no effect next to `on_call`"
                    yield Finding((*path, key), message, "remove it", at_key=True)
