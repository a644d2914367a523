"""A sentence that repeats its source but for a word or two: what was put in, left out or exchanged."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein, Opcode

COPIED = 0.8
"""Share of an answer's tokens that stand in its source in the same order for it to be a copy with edits."""
SHORT = 4
"""Most tokens of one edit; what is longer is another clause, not an edit."""

Edit = tuple[tuple[str, ...], tuple[str, ...]]
"""What the source has, what the answer has instead; either may be empty."""


def edits(answer: Sequence[str], source: Sequence[str]) -> list[Edit] | None:
    """The short edits inside an answer that is a copy; None where it is no copy."""
    found = spans(answer, source)
    return None if found is None else [(tuple(source[a:b]), tuple(answer[c:d])) for a, b, c, d in found]


def spans(answer: Sequence[str], source: Sequence[str]) -> list[tuple[int, int, int, int]] | None:
    """The short edits as (start, end) in the source and (start, end) in the answer; None where it is no copy.

    What the source has before the answer's first token or behind its last one was not left out: the answer is a part.
    """
    operations = [op for op in Levenshtein.opcodes(source, answer) if op.tag != "equal"]
    kept = len(answer) - sum(op.dest_end - op.dest_start for op in operations)
    if not answer or kept < COPIED * len(answer):
        return None
    found = []
    for start, end, mine_start, mine_end in _joined(operations):
        theirs, mine = end - start, mine_end - mine_start
        outside = not mine and (mine_start == 0 or mine_end == len(answer))
        if not outside and theirs <= SHORT and mine <= SHORT:
            found.append((start, end, mine_start, mine_end))
    return found


def _joined(operations: Sequence[Opcode]) -> list[tuple[int, int, int, int]]:
    """Operations that touch, as one: an exchange of unequal lengths comes as an exchange and an insertion."""
    found: list[tuple[int, int, int, int]] = []
    for operation in operations:
        span = (operation.src_start, operation.src_end, operation.dest_start, operation.dest_end)
        if found and found[-1][1] == span[0] and found[-1][3] == span[2]:
            found[-1] = (found[-1][0], span[1], found[-1][2], span[3])
        else:
            found.append(span)
    return found
