"""Where a sample's evidence stands: the quote with the text around it, to be shown beside the sample."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from doc2data.records import Evidence, Sample
from doc2data.store import Store

AROUND = 600
"""Characters shown on each side of a quote, at most."""
OPEN_DOCUMENTS = 6


@dataclass(frozen=True, slots=True)
class Setting:
    """One piece of evidence in its surroundings: `before + quote + after` is a slice of the document's text."""

    evidence: Evidence
    before: str
    quote: str
    after: str
    found: bool = True
    """Whether the quote stands in the source as it says; else `quote` is what the sample claims."""


class Sources:
    """Texts of documents, the last few kept. Use it in the thread of its store."""

    def __init__(self) -> None:
        self._texts: OrderedDict[str, str | None] = OrderedDict()

    def settings_of(self, store: Store, sample: Sample, around: int = AROUND) -> list[Setting]:
        """Every piece of evidence in its surroundings, in the sample's order (for several hops: hop by hop)."""
        return [self._setting(store, evidence, around) for evidence in sample.evidence]

    def _setting(self, store: Store, evidence: Evidence, around: int) -> Setting:
        text = self._text(store, evidence.document)
        if text is None or text[evidence.start : evidence.end] != evidence.quote:
            return Setting(evidence, "", evidence.quote, "", found=False)
        before = text[max(0, evidence.start - around) : evidence.start]
        after = text[evidence.end : evidence.end + around]
        return Setting(evidence, _from_break(before, around), evidence.quote, _to_break(after, around))

    def _text(self, store: Store, name: str) -> str | None:
        if name not in self._texts:
            id = store.documents.id_of(name)
            self._texts[name] = None if id is None else store.documents.document(id).text
        self._texts.move_to_end(name)
        while len(self._texts) > OPEN_DOCUMENTS:
            self._texts.popitem(last=False)
        return self._texts[name]


def _from_break(text: str, around: int) -> str:
    """Without a piece of a paragraph at the front, where a whole one follows."""
    if len(text) < around:
        return text
    _, found, rest = text.partition("\n\n")
    return rest if found and rest else text


def _to_break(text: str, around: int) -> str:
    """Without a piece of a paragraph at the end, where a whole one stands before."""
    if len(text) < around:
        return text
    whole, found, _ = text.rpartition("\n\n")
    return whole if found and whole.strip() else text
