"""The layers of a document as they are live: what means the same keeps its spelling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from flashsync.declared.parse import adapter, read_schedule
from flashsync.declared.problems import Findings
from flashsync.declared.schedule import Group as DeclaredGroup
from flashsync.declared.schedule import expand_group
from flashsync.errors import Position
from flashsync.files.document import Tree
from flashsync.files.format_rules import LAYER_ORDER as LAYER
from flashsync.model.desired import Desired, LayerIntent
from flashsync.model.schedule import PRIMARY, Group, Layer, Member, canonical_name
from flashsync.model.timezone import time_of_week
from flashsync.model.wording import time as words_of_time
from flashsync.model.wording import time_of_week as words_of_week
from flashsync.resolve.describe import DescriptionWriter, WrittenNames, fold_chains
from flashsync.resolve.schedule import ResolveContext, resolve
from flashsync.rotation.rollout.chains import pair
from flashsync.rotation.rollout.handoffs import half_hour
from flashsync.rotation.rollout.model import Situation
from flashsync.rotation.rollout.roll_out import roll_out
from flashsync.rotation.rollout.who_is_next import find_turn, is_letter

_DUTY = ("rotation", "end", "days", "hours", "continuous", "fair")
"""Keys that can be compared one by one."""
_TRIED = (
    ("groups",),
    ("groups", "handoff"),
    ("groups", "handoff", "start"),
)
"""Which keys an edit may change next to `_DUTY`: as few as the planner lets pass."""


@dataclass(frozen=True, slots=True)
class LiveLayers:
    """What layers are compared with: the live ones, the names of a file, the zone and the time."""

    live: Sequence[Layer]
    names: WrittenNames
    context: ResolveContext
    now: int

    @property
    def timezone(self) -> str:
        """The account's zone."""
        return self.context.timezone

    @property
    def writer(self) -> DescriptionWriter:
        """What gives live values the words of a file."""
        return DescriptionWriter(self.names, self.timezone)

    def describe(self, layer: Layer) -> Any:
        """A live layer, as a new file has it."""
        tree: Any = self.writer.layer(layer, ())
        return dict(tree)

    def described(self) -> list[Any]:
        """All layers that have not ended, as a new file has them."""
        folded, _ = fold_chains(self.live, self.now)
        return [self.writer.layer(layer, ()) for layer in folded]


def merge_layers(trees: Sequence[Any], desired: Desired, account: LiveLayers) -> list[Any]:
    """The layers of a document as they are live, with new layers at the end."""
    wanted = desired.schedule.layers
    merged: list[Any] = []
    added: list[tuple[int, Any]] = []
    done: set[int] = set()
    for match in pair(wanted, desired.intents, account.live, (), account.now):
        chain = [account.live[place] for place in match.chain]
        if match.desired is None:
            if not chain[-1].ended(account.now):
                added.append((match.chain[0], account.describe(chain[-1])))
        elif match.desired not in done:
            done.add(match.desired)
            intent = desired.intents[match.desired]
            layer = _merge_layer(
                trees[match.desired], wanted[match.desired], intent, chain, account
            )
            merged += [] if layer is None else [layer]
    if not merged and not added:
        return _past_layer(trees, wanted, account)
    return [*merged, *(tree for _, tree in sorted(added, key=lambda pair: pair[0]))]


def _past_layer(trees: Sequence[Any], wanted: Sequence[Layer], account: LiveLayers) -> list[Any]:
    """What stands for no layers, since a schedule needs one: a layer that has ended.

    It is the last live one, else one of the file that ends now.
    """
    if account.live:
        return [account.describe(account.live[-1])]
    ended = half_hour(account.now, account.timezone)
    end = words_of_time(ended, account.timezone)
    begun = [tree for tree, layer in zip(trees, wanted, strict=True) if layer.begun(ended - 1)]
    return [put(tree, "end", end, LAYER) for tree in begun[:1]]


def _merge_layer(
    tree: Any, layer: Layer, intent: LayerIntent, chain: Sequence[Layer], account: LiveLayers
) -> Any | None:
    """A layer with the changes of its chain; None if nothing of it is live."""
    if not chain:
        return tree if layer.ended(account.now) else None
    if "renamed_from" in tree:  # the layer is renamed by now, or has its old name again
        tree = drop(tree, "renamed_from")
        live_name = canonical_name(chain[-1].name)
        if canonical_name(tree["layer"]) != live_name:
            tree = put(tree, "layer", live_name, LAYER)
    if _is_live(layer, intent, chain, account):
        return tree
    for keys in _TRIED:
        changed = _changed(tree, layer, chain[-1], keys, account)
        read = _read(changed, account)
        if read and _is_live(*read, chain, account):
            return changed
    return _replaced(tree, chain[-1], account)


def _is_live(
    layer: Layer, intent: LayerIntent, chain: Sequence[Layer], account: LiveLayers
) -> bool:
    """Whether an apply would leave the chain as it is."""
    situation = Situation(account.now, account.timezone)
    rolled = roll_out(chain, layer, intent.rollout, situation)
    return not rolled.refusals and [link.layer for link in rolled.links] == list(chain)


def _read(tree: Any, account: LiveLayers) -> tuple[Layer, LayerIntent] | None:
    """A layer's tree as it is read; None for a tree with errors."""
    try:
        declared = read_schedule({"schedule": "x", "layers": [tree]})
    except Findings:
        return None
    desired, _ = resolve(declared, Position(""), account.context)
    return (desired.schedule.layers[0], desired.intents[0]) if desired else None


def _replaced(tree: Any, link: Layer, account: LiveLayers) -> Any:
    """The whole layer as it is live, with the keys that are the file's alone."""
    described = account.describe(link)
    for key in LAYER:
        if key in described:
            tree = put(tree, key, described[key], LAYER)
        elif key != "rollout":
            tree = drop(tree, key)
    return tree


def _changed(tree: Any, layer: Layer, link: Layer, keys: Sequence[str], account: LiveLayers) -> Any:
    """A layer with the keys that differ; of groups, handoff and start only those in `keys`."""
    described = account.describe(link)
    if canonical_name(layer.name) != canonical_name(link.name):
        tree = put(tree, "layer", described["layer"], LAYER)
    differing = [key for key in _DUTY if getattr(layer, key) != getattr(link, key)]
    for key in differing:
        tree = put(tree, key, described.get(key), LAYER)
    if not link.rotation.weekly:
        tree = drop(tree, "handoff")
    elif "start" in keys:
        tree = put(tree, "handoff", described.get("handoff"), LAYER)
    elif "handoff" in keys and _handoff(layer, account) != link.handoff:
        handoff = None if link.handoff is None else words_of_week(link.handoff)
        tree = put(tree, "handoff", handoff, LAYER)
    if "start" in keys:
        tree = put(tree, "start", described["start"], LAYER)
    groups = merge_groups(tree["groups"], layer, link, account, turn="start" not in keys)
    return tree if groups == tree["groups"] else put(tree, "groups", groups, LAYER)


def _handoff(layer: Layer, account: LiveLayers) -> int | None:
    """The handoff that a file's layer means."""
    if layer.handoff is None and layer.rotation.weekly and not layer.cuts_days:
        return time_of_week(layer.start, account.timezone)
    return layer.handoff


# The groups of a layer and their members.


def merge_groups(
    trees: Sequence[Any], layer: Layer, link: Layer, account: LiveLayers, *, turn: bool
) -> list[Any]:
    """The groups as they are live; with `turn`, the cycle may begin with any of them."""
    described = account.describe(link)["groups"]
    live = list(zip(link.groups, described, strict=True))
    if turn:
        live = _turned(layer.groups, link.groups, live)
    declared = [_declared_group(tree) for tree in trees]
    before = [sorted(group.members) for group in layer.groups]
    after = [sorted(group.members) for group, _ in live]
    matcher = SequenceMatcher(None, [*map(repr, before)], [*map(repr, after)], autojunk=False)
    merged: list[Any] = []
    for _, one, one_end, other, other_end in matcher.get_opcodes():
        for at in range(other_end - other):
            group, tree = live[other + at]
            if one + at < one_end:
                old = trees[one + at]
                tree = _merge_group(old, declared[one + at], group, tree, account)
            merged.append(tree)
    return merged


def _turned(
    wanted: Sequence[Group], live: Sequence[Group], pairs: list[tuple[Group, Any]]
) -> list[tuple[Group, Any]]:
    """The live order, begun where most of the file's order stays."""
    by = find_turn(wanted, live)
    if by is not None:
        return [*pairs[by:], *pairs[:by]]
    before = [repr(sorted(group.members)) for group in wanted]
    after = [repr(sorted(group.members)) for group in live]

    def agreeing(turn: int) -> tuple[float, int]:
        turned = [*after[turn:], *after[:turn]]
        places = sum(one == other for one, other in zip(before, turned, strict=False))
        return SequenceMatcher(None, before, turned, autojunk=False).ratio(), places

    by = max(range(len(after)), key=lambda turn: (agreeing(turn), -turn))
    return [*pairs[by:], *pairs[:by]]


def _declared_group(tree: Any) -> DeclaredGroup:
    return adapter(DeclaredGroup).validate_python(expand_group(tree))


def _merge_group(
    tree: Any, declared: DeclaredGroup, group: Group, described: Any, account: LiveLayers
) -> Any:
    """A group's tree with its live people and name."""
    named = isinstance(tree, dict) and ("members" in tree or "group" in tree)
    members = tree["members"] if named else tree if isinstance(tree, list) else [tree]
    written = _members_of(declared, account)
    kept = [text for text, member in zip(members, written, strict=True) if member in group.members]
    if isinstance(described, dict) and "members" in described:
        described = described["members"]
    joined = [
        text
        for text in (described if isinstance(described, list) else [described])
        if _members_of(_declared_group([text]), account)[0] not in written
    ]
    people = [*kept, *joined]
    if not named:  # a list if the file has one
        return people if isinstance(tree, list) or len(people) > 1 else people[0]
    if people != members:
        tree = put(tree, "members", people, ("group", "members"))
    if declared.group is not None and canonical_name(declared.group) != canonical_name(
        group.name or ""
    ):
        name = None if is_letter(group.name) else canonical_name(group.name or "")
        tree = put(tree, "group", name, ("group", "members"))
    return tree


def _members_of(group: DeclaredGroup, account: LiveLayers) -> list[Member]:
    """Whom the members of a group mean."""
    names = account.names.account_names
    return [
        Member(names.person(one.person), PRIMARY if one.role is None else names.role(one.role))
        for one in group.members
    ]


# Keys of documents, in the order of the format.


def put(tree: dict[str, Tree], key: str, value: Any, order: Sequence[str]) -> dict[str, Tree]:
    """The mapping with a value for a key, a new one in its place; None drops the key."""
    if value is None:
        return drop(tree, key)
    if key in tree:
        return {**tree, key: value}
    before = order[: order.index(key)]
    items = list(tree.items())
    place = max((at for at, (other, _) in enumerate(items, 1) if other in before), default=0)
    return dict([*items[:place], (key, value), *items[place:]])


def drop(tree: dict[str, Tree], key: str) -> dict[str, Tree]:
    """The mapping without a key."""
    return {other: value for other, value in tree.items() if other != key}
