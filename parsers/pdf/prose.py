"""Lines joined into running text: spaces, line-end hyphens, scripts without spaces."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from parsers.pdf.glyphs import CJK, SOFT_HYPHEN, needs_space

WORD = re.compile(r"[^\W_]+(?:[-\u2010][^\W_]+)*")
BREAK = re.compile(r"(?P<head>[^\W\d_]+)(?P<hyphen>[-\u2010\u00ad])$")
HYPHENS = "-\u2010\u00ad"
LONGEST_WORD = 60
NEXT = re.compile(r"[^\W_]+")
CONJUNCTIONS = frozenset(("und", "oder", "bzw", "sowie", "and", "or", "to", "et", "ou", "y", "o", "e", "en", "of"))
SECOND_PARTS = frozenset((
    "aware", "based", "defined", "dependent", "driven", "end", "free", "friendly", "known", "level", "like", "only",
    "oriented", "party", "quality", "related", "scale", "sensitive", "side", "specific", "style", "term", "time",
    "wide",
))  # fmt: skip
"""English words that mostly follow a hyphen of their own."""
FIRST_PARTS = frozenset(
    ("self", "non", "well", "high", "low", "long", "short", "cross", "third", "full", "half", "so", "all", "real")
)


class Vocabulary:
    """How often each word, hyphenated ones included, stands unbroken in a document."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def learn(self, lines: Iterable[str]) -> None:
        """Count the words of lines, leaving out those that a line end may have broken."""
        broken = False
        for line in lines:
            words = WORD.findall(line.lower().replace("\u2010", "-"))
            if broken:
                del words[:1]
            broken = line.rstrip().endswith(tuple(HYPHENS))
            if broken:
                del words[-1:]
            self.counts.update(words)


def join_lines(lines: Iterable[str], words: Mapping[str, int]) -> str:
    """One running text from lines; hyphens at line ends go where the joined word is the right one."""
    text = ""
    for line in lines:
        text = join_pair(text, " ".join(line.split()), words)
    return text.replace(SOFT_HYPHEN, "")


def join_pair(left: str, right: str, words: Mapping[str, int]) -> str:
    """Text continued by the next line."""
    if not left or not right:
        return left + right
    broken = BREAK.search(left, max(0, len(left) - LONGEST_WORD)) if left[-1] in HYPHENS else None
    following = NEXT.match(right)
    if broken is None or following is None:
        dash = left.endswith(("-", "/")) and not left.endswith((" -", " /", "--")) and following is not None
        return left + ("" if dash else " " * needs_space(left, right)) + right
    return _rejoined(left, broken, right, following.group(), words)


def _rejoined(left: str, broken: re.Match[str], right: str, tail: str, words: Mapping[str, int]) -> str:
    head = broken.group("head")
    stem = left[: broken.start("hyphen")]
    if broken.group("hyphen") == SOFT_HYPHEN:
        return stem + right
    if tail.lower() in CONJUNCTIONS and tail.lower() == tail:
        return f"{left} {right}"
    return stem + right if is_one_word(head, tail, words) else left + right


def is_one_word(head: str, tail: str, words: Mapping[str, int]) -> bool:
    """Whether a word broken at a line end is written without the hyphen.

    Args:
        head: letters before the hyphen.
        tail: letters after it, on the next line.
        words: counts of the document's unbroken words, in lower case.
    """
    low_head, low_tail = head.lower(), tail.lower()
    joined, hyphenated = words.get(low_head + low_tail, 0), words.get(f"{low_head}-{low_tail}", 0)
    if joined or hyphenated:
        return joined >= hyphenated
    if len(head) == 1 or CJK.search(head) or (tail[0].isupper() and not head.isupper()) or tail[0].isdigit():
        return False
    if low_tail in SECOND_PARTS or low_head in FIRST_PARTS:
        return False
    both = len(low_head) > 3 and len(low_tail) > 3 and words.get(low_head, 0) > 0 and words.get(low_tail, 0) > 0
    return not both
