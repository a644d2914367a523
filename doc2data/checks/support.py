"""The answer stands on its evidence: facts to the value, names, words sentence by sentence, and no reversal.

Dates, codes, numbers with their units, and names must all be in the evidence or the question, at the row of a table
that the answer speaks of, and unchanged where a sentence is copied. Of a sentence's other content words a share must
be there, and no clause may bring in only its own; what falls short may still be a paraphrase, which vectors tell. Then
negation, modality and opposites are compared at the words that they govern.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from doc2data.checks.claims import Claim, claims
from doc2data.checks.clauses import INVENTED, LEAST, clauses
from doc2data.checks.context import CheckContext, failed, passed
from doc2data.checks.contradiction import contradiction, denied_cell
from doc2data.checks.copies import exchanged
from doc2data.checks.facts import Facts, facts_of, without_list_marks
from doc2data.checks.ground import Ground
from doc2data.checks.reckoning import sums
from doc2data.checks.tables import elsewhere
from doc2data.checks.unfounded import unfounded
from doc2data.checks.vocabulary import vocabulary
from doc2data.checks.words import function_words, sentences, words
from doc2data.records import Sample, Verdict

NAME = "support"
SHORT = 5
"""A sentence of so few content words, and no number to bind it, must have all of them in its evidence."""
PARAPHRASE = 0.77
"""Cosine to a sentence of the evidence from which a sentence or clause counts as saying the same."""
SYNONYM = 0.55
"""Cosine to a word of the evidence from which a word names the same thing."""
SYNONYM_ELSEWHERE = 0.8
"""The same in other languages: an embedder that hardly knows one takes words that look alike for synonyms."""
PARAPHRASE_WORDS = 0.3
"""Share of words that even a paraphrase must share with its evidence."""


@dataclass(frozen=True, slots=True)
class _Finding:
    """What was found for one claim: a problem, or what of it only vectors can judge."""

    problem: str
    score: float
    doubtful: tuple[str, ...] = ()
    """Sentences and clauses that may say the same in other words."""
    things: tuple[str, ...] = ()
    """Words that may name what the evidence names by another one."""


def check(samples: Sequence[Sample], context: CheckContext) -> list[Verdict]:
    """Compare each answer with its evidence."""
    made = [list(claims(sample)) for sample in samples]
    findings = [[_examine(claim, context.settings.support) for claim in of_sample] for of_sample in made]
    open_ones = [
        (claim, finding)
        for of_sample, found in zip(made, findings, strict=True)
        for claim, finding in zip(of_sample, found, strict=True)
        if not finding.problem
    ]
    unheard = _unheard(open_ones, context)
    return [
        _verdict(sample, of_sample, found, unheard)
        for sample, of_sample, found in zip(samples, made, findings, strict=True)
    ]


def _verdict(
    sample: Sample, made: Sequence[Claim], findings: Sequence[_Finding], unheard: Mapping[tuple[str, str], bool]
) -> Verdict:
    if not made:
        why = "needs no support: it says that the documents do not tell" if not sample.evidence else "states nothing"
        return passed(NAME, why)
    for claim, finding in zip(made, findings, strict=True):
        if finding.problem:
            return failed(NAME, finding.problem, min(finding.score, 0.5))
        if thing := next((word for word in finding.things if unheard[claim.answer, word]), ""):
            return failed(NAME, f"the evidence names no {thing!r}", finding.score)
        if stretch := next((text for text in finding.doubtful if unheard[claim.answer, text]), ""):
            return failed(NAME, f"the evidence does not say {_shown(stretch)}", finding.score)
    score = min(finding.score for finding in findings)
    return passed(NAME, "numbers, names and words of the answer stand in its evidence", score)


def _examine(claim: Claim, support: float) -> _Finding:
    if not claim.quotes and not claim.free:
        return _Finding("the answer names no evidence", 0.0)
    known = Ground(claim)
    shares: list[float] = []
    doubtful: list[str] = []
    things: list[str] = []
    for sentence in sentences(without_list_marks(claim.answer)):
        if known.quotes(sentence):
            shares.append(1.0)
            continue
        wrong_sum, plain = sums(sentence, claim.language)
        said = facts_of(plain, claim.language)
        if claim.free or (claim.may_refuse and _refuses(sentence, claim.language)):
            if problem := unfounded(said, known):
                return _Finding(problem, 0.0)
            shares.append(1.0)
            continue
        if problem := wrong_sum or _wrong_fact(plain, said, known):
            return _Finding(problem, 0.0)
        share, missing, weighed = _share(said, known)
        if not weighed:
            share = float(_says_yes_or_no(sentence, claim.language))
        shares.append(share)
        if share < (1.0 if weighed <= SHORT and not said.count else support):
            if share < PARAPHRASE_WORDS:
                told = f"does not hold {', '.join(missing[:4])} of" if missing else "has nothing to hold against"
                return _Finding(f"the evidence {told} {_shown(sentence)}", share)
            doubtful.append(sentence)
        doubtful += _invented(sentence, known)
        things += known.things(plain, said)
    score = sum(shares) / len(shares) if shares else 1.0
    return _Finding("" if claim.free else _reversal(claim), score, tuple(doubtful), tuple(things))


def _wrong_fact(sentence: str, said: Facts, known: Ground) -> str:
    claim = known.claim
    return unfounded(said, known) or known.stranger(said.rest) or elsewhere(said.quantities, sentence, claim)


def _share(said: Facts, known: Ground) -> tuple[float, list[str], int]:
    """Share of a text's content words that its ground holds, those that it does not, and how many were weighed."""
    found, missing = known.compare(said.rest)
    weighed = found + said.count  # facts were found in the source by now, so they count as words that are there
    return (1 - len(missing) / weighed if weighed else 1.0), missing, weighed


def _invented(sentence: str, known: Ground) -> Iterator[str]:
    """Clauses of a sentence that share hardly a word with the ground."""
    own = vocabulary(known.language)
    starts = own.clause_starts | own.joints
    for clause in clauses(sentence, known.language):
        share, missing, weighed = _share(facts_of(clause, known.language), known)
        states = weighed >= LEAST or clause.split()[0].casefold() in starts
        if clause != sentence and states and len(missing) > 1 and share <= 1 - INVENTED:
            yield clause


def _refuses(sentence: str, language: str) -> bool:
    pattern = vocabulary(language).refusal
    return bool(pattern) and re.search(pattern, sentence, re.IGNORECASE) is not None


def _says_yes_or_no(sentence: str, language: str) -> bool:
    return set(words(sentence)) <= vocabulary(language).answers | function_words(language)


def _reversal(claim: Claim) -> str:
    ground = [sentence for text in claim.quotes for sentence in sentences(text)]
    for sentence in sentences(without_list_marks(claim.answer)):
        refusal = claim.may_refuse and _refuses(sentence, claim.language)
        denied = "" if refusal else denied_cell(sentence, claim.quotes, claim.question, claim.language)
        if (
            problem := _exchanged(sentence, ground, claim.language)
            or contradiction(sentence, ground, claim.language)
            or denied
        ):
            return f"the answer {problem}"
    return ""


def _exchanged(sentence: str, ground: Sequence[str], language: str) -> str:
    """A fact exchanged in a copied sentence or in a copied clause of one: a copy may be joined to another statement."""
    parts = (clause for clause in clauses(sentence, language) if clause != sentence)
    found = (exchanged(part, ground, language, whole=False) for part in parts)
    return exchanged(sentence, ground, language) or next(filter(None, found), "")


def _unheard(found: Sequence[tuple[Claim, _Finding]], context: CheckContext) -> dict[tuple[str, str], bool]:
    """Of each answer and each of its doubtful stretches and words, whether it is far from all of its evidence."""
    asked: dict[tuple[str, str], tuple[Sequence[str], float]] = {}
    for claim, finding in found:
        limit = SYNONYM if claim.language == "en" else SYNONYM_ELSEWHERE
        asked |= {(claim.answer, word): (_words(claim), limit) for word in finding.things}
        asked |= {(claim.answer, text): (_statements(claim), PARAPHRASE) for text in finding.doubtful}
    texts = list(dict.fromkeys(text for (_, mine), (others, _) in asked.items() for text in (mine, *others)))
    vectors = dict(zip(texts, context.embed(texts), strict=True)) if texts else {}
    return {
        key: not any(float(vectors[key[1]] @ vectors[other]) >= limit for other in others)
        for key, (others, limit) in asked.items()
    }


def _statements(claim: Claim) -> list[str]:
    """The sentences of the evidence and their clauses."""
    whole = [sentence for quote in claim.quotes for sentence in sentences(quote)]
    return list(dict.fromkeys([*whole, *(c for s in whole for c in clauses(s, claim.language))]))


def _words(claim: Claim) -> list[str]:
    return sorted(set(words("\n".join((*claim.headings, *claim.quotes, claim.question)))))


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")
