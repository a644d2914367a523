r"""A string's `pattern` as an automaton over the bytes of its JSON: what is written matches it, from end to end.

The automaton is Thompson's construction over UTF-8 byte ranges (Thompson 1968; ranges after Cox, "Regular Expression
Matching in the Wild", 2010), run as sets of states, so that no pattern is slow. Classes are those of ECMA, which JSON
schema means, `\d` and `\w` being ASCII; what is none of them is none in Unicode either. What a set of states cannot
know (look-around, back-references) is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from re import _constants as code  # type: ignore[attr-defined]
from re import _parser, error  # type: ignore[attr-defined]
from typing import Any

from models.errors import SchemaUnsupported

States = frozenset[int]
_Range = tuple[int, int]
_MOST_STATES = 60_000
_HIGHEST = 0x10FFFF
_QUOTED = {0x22: rb"\"", 0x5C: rb"\\", 0x0A: rb"\n", 0x09: rb"\t"}
_CONTROLS = ((0x00, 0x1F), (0x22, 0x22), (0x5C, 0x5C), (0x7F, 0x9F), (0xD800, 0xDFFF))
"""What never stands in a JSON string as it is, or at all."""
_CLASSES: dict[Any, tuple[_Range, ...]] = {
    code.CATEGORY_DIGIT: ((0x30, 0x39),),
    code.CATEGORY_WORD: ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)),
    code.CATEGORY_SPACE: ((0x09, 0x0A), (0x20, 0x20)),
}
_NEGATED = {
    code.CATEGORY_NOT_DIGIT: code.CATEGORY_DIGIT,
    code.CATEGORY_NOT_WORD: code.CATEGORY_WORD,
    code.CATEGORY_NOT_SPACE: code.CATEGORY_SPACE,
}
_LENGTHS = (0x7F, 0x7FF, 0xFFFF, _HIGHEST)


class Automaton:
    """Which bytes may come next in a string that is to match."""

    def __init__(self, pattern: str) -> None:
        """Compile.

        Raises:
            SchemaUnsupported: it is no regular expression, or asks for what a set of states cannot know.
        """
        self._edges: list[list[tuple[int, int, int]]] = []
        self._empty: list[list[int]] = []
        self._memory: dict[tuple[States, int], States] = {}
        self._pattern = pattern
        first, self._last = self._state(), self._state()
        try:
            parsed = _parser.parse(pattern)
        except (error, RecursionError, OverflowError) as problem:
            raise SchemaUnsupported(f"The schema has a `pattern` that cannot be read: {pattern!r}: {problem}") from None
        if parsed.state.flags & ~code.SRE_FLAG_UNICODE:
            raise self._refusal("flags")
        self._whole(parsed, first)
        self.start = self._closed((first,))

    def step(self, states: States, byte: int) -> States:
        """The states after a byte; empty where it may not follow."""
        known = self._memory.get((states, byte))
        if known is None:
            targets = {to for state in states for low, high, to in self._edges[state] if low <= byte <= high}
            known = self._memory[states, byte] = self._closed(targets)
        return known

    def symbols(self, states: States) -> bytes:
        """The bytes that may follow."""
        ranges = {(low, high) for state in states for low, high, _ in self._edges[state]}
        return bytes({byte for low, high in ranges for byte in range(low, high + 1)})

    def matches(self, states: States) -> bool:
        """Whether the string may end here."""
        return self._last in states

    def _whole(self, parsed: Any, first: int) -> None:
        """Each way through the whole pattern; the anchors at its ends say what is so anyway."""
        items = list(parsed)
        while len(items) == 1 and items[0][0] is code.SUBPATTERN:
            items = list(items[0][1][3])
        ways = items[0][1][1] if len(items) == 1 and items[0][0] is code.BRANCH else [items]
        for way in ways:
            parts = list(way)
            if parts and parts[0] in ((code.AT, code.AT_BEGINNING), (code.AT, code.AT_BEGINNING_STRING)):
                del parts[0]
            if parts and parts[-1] in ((code.AT, code.AT_END), (code.AT, code.AT_END_STRING)):
                del parts[-1]
            self._join(self._sequence(parts, first), self._last)

    def _sequence(self, parts: Iterable[Any], at: int) -> int:
        for operation, argument in parts:
            at = self._part(operation, argument, at)
        return at

    def _part(self, operation: Any, argument: Any, at: int) -> int:
        """Add one part behind a state; the state behind the part."""
        if operation in (code.MAX_REPEAT, code.MIN_REPEAT):
            least, most, item = argument
            return self._repeat(least, most, item, at)
        if operation is code.SUBPATTERN and not argument[1] and not argument[2]:
            return self._sequence(argument[3], at)
        if operation is code.BRANCH:
            end = self._state()
            for way in argument[1]:
                self._join(self._sequence(way, at), end)
            return end
        return self._characters(self._ranges(operation, argument), at)

    def _repeat(self, least: int, most: Any, item: Any, at: int) -> int:
        for _ in range(least):
            at = self._sequence(item, at)
        if most is code.MAXREPEAT:
            again = self._state()
            self._join(at, again)
            self._join(self._sequence(item, again), again)
            return again
        ends = [at]
        for _ in range(most - least):
            at = self._sequence(item, at)
            ends.append(at)
        end = self._state()
        for one in ends:
            self._join(one, end)
        return end

    def _ranges(self, operation: Any, argument: Any) -> list[_Range]:
        """The characters that one part stands for."""
        if operation in (code.LITERAL, code.RANGE):
            return [argument if operation is code.RANGE else (argument, argument)]
        if operation in (code.NOT_LITERAL, code.ANY):
            left_out = 0x0A if operation is code.ANY else argument
            return _without([(left_out, left_out)])
        if operation is code.CATEGORY and argument in _NEGATED:
            return _without(_unicode(_NEGATED[argument]))
        if operation is code.CATEGORY and argument in _CLASSES:
            return list(_CLASSES[argument])
        if operation is code.IN:
            negated = argument[0][0] is code.NEGATE
            listed = [one for part in argument[negated:] for one in self._listed(part, negated)]
            return _without(listed) if negated else listed
        raise self._refusal(str(operation).lower().replace("_", " "))

    def _listed(self, part: Any, negated: bool) -> Sequence[_Range]:
        operation, argument = part
        classed = operation is code.CATEGORY and argument in _CLASSES
        return _unicode(argument) if negated and classed else self._ranges(operation, argument)

    def _characters(self, ranges: Sequence[_Range], at: int) -> int:
        end = self._state()
        for low, high in ranges:
            for symbol, quoted in _QUOTED.items():
                if low <= symbol <= high:
                    self._path([(byte, byte) for byte in quoted], at, end)
            for bounds in _without(_CONTROLS, (low, high)):
                for path in _encoded(*bounds):
                    self._path(path, at, end)
        return end

    def _path(self, steps: Sequence[_Range], at: int, end: int) -> None:
        for low, high in steps[:-1]:
            onward = self._state()
            self._edges[at].append((low, high, onward))
            at = onward
        self._edges[at].append((*steps[-1], end))

    def _state(self) -> int:
        if len(self._edges) >= _MOST_STATES:
            raise SchemaUnsupported(f"The schema has a `pattern` that is too large: {self._pattern[:80]!r}.")
        self._edges.append([])
        self._empty.append([])
        return len(self._edges) - 1

    def _join(self, at: int, onward: int) -> None:
        self._empty[at].append(onward)

    def _closed(self, states: Iterable[int]) -> States:
        """With all that is reached without a byte; those with nothing to read but the last are left out."""
        seen, waiting = set(states), list(states)
        while waiting:
            for onward in self._empty[waiting.pop()]:
                if onward not in seen:
                    seen.add(onward)
                    waiting.append(onward)
        return frozenset(state for state in seen if self._edges[state] or state == self._last)

    def _refusal(self, what: str) -> SchemaUnsupported:
        return SchemaUnsupported(
            f"The schema has a `pattern` with {what}, which cannot be guaranteed while writing: {self._pattern!r}."
        )


@cache
def _unicode(category: Any) -> tuple[_Range, ...]:
    """All characters of Unicode that a class holds."""
    holds = {
        code.CATEGORY_DIGIT: str.isdecimal,
        code.CATEGORY_WORD: lambda symbol: symbol.isalnum() or symbol == "_",
        code.CATEGORY_SPACE: str.isspace,
    }[category]
    found: list[_Range] = []
    for symbol in range(_HIGHEST + 1):
        if holds(chr(symbol)):
            low = found.pop()[0] if found and found[-1][1] == symbol - 1 else symbol
            found.append((low, symbol))
    return tuple(found)


def _without(ranges: Iterable[_Range], within: _Range = (0, _HIGHEST)) -> list[_Range]:
    """What is left of a range."""
    found, low = [], within[0]
    for first, last in sorted(ranges):
        if last < low:
            continue
        if first > within[1]:
            break
        if first > low:
            found.append((low, first - 1))
        low = last + 1
    return [*found, (low, within[1])] if low <= within[1] else found


def _encoded(low: int, high: int) -> Iterator[list[_Range]]:
    """The UTF-8 forms of a range of characters, each as ranges of bytes."""
    for longest in _LENGTHS:
        if low <= longest < high:
            yield from _encoded(low, longest)
            yield from _encoded(longest + 1, high)
            return
    for tail in (6, 12, 18):
        mask = (1 << tail) - 1
        if low & ~mask == high & ~mask or len(chr(high).encode()) * 6 - 6 < tail:
            continue
        if low & mask:
            yield from _encoded(low, low | mask)
            yield from _encoded((low | mask) + 1, high)
            return
        if high & mask != mask:
            yield from _encoded(low, (high & ~mask) - 1)
            yield from _encoded(high & ~mask, high)
            return
    yield list(zip(chr(low).encode(), chr(high).encode(), strict=True))
