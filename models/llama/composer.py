"""One reply in the making: what the model draws, held to the structure, and what the structure writes itself.

A drawn token is checked, not searched for: only when it does not fit is the vocabulary masked and another one drawn
(from the same logits). Wherever the structure leaves one way to go on, that text is written without asking the model.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from models.errors import ReplyIncomplete
from models.llama.vocabulary import Mask, Vocabulary
from models.structure import cursor, text
from models.structure.cursor import InText, Place
from models.structure.nodes import Program

Draw = Callable[[Mask | None], int]
"""Draws a token, of those that a mask lets through."""

_THINK_END = b"</think>"
_SENTENCE_ENDS = (b".", b"!", b"?", "。".encode(), "！".encode(), "？".encode())
# Shares of a string's bound: where its next sentence end closes it, and where its next word would no longer fit.
_LAST_SENTENCE, _LAST_WORD = 8, 40


_REDRAWS = 64
"""Tokens drawn in vain after which a reply is given up."""


class Composer:
    """Writes one reply, token by token."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        program: Program,
        *,
        most: int,
        thinking: int = 0,
        forbidden: tuple[str, ...] = (),
    ) -> None:
        """Begin a reply.

        Args:
            vocabulary: of the model.
            program: structure of the reply.
            most: tokens that the reply may have, structure included.
            thinking: tokens of thought that the model may have before; 0 for none.
            forbidden: words that no string may hold.
        """
        self._vocabulary = vocabulary
        self._most = most
        self._thinking = thinking
        self._forbidden = tuple(_folded(word) for word in forbidden if word.strip())
        self._longest = max(map(len, self._forbidden), default=0)
        self._place: Place = cursor.start(program)
        self._written = bytearray()
        self._thoughts = bytearray()
        self.drawn = 0
        """Tokens that the model chose, thoughts included."""
        self._used = 0

    @property
    def text(self) -> str:
        """The reply so far."""
        return self._written.decode("utf-8", "replace")

    @property
    def thoughts(self) -> str | None:
        """What the model thought before, if it did."""
        return self._thoughts.decode("utf-8", "replace").strip() or None

    @property
    def finished(self) -> bool:
        """Whether the reply is complete."""
        return not self._thinking and cursor.finished(self._place)

    def opening(self) -> list[int]:
        """Tokens that begin the reply, before anything is drawn; empty while the model thinks.

        Raises:
            ReplyIncomplete: the structure alone takes more tokens than the reply may have.
        """
        return [] if self._thinking else self._spend(self._vocabulary.encode(self._forced()))

    def take(self, draw: Draw) -> list[int]:
        """Draw one token and return the tokens to read next.

        Raises:
            ReplyIncomplete: the reply has used up its tokens before its structure was closed.
        """
        self.drawn += 1
        if self._thinking:
            return self._think(draw(None))
        tokens = self._accept(draw(None))
        if tokens is None and cursor.may_end(self._place):
            self._place = cursor.ENDED
            return []
        return self._spend(self._redrawn(draw) if tokens is None else tokens)

    def _redrawn(self, draw: Draw) -> list[int]:
        """Draw among the tokens that fit; of those, some may spell what is forbidden, and go one by one."""
        mask = self._vocabulary.mask(self._place)
        for _ in range(_REDRAWS):
            if not mask.any():
                raise ReplyIncomplete("The model has no token that its structure allows.")
            token = draw(mask)
            tokens = self._accept(token)
            if tokens is not None:
                return tokens
            mask[token] = False
        raise ReplyIncomplete("The model's tokens do not spell what its structure asks for.")

    def _spend(self, tokens: list[int]) -> list[int]:
        """Count tokens that are to be read; those of a finished reply are not."""
        self._used += len(tokens)
        if self._used > self._most and not self.finished:
            raise ReplyIncomplete(f"The reply was cut after {self._most} tokens.")
        return tokens

    def _think(self, token: int) -> list[int]:
        """Let a thought go on, or end it: by the model's own mark, its end of reply, or the bound."""
        self._thinking -= 1
        self._thoughts += self._vocabulary.visible(token)
        own_end = self._thoughts.endswith(_THINK_END)
        if not own_end and self._thinking and token not in self._vocabulary.ends:
            return [token]
        if own_end:
            del self._thoughts[-len(_THINK_END) :]
        elif token in self._vocabulary.ends:
            del self._thoughts[-len(self._vocabulary.visible(token)) :]
        self._thinking = 0
        before = [token] if own_end else self._vocabulary.encode_marked("\n</think>")
        return before + self._vocabulary.encode(b"\n\n") + self.opening()

    def _accept(self, token: int) -> list[int] | None:
        """Write a drawn token and what follows of necessity; None if it does not fit."""
        head = cursor.in_text(self._place)
        piece = self._vocabulary.pieces[token]
        if head is None:
            return self._write(piece, token) if piece else None
        if token in self._vocabulary.ends:
            return self._close(head)
        return self._write_text(head, piece, token)

    def _write_text(self, head: InText, piece: bytes, token: int) -> list[int] | None:
        """Go on with a string, close it with the model, or close it at its bound."""
        state, characters, walked = text.walk(head.state, piece)
        count = head.count + characters
        if state < 0 or not piece or (self._forbidden and self._spells_forbidden(head, piece[:walked])):
            return None
        room = head.node.most - count
        if room < 0 or (room < head.node.most // _LAST_WORD and piece[:1] == b" "):
            return self._close(head)
        if state == text.CLOSED:
            # What the token says after the quote is for the structure to say.
            return self._write(piece[:walked], token) if count >= head.node.least else None
        self._place = (InText(head.node, state, count, head.then),)
        self._written += piece
        if room < head.node.most // _LAST_SENTENCE and piece.endswith(_SENTENCE_ENDS):
            closing = self._close(self._place[0])
            return None if closing is None else [token, *closing]
        return [token]

    def _spells_forbidden(self, head: InText, piece: bytes) -> bool:
        """Whether a token completes a word that must not be said, in this string."""
        # Folding may make a character three, and a character has at most four bytes.
        before = self._written[-4 * self._longest :].decode("utf-8", "ignore")[-head.count :] if head.count else ""
        said = _folded(before + piece.decode("utf-8", "ignore"))
        return any(word in said for word in self._forbidden)

    def _close(self, head: cursor.Head) -> list[int] | None:
        """Close a string where it stands, if it may be closed there."""
        if not isinstance(head, InText) or head.state > text.PLAIN or head.count < head.node.least:
            return None
        return self._write(b'"', None)

    def _write(self, piece: bytes, token: int | None) -> list[int] | None:
        """Write bytes and what follows of necessity, as the tokens in which the model would write both."""
        place = self._place
        for byte in piece:
            place = cursor.step(place, byte)
            if not place:
                return None
        self._place = place
        self._written += piece
        forced = self._forced()
        if token is not None and not forced and piece == self._vocabulary.pieces[token]:
            return [token]
        return self._vocabulary.encode(piece + forced)

    def _forced(self) -> bytes:
        """Write what must come next."""
        written, self._place = cursor.forced(self._place)
        self._written += written
        return written


def _folded(text: str) -> str:
    """Text for comparing: compatibility forms and case folded, blanks made one."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split(" ")).replace("\\n", " ")
