"""Levels of checks as files write them: in flashsync.yaml, on a schedule, on a layer."""

from __future__ import annotations

from typing import Annotated

from flashsync.declared.fields import one_of, scalar, schema
from flashsync.model.check_registry import CHECKS, LAYER_CHECKS, LEVELS

LevelField = Annotated[str, scalar(one_of(tuple(LEVELS), "level")), schema(enum=[*LEVELS, False])]
CheckId = Annotated[str, scalar(one_of(tuple(CHECKS), "check")), schema(enum=list(CHECKS))]
_LayerCheckId = Annotated[
    str, scalar(one_of(LAYER_CHECKS, "check of a layer")), schema(enum=list(LAYER_CHECKS))
]
ScheduleLevels = dict[CheckId, LevelField]
LayerLevels = dict[_LayerCheckId, LevelField]
