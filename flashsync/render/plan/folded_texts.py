"""Sentences that differ in one name become one sentence with all the names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flashsync.model.wording import joined


@dataclass
class _Sentence:
    """Parts between backticks, at odd places names; at one `place`, several of them."""

    parts: list[str]
    place: int | None = None
    names: list[str] = field(default_factory=list)

    def take(self, parts: Sequence[str]) -> bool:
        """Whether other parts differ in one name only, which is then taken over."""
        if len(parts) != len(self.parts):
            return False
        pairs = enumerate(zip(self.parts, parts, strict=True))
        differing = [place for place, (ours, theirs) in pairs if ours != theirs]
        if len(differing) != 1 or differing[0] % 2 == 0 or self.place not in (None, *differing):
            return False
        (self.place,) = differing
        self.names = [*(self.names or [self.parts[self.place]]), parts[self.place]]
        return True

    def __str__(self) -> str:
        if self.place is None:
            return "`".join(self.parts)
        names = joined([f"`{name}`" for name in self.names])
        before, after = self.parts[: self.place], self.parts[self.place + 1 :]
        return "`".join(before) + names + "`".join(after)


def fold_texts(texts: Sequence[str]) -> list[str]:
    """`on `A` …` and `on `B` …` as `on `A` and `B` …`; other texts as they are."""
    sentences: list[_Sentence] = []
    for text in texts:
        parts = text.split("`")
        if not any(sentence.take(parts) for sentence in sentences):
            sentences.append(_Sentence(parts))
    return list(map(str, sentences))
