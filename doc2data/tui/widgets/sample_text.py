"""A sample as a person reads it: turns, reasoning, and what each check said."""

from __future__ import annotations

from textual.content import Content

from doc2data.records import REVIEW, Judged, Sample, Verdict
from doc2data.store import Remark
from doc2data.tui.themes import MUTED

NOTHING = Remark()
ROLE_TITLES = {"system": "SYSTEM", "user": "QUESTION", "assistant": "ANSWER"}
DIALOGUE_TITLES = {"system": "SYSTEM", "user": "USER", "assistant": "ASSISTANT"}


def status_mark(judged: Judged) -> tuple[str, str]:
    """A sign and a style for the sample's state; the sign alone says it."""
    reviewed = any(verdict.check == REVIEW for verdict in judged.verdicts)
    if judged.status == "accepted":
        return ("✓✓ accepted by you" if reviewed else "✓ passed all checks", "$text-success")
    return ("✗✗ rejected by you" if reviewed else "✗ rejected by a check", "$text-error")


def sample_text(judged: Judged) -> Content:
    """Turns, then steps of reasoning; of a pair the rejected answer, and what is wrong with it."""
    sample = judged.sample
    return Content("\n\n").join([*_turns(sample), *_rejected(sample), *_reasoning(sample)])


def sample_head(judged: Judged, remark: Remark = NOTHING) -> Content:
    """One line: kind, language, state, score; below it why it was rejected, tags and note."""
    sample = judged.sample
    mark, style = status_mark(judged)
    why = f"\n{judged.reason}" if judged.status == "rejected" else ""
    head = Content.assemble(
        (sample.kind, "bold"), f" · {sample.language} · ", (mark, style), f" · score {judged.score:.2f}", (why, style)
    )
    tags = [Content.styled("\n" + " ".join(f"#{tag}" for tag in remark.tags), "$text-accent")] if remark.tags else []
    note = [Content.styled(f"\n✎ {remark.note}", "italic")] if remark.note else []
    return Content("").join([head, *tags, *note])


def verdict_lines(judged: Judged) -> Content:
    """Every check with its finding, failed ones first."""
    ordered = sorted(judged.verdicts, key=lambda verdict: verdict.passed)
    return Content("\n").join([_verdict(verdict) for verdict in ordered])


def plain_text(judged: Judged) -> str:
    """The sample to be pasted elsewhere."""
    turns = [f"{message.role}: {message.content}" for message in judged.sample.messages]
    quotes = [f"[{e.document}, page {e.page or '-'}] {e.quote}" for e in judged.sample.evidence]
    worse = [f"rejected: {judged.sample.rejected.answer}"] if judged.sample.rejected else []
    return "\n".join([*turns, *worse, *quotes])


def _turns(sample: Sample) -> list[Content]:
    titles = ROLE_TITLES if len(sample.messages) <= 3 and not sample.turns else DIALOGUE_TITLES
    blocks, answers = [], 0
    for message in sample.messages:
        title = Content.styled(
            titles[message.role], "bold $text-primary" if message.role == "user" else "bold $text-accent"
        )
        if message.role == "assistant":
            title += _stands_on(sample, answers)
            answers += 1
        blocks.append(title + Content(f"\n{message.content}"))
    return blocks


def _stands_on(sample: Sample, answer: int) -> Content:
    """The numbers of the evidence that this answer stands on."""
    if sample.turns:
        indices = sample.turns[answer] if answer < len(sample.turns) else ()
    else:
        indices = tuple(range(len(sample.evidence)))
    return Content.styled("  " + " ".join(f"[{index + 1}]" for index in indices), MUTED)


def _rejected(sample: Sample) -> list[Content]:
    if sample.rejected is None:
        return []
    worse = sample.rejected
    title = Content.styled("REJECTED ANSWER", "bold $text-error")
    why = Content.styled(f"  {worse.operator} · fails {worse.check}: {worse.reason}", MUTED)
    return [title + why + Content(f"\n{worse.answer}")]


def _reasoning(sample: Sample) -> list[Content]:
    if not sample.reasoning:
        return []
    lines = [Content.styled("REASONING", "bold $text-secondary")]
    for number, step in enumerate(sample.reasoning, 1):
        marks = " ".join(f"[{index + 1}]" for index in step.clues)
        lines.append(Content.assemble(f"{number}. {step.text} ", (marks, MUTED)))
    return [Content("\n").join(lines)]


def _verdict(verdict: Verdict) -> Content:
    mark = ("✓ ", "$text-success") if verdict.passed else ("✗ ", "$text-error")
    return Content.assemble(mark, (f"{verdict.check} ", "bold"), (f"{verdict.score:.2f} ", MUTED), verdict.reason)
