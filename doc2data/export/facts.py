"""What is true of a dataset: the figures that its card and its report state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from doc2data.records import Judged


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """One source document."""

    name: str
    """As in `Evidence.document`."""
    title: str
    sha256: str
    type: str
    """pdf, docx, html, ..."""
    language: str
    pages: int | None = None
    """None where the format has no pages."""
    characters: int = 0
    licence: str = ""
    """As its owner states it; empty when nobody said."""


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """One check, and how it fell out over all samples."""

    name: str
    about: str = ""
    """What it asks of a sample, in a line."""
    threshold: str = ""
    """The setting that decides, as `key = value`; empty where there is none."""


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """One model that wrote or judged."""

    name: str
    role: str
    """What it did: writer, embedder, judge."""
    sha256: str = ""
    licence: str = ""
    note: str = ""
    """What its licence asks of data made with it, or anything else to know."""


@dataclass(frozen=True, slots=True)
class SampleCounts:
    """Figures that follow from the samples alone."""

    accepted: int
    rejected: int
    kinds: Mapping[str, int]
    """Accepted samples by kind."""
    languages: Mapping[str, int]
    """Accepted samples by language."""
    rejections: Mapping[str, int]
    """Rejected samples by the first check that each failed."""
    checks: Mapping[str, tuple[int, int]]
    """Samples that passed and that failed each check."""


@dataclass(frozen=True, slots=True)
class PersonalData:
    """What was found of one kind of personal data, and done about it."""

    kind: str
    action: str
    """flag, mask or drop."""
    samples: int
    """Accepted samples that held it, before anything was masked or left out."""


@dataclass(frozen=True, slots=True)
class DatasetFacts:
    """All that a card and a report say beside the samples themselves."""

    title: str
    counts: SampleCounts
    documents: tuple[DocumentFacts, ...]
    formats: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Rows by split for each exported format; its files lie in the folder of its name."""
    failed: int = 0
    """Jobs that ended in an error and made no sample."""
    failures: Mapping[str, int] = field(default_factory=dict)
    """Those jobs by reason."""
    covered: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Facts that accepted samples stand on, and all facts, by what they are: sentences, table rows, sections."""
    splits: Mapping[str, int] = field(default_factory=dict)
    checks: tuple[CheckFacts, ...] = ()
    models: tuple[ModelFacts, ...] = ()
    seed: int = 0
    versions: Mapping[str, str] = field(default_factory=dict)
    """Program and libraries, by name."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Settings that differ from their defaults, by dotted key."""
    command: str = ""
    """What to type to make the set again."""
    licence: str = ""
    """Of the dataset, as an identifier that Hugging Face knows; empty when nobody said."""
    description: str = ""
    limits: tuple[str, ...] = ()
    """What a user of the set should know, a sentence each; warnings of the run among them."""
    personal: tuple[PersonalData, ...] = ()
    """Every kind that was looked for; empty where nobody looked."""
    masked: int = 0
    """Exported samples in which placeholders stand for personal data."""
    dropped: int = 0
    """Accepted samples that were left out for personal data."""
    version: str = "1.0.0"
    """Of the dataset."""
    published: str = ""
    """Day of publication as YYYY-MM-DD, if its owner gives one; no clock is read."""


def count_samples(judged: Iterable[Judged]) -> SampleCounts:
    """Count a pass over the samples; memory does not grow with their number."""
    status, kinds, languages, rejections, passed, failed = (Counter[str]() for _ in range(6))
    for item in judged:
        status[item.status] += 1
        if item.status == "accepted":
            kinds[item.sample.kind] += 1
            languages[item.sample.language] += 1
        else:
            rejections[next(v.check for v in item.verdicts if not v.passed)] += 1
        for verdict in item.verdicts:
            (passed if verdict.passed else failed)[verdict.check] += 1
    checks = {check: (passed[check], failed[check]) for check in sorted({*passed, *failed})}
    return SampleCounts(
        status["accepted"], status["rejected"], _ranked(kinds), _ranked(languages), _ranked(rejections), checks
    )


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One line of the table of checks."""

    check: CheckFacts
    passed: int
    failed: int


def check_rows(facts: DatasetFacts) -> list[CheckRow]:
    """Every check with its outcome: those that the facts tell of first, then others that the samples bring."""
    known = {check.name: check for check in facts.checks}
    rows = []
    for name in dict.fromkeys([*known, *facts.counts.checks]):
        passed, failed = facts.counts.checks.get(name, (0, 0))
        rows.append(CheckRow(known.get(name) or CheckFacts(name), passed, failed))
    return rows


def _ranked(counter: Counter[str]) -> dict[str, int]:
    return dict(sorted(counter.items(), key=lambda item: (-item[1], item[0])))
