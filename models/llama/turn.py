"""One turn of plain text in the making: drawn freely, until the model ends it."""

from __future__ import annotations

from models.llama.composer import Draw
from models.llama.vocabulary import Vocabulary


class Turn:
    """What somebody says, token by token, without a structure."""

    def __init__(self, vocabulary: Vocabulary, *, most: int) -> None:
        """Begin a turn of at most `most` tokens."""
        self._vocabulary = vocabulary
        self._most = most
        self._written = bytearray()
        self._ended = False
        self.drawn = 0
        """Tokens that the model chose."""
        self.thoughts = None
        """Nobody thinks aloud before asking."""

    @property
    def text(self) -> str:
        """What was said so far; a character that was cut by the bound is left out."""
        return self._written.decode("utf-8", "ignore")

    @property
    def finished(self) -> bool:
        """Whether the model has ended the turn, or may say no more."""
        return self._ended or self.drawn >= self._most

    def opening(self) -> list[int]:
        """Tokens before the first one drawn: none, the prompt ends where the turn is open."""
        return []

    def take(self, draw: Draw) -> list[int]:
        """Draw one token and return it to be read next; a token that is no text ends the turn."""
        self.drawn += 1
        token = draw(None)
        piece = self._vocabulary.pieces[token]
        self._ended = not piece
        self._written += piece
        return [] if self._ended else [token]
