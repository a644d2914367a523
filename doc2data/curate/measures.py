"""Numbers about a dataset: how varied it is, what it covers, where its rows came from, and what to do about it."""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from doc2data.curate.balance import LengthBias, length_bias
from doc2data.curate.trigrams import normal_form
from doc2data.plain import counted
from doc2data.records import QUOTA, REVIEW, Judged, Sample
from doc2data.tasks.panel import agreement
from models import Vectors

SAMPLED = 500
"""Questions that the dearer measures look at; drawn by their ids, so the same ones every time."""
ALIKE = 0.7
"""Self-BLEU from which data counts as too alike."""
NARROW = 0.5
"""Mean cosine of two questions from which they are all about one thing."""
DISPUTED = 0.75
"""Mean agreement of the judges under which their votes say little."""
BIASED = 0.1
"""How far the mean of chosen to rejected lengths may be from 1."""
ENOUGH = 20
"""Rows below which variety says nothing."""


@dataclass(frozen=True, slots=True)
class Yield:
    """What became of the samples that something made or judged."""

    made: int
    kept: int

    @property
    def share(self) -> float:
        """Kept of made, 0 to 1; 0 where nothing was made."""
        return self.kept / self.made if self.made else 0.0


@dataclass(frozen=True, slots=True)
class Measures:
    """Everything measured about the accepted samples of a run, and the yields over all of them."""

    samples: int
    pairs: LengthBias
    """Preference pairs, of which the questions are their parents' and play no part in the measures of variety."""
    distinct: tuple[float, ...]
    """Different n-grams over all n-grams of the questions, for n from 1 to 4."""
    self_bleu: float
    """Mean BLEU-4 of a question against all others, 0 (unlike) to 1 (the same)."""
    similarity: float
    """Mean cosine of two questions."""
    spread: float
    """Effective number of different questions in the sampled ones over their number (Vendi score), 0 to 1."""
    length_entropy: float
    """Entropy of answer lengths in doubling bins, bits."""
    kind_entropy: float
    """Entropy of kinds, bits."""
    topic_entropy: float
    """Entropy of the sections that samples stand on, bits."""
    reach: float
    """Embedding coverage: mean over the passages of the cosine to the nearest of the sampled questions, 0 to 1."""
    groundedness: float
    """Mean score of the support check."""
    agreement: float | None
    """Mean share of the judges that agreed on a sample; None where fewer than two judged."""
    sections: float
    """Share of the documents' sections that some sample stands on; of those given."""
    by_check: Mapping[str, Yield]
    by_recipe: Mapping[str, Yield]
    by_model: Mapping[str, Yield]
    advice: tuple[str, ...]
    """What is wrong with the dataset, each with what to do about it."""


def measure(
    judged: Sequence[Judged],
    embed: Callable[[Sequence[str]], Vectors],
    sections: Iterable[tuple[str, tuple[str, ...]]] = (),
    passages: Vectors | None = None,
) -> Measures:
    """Measure a dataset with what was rejected on the way.

    Args:
        judged: all samples, accepted and rejected.
        embed: unit vectors.
        sections: (document, heading path) of everything that could have been asked about, each once.
        passages: unit vectors of passages of the documents, shape (any number, dimension).
    """
    kept = [one for one in judged if one.status == "accepted"]
    accepted = [one for one in kept if one.sample.rejected is None]  # a pair asks what its parent asks, by intention
    questions = [one.sample.question for one in accepted]
    sampled = _sampled(accepted)
    vectors = embed(sampled) if len(sampled) > 1 else None
    made = Measures(
        samples=len(kept),
        pairs=length_bias(one.sample for one in kept),
        distinct=tuple(distinct(questions, n) for n in range(1, 5)),
        self_bleu=self_bleu(sampled),
        similarity=mean_similarity(vectors) if vectors is not None else 0.0,
        spread=vendi_share(vectors) if vectors is not None else 0.0,
        length_entropy=entropy(_doublings(one.sample.answer) for one in accepted),
        kind_entropy=entropy(one.sample.kind for one in accepted),
        topic_entropy=entropy((e.document, e.section) for one in accepted for e in one.sample.evidence[:1]),
        reach=_reach(vectors, passages),
        groundedness=_groundedness(accepted),
        agreement=_agreement(judged),
        sections=_covered(accepted, sections),
        by_check=_check_yields(judged),
        by_recipe=_yields(judged, lambda sample: sample.recipe.name),
        by_model=_yields(judged, lambda sample: f"{sample.made_by.engine}:{sample.made_by.model}"),
        advice=(),
    )
    return replace(made, advice=tuple(_advice(made)))


def distinct(texts: Sequence[str], n: int) -> float:
    """Different word n-grams over all of them (Li et al., "A Diversity-Promoting Objective", 2016)."""
    grams = Counter(gram for text in texts for gram in _grams(text, n))
    return len(grams) / grams.total() if grams else 0.0


def self_bleu(texts: Sequence[str]) -> float:
    """Mean BLEU-4 of each text with all others as references (Zhu et al., "Texygen", 2018), smoothed by one count."""
    if len(texts) < 2:
        return 0.0
    counts = [[Counter(_grams(text, n)) for text in texts] for n in range(1, 5)]
    tops = [_two_largest(of_size) for of_size in counts]
    lengths = [of_text.total() for of_text in counts[0]]
    scores = []
    for i in range(len(texts)):
        precisions = [_clipped(counts[n][i], tops[n], i) for n in range(4)]
        nearest = min(
            (lengths[j] for j in range(len(texts)) if j != i), key=lambda size: (abs(size - lengths[i]), size)
        )
        brevity = min(1.0, math.exp(1 - nearest / lengths[i])) if lengths[i] else 0.0
        scores.append(brevity * math.exp(sum(map(math.log, precisions)) / 4))
    return sum(scores) / len(scores)


def mean_similarity(vectors: Vectors) -> float:
    """Mean cosine of all pairs of different rows."""
    n = len(vectors)
    total = float(np.square(vectors.sum(axis=0, dtype=np.float64)).sum())
    return (total - n) / (n * (n - 1))


def vendi_share(vectors: Vectors) -> float:
    """The Vendi score over the number of rows (Friedman and Dieng, 2023): 1 where no two rows are alike."""
    values = np.linalg.eigvalsh(vectors.astype(np.float64) @ vectors.T.astype(np.float64) / len(vectors))
    positive = values[values > 1e-12]
    return float(np.exp(-(positive * np.log(positive)).sum()) / len(vectors))


def _reach(questions: Vectors | None, passages: Vectors | None) -> float:
    """How near the passages the questions come: the facility location of the one in the other."""
    if questions is None or passages is None or not len(passages):
        return 0.0
    return max(0.0, float((passages @ questions.T).max(axis=1).mean()))


def entropy(values: Iterable[object]) -> float:
    """Entropy of how often each value occurs, in bits."""
    counts = Counter(values)
    return -sum(n / counts.total() * math.log2(n / counts.total()) for n in counts.values()) + 0.0


def _advice(found: Measures) -> Iterator[str]:
    if not found.samples:
        yield "No sample is in the set: `doc2data review --status rejected` shows what the checks said of those made."
        return
    if found.samples < ENOUGH:
        yield (
            f"Only {counted(found.samples, 'sample')} to judge: too few to tell variety; a run makes more of more "
            "documents, or with a higher generate.per_chunk or generate.limit."
        )
        return
    if found.pairs.pairs >= ENOUGH and abs(found.pairs.ratio - 1) > BIASED:
        yield (
            f"Chosen answers are {found.pairs.ratio:.2f} times as long as rejected ones: a model learns length from "
            "them; lower prefer.balance, or export fewer of one kind."
        )
    if found.self_bleu > ALIKE:
        yield (
            f"Questions are worded too much alike (self-BLEU {found.self_bleu:.2f}, over {ALIKE}): add recipes, or use "
            "a model with a higher temperature."
        )
    if found.similarity > NARROW:
        yield (
            f"Questions are about nearly the same (mean cosine {found.similarity:.2f}, over {NARROW}): add documents "
            "on other subjects, or lower generate.per_chunk."
        )
    if 0 < found.sections < 0.5:
        yield f"Only {found.sections:.0%} of the sections are asked about: raise generate.limit or add recipes."
    if found.agreement is not None and found.agreement < DISPUTED:
        yield (
            f"The judges agree on {found.agreement:.0%} of the votes only: read what they say of some samples, and "
            "leave out the one that errs."
        )
    for check, result in found.by_check.items():
        # A verdict that only ever fails is a recipe giving a candidate up, not a gate that lets some by.
        if result.made >= ENOUGH and 0 < result.share < 0.5:
            yield f"The check {check!r} turns down {1 - result.share:.0%} of what reaches it: read some of its reasons."


def _sampled(accepted: Sequence[Judged]) -> list[str]:
    ranked = sorted(accepted, key=lambda one: random.Random(one.sample.id).random())
    return [one.sample.question for one in ranked[:SAMPLED]]


def _tokens(text: str) -> list[str]:
    return [t for word in normal_form(text).split() for t in ([word] if word.isascii() else _pieces(word))]


def _pieces(word: str) -> list[str]:
    """Ideographs one by one; a word of another script whole."""
    return list(word) if any("\u3040" <= c <= "\u9fff" for c in word) else [word]


def _grams(text: str, n: int) -> Iterator[tuple[str, ...]]:
    tokens = _tokens(text)
    yield from (tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1))


def _two_largest(counts: Sequence[Counter[tuple[str, ...]]]) -> dict[tuple[str, ...], tuple[int, int, int]]:
    """For each n-gram: the largest count in one text, that text, and the largest count in any other."""
    tops: dict[tuple[str, ...], tuple[int, int, int]] = {}
    for i, of_text in enumerate(counts):
        for gram, n in of_text.items():
            best, owner, second = tops.get(gram, (0, -1, 0))
            tops[gram] = (n, i, best) if n > best else (best, owner, max(second, n))
    return tops


def _clipped(
    counts: Counter[tuple[str, ...]], tops: Mapping[tuple[str, ...], tuple[int, int, int]], owner: int
) -> float:
    """Modified n-gram precision of a text against all others, smoothed."""
    shared = sum(min(n, tops[gram][2] if tops[gram][1] == owner else tops[gram][0]) for gram, n in counts.items())
    return (shared + 1) / (counts.total() + 1) if counts.total() else 1.0


def _doublings(answer: str) -> int:
    return len(_tokens(answer)).bit_length()


def _groundedness(accepted: Sequence[Judged]) -> float:
    scores = [verdict.score for one in accepted for verdict in one.verdicts if verdict.check == "support"]
    return sum(scores) / len(scores) if scores else 0.0


def _agreement(judged: Sequence[Judged]) -> float | None:
    told = (agreement(v.reason) for one in judged for v in one.verdicts if v.check == "judge")
    shares = [share for share in told if share is not None]
    return sum(shares) / len(shares) if shares else None


def _covered(accepted: Sequence[Judged], sections: Iterable[tuple[str, tuple[str, ...]]]) -> float:
    stood_on = {(e.document, e.section) for one in accepted for e in one.sample.evidence}
    covered = Counter(section in stood_on for section in sections)
    return covered[True] / covered.total() if covered else 0.0


def _check_yields(judged: Sequence[Judged]) -> dict[str, Yield]:
    """For each check what reached it and what it let through; a person and the quota are no checks."""
    reached: Counter[str] = Counter()
    through: Counter[str] = Counter()
    for one in judged:
        for verdict in one.verdicts:
            reached[verdict.check] += 1
            through[verdict.check] += verdict.passed
    return {check: Yield(n, through[check]) for check, n in sorted(reached.items()) if check not in (QUOTA, REVIEW)}


def _yields(judged: Sequence[Judged], key: Callable[[Sample], str]) -> dict[str, Yield]:
    groups: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        groups[key(one.sample)].append(one)
    return {
        name: Yield(len(group), sum(one.status == "accepted" for one in group))
        for name, group in sorted(groups.items())
    }
