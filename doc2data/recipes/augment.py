"""augment: a question asked again in other words, with the same answer and the same evidence behind it.

The ways are RAGSynth's (2505.10989) that keep the meaning, translation there and back (Sennrich et al., 1511.06709),
styles of writing, and the asker's part taken by somebody else. The check `wording` holds each against the first
question. Without a model, rules put questions in other words where the form of the question allows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import get_args

from doc2data.recipes.base import Content, Desk, Job
from doc2data.recipes.corpus import CHINESE
from doc2data.recipes.growing import chunk_of, parents, root_of
from doc2data.records import WORDING_OF, Judged, Message, Sample, content_id
from doc2data.settings import Manner
from doc2data.tasks.growing import REWORD, TRANSLATE
from doc2data.tasks.rules.wordings import wordings

VERSION = 1
KINDS = frozenset({"qa", "cot", "multihop"})
RULE = "rule"
LANGUAGES = {
    "en": ("English", "英语"),
    "de": ("German", "德语"),
    "fr": ("French", "法语"),
    "es": ("Spanish", "西班牙语"),
    "it": ("Italian", "意大利语"),
    "nl": ("Dutch", "荷兰语"),
    "pt": ("Portuguese", "葡萄牙语"),
    "ru": ("Russian", "俄语"),
    "ja": ("Japanese", "日语"),
    CHINESE: ("Chinese", "中文"),
}
"""Codes to the names that prompts in English and in Chinese call a language by."""


class Augment:
    """The recipe `augment`."""

    def plan(self, desk: Desk) -> Iterator[Job]:
        """As many other wordings as asked for of every accepted question, each in a manner that the seed chooses."""
        grow = desk.settings.grow
        for sample in parents(desk, KINDS, frozenset({"augment"})):
            manners = [RULE] * grow.variants if desk.engine is None else _manners(sample, desk)
            for index in range(grow.variants):
                params = {"parent": sample.id, "manner": manners[index % len(manners)]}
                yield Job("augment", VERSION, chunk_of(sample, desk), sample.clues, index, params)

    async def run(self, job: Job, desk: Desk) -> Sequence[Sample | Judged]:
        """Put the question in other words; nothing where no rule fits it."""
        found = desk.find(job.params["parent"])
        if found is None:
            return []
        parent = found.sample
        if desk.engine is None:
            written = wordings(parent.question, parent.language)
            return [_sample(job, written[job.index], parent, desk)] if job.index < len(written) else []
        if job.params["manner"] == "round_trip":
            question = await _there_and_back(job, parent, desk)
        else:
            values = {"question": parent.question, "manner": job.params["manner"]}
            question = (await desk.ask(REWORD, parent.language, desk.seed(job), values)).question
        return [_sample(job, question, parent, desk)]


def _manners(sample: Sample, desk: Desk) -> list[str]:
    """All manners that the settings allow, in an order that the seed chooses for this sample."""
    allowed = desk.settings.grow.manners or get_args(Manner)
    return sorted(allowed, key=lambda name: content_id("manner", desk.settings.generate.seed, sample.id, name))


async def _there_and_back(job: Job, parent: Sample, desk: Desk) -> str:
    """The question through a second language."""
    pivot = desk.settings.grow.pivot or ("de" if parent.language == "en" else "en")
    text = parent.question
    for request, language in enumerate((pivot, parent.language)):
        english, chinese = LANGUAGES.get(language, (language, language))
        target = chinese if parent.language == CHINESE else english
        values = {"question": text, "target": target}
        text = (await desk.ask(TRANSLATE, parent.language, desk.seed(job, request), values)).text
    return text


def _sample(job: Job, question: str, parent: Sample, desk: Desk) -> Sample:
    """The parent with another question; its answer, steps and evidence stay as they are."""
    messages = tuple(Message("user", question) if m.role == "user" else m for m in parent.messages)
    kept = {name: value for name, value in parent.recipe.params.items() if name == "evolved"}
    content = Content(
        kind=parent.kind,
        language=parent.language,
        messages=messages,
        clues=tuple(desk.corpus.clue(id) for id in parent.clues),
        reasoning=parent.reasoning,
        params={WORDING_OF: parent.question, "root": root_of(parent), **kept},
        parent=parent.id,
    )
    return desk.sample(job, content)
