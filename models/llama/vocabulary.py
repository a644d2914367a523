"""A model's tokens as bytes, and which of them may come next at a place in a structure."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.llama.native import Model
from models.structure import cursor, text
from models.structure.cursor import InText, Place

Mask = NDArray[np.bool_]
_ILLEGAL = 30_000
_HIGHEST = b"\xff" * 8
# Printable ASCII apart from the quote and the backslash: as many characters as bytes.
_SIMPLE = re.compile(rb"[ !#-\[\]-~]+")


class Vocabulary:
    """Pieces, ends and markers of a model, and masks over them."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._special = model.markers()
        self.ends = frozenset(token for token in self._special if model.is_end(token))
        """Tokens with which a model ends a reply."""
        wordless = self.ends.union(token for token in self._special if model.is_control(token))
        self.pieces = [b"" if token in wordless else model.piece(token) for token in range(model.tokens)]
        """Bytes of each token; empty for those that are not text."""
        self._text_masks: dict[int, tuple[NDArray[np.int32], Mask]] = {}

    @property
    def size(self) -> int:
        """Number of tokens."""
        return len(self.pieces)

    def encode(self, plain: bytes) -> list[int]:
        """Tokens of plain text; special tokens written in it stay text."""
        return self._model.encode(plain)

    def encode_marked(self, parts: str) -> list[int]:
        """Tokens of template text, in which special tokens are what they say."""
        return self.encode_parts([(parts, True)])

    def encode_parts(self, parts: list[tuple[str, bool]]) -> list[int]:
        """Tokens of a prompt made of template text (True) and of documents (False).

        Text between two special tokens is tokenised as one, across parts, as in training.
        """
        tokens: list[int] = []
        plain = ""
        for part, marked in parts:
            pieces = self._marker_pattern.split(part) if marked else [part]
            for index, piece in enumerate(pieces):
                if index % 2:
                    tokens += [*self._after_marker(plain), self._markers[piece]]
                    plain = ""
                else:
                    plain += piece
        return tokens + self._after_marker(plain)

    def _after_marker(self, plain: str) -> list[int]:
        return self._model.encode_after_marker(plain.encode("utf-8", "replace"))

    def visible(self, token: int) -> bytes:
        """Bytes of a token, special ones as they are written."""
        return self.pieces[token] or self._model.piece(token, special=True)

    def mask(self, place: Place) -> Mask:
        """Which tokens may come next, shape (size,)."""
        head = cursor.in_text(place)
        if head is not None:
            return self._mask_of_text(head)
        mask = np.zeros(self.size, np.bool_)
        mask[self._fitting(place, b"", 0, len(self._sorted))] = True
        return mask

    @cached_property
    def _markers(self) -> dict[str, int]:
        named = {self._model.piece(token, special=True).decode("utf-8", "replace"): token for token in self._special}
        named.pop("", None)
        return named

    @cached_property
    def _marker_pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self._markers, key=len, reverse=True)
        return re.compile("(" + "|".join(map(re.escape, longest_first)) + ")" if longest_first else "(?!)()")

    @cached_property
    def _sorted(self) -> list[tuple[bytes, int]]:
        return sorted((piece, token) for token, piece in enumerate(self.pieces) if piece)

    def _fitting(self, place: Place, prefix: bytes, low: int, high: int) -> list[int]:
        """Tokens of a sorted range, all with a prefix that led to `place`, that may be written whole."""
        found: list[int] = []
        while low < high and self._sorted[low][0] == prefix:
            found.append(self._sorted[low][1])
            low += 1
        if low == high or cursor.finished(place):
            return found
        for byte in cursor.symbols(place):
            longer = prefix + bytes((byte,))
            first = bisect_left(self._sorted, (longer, -1), low, high)
            last = bisect_left(self._sorted, (longer + _HIGHEST, -1), first, high)
            if first < last:
                after = cursor.step(place, byte)
                if after:
                    found += self._fitting(after, longer, first, last)
        return found

    def _mask_of_text(self, head: InText) -> Mask:
        """Tokens that go on with a string within its bounds, or that close it when it is long enough."""
        if head.state not in self._text_masks:
            self._text_masks[head.state] = self._walked(head.state)
        characters, closes = self._text_masks[head.state]
        fits = characters <= min(head.node.most - head.count, _ILLEGAL - 1)
        return np.asarray(fits & (~closes | (characters >= head.node.least - head.count)), np.bool_)

    def _walked(self, state: int) -> tuple[NDArray[np.int32], Mask]:
        """For each token, the characters that it adds to a string in that state, and whether it closes the string."""
        if state == text.START:
            return self._walked_from_start()
        characters = np.full(self.size, _ILLEGAL, np.int32)
        closes = np.zeros(self.size, np.bool_)
        symbols = frozenset(text.SYMBOLS[state])
        for token, piece in enumerate(self.pieces):
            if not piece or piece[0] not in symbols:
                continue
            if state == text.PLAIN and _SIMPLE.fullmatch(piece):
                characters[token] = len(piece)
                continue
            end, count, _ = text.walk(state, piece)
            if end >= 0:
                characters[token] = count
                closes[token] = end == text.CLOSED
        return characters, closes

    def _walked_from_start(self) -> tuple[NDArray[np.int32], Mask]:
        """As between characters, but for tokens that begin with a space."""
        if text.PLAIN not in self._text_masks:
            self._text_masks[text.PLAIN] = self._walked(text.PLAIN)
        characters, closes = self._text_masks[text.PLAIN]
        characters, closes = characters.copy(), closes.copy()
        spaced = [token for token, piece in enumerate(self.pieces) if piece[:1] == b" "]
        characters[spaced] = _ILLEGAL
        closes[spaced] = False
        return characters, closes
