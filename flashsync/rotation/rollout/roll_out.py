"""From a live chain and the file's layer to the links to write: what an edit does, and when.

Pure: the same chain, layer, rollout and time give the same links. Where nothing differs, these are
the live links as they are.
"""

from __future__ import annotations

from collections.abc import Sequence

from flashsync.model.desired import Rollout
from flashsync.model.schedule import Layer
from flashsync.rotation.rollout.compare_layer import duty, needs_cut
from flashsync.rotation.rollout.ending import end_gone, end_now
from flashsync.rotation.rollout.explain_cut import explain_cut, explain_obstacle, explain_update
from flashsync.rotation.rollout.late_start import begin_late
from flashsync.rotation.rollout.links import keep_links, update_in_place, write_cut
from flashsync.rotation.rollout.model import Link, Note, Rolled, Situation
from flashsync.rotation.rollout.normalise import complete_declared, normalise
from flashsync.rotation.rollout.place_cut import Obstacle, place_cut


def roll_out(
    chain: Sequence[Layer],
    layer: Layer | None,
    rollout: Rollout,
    at: Situation,
    *,
    fresh: bool = False,
) -> Rolled:
    """What becomes of a chain: live layers of one name that do not overlap, by start.

    `layer` is the file's, None where the file has none. A `fresh` schedule is not live, and takes
    `start` as written.
    """
    if layer is None:
        return end_gone(chain, rollout, at)
    if layer.ended(at.now) and chain and not chain[-1].ended(at.now) and not fresh:
        return end_now(chain, layer, at)
    if layer.end is not None:  # links that would begin after it go
        begun = [link for link in chain if link.start < layer.end or link.ended(at.now)]
        chain = begun or chain[:1]
    ended = not chain or chain[-1].ended(at.now)
    if ended and layer.ended(at.now):
        return Rolled(keep_links(chain))
    if fresh or rollout.exact:
        return _write_exactly(chain, layer, at, fresh=fresh)
    if not ended and chain[0].begun(at.now):
        return _change(chain, layer, rollout, at)
    if layer.begun(at.now):
        return begin_late(chain, layer, rollout, at) or _change(chain, layer, rollout, at)
    return _write_pending(chain, layer, at)


def _change(chain: Sequence[Layer], layer: Layer, rollout: Rollout, at: Situation) -> Rolled:
    """What becomes of a chain that has begun; `layer` has not ended."""
    edit = normalise(chain, layer, rollout, at)
    if not needs_cut(edit):
        return explain_update(edit, update_in_place(edit))
    place = place_cut(edit)
    if isinstance(place, Obstacle):
        return explain_obstacle(edit, place)
    return explain_cut(edit, place, write_cut(edit, place))


def _write_pending(chain: Sequence[Layer], layer: Layer, at: Situation) -> Rolled:
    """Nothing runs, and the layer begins later: it takes `start` as written."""
    ended = [link for link in keep_links(chain) if link.layer.ended(at.now)]
    pending = chain[-1] if len(ended) < len(chain) else None
    new = complete_declared(layer, pending, at.timezone)
    return Rolled((*ended, Link(new, len(chain) - 1 if chain else None)))


def _write_exactly(chain: Sequence[Layer], layer: Layer, at: Situation, *, fresh: bool) -> Rolled:
    """The file's start and order decide; the chain becomes one layer."""
    last = chain[-1] if chain else None
    new = complete_declared(layer, last, at.timezone)
    link = Link(new, len(chain) - 1 if chain else None)
    moved = last is None or len(chain) > 1 or (new.start, duty(new)) != (last.start, duty(last))
    begun = layer.begun(at.now) or (bool(chain) and chain[0].begun(at.now))
    if fresh or not (moved and begun):
        return Rolled((link,))
    note = Note(
        f"layers[{layer.name}] is written at once, as rollout `exact` asks: "
        "all its turns, past ones too, are counted from `start`"
    )
    return Rolled((link,), notes=(note,))
