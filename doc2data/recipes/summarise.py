"""summarise: a text in one sentence, in three points, or told to a named reader.

Without a model the summary is extractive: the text's own most central sentences (LexRank), and only of a text that is
whole, stays with what its heading names, and is short enough for them to stand for it. With one it is written, and
stands on the sentences that the model names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from doc2data.clues import worth
from doc2data.recipes.base import Content, Desk, Job
from doc2data.recipes.corpus import CHINESE
from doc2data.recipes.texts import Text, leans, text_of, texts
from doc2data.records import Clue, Judged, Message, Sample
from doc2data.tasks.joins.words import content, share
from doc2data.tasks.judging import evidence_text
from doc2data.tasks.summary import central
from doc2data.tasks.texts import POINT, SUMMARISE, TELLING, request, summary_over

VERSION = 2
FORMS = ("sentence", "points")
READER = "reader"
POINTS = 3
LEAST_WORTH = 0.5
LEAST_REACH = 0.7
"""Share of a text's other sentences that its own sentences must have words of to stand for it."""
MOST_FOR = {"sentence": 7, "points": 10}
"""Sentences of the longest text for which one sentence, or three, can stand."""
LEAST_TOPIC = 0.5
"""Share of the heading's words that the summary must hold."""
LANGUAGES = ("en", CHINESE)
"""Languages whose words without a meaning of their own are known, so that sentences can be compared."""
_LEANING = re.compile(
    r"\b(?:this|these|those|such|above|below|following|here|former|latter|for example|for instance|e\.g\.)(?!\w)|:$"
    r"|^(?:first|second|third|next|finally|lastly|similarly|besides|in addition|additionally|among other|generally)\b"
    r"|这|那|上述|以下|如下|下列|下面|下[图表]|该|例如",
    re.IGNORECASE,
)
LEAST_PLAIN = 5
_PLAIN = re.compile(r"\b[a-z]{2,}\b|[\u4e00-\u9fff]{2}")
_ITEM = re.compile(r"(?:[a-z]|[ivx]+|\d{1,2})[.)]\s")
_NUMBERED = re.compile(r"^(?:[\dA-Z]{1,3}(?:\.\d+)*[.)]?|第[\d一二三四五六七八九十]+[章节])\s+")


class Summarise:
    """The recipe `summarise`."""

    def plan(self, desk: Desk) -> Iterator[Job]:
        """For every text one sentence and three points, and with a model a telling to the reader of the settings."""
        reader = desk.settings.texts.reader if desk.engine is not None else ""
        for text in texts(desk):
            if desk.engine is None and not _can_be_told_by_rule(text, desk):
                continue
            ids = tuple(clue.id for clue in text.clues)
            for form in (*FORMS, *((READER,) if reader else ())):
                yield Job("summarise", VERSION, text.chunk, ids, params={"form": form} | _reader(form, reader))

    async def run(self, job: Job, desk: Desk) -> Sequence[Sample | Judged]:
        """Summarise the text."""
        text = text_of(job, desk)
        if desk.engine is not None:
            return [desk.sample(job, await _written(job, text, desk))]
        form: str = job.params["form"]
        chosen = central_clues(text, 1 if form == "sentence" else POINTS)
        if len(chosen) < (POINTS if form == "points" else 1) or not _stand_for(chosen, text, form):
            return []
        return [desk.sample(job, _content(job, text, [clue.quote for clue in chosen], chosen, desk))]


def _can_be_told_by_rule(text: Text, desk: Desk) -> bool:
    """Whether a text is sentences only, with nothing left out between them; no step stands for a procedure."""
    first, last = text.clues[0], text.clues[-1]
    whole = desk.corpus.text(first.document)[first.start : last.end]
    known = desk.corpus.language_of(first) in LANGUAGES and not leans(first.quote)
    shown = sum(len(" ".join(clue.quote.split())) for clue in text.clues) + len(text.clues) - 1
    asks = any(clue.quote.rstrip().endswith(("?", "？")) for clue in text.clues)
    return (
        known
        and not asks
        and len(" ".join(whole.split())) <= shown
        and not any(clue.kind == "step" for clue in text.clues)
    )


def _stand_for(chosen: Sequence[Clue], text: Text, form: str) -> bool:
    """Whether sentences speak of what the heading names, and of what the others speak of."""
    words = frozenset(word for clue in chosen for word in content(clue.quote))
    topic = content(_NUMBERED.sub("", text.clues[0].section[-1])) if text.clues[0].section else frozenset()
    on_topic = bool(topic) and share(topic, words) >= LEAST_TOPIC
    places = [text.clues.index(clue) for clue in chosen]
    spread = places[0] == 0 if form == "sentence" else 2 * places[-1] >= len(text.clues)
    return len(text.clues) <= MOST_FOR[form] and on_topic and spread and _reach(chosen, text) >= LEAST_REACH


def central_clues(text: Text, most: int) -> list[Clue]:
    """The sentences that stand for a text, of those that can be understood without the ones before them."""
    alone = (clue for clue in text.clues if not leans(clue.quote) and not _LEANING.search(clue.quote) and _tells(clue))
    fitting = [clue for clue in alone if worth(clue) >= LEAST_WORTH]
    if len(fitting) <= most:
        return []
    return [fitting[at] for at in central([clue.quote for clue in fitting], most)]


def _tells(clue: Clue) -> bool:
    """Whether a sentence states something and is no greeting, list item or reference: "28 C.F.R. § 58.11."."""
    plain = _PLAIN.findall(clue.quote)
    if clue.quote[:1].islower() or "{" in clue.quote:
        return False  # "encoding {string} The encoding": the line of a signature
    return len(plain) >= LEAST_PLAIN and not _ITEM.match(clue.quote) and not clue.quote.rstrip().endswith(("!", "！"))


def _reach(chosen: Sequence[Clue], text: Text) -> float:
    """Share of the other sentences that the chosen ones stand for: they share a word that not most sentences hold."""
    held = Counter(word for clue in text.clues for word in content(clue.quote))
    telling = frozenset(word for clue in chosen for word in content(clue.quote) if 2 * held[word] <= len(text.clues))
    others = [clue for clue in text.clues if clue not in chosen]
    return sum(bool(telling & content(clue.quote)) for clue in others) / max(1, len(others))


async def _written(job: Job, text: Text, desk: Desk) -> Content:
    form, language = job.params["form"], desk.corpus.language_of(text.clues[0])
    shown = evidence_text([desk.corpus.evidence(clue) for clue in text.clues])
    points = POINTS if form == "points" else 1
    values = {"form": form, "reader": job.params.get("reader", "")}
    output = summary_over(len(text.clues), points, POINT if form != READER else TELLING)
    told = await desk.writer.ask(SUMMARISE, language, desk.seed(job), values, shown, output)
    return _content(job, text, told.points, text.cited(told.sentences), desk)


def _content(job: Job, text: Text, points: Sequence[str], stands_on: Sequence[Clue], desk: Desk) -> Content:
    form, language = job.params["form"], desk.corpus.language_of(text.clues[0])
    lines = [" ".join(point.split()) for point in points]
    answer = "\n".join(f"- {line}" for line in lines) if form == "points" else lines[0]
    asked = request(form, language, text.shown, reader=job.params.get("reader", ""))
    return Content(
        kind="summarise",
        language=language,
        messages=(Message("user", asked), Message("assistant", answer)),
        clues=tuple(stands_on),
    )


def _reader(form: str, reader: str) -> dict[str, str]:
    return {"reader": reader} if form == READER else {}
