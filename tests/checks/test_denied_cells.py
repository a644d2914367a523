"""A negation about a row of a table, which has no sentence that it could be held against."""

from __future__ import annotations

import pytest

from doc2data.checks.contradiction import denied_cell


@pytest.mark.parametrize(
    ("answer", "quote", "question", "language", "denies"),
    [
        ("The flow is not 12 L/h.", "Flow (L/h) | 12 | 30", "What is the flow?", "en", True),
        ("The flow is 12 L/h.", "Flow (L/h) | 12 | 30", "What is the flow?", "en", False),
        ("The P-20 has no heater.", "Heater | P-20 | – ", "Which heater has the P-20?", "en", False),
        ("The P-20 is not sealed.", "Housing | not sealed | P-20", "How is the P-20 built?", "en", False),
        ("The flow is not known.", "The flow is 12 L/h.", "What is the flow?", "en", False),
        ("The P-20 is not for oil.", "Use | water | P-20", "What is the P-20 not for?", "en", False),
        ("进水管外径不是8 mm。", "进水管外径 | 8 mm", "进水管外径是多少？", "zh", True),
        ("管长不超过10 m。", "进水管 | 管长不超过10 m", "管长是多少？", "zh", False),
    ],
)
def test_only_what_no_cell_denies_is_a_denial(
    answer: str, quote: str, question: str, language: str, denies: bool
) -> None:
    assert bool(denied_cell(answer, [quote], question, language)) is denies
