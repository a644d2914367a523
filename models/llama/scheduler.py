"""Many tasks through one context: continuous batching over shared prefixes.

Each step computes one batch: first the next tokens of every reply in the making, then as much unread prompt as fits.
A task is admitted when a sequence is free and the memory has room; of those that wait, the one that shares most with
what is in memory goes first (its prefix is shared, not computed), until an older one has been passed over too often.
A prefix that is still being read is waited for. Prefixes that waiting tasks share outlive their sequence as holders,
least recently used first to go.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from models.errors import ModelError
from models.llama.native import Memory, Row
from models.llama.pace import Arrival, Crowd, Pace
from models.llama.prefixes import PrefixTree, common_prefix
from models.llama.tasks import Task

_WORTH_SHARING = 32
"""Tokens; a shorter common beginning is not worth keeping."""
_WINDOW = 128
"""Waiting tasks that are looked at."""
_PATIENCE = 4
"""Times the number of sequences that the oldest waiting task may be passed over."""
_EXPECTED_REPLY = 96.0
_NEW_PREFIX = 128
"""Unread tokens of a task that begins something new."""


@dataclass(slots=True, eq=False)
class _Slot:
    """A task that has a sequence."""

    task: Task
    sequence: int
    prompt: int
    """Tokens that the task began with here."""
    read: int
    """Tokens in memory."""

    @property
    def own(self) -> int:
        """Cells that no other sequence can share."""
        return max(0, self.read - self.prompt)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A task that is done, or failed."""

    task: Task
    error: ModelError | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """How the scheduler may use the memory."""

    active: int
    """Most tasks side by side."""
    outputs: int
    """Rows of one step whose logits may be read."""
    sharing: bool
    """Whether sequences may share a prefix, which recurrent memories cannot."""
    pace: Pace


class Scheduler:
    """Runs tasks through a memory, a step at a time."""

    def __init__(self, memory: Memory, limits: Limits) -> None:
        """Begin with an empty memory."""
        self.memory = memory
        self._active = limits.active
        self._outputs = limits.outputs
        self._sharing = limits.sharing
        self._pace = limits.pace
        self._waiting: list[Task] = []
        self._slots: list[_Slot] = []
        self._free = list(range(memory.sequences))[::-1]
        self._holders: dict[int, list[int]] = {}
        """Sequences that only keep a prefix, least recently used first, and its tokens."""
        self._tree = PrefixTree()
        self._passed_over = 0
        self._expected = _EXPECTED_REPLY
        self.prompt_rows = 0
        """Rows computed for prompts, forced text included."""
        self.reply_rows = 0
        """Rows computed for single drawn tokens."""
        self.steps = 0

    @property
    def idle(self) -> bool:
        """Whether there is nothing to do."""
        return not self._waiting and not self._slots

    @property
    def between(self) -> bool:
        """Whether everything that ran is done, and what waits is yet to begin."""
        return bool(self._waiting) and not self._slots

    def add(self, task: Task) -> None:
        """Let a task wait for its turn."""
        self._waiting.append(task)

    def cancel(self, task: Task) -> None:
        """Drop a task wherever it is."""
        if task in self._waiting:
            self._waiting.remove(task)
            task.close()
        for slot in [slot for slot in self._slots if slot.task is task]:
            self._leave(slot)
            task.close()

    def step(self) -> list[Outcome]:
        """Compute one batch for the tasks that are admitted; which of them are done or failed."""
        if not self._slots:
            return []
        rows, places = self._batch()
        while not self._read(rows):
            self._make_room()
            rows, places = self._batch()
        self.steps += 1
        for slot, first, last in places:
            slot.read += last - first
            self.prompt_rows += last - first if last - first > 1 else 0
            self.reply_rows += last - first == 1
        return list(self._harvest(places))

    def _read(self, rows: list[Row]) -> bool:
        """Compute rows, with some that nobody reads where a fuller batch is cheaper."""
        more = self._pace.padding(len(rows)) if self._sharing and self._free else 0
        if not 0 < more <= self.memory.batch - len(rows):
            return self.memory.read(rows)
        spare = self._free[-1]
        done = self.memory.read([*rows, *(Row(rows[0].token, at, spare, False) for at in range(more))])
        self.memory.drop(spare)
        return done

    def _batch(self) -> tuple[list[Row], list[tuple[_Slot, int, int]]]:
        """Rows of the next step, and for each slot the range of rows that is its own."""
        rows: list[Row] = []
        places: list[tuple[_Slot, int, int]] = []
        outputs = self._outputs
        for slot in sorted(self._slots, key=lambda slot: len(slot.task.tokens) - slot.read):
            first, tokens, wanted = len(rows), slot.task.tokens, slot.task.wanted
            end = min(len(tokens), slot.read + self.memory.batch - first, max(wanted, slot.read) + outputs)
            if end <= slot.read:
                continue
            rows += [Row(tokens[at], at, slot.sequence, at >= wanted) for at in range(slot.read, end)]
            outputs -= max(0, end - max(wanted, slot.read))
            places.append((slot, first, len(rows)))
        return rows, places

    def _harvest(self, places: list[tuple[_Slot, int, int]]) -> Iterator[Outcome]:
        """Hand the logits to their tasks."""
        for slot, first, last in places:
            begin, error, done = slot.read - (last - first), None, False
            # A task moves its `wanted` on as it takes: what was asked for is fixed here.
            asked = range(max(slot.task.wanted, begin), slot.read)
            for position in asked:
                try:
                    done = slot.task.take(self.memory, first + position - begin, position)
                except ModelError as failure:
                    error = failure
            if done or error:
                self._expected += 0.05 * (slot.own - self._expected)
                self._leave(slot)
                slot.task.close()
                yield Outcome(slot.task, error)

    def admit(self) -> list[Task]:
        """Give sequences to waiting tasks while there is room; which they are."""
        admitted: list[Task] = []
        while self._waiting and len(self._slots) < self._active:
            index, kin = self._next()
            task = self._waiting[index]
            place = self._place(task, min(kin, self._active - len(self._slots)))
            if place is None:
                break
            self._passed_over = self._passed_over + 1 if index else 0
            del self._waiting[index]
            self._enter(task, *place)
            admitted.append(task)
        return admitted

    def _place(self, task: Task, kin: int) -> tuple[int, int] | None:
        """Where a task may begin: a sequence to share a prefix with, and the prefix's length; None while it must wait.

        Holders make way where they are in the way, the one to share with last.
        """
        source, shared = self._source(task)
        if shared is None or not self._pays(task, shared, kin):
            return None
        if len(task.tokens) - shared > _NEW_PREFIX:
            self._release_unshared()
        while True:
            source, shared = self._source(task)
            if shared is None:
                return None
            if self._free and self._needed(task, shared) <= self.memory.cells:
                return source, shared
            if not self._holders:
                # Alone it fits: longer requests were refused before.
                return None if self._slots else (source, shared)
            self._release(next((held for held in self._holders if held != source), source))

    def _next(self) -> tuple[int, int]:
        """Which waiting task goes next, the one that shares most, the oldest of equals; and how many share as much."""
        window = self._waiting[:_WINDOW]
        if not self._sharing:
            return 0, len(window)
        lengths = [self._tree.match(task.tokens).length for task in window]
        patient = self._passed_over <= _PATIENCE * self._active
        index = max(range(len(window)), key=lambda index: (lengths[index], -index)) if patient else 0
        return index, lengths.count(lengths[index])

    def _source(self, task: Task) -> tuple[int, int | None]:
        """A sequence to share a prefix with and the prefix's length; None where it is worth waiting for."""
        if not self._sharing:
            return -1, 0
        match = self._tree.match(task.tokens)
        # The last token is always read, for its logits.
        length = min(match.length, task.wanted)
        read = {slot.sequence: slot.read for slot in self._slots}
        ready = {sequence: min(read.get(sequence, length), length) for sequence in match.holders}
        if not ready or length < _WORTH_SHARING:
            return -1, 0
        source = max(sorted(ready), key=ready.__getitem__)
        return source, length if ready[source] == length else None

    def _pays(self, task: Task, shared: int, kin: int) -> bool:
        """Whether a task makes tokens cheaper by sharing steps, or dearer by filling the memory."""
        remaining = max((self._reply(slot.task) - slot.own for slot in self._slots), default=0)
        crowd = Crowd(len(self._slots), self._cells_in_use, remaining)
        return self._pace.pays(crowd, Arrival(len(task.tokens) - shared, shared, self._reply(task), kin))

    @property
    def _cells_in_use(self) -> int:
        return self._tree.cells + sum(slot.own for slot in self._slots)

    def _reply(self, task: Task) -> int:
        """Tokens that a task will usually add."""
        return min(task.room, int(self._expected))

    def _needed(self, task: Task, shared: int) -> int:
        """Cells that will be in use, with replies of the usual length."""
        coming = sum(min(slot.task.room, max(0, int(self._expected) - slot.own)) for slot in self._slots)
        unread = len(task.tokens) - shared
        return self._cells_in_use + coming + unread + self._reply(task) + 2 * self._active

    def _enter(self, task: Task, source: int, shared: int) -> None:
        sequence = self._free.pop()
        if shared:
            self.memory.share(source, sequence, shared)
            if source in self._holders:
                self._holders[source] = self._holders.pop(source)
        if self._sharing:
            self._tree.add(sequence, task.tokens)
        self._slots.append(_Slot(task, sequence, len(task.tokens) if self._sharing else 0, shared))

    def _leave(self, slot: _Slot) -> None:
        """Take a sequence from a task; what others will share of its prompt stays."""
        self._slots.remove(slot)
        kept = self._worth_keeping(slot) if self._sharing else 0
        if kept < _WORTH_SHARING or kept > slot.read or self._tree.held_elsewhere(slot.sequence, kept):
            self._forget(slot.sequence)
            return
        self._hold(slot.sequence, slot.task.tokens[:kept])
        if len(self._holders) > self.memory.sequences - self._active:
            self._release(next(iter(self._holders)))

    def _hold(self, sequence: int, prefix: list[int]) -> None:
        """Let a sequence keep a prefix and nothing behind it."""
        self.memory.cut(sequence, len(prefix))
        self._tree.trim(sequence, len(prefix))
        self._holders[sequence] = prefix

    def _worth_keeping(self, slot: _Slot) -> int:
        """Tokens of a prompt that others share: those that wait, or those that have shared it before.

        All of them where nothing else is to be done: who asks one thing after another will ask about the same.
        """
        prompt = slot.task.tokens[: slot.prompt]
        if self.idle:
            return len(prompt)
        waiting = (common_prefix(prompt, task.tokens[: slot.prompt]) for task in self._waiting[:_WINDOW])
        return max(self._tree.shared(slot.sequence), max(waiting, default=0))

    def _release_unshared(self) -> None:
        """Let go of what nobody waits for of the prefixes: all rows of a new prefix would attend over it."""
        window = [task.tokens for task in self._waiting[:_WINDOW]]
        for sequence, prefix in list(self._holders.items()):
            kept = max((common_prefix(prefix, tokens) for tokens in window), default=0)
            if kept < _WORTH_SHARING or (kept < len(prefix) and self._tree.held_elsewhere(sequence, kept)):
                self._release(sequence)
            elif kept < len(prefix):
                self._hold(sequence, prefix[:kept])

    def _release(self, sequence: int) -> None:
        del self._holders[sequence]
        self._forget(sequence)

    def _forget(self, sequence: int) -> None:
        self.memory.drop(sequence)
        if self._sharing:
            self._tree.remove(sequence)
        self._free.append(sequence)

    def _make_room(self) -> None:
        """The memory is full after all: let a holder go, else send the youngest task back to wait.

        Raises:
            RuntimeError: one task alone does not fit, which admission rules out.
        """
        if self._holders:
            self._release(next(iter(self._holders)))
            return
        if len(self._slots) == 1:
            raise RuntimeError("one sequence alone overflows the memory")
        youngest = max(self._slots, key=lambda slot: slot.task.number)
        self._leave(youngest)
        self._waiting.insert(0, youngest.task)
