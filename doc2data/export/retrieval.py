"""Sets for retrieval: BEIR, pairs and triplets for training a retriever, and RAFT.

What a question should bring back is the passage that holds its evidence; without an index, the quote itself. Hard
negatives come from the project's own retrieval and are kept only when they cannot answer. Passages are held in
memory, once, in formats that need their text; samples are not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from doc2data.export.corpus import PassageCorpus, may_answer
from doc2data.export.files import RowFiles, atomic
from doc2data.export.rows import Row, Unfit, reasoning_text
from doc2data.export.sinks import Add, Destination
from doc2data.export.splits import SPLITS, Split
from doc2data.records import Judged, Passage, Sample

# RAFT's own name for "no title", in its published generator.
_NO_TITLE = "placeholder_title"
# BEIR calls the validation split dev.
_QRELS: dict[Split, str] = {"train": "train", "validation": "dev", "test": "test"}
# How many passages are looked at for each negative that is wanted.
_LOOK_AT = 8


@contextmanager
def beir(destination: Destination) -> Iterator[Add]:
    """corpus.jsonl, queries.jsonl and qrels/{train,dev,test}.tsv."""
    corpus = PassageCorpus(destination.sources)
    folder, known = destination.folder, set[str]()
    qrels = {split: folder / "qrels" / f"{name}.tsv" for split, name in _QRELS.items()}
    with (
        RowFiles(folder) as files,
        atomic(qrels["train"]) as train,
        atomic(qrels["validation"]) as dev,
        atomic(qrels["test"]) as test,
    ):
        streams = dict(zip(SPLITS, (train, dev, test), strict=True))
        for stream in streams.values():
            stream.write(b"query-id\tcorpus-id\tscore\n")

        def take(passage: Passage) -> None:
            if passage.id not in known:
                known.add(passage.id)
                files.write("corpus", {"_id": passage.id, "title": _title(passage), "text": passage.text})

        def add(judged: Judged, split: Split) -> None:
            sample = _single(judged)
            files.write("queries", {"_id": sample.id, "text": sample.question})
            for passage in corpus.positives(sample):
                take(passage)
                streams[split].write(f"{sample.id}\t{passage.id}\t1\n".encode())
            destination.rows[split] += 1

        for passage in corpus.passages():
            take(passage)
        yield add
    destination.paths += [*files.paths, *qrels.values()]


@contextmanager
def pairs(destination: Destination) -> Iterator[Add]:
    """(anchor, positive): one row for each passage that holds evidence."""
    corpus = PassageCorpus(destination.sources)
    with RowFiles(destination.folder, destination.ending) as files:

        def add(judged: Judged, split: Split) -> None:
            sample = _single(judged)
            for passage in corpus.positives(sample):
                files.write(split, {"anchor": sample.question, "positive": passage.text})
                destination.rows[split] += 1

        yield add
    destination.paths += files.paths


@contextmanager
def triplets(destination: Destination) -> Iterator[Add]:
    """(anchor, positive, negative...): as many negatives in every row as the settings ask."""
    corpus = PassageCorpus(destination.sources)
    wanted = destination.settings.negatives
    if not corpus.searchable:
        destination.warnings.append("retriever-triplets: negatives are mined from the index, which is not at hand.")
    with RowFiles(destination.folder, destination.ending) as files:

        def add(judged: Judged, split: Split) -> None:
            sample = _single(judged)
            positives = corpus.positives(sample)
            negatives = _distractors(corpus, sample, positives, wanted)
            if len(negatives) < wanted:
                raise Unfit("too few passages come back for it that cannot answer it")
            for passage in positives:
                files.write(split, _triplet(sample, passage, negatives))
                destination.rows[split] += 1

        yield add
    destination.paths += files.paths


@contextmanager
def raft(destination: Destination) -> Iterator[Add]:
    """RAFT (Zhang et al. 2024, arXiv:2403.10131): the right passage among distractors, in a share of the rows none."""
    corpus = PassageCorpus(destination.sources)
    settings = destination.settings
    if not corpus.searchable:
        destination.warnings.append("raft: distractors come from the index, which is not at hand.")
    with RowFiles(destination.folder, destination.ending) as files:

        def add(judged: Judged, split: Split) -> None:
            sample = _single(judged)
            positives = corpus.positives(sample)
            distractors = _distractors(corpus, sample, positives, settings.distractors)
            if not distractors:
                raise Unfit("no passage comes back for it that cannot answer it")
            keeps = _draw(settings.seed, sample.id) < settings.oracle_share
            shown = sorted([*(positives if keeps else ()), *distractors], key=lambda p: _draw(sample.id, p.id))
            files.write(split, _raft_row(sample, positives, shown))
            destination.rows[split] += 1

        yield add
    destination.paths += files.paths


def _single(judged: Judged) -> Sample:
    """The sample, if its question stands alone."""
    sample = judged.sample
    if sum(m.role == "user" for m in sample.messages) != 1:
        raise Unfit("a question out of a dialogue does not stand alone")
    if not sample.evidence:
        raise Unfit("it has no evidence")
    return sample


def _distractors(corpus: PassageCorpus, sample: Sample, positives: Sequence[Passage], wanted: int) -> list[Passage]:
    right = {passage.id for passage in positives}
    found = corpus.near(sample.question, wanted * _LOOK_AT)
    fit = (p for p in found if p.id not in right and not may_answer(p, sample))
    return [passage for passage, _ in zip(fit, range(wanted), strict=False)]


def _triplet(sample: Sample, positive: Passage, negatives: Sequence[Passage]) -> Row:
    row = {"anchor": sample.question, "positive": positive.text}
    if len(negatives) == 1:
        return row | {"negative": negatives[0].text}
    return row | {f"negative_{n}": passage.text for n, passage in enumerate(negatives, 1)}


def _raft_row(sample: Sample, positives: Sequence[Passage], shown: Sequence[Passage]) -> Row:
    documents = [passage.text for passage in shown]
    quotes = " ".join(f"##begin_quote##{e.quote}##end_quote##" for e in sample.evidence)
    reason = " ".join(part for part in (reasoning_text(sample), quotes) if part)
    return {
        "id": sample.id,
        "type": sample.kind,
        "question": sample.question,
        "context": {"title": [[_NO_TITLE] * len(documents)], "sentences": [documents]},
        "oracle_context": "\n".join(passage.text for passage in positives),
        "cot_answer": f"##Reason: {reason}\n<ANSWER>: {sample.answer}",
        "instruction": "".join(f"<DOCUMENT>{text}</DOCUMENT>\n" for text in documents) + sample.question,
    }


def _title(passage: Passage) -> str:
    return " > ".join(passage.section) or passage.document


def _draw(*parts: object) -> float:
    """A number from 0 to 1 that follows from the parts alone."""
    digest = hashlib.sha256(repr(parts).encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:6]) / 2**48
