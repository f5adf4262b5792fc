"""Rewrites a file's text so that its documents mean other trees.

What means the same in both stays as it is, to the byte, and no comment is lost: comments of a
part that goes are left in its place. A value that an alias or a merge key brings is changed at its
anchor where all its uses change alike; else it is written out where it differs. The result is read
again: it has to mean exactly what was intended, or it is not written.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from flashsync.errors import FilesError, Problem
from flashsync.files.compose import write_entry, write_flow, write_inline, write_item
from flashsync.files.document import BYTE_ORDER_MARK, IGNORED_PREFIX, Source, Tree, TreePath
from flashsync.files.edit import Edited
from flashsync.files.load import load_text
from flashsync.files.syntax_tree import (
    Alias,
    Collection,
    Entry,
    Piece,
    SharedValues,
    TextNode,
    Unwritable,
    WrittenText,
    align,
    find_keys,
    inside,
    is_merge,
    merged,
    read_pieces,
)
from flashsync.files.text_edits import (
    BracketItem,
    DeepSplice,
    Lines,
    Splice,
    are_apart,
    find_comments,
    join_brackets,
    list_comments,
    quote_of,
    spelled,
    splice_deeply,
    write_key,
)


def rewrite_text(text: str, source: Source, trees: Mapping[int, Tree]) -> Edited:
    """Change the documents of a file to other trees, given by the index of the document.

    The order of a tree's keys says where new keys go. Keeps a byte order mark. Raises FilesError
    where the text is too unusual to be edited safely.
    """
    mark = BYTE_ORDER_MARK if text.startswith(BYTE_ORDER_MARK) else ""
    plain = text.removeprefix(BYTE_ORDER_MARK)
    before = load_text(plain, source)
    wanted = {document.origin.index: document.tree for document in before} | dict(trees)
    for written in read_pieces(plain):
        try:
            after = _rewrite(plain, written, trees)
            documents = load_text(after, source)
        except (Unwritable, FilesError):
            continue
        meant = {document.origin.index: document.tree for document in documents}
        if meant == wanted and not _lost_comments(plain, written, after):
            return Edited(source, text, mark + after, documents, ())
    message = "cannot change this file without changing its layout"
    lines = {document.origin.index: document.origin.position for document in before}
    remedy = "write its aliases and multi-line brackets in a simpler way, or edit it by hand"
    raise FilesError([Problem(message, remedy, lines.get(index)) for index in trees])


def _rewrite(text: str, written: WrittenText, trees: Mapping[int, Tree]) -> str:
    ended = text.endswith(("\n", "\r"))
    whole = text if ended else text + Lines(text).line_break(len(text))
    rewriter = _Rewriter(whole, written)
    splices = [splice for index, tree in trees.items() for splice in rewriter.document(index, tree)]
    after = splice_deeply(whole, splices)
    return after if ended else after.rstrip("\r\n")


def _lost_comments(text: str, written: WrittenText, after: str) -> bool:
    left = next((Counter(list_comments(after, pieces)) for pieces in read_pieces(after)), Counter())
    return bool(Counter(list_comments(text, written)) - left)


class _Rewriter:
    """Finds the splices of one text."""

    def __init__(self, text: str, written: WrittenText) -> None:
        self._text, self._lines, self._written = text, Lines(text), written
        self._comments = [(one.start(), one[0].rstrip()) for one in find_comments(text, written)]
        self._break = self._lines.line_break(0)
        self._homes: dict[int, tuple[Collection, Entry]] = {}
        for root in written.documents.values():
            for piece in inside(root):
                if isinstance(piece, Collection):
                    self._homes |= {id(entry.value): (piece, entry) for entry in piece.entries}

    def document(self, index: int, tree: Tree) -> Iterator[DeepSplice]:
        """The splices that change a document to a tree."""
        root = self._written.documents[index]
        self._shared = SharedValues()
        while True:
            self._shared.decide(root, tree)
            self._done: set[int] = set()
            self._lost: set[int] = set()
            self._used: list[Alias] = []
            splices = list(self._value(root, tree, ()))
            orphans = {id(alias) for alias in self._used if id(alias.target) in self._lost}
            if orphans <= self._shared.written_out:
                yield from splices
                return
            self._shared.written_out |= orphans

    # The splices

    def _value(self, piece: Piece, tree: Tree, path: TreePath) -> Iterator[DeepSplice]:
        """The splices that make a piece mean a tree."""
        if isinstance(piece, Alias):
            if id(piece) in self._shared.written_out:
                yield from self._replace(piece, tree, path)
                return
            self._used.append(piece)
            piece = piece.target
        if id(piece) in self._done:
            return
        self._done.add(id(piece))
        if isinstance(piece, TextNode) and isinstance(tree, str):
            if piece.text != tree:
                yield self._text_of(piece, tree, path)
        elif isinstance(piece, Collection) and piece.mapping == isinstance(tree, dict):
            yield from self._collection(piece, tree, path)
        else:
            yield from self._replace(piece, tree, path)

    def _collection(self, piece: Collection, tree: Tree, path: TreePath) -> Iterator[DeepSplice]:
        """The splices of a collection; it is written anew where its layout is too unusual."""
        if isinstance(tree, str):
            yield from self._replace(piece, tree, path)
        elif piece.flow and self._restructured(piece, tree, path):
            yield from self._rebuild(piece, tree, path)
        else:
            try:
                if isinstance(tree, dict):
                    yield from list(self._mapping(piece, tree, path))
                else:
                    yield from list(self._list(piece, tree, path))
            except Unwritable:
                yield from self._replace(piece, tree, path)

    def _text_of(self, piece: TextNode, text: str, path: TreePath) -> DeepSplice:
        home = self._homes.get(id(piece))
        flow = home is not None and home[0].flow
        if piece.style in ("'", '"') and "\n" not in text:
            new = spelled(text, piece.style)
        else:
            column = self._lines.column(home[1].at) if home else 0
            below_it = self._below(home[1]) if home else piece.end
            commented = bool(self._comments_in(piece.end, below_it))
            indent = " " * (column + 2)
            new = write_inline(text, path, indent, flow=flow or commented)
        notes = self._comments_in(piece.body, piece.end)
        if notes:
            first, *rest = new.split("\n")
            new = "\n".join([f"{first}  {' '.join(notes)}", *rest])
        return DeepSplice(Splice(piece.body, piece.end, self._broken(new)), len(path))

    def _broken(self, text: str) -> str:
        """New text with the line breaks of the file."""
        return text.replace("\n", self._break)

    def _comments_in(self, start: int, end: int) -> list[str]:
        return [comment for at, comment in self._comments if start <= at < end]

    def _lose(self, piece: Piece) -> None:
        self._lost |= {id(part) for part in inside(piece)}

    def _replace(self, piece: Piece, tree: Tree, path: TreePath) -> Iterator[DeepSplice]:
        """Write a value anew."""
        if id(piece) not in self._homes:
            raise Unwritable
        collection, entry = self._homes[id(piece)]
        self._lose(piece)
        line = write_flow(tree, path)
        alone = self._lines.same(entry.at, piece.end) or collection.flow
        if collection.flow or (alone and not _in_lines(tree, path)):
            if notes := self._comments_in(piece.start, piece.end):
                before = self._lines.before(piece.start)
                indent = before[: len(before) - len(before.lstrip(" \t"))] + "  "
                line = "".join(f" {note}\n{indent}" for note in notes) + line
            yield DeepSplice(Splice(piece.start, piece.end, self._broken(line)), len(path))
            return
        yield from self._relay(collection, entry, self._written_entry(entry, tree, path), path)

    def _written_entry(self, entry: Entry, tree: Tree, path: TreePath) -> str:
        indent = " " * self._lines.column(entry.at)
        if entry.key is None:
            return write_item(tree, path, indent)
        key = self._text[entry.key.start : entry.key.end]
        return write_entry(key, tree, path, indent)

    def _relay(
        self, collection: Collection, entry: Entry, text: str, path: TreePath
    ) -> Iterator[DeepSplice]:
        """Put text in the place of an entry on lines; its comments stay above it."""
        end = self._below(entry)
        if self._lines.leads(entry.at):
            begin = self._lines.begin(entry.at)
            notes = self._kept_comments(entry, begin, end)
            yield DeepSplice(Splice(begin, end, self._broken(notes + text)), len(path))
            return
        yield from self._raised_comments(entry, entry.at, end, path)
        text = text[self._lines.column(entry.at) :]
        yield DeepSplice(Splice(entry.at, end, self._broken(text)), len(path))

    def _kept_comments(self, entry: Entry, begin: int, end: int) -> str:
        indent = " " * self._lines.column(entry.at)
        return "".join(f"{indent}{comment}\n" for comment in self._comments_in(begin, end))

    def _raised_comments(
        self, entry: Entry, start: int, end: int, path: TreePath
    ) -> Iterator[DeepSplice]:
        """Comments of what goes, above the line on which it begins after a dash."""
        begin = self._lines.begin(entry.at)
        before = self._text[begin : entry.at]
        indent = before[: len(before) - len(before.lstrip(" \t"))]
        notes = [f"{indent}{comment}\n" for comment in self._comments_in(start, end)]
        if notes:
            yield DeepSplice(Splice(begin, begin, self._broken("".join(notes))), len(path))

    def _below(self, entry: Entry) -> int:
        """The begin of the first line after the entry and the comments that belong to it.

        These are indented beyond it. A block of text would take them for its own.
        """
        column = self._lines.column(entry.at)
        end = at = self._lines.after(entry.end)
        while at < len(self._text):
            if (below_it := self._lines.past_comments(at, column)) > at:
                end = at = below_it
            elif self._text[at : self._lines.end(at)].strip():
                break
            else:
                at = self._lines.after(at)
        return end

    # Mappings

    def _kept_keys(
        self, piece: Collection, tree: Mapping[str, Tree], path: TreePath
    ) -> list[Entry]:
        """The own entries that stay; also top-level keys that are the user's own."""
        return [
            entry
            for entry in piece.entries
            if (is_merge(entry) and id(piece) not in self._shared.expanded)
            or (entry.key is not None and not is_merge(entry) and entry.key.text in tree)
            or (not path and entry.key is not None and entry.key.text.startswith(IGNORED_PREFIX))
        ]

    def _new_keys(self, piece: Collection, tree: Mapping[str, Tree]) -> list[str]:
        return [key for key in tree if self._shared.entry(piece, key)[0] is None]

    def _check_merged(self, piece: Collection, tree: Mapping[str, Tree]) -> None:
        """Write out a merge key that brings a key which is not wanted."""
        brought = {
            key
            for entry in piece.entries
            if is_merge(entry)
            for source in merged(entry)
            for key in find_keys(source)
        }
        if id(piece) not in self._shared.expanded and brought - tree.keys():
            self._shared.expanded.add(id(piece))

    def _mapping(
        self, piece: Collection, tree: Mapping[str, Tree], path: TreePath
    ) -> Iterator[DeepSplice]:
        self._check_merged(piece, tree)
        kept = self._kept_keys(piece, tree, path)
        if not kept:
            raise Unwritable
        for key, part in tree.items():
            entry, _ = self._shared.entry(piece, key)
            if entry is not None:
                yield from self._value(entry.value, part, (*path, key))
        yield from self._remove(piece, [e for e in piece.entries if e not in kept], path)
        own = {entry.key.text: entry for entry in kept if entry.key and not is_merge(entry)}
        after = kept[0]
        texts: dict[int, list[str]] = defaultdict(list)
        new = set(self._new_keys(piece, tree))
        for key, part in tree.items():
            if key in own:
                after = own[key]
            elif key in new:
                indent = " " * self._lines.column(piece.entries[0].at)
                place = self._below(after)
                texts[place].append(write_entry(write_key(piece, key), part, (*path, key), indent))
        for place, lines in texts.items():
            yield DeepSplice(Splice(place, place, self._broken("".join(lines))), len(path))

    # Lists

    def _list(
        self, piece: Collection, tree: Sequence[Tree], path: TreePath
    ) -> Iterator[DeepSplice]:
        pairs = align(piece, tree)
        kept = [piece.entries[old] for old, new in pairs if old is not None and new is not None]
        if not kept:
            raise Unwritable
        for old, new in pairs:
            if old is not None and new is not None:
                yield from self._value(piece.entries[old].value, tree[new], (*path, new))
        gone = [piece.entries[old] for old, new in pairs if old is not None and new is None]
        yield from self._remove(piece, gone, path)
        after: Entry | None = None
        for old, new in pairs:
            if old is not None and new is not None:
                after = piece.entries[old]
            elif new is not None:
                yield self._item(piece, after, tree[new], (*path, new))

    def _item(
        self, piece: Collection, after: Entry | None, tree: Tree, path: TreePath
    ) -> DeepSplice:
        """A new entry of a list on lines, after another one or as the first."""
        first = piece.entries[0]
        if not self._lines.leads(first.at):
            raise Unwritable
        text = write_item(tree, path, " " * self._lines.column(first.at))
        quote = quote_of([entry.value for entry in piece.entries])
        if isinstance(tree, str) and quote:
            text = f"{self._lines.before(first.at)}- {spelled(tree, quote)}\n"
        if after is None:
            begin = self._lines.begin(first.at)
            return DeepSplice(Splice(begin, begin, self._broken(text)), len(path))
        if are_apart(self._text, piece):
            text = "\n" + text
        place = self._below(after)
        return DeepSplice(Splice(place, place, self._broken(text)), len(path))

    def _remove(
        self, piece: Collection, gone: Sequence[Entry], path: TreePath
    ) -> Iterator[DeepSplice]:
        """Remove entries on lines; their comments stay."""
        for entry in gone:
            self._lose(entry.value)
            end = self._below(entry)
            if self._lines.leads(entry.at):
                begin = self._lines.begin(entry.at)
                notes = self._kept_comments(entry, begin, end)
                yield DeepSplice(Splice(begin, end, self._broken(notes)), len(path))
                continue
            following = next((e for e in piece.entries if e.at > entry.at and e not in gone), None)
            if following is None or gone[0] is not entry:
                raise Unwritable
            if any(other is not entry and other.at < following.at for other in gone):
                raise Unwritable
            yield from self._raised_comments(entry, entry.at, following.at, path)
            yield DeepSplice(Splice(entry.at, following.at), len(path))

    # Brackets

    def _restructured(self, piece: Collection, tree: Tree, path: TreePath) -> bool:
        """Whether entries come or go."""
        if isinstance(tree, dict):
            self._check_merged(piece, tree)
            kept = self._kept_keys(piece, tree, path)
            return len(kept) != len(piece.entries) or bool(self._new_keys(piece, tree))
        return any(old is None or new is None for old, new in align(piece, list(tree)))

    def _rebuild(self, piece: Collection, tree: Tree, path: TreePath) -> Iterator[DeepSplice]:
        """Brackets with other entries: on one line, or with a line for each."""
        items: list[BracketItem] = []
        quote = quote_of([entry.value for entry in piece.entries])
        for entry, key, part in self._flow_entries(piece, tree, path):
            if part is None:
                self._lose(entry.value) if entry else None
                items.append(BracketItem("", self._comments_of(piece, entry, whole=True)))
            elif entry is None:
                text = spelled(part, quote) if isinstance(part, str) and quote else ""
                text = text or write_flow(part, (*path, key))
                name = f"{write_key(piece, key)}: " if isinstance(key, str) else ""
                items.append(BracketItem(name + text, []))
            elif is_merge(entry):
                text = self._text[entry.at : entry.end]
                items.append(BracketItem(text, self._comments_of(piece, entry)))
            else:
                text, others = self._within(entry, part, (*path, key))
                yield from others
                items.append(BracketItem(text, self._comments_of(piece, entry)))
        head = self._comments_in(piece.body, min((e.at for e in piece.entries), default=piece.end))
        plain = not self._comments_in(piece.body, piece.end)
        text = join_brackets(self._lines, piece, items, head, plain=plain)
        yield DeepSplice(Splice(piece.body, piece.end, self._broken(text)), 0)

    def _flow_entries(
        self, piece: Collection, tree: Tree, path: TreePath
    ) -> Iterator[tuple[Entry | None, str | int, Tree | None]]:
        """The entries in their new order: kept, gone (without a tree) and new (without entry)."""
        if isinstance(tree, dict):
            kept = self._kept_keys(piece, tree, path)
            for entry in piece.entries:
                key = entry.key.text if entry.key else ""
                yield entry, key, tree.get(key, "") if entry in kept else None
            for key in self._new_keys(piece, tree):
                yield None, key, tree[key]
            return
        for old, new in align(piece, list(tree)):
            known = None if old is None else piece.entries[old]
            yield known, new or 0, None if new is None else list(tree)[new]

    def _within(self, entry: Entry, tree: Tree, path: TreePath) -> tuple[str, list[DeepSplice]]:
        """An entry's text with the changes in it, and the changes elsewhere."""
        start, end = entry.at, entry.end
        deep = list(self._value(entry.value, tree, path))
        mine = [one for one in deep if start <= one.splice.start and one.splice.end <= end]
        others = [one for one in deep if one not in mine]
        shifted = [
            DeepSplice(
                Splice(one.splice.start - start, one.splice.end - start, one.splice.text), one.depth
            )
            for one in mine
        ]
        return splice_deeply(self._text[start:end], shifted), others

    def _comments_of(
        self, piece: Collection, entry: Entry | None, *, whole: bool = False
    ) -> list[str]:
        """The comments after an entry in brackets, up to the next one; `whole`, also within it."""
        if entry is None:
            return []
        later = [other.at for other in piece.entries if other.at > entry.at]
        start = entry.at if whole else entry.end
        return self._comments_in(start, min(later, default=piece.end))


def _in_lines(tree: Tree, path: TreePath) -> bool:
    """Whether a value is written on lines of its own."""
    return "\n" in write_entry("x", tree, path, "").removesuffix("\n")
