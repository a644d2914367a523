"""The answer stands on its evidence: facts to the value, names, words sentence by sentence, and no reversal.

Dates, codes, numbers with their units, and names must all be in the evidence or the question. Of a sentence's other
content words a share must; a sentence that falls short may still be a paraphrase, which vectors tell. Then negation,
modality and opposites are compared at the words that they govern.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Any

from doc2data.checks.context import CheckContext, failed, passed
from doc2data.checks.contradiction import contradiction, denied_cell
from doc2data.checks.facts import Date, Facts, facts_of, folded_code, name_is_known, without_list_marks
from doc2data.checks.numerals import CHINESE_NUMERALS
from doc2data.checks.quantities import Quantity, dimension
from doc2data.checks.structure import DATA
from doc2data.checks.vocabulary import vocabulary
from doc2data.checks.words import content_words, function_words, normal, sentences, unknown_runs, words
from doc2data.records import Evidence, Sample, Verdict
from doc2data.tasks.rules.english.lexicon import classes

NAME = "support"
SHORT = 5
"""A sentence of so few content words, and no number to bind it, must have all of them in its evidence."""
PARAPHRASE = 0.77
"""Cosine to a sentence of the evidence from which a sentence counts as saying the same."""
PARAPHRASE_WORDS = 0.3
"""Share of words that even a paraphrase must share with its evidence."""
PARTIAL = "partial"
"""The kind whose answer tells what the documents say, and of the rest that they do not."""
DERIVING_KINDS = frozenset({"cot", "multihop"})
"""Kinds whose answers may hold a number reckoned from two of the evidence."""


_NUMBERING = re.compile(
    r"^\s*(?:(?:chapter|section|annex|appendix|part)\s+)?(?:\d+(?:\.\d+)*|[A-Z]\.\d[\d.]*)[.):]?\s+(?=\S)",
    re.IGNORECASE,
)
"""What counts a heading: the 4 of "4 First start" is no fact about what stands there."""
_OPENING = re.compile(r"[A-Z][a-z]{3,}\b(?![-'’.])")
"""A word with a capital at the head of a sentence."""


@dataclass(frozen=True, slots=True)
class _Claim:
    """One answer of a sample and what it has to stand on."""

    answer: str
    quotes: tuple[str, ...]
    headings: tuple[str, ...]
    """Titles and headings under which the quotes stand; they name what a table or a list is about."""
    question: str
    language: str
    derives: bool
    may_refuse: bool
    """Whether it may say that the documents do not tell a part of what was asked."""


class _Ground:
    """What an answer may say: its evidence and the question, read once."""

    def __init__(self, text: str, facts: Facts, language: str) -> None:
        self.text = text
        self.facts = facts
        self.language = language
        self.plain = normal(text)
        self.stems = frozenset(content_words(text, language))

    def quotes(self, sentence: str) -> bool:
        """Whether a sentence stands here word for word, and no number or word is cut by its ends."""
        plain = normal(sentence).rstrip(" .!?。！？")
        start = self.plain.find(plain) if plain else -1
        while start >= 0:
            end = start + len(plain)
            if not _joined(self.plain[start - 1 : start + 1]) and not _joined(self.plain[end - 1 : end + 1]):
                return True
            start = self.plain.find(plain, start + 1)
        return False

    def unheard_of(self, sentence: str) -> str:
        """What a Chinese sentence names that is not here: characters in a row, neither here nor common words."""
        if self.language not in ("zh", "ja"):
            return ""
        run = next(unknown_runs(sentence, self.plain), "")
        return f"the name or term {run!r} is neither in the evidence nor in the question" if run else ""

    def opens_with_a_stranger(self, sentence: str) -> str:
        """A name that only opens an English sentence, where its capital tells nothing: no word of the dictionary."""
        opening = _OPENING.match(sentence) if self.language == "en" else None
        if opening is None:
            return ""
        word = opening.group()
        stems = content_words(word, self.language)
        known = not stems or all(stem in self.stems or self._kindred(stem) for stem in stems) or classes(word.lower())
        return "" if known else f"the name {word!r} is neither in the evidence nor in the question"

    def compare(self, sentence: str) -> tuple[int, list[str]]:
        """How many content words a sentence has, and those of them that are not here in any form."""
        own = vocabulary(self.language).answers
        found = [word for word in content_words(sentence, self.language) if word not in own]
        return len(found), [word for word in found if word not in self.stems and not self._kindred(word)]

    def _kindred(self, word: str) -> bool:
        """Whether a word of the same family is here, as replacement is of replace."""
        return word[0].isascii() and len(word) >= 5 and any(stem.startswith(word[:6]) for stem in self.stems)


@dataclass(frozen=True, slots=True)
class _Finding:
    """What was found for one claim: a problem, or sentences that only vectors can judge."""

    problem: str
    score: float
    doubtful: tuple[str, ...] = ()


def check(samples: Sequence[Sample], context: CheckContext) -> list[Verdict]:
    """Compare each answer with its evidence."""
    claims = [list(_claims(sample)) for sample in samples]
    findings = [[_examine(claim, context.settings.support) for claim in of_sample] for of_sample in claims]
    pairs = [
        (claim, sentence)
        for of_sample, found in zip(claims, findings, strict=True)
        for claim, finding in zip(of_sample, found, strict=True)
        if not finding.problem
        for sentence in finding.doubtful
    ]
    paraphrased = _paraphrases(pairs, context)
    return [
        _verdict(sample, of_sample, found, paraphrased)
        for sample, of_sample, found in zip(samples, claims, findings, strict=True)
    ]


def _verdict(
    sample: Sample, claims: Sequence[_Claim], findings: Sequence[_Finding], paraphrased: set[tuple[str, str]]
) -> Verdict:
    if not claims:
        why = "needs no support: it says that the documents do not tell" if not sample.evidence else "states nothing"
        return passed(NAME, why)
    for claim, finding in zip(claims, findings, strict=True):
        if finding.problem:
            return failed(NAME, finding.problem, min(finding.score, 0.5))
        for sentence in finding.doubtful:
            if (claim.answer, sentence) not in paraphrased:
                return failed(NAME, f"the evidence does not say {_shown(sentence)}", finding.score)
    score = min(finding.score for finding in findings)
    return passed(NAME, "numbers, names and words of the answer stand in its evidence", score)


def _claims(sample: Sample) -> Iterator[_Claim]:
    """Each answer with the evidence it names, and the conversation before it."""
    if sample.kind == "unanswerable":
        return
    derives, refuses = sample.kind in DERIVING_KINDS, sample.kind == PARTIAL
    said: list[str] = []
    turn = 0
    for message in sample.messages:
        if message.role == "assistant":
            evidence = _evidence_of(sample, turn)
            turn += 1
            if evidence or not sample.turns:
                quotes = tuple(e.quote for e in evidence)
                headings = tuple(dict.fromkeys(_NUMBERING.sub("", h) for e in evidence for h in (e.title, *e.section)))
                yield _Claim(
                    _stated(message.content, sample.kind),
                    quotes,
                    headings,
                    "\n".join(said),
                    sample.language,
                    derives,
                    refuses,
                )
                if turn == len(sample.turns or (0,)):
                    steps = "\n".join(step.text for step in sample.reasoning)
                    if steps.strip():
                        yield _Claim(
                            steps, quotes, headings, "\n".join(said), sample.language, derives=True, may_refuse=refuses
                        )
        if message.role != "system":
            said.append(message.content)


def _stated(answer: str, kind: str) -> str:
    """What an answer states: of JSON its values, a line each."""
    if kind != DATA:
        return answer
    try:
        return "\n".join(_values(json.loads(answer)))
    except (ValueError, RecursionError):
        return answer


def _values(found: Any) -> Iterator[str]:
    """The texts and numbers of JSON, in order."""
    if isinstance(found, dict):
        found = list(found.values())
    if isinstance(found, list):
        for item in found:
            yield from _values(item)
    elif found is not None and not isinstance(found, bool):
        yield str(found)


def _evidence_of(sample: Sample, turn: int) -> list[Evidence]:
    if turn < len(sample.turns):
        return [sample.evidence[i] for i in sample.turns[turn] if i < len(sample.evidence)]
    return list(sample.evidence)


def _examine(claim: _Claim, support: float) -> _Finding:
    ground = "\n".join((*claim.headings, *claim.quotes, claim.question))
    if not claim.quotes:
        return _Finding("the answer names no evidence", 0.0)
    known = _Ground(ground, facts_of(ground, claim.language), claim.language)
    shares: list[float] = []
    doubtful: list[str] = []
    for sentence in sentences(without_list_marks(claim.answer)):
        if known.quotes(sentence) or (claim.may_refuse and _refuses(sentence, claim.language)):
            shares.append(1.0)
            continue
        said = facts_of(sentence, claim.language)
        if problem := _wrong_fact(said, known, derives=claim.derives):
            return _Finding(problem, 0.0)
        if problem := known.unheard_of(said.rest) or known.opens_with_a_stranger(said.rest):
            return _Finding(problem, 0.0)
        found, missing = known.compare(said.rest)
        weighed = found + said.count  # facts were found in the source by now, so they count as words that are there
        share = 1 - len(missing) / weighed if weighed else float(_says_yes_or_no(sentence, claim.language))
        shares.append(share)
        if share < (1.0 if weighed <= SHORT and not said.count else support):
            if share < PARAPHRASE_WORDS:
                return _Finding(f"the evidence does not hold {', '.join(missing[:4])} of {_shown(sentence)}", share)
            doubtful.append(sentence)
    score = sum(shares) / len(shares) if shares else 1.0
    return _Finding(_reversal(claim), score, tuple(doubtful))


def _wrong_fact(said: Facts, known: _Ground, *, derives: bool) -> str:
    return _first(
        _unknown_dates(said.dates, known.facts),
        _unknown_codes(said.codes, known),
        _unknown_quantities(said, known, derives=derives),
        _unknown_names(said.names, known),
    )


def _first(*problems: Iterator[str]) -> str:
    return next((problem for found in problems for problem in found), "")


def _unknown_dates(dates: Sequence[Date], known: Facts) -> Iterator[str]:
    for date in dates:
        if any(date.within(other) for other in known.dates):
            continue
        numbers = {value for q in known.quantities for value in q.values}
        parts = {float(part) for part in (date.year, date.day) if part is not None}
        if not (parts <= numbers and any(date.month == other.month for other in known.dates)):
            yield f"the date {date.written!r} is neither in the evidence nor in the question"


def _unknown_codes(codes: Sequence[str], known: _Ground) -> Iterator[str]:
    there = {folded_code(code) for code in known.facts.codes}
    squeezed = folded_code(known.plain)
    for code in codes:
        folded = folded_code(code)
        split = len(folded) > 3 and folded in squeezed and not there
        alone = rf"(?<![a-z0-9]){re.escape(normal(code))}(?![a-z0-9])"
        if folded not in there and not split and not re.search(alone, known.plain):
            yield f"the identifier {code!r} is neither in the evidence nor in the question"


def _unknown_quantities(said: Facts, ground: _Ground, *, derives: bool) -> Iterator[str]:
    known = ground.facts
    for quantity in said.quantities:
        if any(quantity.equals(other) for other in known.quantities) and not _other_unit(quantity, known):
            continue
        if any(quantity.equals(other) for other in _under_headers(quantity, known)):
            continue
        if _is_in_date_or_code(quantity, ground) or (derives and _reckoned(quantity, known.quantities)):
            continue
        same = next((q for q in known.quantities if q.values & quantity.values and q.unit != quantity.unit), None)
        if same and quantity.unit:
            yield f"says {quantity.written!r} where the evidence says {same.written!r}"
        else:
            yield f"the number {quantity.written!r} is neither in the evidence nor in the question"


def _under_headers(quantity: Quantity, known: Facts) -> Iterator[Quantity]:
    """Numbers of the source without a unit, in the units that its headers name: 55 under `Mass (g)` is 55 g."""
    if quantity.unit:
        kindred = sorted(unit for unit in known.units if dimension(unit) == dimension(quantity.unit))
        yield from (replace(bare, unit=unit) for bare in known.quantities if not bare.unit for unit in kindred)


def _other_unit(quantity: Quantity, known: Facts) -> bool:
    """Whether the number stands without a unit in a source that names another unit of that dimension for it."""
    if not quantity.unit or any(quantity.equals(q) and q.unit for q in known.quantities):
        return False
    kindred = {unit for unit in known.units if dimension(unit) == dimension(quantity.unit)}
    return bool(kindred) and quantity.unit not in kindred


def _is_in_date_or_code(quantity: Quantity, ground: _Ground) -> bool:
    """A year or a day said alone, or a part of a code, stands in the source inside something longer."""
    known = ground.facts
    for unit, field in (("year", "year"), ("month", "month"), ("day", "day")):
        if quantity.unit in ("", unit) and any(getattr(d, field) in quantity.values for d in known.dates):
            return True
    if quantity.unit:
        return False
    inside = {part for code in known.codes for part in re.findall(r"\d+", code)}
    digits = re.sub(r"\D", "", quantity.written)
    return digits in inside or bool(re.search(rf"(?<!\d){re.escape(quantity.written)}(?!\d)", ground.plain))


def _reckoned(quantity: Quantity, known: Sequence[Quantity]) -> bool:
    """Whether a number is the sum, difference, product or quotient of two numbers of the source, or their count."""
    values = {value for q in known for value in q.values}
    results = {len(values) * 1.0}
    for a, b in permutations(sorted(values)[:40], 2):
        results |= {a + b, a - b, a * b} | ({a / b, 100 * a / b, 100 * (a - b) / b} if b else set())
    return any(abs(value - result) <= 0.005 * max(1.0, abs(value)) for value in quantity.values for result in results)


def _joined(pair: str) -> bool:
    """Whether two neighbouring characters belong to one word or one number."""
    return len(pair) == 2 and all((c.isascii() and c.isalnum()) or c in CHINESE_NUMERALS for c in pair)


def _refuses(sentence: str, language: str) -> bool:
    pattern = vocabulary(language).refusal
    return bool(pattern) and re.search(pattern, sentence, re.IGNORECASE) is not None


def _says_yes_or_no(sentence: str, language: str) -> bool:
    return set(words(sentence)) <= vocabulary(language).answers | function_words(language)


def _unknown_names(names: Sequence[str], known: _Ground) -> Iterator[str]:
    for name in names:
        if not name_is_known(name, known.text, known.stems, known.language):
            yield f"the name {name!r} is neither in the evidence nor in the question"


def _reversal(claim: _Claim) -> str:
    ground = [sentence for text in claim.quotes for sentence in sentences(text)]
    for sentence in sentences(without_list_marks(claim.answer)):
        refusal = claim.may_refuse and _refuses(sentence, claim.language)
        denied = "" if refusal else denied_cell(sentence, claim.quotes, claim.question, claim.language)
        if problem := contradiction(sentence, ground, claim.language) or denied:
            return f"the answer {problem}"
    return ""


def _paraphrases(pairs: Sequence[tuple[_Claim, str]], context: CheckContext) -> set[tuple[str, str]]:
    """Those (answer, sentence) pairs whose sentence is near a sentence of its evidence."""
    if not pairs:
        return set()
    texts = [sentence for _, sentence in pairs]
    starts: list[int] = []
    sources: list[str] = []
    for claim, _ in pairs:
        starts.append(len(sources))
        sources += [sentence for quote in claim.quotes for sentence in sentences(quote)]
    vectors = context.embed([*texts, *sources])
    near = set()
    for i, (claim, sentence) in enumerate(pairs):
        end = starts[i + 1] if i + 1 < len(starts) else len(sources)
        source = vectors[len(texts) + starts[i] : len(texts) + end]
        if len(source) and float((source @ vectors[i]).max()) >= PARAPHRASE:
            near.add((claim.answer, sentence))
    return near


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")
