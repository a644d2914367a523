"""A radix tree over the tokens of prompts: what is in memory, which sequences hold it, and what a new prompt shares.

Nodes are runs of tokens; a sequence holds every node on its path, so the cells in use are the tokens of all nodes.
The idea is RadixAttention's (Zheng et al., SGLang, 2024), with sequences that share cells in place of paged blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class _Node:
    """A run of tokens that follows its parent's."""

    tokens: list[int]
    parent: _Node | None
    start: int
    """Position of the first token."""
    children: dict[int, _Node] = field(default_factory=dict)
    holders: set[int] = field(default_factory=set)
    branched: bool = False
    """Whether more than one sequence has ever held it."""

    @property
    def end(self) -> int:
        return self.start + len(self.tokens)


@dataclass(frozen=True, slots=True)
class Match:
    """The longest beginning of a prompt that is in memory or on its way there."""

    length: int
    holders: frozenset[int]
    """Sequences that hold all of it."""


class PrefixTree:
    """Which tokens are held by which sequences."""

    def __init__(self) -> None:
        self._root = _Node([], None, 0)
        self._ends: dict[int, _Node] = {}
        self.cells = 0
        """Tokens held, shared ones once."""

    def match(self, tokens: Sequence[int]) -> Match:
        """What a prompt shares with what is held."""
        node, length = self._root, 0
        while length < len(tokens) and (child := node.children.get(tokens[length])) is not None:
            shared = common_prefix(child.tokens, tokens[length : length + len(child.tokens)])
            node, length = child, length + shared
            if shared < len(child.tokens):
                break
        return Match(length, frozenset(node.holders))

    def add(self, sequence: int, tokens: Sequence[int]) -> None:
        """Let a sequence hold a prompt."""
        node, length = self._root, 0
        while length < len(tokens):
            child = node.children.get(tokens[length])
            if child is None:
                child = self._grow(node, list(tokens[length:]))
            else:
                shared = common_prefix(child.tokens, tokens[length : length + len(child.tokens)])
                child = self._split(child, shared)
            child.branched = child.branched or bool(child.holders)
            child.holders.add(sequence)
            node, length = child, child.end
        self._ends[sequence] = node

    def remove(self, sequence: int) -> None:
        """Let a sequence hold nothing."""
        self.trim(sequence, 0)
        del self._ends[sequence]

    def trim(self, sequence: int, length: int) -> None:
        """Let a sequence hold only the first tokens of its prompt."""
        node = self._ends[sequence]
        while node.parent is not None and node.end > length:
            if node.start < length:
                self._split(node, length - node.start)
            node.holders.discard(sequence)
            if not node.holders:
                self._prune(node)
            node = node.parent
        self._ends[sequence] = node

    def shared(self, sequence: int) -> int:
        """Tokens of a sequence's prompt that other sequences have held too."""
        node = self._ends[sequence]
        while node.parent is not None and not node.branched:
            node = node.parent
        return node.end

    def held_elsewhere(self, sequence: int, length: int) -> bool:
        """Whether another sequence holds the first tokens of this one too."""
        node = self._ends[sequence]
        while node.parent is not None and node.start >= length:
            node = node.parent
        return len(node.holders) > 1

    def _grow(self, parent: _Node, tokens: list[int]) -> _Node:
        child = _Node(tokens, parent, parent.end)
        parent.children[tokens[0]] = child
        self.cells += len(tokens)
        return child

    def _split(self, node: _Node, length: int) -> _Node:
        """Cut a node in two and return the upper part; the lower keeps its identity, so that ends stay right."""
        if length == len(node.tokens):
            return node
        parent = node.parent
        assert parent is not None
        upper = _Node(node.tokens[:length], parent, node.start, {}, set(node.holders), node.branched)
        parent.children[upper.tokens[0]] = upper
        node.tokens, node.parent, node.start = node.tokens[length:], upper, node.start + length
        upper.children[node.tokens[0]] = node
        return upper

    def _prune(self, node: _Node) -> None:
        """Take out a node that nobody holds; its children went before it."""
        assert node.parent is not None
        self.cells -= len(node.tokens)
        del node.parent.children[node.tokens[0]]


def common_prefix(left: Sequence[int], right: Sequence[int]) -> int:
    """Length of the common beginning, found by halving: comparing slices is quick."""
    low, high = 0, min(len(left), len(right))
    if left[:high] == right[:high]:
        return high
    while low + 1 < high:
        middle = (low + high) // 2
        if left[low:middle] == right[low:middle]:
            low = middle
        else:
            high = middle
    return low
