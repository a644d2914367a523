"""What a step costs, as far as it decides how many tasks run side by side, and how many rows a batch has.

The cost of a row is that of the matrix products with the weights and of attention over all live cells, its own
sequence's or not. On a processor the products work on rows in groups: sixteen are as dear as twelve, four are cheaper
than two, and each row that is left over costs as much as three of a full group. No batch is faster than the weights are
read, which more threads do not speed up as they do the products. More rows share a group; more cells make every row
dearer. The proportions were measured with a model of 0.3 billion weights, four bits each, on a
processor with AVX-512; on GPUs, where reading the weights is the fixed part, they are an estimate. They are not learned
at run time: the same requests must make the same batches.
"""

from __future__ import annotations

from dataclasses import dataclass

_FIXED_ROWS_GPU = 100.0
_LARGE, _SMALL = 16, 4
_SMALL_COST = 5.5
_SINGLE_COST = 3.0
_READING, _READING_BY_THREAD = 3.0, 1.4
# Attention over the memory runs at about a third of the rate of the matrix products with the weights.
_ATTENTION_WEIGHT = 3.0
_LEAST_REMAINING = 8
"""Steps that a task may still take that has been running for longer than usual."""


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
    shared: int
    """Tokens of its prompt that are."""
    reply: int
    """Tokens that it will probably add."""
    kin: int
    """Tasks with as much to share that may join too, itself included."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Costs of a step, in rows of a full group."""

    fixed: float
    """Added to every batch."""
    least: float
    """No batch costs less: the weights are read once."""
    pair: float
    """Cost of one row's attention over one cell."""
    grouped: bool
    """Whether rows are computed in groups."""

    @classmethod
    def of(cls, parameters: int, attention: int, *, threads: int, gpu: bool) -> Pace:
        """Estimate.

        Args:
            parameters: weights of the model; a row multiplies with each of them once.
            attention: layers x heads x width of a head; a pair multiplies twice with each.
            threads: of the processor.
            gpu: whether the model runs on a GPU, where the fixed part is large.
        """
        pair = _ATTENTION_WEIGHT * 2 * attention / max(1, parameters)
        if gpu:
            return cls(_FIXED_ROWS_GPU, 0.0, pair, grouped=False)
        return cls(0.0, max(_READING, _READING_BY_THREAD * threads), pair, grouped=True)

    def pays(self, now: Crowd, coming: Arrival) -> bool:
        """Whether a task is better admitted now than later.

        It is if with it, or with it and its kin, a token becomes no dearer, and if reading its prompt among cells that
        it has no use for costs no more than what is saved by computing its rows with those of the tasks that are there.
        """
        if not now.active:
            return True
        saved = max(now.remaining, _LEAST_REMAINING) * (self.rows(now.active) - now.active)
        if coming.unread * (now.cells - coming.shared) * self.pair > saved:
            return False
        before = self._token(now.active, now.cells)
        # A reply takes up half its cells on average.
        return any(
            self._token(now.active + more, now.cells + coming.unread + more * coming.reply // 2) <= before
            for more in range(1, coming.kin + 1)
        )

    def rows(self, count: int) -> float:
        """Cost of a batch of so many rows, attention apart, if it may be padded."""
        return self._products(count + self.padding(count))

    def padding(self, count: int) -> int:
        """Rows to add to a batch so that it becomes cheaper: those that fill a group."""
        return min((0, -count % _SMALL, -count % _LARGE), key=lambda more: self._products(count + more))

    def _products(self, count: int) -> float:
        if not self.grouped:
            return self.fixed + count
        large, rest = divmod(count, _LARGE)
        small, single = divmod(rest, _SMALL)
        products = large * _LARGE + small * _SMALL_COST + single * _SINGLE_COST
        return self.fixed + max(products, self.least)

    def _token(self, active: int, cells: int) -> float:
        return self.rows(active) / active + cells * self.pair
