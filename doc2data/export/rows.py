"""Samples as rows: one pure function per format, `(judged, settings) -> row`.

Every row of a format has the same keys, because loaders learn a file's columns from its first megabytes and refuse
columns that turn up later. A sample that a format cannot say is refused with `Unfit`, counted and named in the result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doc2data.records import Judged, Message, Sample, to_canonical

if TYPE_CHECKING:
    from doc2data.settings import ExportSettings

THINK_OPEN = "<think>\n"
THINK_CLOSE = "\n</think>\n\n"
SHAREGPT_ROLES = {"system": "system", "user": "human", "assistant": "gpt"}

Row = dict[str, Any]


class Unfit(Exception):
    """A sample that a format has no way to say; the text says why, as the end of a sentence."""


def canonical(judged: Judged, _: ExportSettings) -> Row:
    """doc2data's own form."""
    return to_canonical(judged)


def messages(judged: Judged, settings: ExportSettings) -> Row:
    """OpenAI chat messages; reasoning apart goes to `reasoning_content`, where reasoning models' templates look."""
    return {"messages": _turns(judged.sample, settings)}


def unsloth(judged: Judged, settings: ExportSettings) -> Row:
    """Messages under `conversations`, the column that Unsloth's chat templates are applied to."""
    return {"conversations": _turns(judged.sample, settings)}


def sharegpt(judged: Judged, settings: ExportSettings) -> Row:
    """ShareGPT: the system message in a field of its own, then human and gpt by turns."""
    system, turns = alternating(judged.sample, settings)
    row: Row = {
        "conversations": [{"from": SHAREGPT_ROLES[m.role], "value": m.content} for m in turns],
        "system": system,
    }
    return row | _reasoning_apart(judged.sample, settings)


def alpaca(judged: Judged, settings: ExportSettings) -> Row:
    """Alpaca as LLaMA-Factory and Axolotl read it; earlier turns stand in `history`."""
    system, turns = alternating(judged.sample, settings)
    row: Row = {
        "instruction": turns[-2].content,
        "input": "",
        "output": turns[-1].content,
        "system": system,
        "history": [[turns[i].content, turns[i + 1].content] for i in range(0, len(turns) - 2, 2)],
    }
    return row | _reasoning_apart(judged.sample, settings)


def mapping(judged: Judged, _: ExportSettings) -> Row:
    """What stands on what, after RAGSynth (2505.10989): documents to clues, and each query and answer to its clues."""
    sample = judged.sample
    names = list(sample.clues) if len(sample.clues) == len(sample.evidence) else []
    ids = names or [f"{e.document}:{e.start}-{e.end}" for e in sample.evidence]
    said = [message.content for message in sample.messages if message.role != "system"]
    every = tuple(range(len(ids)))
    turns = sample.turns or (every,) * (len(said) // 2)
    params = sample.recipe.params
    return {
        "id": sample.id,
        "kind": sample.kind,
        "query_of": sample.parent or "",
        "hops": int(params.get("hops", min(1, len(ids)))),
        "completeness": {"unanswerable": "none", "partial": "partial"}.get(sample.kind, "full"),
        "documents": list(dict.fromkeys(e.document for e in sample.evidence)),
        "clues": [
            {"id": id, "document": e.document, "start": e.start, "end": e.end, "quote": e.quote}
            for id, e in zip(ids, sample.evidence, strict=True)
        ],
        "exchanges": [
            {"query": query, "answer": answer, "clues": [ids[n] for n in turn if n < len(ids)]}
            for query, answer, turn in zip(said[::2], said[1::2], turns, strict=False)
        ],
        "steps": [
            {"text": step.text, "clues": [ids[n] for n in step.clues if n < len(ids)]} for step in sample.reasoning
        ],
    }


def trl(judged: Judged, settings: ExportSettings) -> Row:
    """TRL's conversational prompt and completion: the loss falls on the last answer alone."""
    turns = _turns(judged.sample, settings, reasoning_key="thinking")
    return {"prompt": turns[:-1], "completion": turns[-1:]}


def prompt_completion(judged: Judged, settings: ExportSettings) -> Row:
    """TRL's prompt and completion as plain strings; for single questions only, since a string has no turns."""
    system, turns = alternating(judged.sample, settings)
    if len(turns) > 2:
        raise Unfit("plain prompts hold one question and one answer, not a dialogue")
    row: Row = {"prompt": f"{system}\n\n{turns[0].content}" if system else turns[0].content}
    return row | {"completion": turns[1].content} | _reasoning_apart(judged.sample, settings)


def ragas(judged: Judged, settings: ExportSettings) -> Row:
    """A single-turn sample of ragas; the system under test fills in `response` and `retrieved_contexts`."""
    _, turns = alternating(judged.sample, settings)
    if len(turns) > 2:
        raise Unfit("single-turn evaluation sets hold no dialogues")
    sample = judged.sample
    return {
        "user_input": sample.question,
        "reference": sample.answer,
        "reference_contexts": [evidence.quote for evidence in sample.evidence],
        "synthesizer_name": sample.recipe.name,
    }


def conversation(sample: Sample, settings: ExportSettings) -> list[Message]:
    """The messages to train on: the set's system message first, reasoning inside the last answer where asked.

    Raises:
        Unfit: it does not end with an answer, or its reasoning holds the tag that would end it.
    """
    turns = list(sample.messages)
    if not turns or turns[-1].role != "assistant":
        raise Unfit("it does not end with an answer")
    if settings.system and turns[0].role != "system":
        turns.insert(0, Message("system", settings.system))
    reasoning = reasoning_text(sample)
    if reasoning and settings.think_tags:
        if THINK_CLOSE.strip() in reasoning:
            raise Unfit("its reasoning holds a closing think tag")
        turns[-1] = Message("assistant", f"{THINK_OPEN}{reasoning}{THINK_CLOSE}{turns[-1].content}")
    return turns


def alternating(sample: Sample, settings: ExportSettings) -> tuple[str, list[Message]]:
    """The system message, and the turns that go question, answer, question, answer.

    Raises:
        Unfit: as `conversation`, or the turns do not alternate.
    """
    turns = conversation(sample, settings)
    system = turns[0].content if turns[0].role == "system" else ""
    rest = turns[1:] if turns[0].role == "system" else turns
    if [m.role for m in rest] != ["user", "assistant"] * (len(rest) // 2):
        raise Unfit("its turns are not question and answer in alternation")
    return system, rest


def reasoning_text(sample: Sample) -> str:
    """The reasoning as one text, a step a line."""
    return "\n".join(step.text for step in sample.reasoning)


def _turns(sample: Sample, settings: ExportSettings, reasoning_key: str = "reasoning_content") -> list[Row]:
    rows: list[Row] = [{"role": m.role, "content": m.content} for m in conversation(sample, settings)]
    if not settings.think_tags:
        for row in rows:
            row[reasoning_key] = ""
        rows[-1][reasoning_key] = reasoning_text(sample)
    return rows


def _reasoning_apart(sample: Sample, settings: ExportSettings) -> Row:
    return {} if settings.think_tags else {"reasoning": reasoning_text(sample)}
