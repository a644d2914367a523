"""What kind of question a text asks, and how hard a sample is: by its words, hops and steps of evolution.

Bloom's levels are those of the revised taxonomy (Anderson and Krathwohl, 2001), told by the verbs and question words
that go with them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from doc2data.records import Sample

STAGES = range(1, 6)
"""Stages of a curriculum, easy before hard."""
OTHER = "fact"
_ENGLISH = {
    "write": r"^(?:please )?(?:write|draft|compose|design|create|propose|formulate)\b",
    "judge": r"\b(?:best|better|preferable|recommend\w*|suitable|justif\w+|evaluate|assess)\b",
    "compare": r"\b(?:compare\w*|differ\w*|versus|than|in common|similar\w*)\b",
    "why": r"\b(?:why|reason|cause[sd]?|purpose)\b",
    "situation": r"\b(?:what|how)\b.*\b(?:if|when|in case|once)\b|^(?:if|when|suppose)\b.*\?",
    "how to": r"^how (?:do|does|can|should|must|would|to|is|are)\b|\bsteps\b|\bhow to\b|^(?:explain|describe)\b",
    "list": r"^(?:list|name|give|state)\b|\bwhich \w+s\b|^what are\b",
    "amount": r"^(?:for )?how (?:many|much|often|long|far|high|large|big|old|heavy)\b",
    "yes or no": r"^(?:is|are|was|were|do|does|did|can|may|must|should|will|has|have)\b",
    "meaning": r"\b(?:means?|meant|stand for|defin\w+)\b|^what is an? \w+(?: \w+)?\?$",
    "who, where or when": r"^(?:who|where|when|whose|by whom|at what time)\b",
}
_CHINESE = {
    "write": r"^请?(?:写|拟|起草|设计|编)",
    "judge": "最好|更合适|建议|评价",
    "compare": "比较|区别|不同|差异|相比",
    "why": "为什么|为何|原因|目的",
    "situation": "如果|若|时.*(?:怎么|应|要|该)",
    "how to": "如何|怎样|怎么|步骤",
    "list": "哪些|列出",
    "amount": "多少|多久|几",
    "yes or no": "吗？?$|是否",
    "meaning": "什么是|是什么意思|定义|含义",
    "who, where or when": "谁|哪里|何处|何时|什么时候",
}
_FORMS = {name: re.compile(f"{_ENGLISH[name]}|{_CHINESE[name]}", re.IGNORECASE) for name in _ENGLISH}
"""Kinds of question by what their words show, the most telling first."""
_BLOOM = {"write": 6, "judge": 5, "compare": 4, "situation": 3, "why": 2, "how to": 2}
_TEXT_TASKS = dict.fromkeys(("summarise", "rewrite", "extract", "classify"), 2)
"""Kinds whose question carries a whole text, whose words tell nothing; the taxonomy counts them as understanding."""
LEVELS = ("", "remember", "understand", "apply", "analyse", "evaluate", "create")
"""Bloom's levels by number, from 1."""


@dataclass(frozen=True, slots=True)
class Difficulty:
    """How hard a sample is, and why."""

    hops: int
    """Pieces of evidence that have to be put together, from 1."""
    bloom: int
    """Level of Bloom's revised taxonomy, 1 to 6."""
    evolved: int
    """Steps of evolution behind it."""

    @property
    def stage(self) -> int:
        """Stage of a curriculum, 1 to 5."""
        load = self.bloom + 2 * (self.hops - 1) + self.evolved
        return next((stage for stage, most in enumerate((1, 2, 4, 6), 1) if load <= most), 5)


def form_of(question: str) -> str:
    """What kind of question it is: how to, why, compare, list, ...; `fact` where no other fits."""
    return next((name for name, pattern in _FORMS.items() if pattern.search(question.strip())), OTHER)


def difficulty_of(sample: Sample) -> Difficulty:
    """The difficulty of a sample, from what it asks, what it stands on and how it grew."""
    used = {clue for step in sample.reasoning for clue in step.clues}
    hops = max(1, min(4, len(used)))
    evolved = sample.recipe.params.get("evolved", 0)
    bloom = _TEXT_TASKS.get(sample.kind) or _BLOOM.get(form_of(sample.question), 1)
    return Difficulty(hops, bloom, evolved if isinstance(evolved, int) else 0)


def stage_of(sample: Sample) -> int:
    """The stage of a curriculum that a sample belongs to, 1 to 5."""
    return difficulty_of(sample).stage


def told(difficulty: Difficulty) -> dict[str, int | str]:
    """A difficulty as plain values, for the record of a sample."""
    return {
        "hops": difficulty.hops,
        "bloom": LEVELS[difficulty.bloom],
        "evolved": difficulty.evolved,
        "stage": difficulty.stage,
    }
