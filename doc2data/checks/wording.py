"""Another wording of a question asks what the first one asks: same facts, negations, conditions, and near in meaning.

The recipe says which question a sample puts in other words (`params["wording_of"]`); others are not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from doc2data.checks.context import CheckContext, failed, passed
from doc2data.checks.contradiction import contradiction
from doc2data.checks.facts import Facts, facts_of, folded_code, name_is_known
from doc2data.checks.opposites import opposite
from doc2data.checks.polarity import cue_of, tokens_of
from doc2data.checks.vocabulary import vocabulary
from doc2data.checks.words import content_words, is_ideographic, normal
from doc2data.records import WORDING_OF, Sample, Verdict

NAME = "wording"
CLAUSE_KEPT = 0.5
"""Share of a condition's content words by which it counts as kept although no word introduces it any more."""
_CONDITIONS = {
    "en": "if when whenever while after before until unless during except provided once without only upon while",
    "de": "wenn falls sobald während nachdem bevor bis ohne nur außer bei",
    "fr": "si quand lorsque pendant après avant jusque sauf sans seulement",
    "es": "si cuando mientras después antes hasta salvo sin solo",
}
_CHINESE_CONDITION = re.compile(
    r"(?:如果|若|假如|当|當|在)?(?P<clause>[^，。？?,]{2,20}?)(?:时候|的时候|时(?!间|候|长|常)|時(?!間|候|長|常)|之前|之后|以前|以后|期间|情况下)"
)
_CHINESE_NEGATION = re.compile(
    r"不(?!同|锈|銹|仅|僅|但|过|過|足|断|斷|管|论|論)|没|沒|無|无(?!论|論|线|線)|未|勿|禁止|別|别(?!的|名|称)|严禁"
)
_QUESTION_WHEN = re.compile(r"(?:^|\b(?:know|ask|tell|asks|asked|say|explain)(?: \w+){0,2} )when\b", re.IGNORECASE)


def check(samples: Sequence[Sample], context: CheckContext) -> list[Verdict]:
    """Compare each question with the one that it puts in other words."""
    verdicts = [_verdict(sample) for sample in samples]
    near = [i for i, verdict in enumerate(verdicts) if verdict.passed]
    if not near:
        return verdicts
    vectors = context.embed([text for i in near for text in (samples[i].question, _first(samples[i]))])
    for at, i in enumerate(near):
        cosine = float(vectors[2 * at] @ vectors[2 * at + 1])
        if cosine < context.settings.wording_cosine:
            verdicts[i] = failed(NAME, f"is too far in meaning from {_first(samples[i])!r}", max(0.0, cosine))
        else:
            verdicts[i] = passed(NAME, "asks what the first question asks", min(1.0, cosine))
    return verdicts


def _first(sample: Sample) -> str:
    return str(sample.recipe.params[WORDING_OF])


def _verdict(sample: Sample) -> Verdict:
    problem = changed(sample.question, _first(sample), sample.language)
    return failed(NAME, problem) if problem else passed(NAME, "asks what the first question asks")


def changed(question: str, first: str, language: str) -> str:
    """What a wording changes in the meaning of the first question, in words; empty where nothing is.

    Args:
        question: the new wording.
        first: the question that it is to ask.
        language: ISO 639-1 code of both.
    """
    if normal(question).rstrip(" ?？.") == normal(first).rstrip(" ?？."):
        return "is the first question again, word for word"
    return next(_changes(question, first, language), "")


def _changes(question: str, first: str, language: str) -> Iterator[str]:
    mine, theirs = facts_of(question, language), facts_of(first, language)
    yield from (f"leaves out {fact}" for fact in _missing(theirs, mine, question, language))
    yield from (f"puts in {fact}" for fact in _missing(mine, theirs, first, language))
    if _denies(question, language) != _denies(first, language):
        yield "leaves out a negation" if _denies(first, language) else "puts in a negation"
    for said, known in ((question, first), (first, question)):
        if problem := contradiction(said, [known], language) or opposite(said, [known], language):
            yield problem if said is question else f"the first question {problem}"
    yield from (f"leaves out the condition {clause!r}" for clause in _gone(first, question, language))
    yield from (f"puts in the condition {clause!r}" for clause in _gone(question, first, language))


def _missing(wanted: Facts, there: Facts, text: str, language: str) -> Iterator[str]:
    """Facts of one question that the other does not have."""
    codes = {folded_code(code) for code in there.codes}
    squeezed = folded_code(normal(text))
    yield from (repr(c) for c in wanted.codes if folded_code(c) not in codes and folded_code(c) not in squeezed)
    yield from (repr(q.written) for q in wanted.quantities if not any(q.equals(other) for other in there.quantities))
    yield from (repr(d.written) for d in wanted.dates if not any(d.within(other) for other in there.dates))
    stems = frozenset(content_words(text, language))
    yield from (repr(n) for n in wanted.names if not name_is_known(n, text, stems, language))


def _denies(question: str, language: str) -> bool:
    """Whether a question holds a negation or a prohibition."""
    if is_ideographic(question):
        return _CHINESE_NEGATION.search(question) is not None
    own = vocabulary(language)
    tokens = [token for token, is_name in tokens_of(question, own) if not is_name]
    return any(cue_of(tokens[i : i + 2], own) in ("negation", "prohibition") for i in range(len(tokens)))


def _gone(source: str, other: str, language: str) -> Iterator[str]:
    """Conditions of a question whose words the other has not, where it has none of its own in their place."""
    theirs = _conditions(other, language)
    there = frozenset(content_words(other, language))
    for clause in _conditions(source, language):
        stems = frozenset(content_words(clause, language))
        kept = len(stems & there) / len(stems) if stems else 1.0
        if kept < CLAUSE_KEPT and not (theirs and kept > 0) and not _replaced(stems, theirs, language):
            yield clause


def _replaced(stems: frozenset[str], theirs: Sequence[str], language: str) -> bool:
    """Whether the other question has a condition as well, in words of its own, for a short one of these words."""
    return bool(theirs) and len(stems) <= 2 and any(len(content_words(clause, language)) <= 3 for clause in theirs)


def _conditions(question: str, language: str) -> list[str]:
    """The clauses that limit what is asked, each with the word that introduces it."""
    if is_ideographic(question):
        return [match["clause"] for match in _CHINESE_CONDITION.finditer(question)]
    plain = _QUESTION_WHEN.sub(lambda match: match.group()[: -len("when")], question)
    return [" ".join(match.group().split()) for match in _condition(language).finditer(plain)]


@cache
def _condition(language: str) -> re.Pattern[str]:
    words = (_CONDITIONS.get(language) or _CONDITIONS["en"]).split()
    return re.compile(rf"\b(?:{'|'.join(words)})\b[^,;:?.]*", re.IGNORECASE)
