"""The radix tree against the plain idea of it: a table of which sequence holds which tokens."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from models.llama.prefixes import PrefixTree, common_prefix

_PROMPTS = st.lists(st.integers(0, 2), min_size=1, max_size=12)


@given(_PROMPTS, _PROMPTS)
def test_common_prefix(left: list[int], right: list[int]) -> None:
    length = common_prefix(left, right)
    assert left[:length] == right[:length]
    assert left[: length + 1] != right[: length + 1] or length == min(len(left), len(right))


class Tree(RuleBasedStateMachine):
    """Adds, trims and removes sequences at random."""

    def __init__(self) -> None:
        super().__init__()
        self.tree = PrefixTree()
        self.held: dict[int, list[int]] = {}
        self.next = 0

    @rule(prompt=_PROMPTS)
    def add(self, prompt: list[int]) -> None:
        self.tree.add(self.next, prompt)
        self.held[self.next] = prompt
        self.next += 1

    @rule(data=st.data())
    def trim(self, data: st.DataObject) -> None:
        if self.held:
            sequence = data.draw(st.sampled_from(sorted(self.held)))
            length = data.draw(st.integers(0, len(self.held[sequence])))
            self.tree.trim(sequence, length)
            self.held[sequence] = self.held[sequence][:length]

    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        if self.held:
            sequence = data.draw(st.sampled_from(sorted(self.held)))
            self.tree.remove(sequence)
            del self.held[sequence]

    @rule(prompt=_PROMPTS)
    def match(self, prompt: list[int]) -> None:
        shared = {sequence: common_prefix(prompt, held) for sequence, held in self.held.items()}
        best = max(shared.values(), default=0)
        match = self.tree.match(prompt)
        assert match.length == best
        if best:
            assert match.holders == {sequence for sequence, length in shared.items() if length == best}

    @invariant()
    def cells_are_distinct_prefixes(self) -> None:
        distinct = {tuple(held[:end]) for held in self.held.values() for end in range(1, len(held) + 1)}
        assert self.tree.cells == len(distinct)


TestTree = Tree.TestCase
TestTree.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
