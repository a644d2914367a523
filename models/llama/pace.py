"""What a step costs, as far as it decides how many tasks run side by side.

A step costs a fixed part (weights are read once), a part for each row, and a part for each pair of a row and a cell in
memory, since every row attends over all live cells, its own sequence's or not. More rows share the fixed part; more
cells make every row dearer. The proportions were measured with a model of 0.3 billion weights on a processor with
AVX-512 (the one for GPUs is an estimate). They are not learned at run time: the same requests must make the same
batches.
"""

from __future__ import annotations

from dataclasses import dataclass

_FIXED_ROWS = 7.0
_FIXED_ROWS_GPU = 100.0
# Attention over the memory runs at about a third of the rate of the matrix products with the weights.
_ATTENTION_WEIGHT = 3.0


@dataclass(frozen=True, slots=True)
class Crowd:
    """The tasks that run now."""

    active: int
    cells: int
    """Cells in use."""
    remaining: int
    """Steps that the longest of them will probably still take."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A task that may join them."""

    unread: int
    """Tokens of its prompt that are not in memory."""
    reply: int
    """Tokens that it will probably add."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Costs of a step, in rows."""

    fixed: float
    pair: float

    @classmethod
    def of(cls, parameters: int, attention: int, *, gpu: bool) -> Pace:
        """Estimate.

        Args:
            parameters: weights of the model; a row multiplies with each of them once.
            attention: layers x heads x width of a head; a pair multiplies twice with each.
            gpu: whether the model runs on a GPU, where the fixed part is far larger.
        """
        pair = _ATTENTION_WEIGHT * 2 * attention / max(1, parameters)
        return cls(_FIXED_ROWS_GPU if gpu else _FIXED_ROWS, pair)

    def pays(self, now: Crowd, coming: Arrival) -> bool:
        """Whether a task is better admitted now than later.

        It is if one more makes a token cheaper, and if reading its prompt among the cells that are live now costs no
        more than what it saves, which is the fixed part of the steps that it shares with the tasks that are there.
        """
        if not now.active:
            return True
        crowded = coming.unread * now.cells * self.pair > now.remaining * self.fixed
        more = self._token(now.active + 1, now.cells + coming.unread + coming.reply)
        return more <= self._token(now.active, now.cells) and not crowded

    def _token(self, active: int, cells: int) -> float:
        return self.fixed / active + 1.0 + cells * self.pair
