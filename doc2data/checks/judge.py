"""A panel of models reviews question and answer by rubric; it can only take away, never rescue.

Each judge passes a sample where every aspect reaches `checks.judge_least`; more than half of them must.
"""

from __future__ import annotations

from doc2data.checks.context import ModelContext, failed, passed
from doc2data.records import Message, Sample, Verdict, content_id
from doc2data.tasks.judging import evidence_text
from doc2data.tasks.panel import Exchange, told

NAME = "judge"


async def check(sample: Sample, context: ModelContext) -> Verdict | None:
    """Let every judge rate the sample, and count their votes."""
    seed = int(content_id(context.seed, NAME, sample.id)[:7], 16)
    votes = await context.panel.review(exchange_of(sample), seed)
    least = context.settings.judge_least
    cast = votes.passes(least)
    reason = told(votes, least)
    return passed(NAME, reason, votes.mean) if 2 * sum(cast) > len(cast) else failed(NAME, reason, votes.mean)


def exchange_of(sample: Sample) -> Exchange:
    """A sample as judges see it: of who made it, nothing."""
    talk = [message for message in sample.messages if message.role != "system"]
    evidence = evidence_text(sample.evidence) if sample.evidence else None
    asked = talk[0].content if len(talk) == 2 else "\n".join(map(_line, talk[:-1]))
    return Exchange(asked, sample.answer, sample.language, evidence)


def _line(message: Message) -> str:
    return f"{message.role}: {message.content}"
