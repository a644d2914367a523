"""Two texts as one input of a reranker, in the form that the model was trained on."""

from __future__ import annotations

from models.llama.native import Model

_QUERY, _DOCUMENT = "{query}", "{document}"


class PairTokens:
    """Tokens of a query and a document: in the model's own template, else between its special tokens (llama.cpp)."""

    def __init__(self, model: Model, window: int) -> None:
        self._model = model
        self._window = window
        self._template = model.rerank_template
        begin, end, middle = model.borders
        self._begin = [] if begin is None else [begin]
        between = [] if middle is None else [middle]
        # BERT's files name no end: there the separator closes both texts.
        self._end = between if end is None else [end]
        self._middle = between if end is None else [end, *between]

    def of(self, query: str, document: str) -> list[int]:
        """At most as many as the window holds; what is too long loses its end, the document first."""
        asked, told = (self._model.encode(text.encode("utf-8", "replace")) for text in (query, document))
        before, between, after = self._frame()
        room = self._window - len(before) - len(between) - len(after)
        asked = asked[: max(room // 2, room - len(told))]
        return [*before, *asked, *between, *told[: max(0, room - len(asked))], *after]

    def _frame(self) -> tuple[list[int], list[int], list[int]]:
        """What stands before the query, between the two, and after the document."""
        if _QUERY not in self._template or _DOCUMENT not in self._template.partition(_QUERY)[2]:
            return self._begin, self._middle, self._end
        before, _, rest = self._template.partition(_QUERY)
        between, _, after = rest.partition(_DOCUMENT)
        # The template is the model's own: special tokens in it are what they say.
        first, second, third = (self._model.encode_marked(part.encode()) for part in (before, between, after))
        return first, second, third
