"""One sample as the cells of a table, and back: what a person reads in CSV and Excel can be checked again.

A cell that begins like a formula gets an apostrophe before it where a spreadsheet would run it (OWASP's advice against
CSV injection).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from doc2data.export.rows import reasoning_text
from doc2data.records import Judged

COLUMNS = {
    "id": 18,
    "kind": 10,
    "language": 9,
    "question": 50,
    "answer": 60,
    "reasoning": 40,
    "earlier turns": 30,
    "document": 24,
    "page": 8,
    "section": 30,
    "quote": 60,
    "scores": 24,
}
"""Column names, and their widths in characters for a workbook."""
EARLIER = "earlier turns"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_TURN = re.compile(r"^(system|user|assistant): ", re.MULTILINE)


def cells(judged: Judged) -> list[str]:
    """One sample as texts, in the order of `COLUMNS`; where it has several quotes, each takes a line."""
    sample = judged.sample
    return [
        sample.id,
        sample.kind,
        sample.language,
        sample.question,
        sample.answer,
        reasoning_text(sample),
        "\n".join(f"{m.role}: {m.content}" for m in sample.messages[:-2]),
        "\n".join(e.document for e in sample.evidence),
        "\n".join("" if e.page is None else str(e.page) for e in sample.evidence),
        "\n".join(" > ".join(e.section) for e in sample.evidence),
        "\n".join(e.quote for e in sample.evidence),
        "\n".join(f"{v.check} {v.score:g}" for v in judged.verdicts),
    ]


def turns(row: Mapping[str, str]) -> list[dict[str, str]]:
    """The conversation of a row of such a table, as messages."""
    _, *parts = _TURN.split(live(row[EARLIER]))
    earlier = [
        {"role": role, "content": text.removesuffix("\n")} for role, text in zip(parts[::2], parts[1::2], strict=True)
    ]
    asked = {"role": "user", "content": live(row["question"])}
    return [*earlier, asked, {"role": "assistant", "content": live(row["answer"])}]


def inert(text: str) -> str:
    """Text that a spreadsheet shows instead of running it."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def live(text: str) -> str:
    """The text that was made inert."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA_STARTS) else text
