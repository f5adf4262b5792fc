"""Live layers that are one chain, and which layer of the file each chain is."""

from __future__ import annotations

from typing import Any

import pytest

from flashsync.model.desired import LayerIntent
from flashsync.rotation.rollout.chains import Pair, chains, pair
from tests.plan.helpers import START, WEEK, file_layer, live_layer


def at(start: int, end: int | None, name: str = "Primary") -> Any:
    return live_layer(1, start=START + start * WEEK, end=end and START + end * WEEK, name=name)


@pytest.mark.parametrize(
    ("layers", "found"),
    [
        ([at(0, None)], {"Primary": [(0,)]}),
        ([at(0, 1), at(1, 2), at(2, None)], {"Primary": [(0, 1, 2)]}),
        ([at(2, None), at(0, 1), at(1, 2)], {"Primary": [(1, 2, 0)]}),
        ([at(0, 1), at(5, None)], {"Primary": [(0, 1)]}),
        ([at(0, None), at(0, None)], {"Primary": [(0,), (1,)]}),
        ([at(0, 2), at(1, 3), at(2, None), at(3, None)], {"Primary": [(0, 2), (1, 3)]}),
        ([at(0, 1), at(1, None, "Primary ")], {"Primary": [(0, 1)]}),
        ([at(0, 1), at(1, None, "Other")], {"Primary": [(0,)], "Other": [(1,)]}),
    ],
)
def test_layers_of_one_name_that_do_not_overlap_are_one_chain(layers: Any, found: Any) -> None:
    assert chains(layers) == found


@pytest.mark.parametrize(
    ("files", "renamed", "live", "pairs"),
    [
        (["P"], {}, [at(0, None, "P")], [(0, (0,))]),
        (["P", "Q"], {}, [at(0, None, "Q"), at(0, None, "P")], [(0, (1,)), (1, (0,))]),
        (["P", "P"], {}, [at(0, None, "P"), at(1, None, "P")], [(0, (0,)), (1, (1,))]),
        (["P", "P"], {}, [at(0, None, "P")], [(0, (0,)), (1, ())]),
        (["P"], {}, [at(0, None, "P"), at(1, None, "P")], [(0, (0,)), (None, (1,))]),
        (["P"], {}, [at(0, None, "Q")], [(0, ()), (None, (0,))]),
        (["P"], {0: "Q"}, [at(0, None, "Q")], [(0, (0,))]),
        # only while no live layer has the new name, and no other file layer the old one
        (["P"], {0: "Q"}, [at(0, None, "Q"), at(0, None, "P")], [(0, (1,)), (None, (0,))]),
        (["P", "Q"], {0: "Q"}, [at(0, None, "Q")], [(0, ()), (1, (0,))]),
        (["P"], {0: "X"}, [at(0, None, "Q")], [(0, ()), (None, (0,))]),
        (["P", "R"], {0: "Q", 1: "Q"}, [at(0, None, "Q")], [(0, (0,)), (1, ())]),
    ],
)
def test_layers_are_paired_by_name(files: Any, renamed: Any, live: Any, pairs: Any) -> None:
    wanted = [file_layer(1, name=name) for name in files]
    intents = [LayerIntent(renamed_from=renamed.get(place)) for place in range(len(files))]
    assert list(pair(wanted, intents, live)) == [Pair(*one) for one in pairs]
