"""What card and report say beside the samples: sources, models, checks with their thresholds, coverage, limits."""

from __future__ import annotations

from collections.abc import Iterator

from doc2data import export
from doc2data.checks import CHECKS, CROSS_ENCODER, MODEL_CHECKS, model_checks
from doc2data.curate import length_bias
from doc2data.plain import counted
from doc2data.privacy import Shield, Summary
from doc2data.recipes.base import RULES
from doc2data.settings import Settings
from doc2data.stages.manifest import Record, changed, coverage_of, told, versions
from doc2data.stages.shielding import shielded_facts
from doc2data.stages.workshop import Workshop
from doc2data.store import Store
from models import catalogue

BESIDE_THE_CHECKS = {
    "answerable": "Asked again, the model finds the answer in the passage",
    "necessity": "With any one clue withheld, the answer can no longer be given",
    "contamination": "No evaluation file holds the sample's words or asks its question",
    "duplicate": "No other accepted sample asks the same",
    "balance": "Chosen and rejected answers of all pairs are of one length by the mean",
    "proof": "A check turns down the answer that was made wrong",
    "contest": "Answers to one question that checks or judges tell apart",
    "judge": "Judges prefer the same answer when the places are swapped",
    "revision": "The revised answer gained on the first draft",
    "principle": "The draft goes against the principle, the revision keeps it",
    "evolution": "A harder question gained something, leaks no prompt, and can be answered",
    "correction": "Looked at a second time, the answer is right or was put right",
    "novelty": "No other question says this in nearly the same words",
    "turn": "What the model let a user say is a question",
    "quota": "One of the best of its chunk, within the number asked for",
}
"""Verdicts given outside `doc2data.checks`: by recipes, and when a chunk's samples are settled."""
OF_RECIPES = {
    "evolution": {"evolve"},
    "correction": {"self-instruct"},
    "novelty": {"self-instruct"},
    "turn": {"magpie"},
    "wording": {"augment"},
}
"""Verdicts that only some recipes meet."""
OF_PAIRS = frozenset({"preference", "balance", "proof", "contest", "judge", "revision", "principle"})
"""Verdicts that only preference pairs get."""
THRESHOLDS = {
    "structure": ("checks.min_question_words", "checks.max_answer_words"),
    "support": ("checks.support",),
    "retrievability": ("checks.retrieval_depth",),
    "inference": ("checks.inference", "checks.cross_encoder"),
    "roundtrip": ("checks.round_trip",),
    "judge": ("checks.judge_least", "checks.judges"),
    "contamination": (
        "checks.contamination_words",
        "checks.contamination_characters",
        "checks.contamination_cosine",
    ),
    "duplicate": ("checks.duplicate_jaccard", "checks.duplicate_cosine"),
    "balance": ("prefer.balance",),
    "wording": ("checks.wording_cosine",),
    "novelty": ("grow.novelty",),
    "quota": ("generate.per_chunk", "generate.limit"),
}
"""The settings that decide each check."""
DEFAULT_EMBEDDER = "all-MiniLM-L6-v2"


def facts_of(shop: Workshop, record: Record, shield: Shield, result: export.ExportResult | None) -> export.DatasetFacts:
    """All that card and report say beside the samples; without a fresh export, no figures of files and splits."""
    store, chosen = shop.store, shop.settings
    rows = [row for row in store.documents.rows() if row.state == "read"]
    models = (
        export.ModelFacts(record.model.name, "writer", record.model.sha256, *_licensed(record.model.name)),
        *(export.ModelFacts(one.name, "judge", one.sha256, *_licensed(one.name)) for one in record.judges),
        *_cross_encoder(shop),
        export.ModelFacts(shop.embedder.name, "embedder", shop.embedder.fingerprint, *_licensed(shop.embedder.name)),
    )
    failures, licences = store.samples.failures(), store.documents.licences()
    facts = export.DatasetFacts(
        title=_title([row.title for row in rows]),
        counts=export.count_samples(shield.judged(store.samples.judged())),
        documents=tuple(
            export.DocumentFacts(
                row.name,
                row.title,
                row.sha256,
                row.type,
                row.language,
                row.pages,
                characters=row.characters,
                licence=licences.get(row.name, ""),
            )
            for row in rows
        ),
        formats={name: count.rows for name, count in result.formats.items()} if result else {},
        failed=sum(failures.values()),
        failures=failures,
        covered=told(coverage_of(store)),
        splits=result.splits if result else {},
        checks=_checks(chosen),
        models=models,
        seed=chosen.generate.seed,
        versions=versions(),
        settings=changed(chosen),
        command=record.command,
        licence=chosen.export.licence,
        limits=(*_of_pairs(store), *record.warnings),
        personal=_personal(record.privacy),
        masked=record.privacy.masked if record.privacy else 0,
        dropped=record.privacy.dropped if record.privacy else 0,
    )
    return shielded_facts(facts, shield)


def _of_pairs(store: Store) -> Iterator[str]:
    """What a user of preference pairs should know of their lengths."""
    if "preference" not in store.samples.kinds():
        return
    found = length_bias(judged.sample for judged in store.samples.judged("accepted"))
    yield (
        f"Of the {found.pairs} preference pairs the chosen answer is {found.ratio:.2f} times as long as the rejected "
        f"one by the mean; it is the longer one in {found.longer:.0%} of them, the shorter one in {found.shorter:.0%}."
    )


def _personal(found: Summary | None) -> tuple[export.PersonalData, ...]:
    looked_for = [(kind, action) for kind, action in found.actions.items() if action != "off"] if found else []
    return tuple(export.PersonalData(kind, action, found.found[kind]) for kind, action in looked_for if found)


def _cross_encoder(shop: Workshop) -> Iterator[export.ModelFacts]:
    if shop.pair_scorer is not None:
        yield export.ModelFacts(shop.pair_scorer.name, "cross-encoder", shop.pair_scorer.fingerprint)


def _checks(chosen: Settings) -> tuple[export.CheckFacts, ...]:
    by_model = chosen.model.spec not in ("", RULES.name) or bool(chosen.checks.judges)
    asked = {name: MODEL_CHECKS[name] for name in (model_checks(chosen.checks) if by_model else ())}
    own = {n: c for n, c in CHECKS.items() if chosen.checks.cross_encoder or CROSS_ENCODER not in c.needs}
    about = {name: check.title for name, check in {**own, **asked}.items()} | BESIDE_THE_CHECKS
    used = set(chosen.generate.recipes)
    if not chosen.checks.evaluation:
        del about["contamination"]
    if "prefer" not in chosen.generate.recipes:
        about = {name: title for name, title in about.items() if name not in OF_PAIRS}
    met = {name: title for name, title in about.items() if not OF_RECIPES.get(name, used).isdisjoint(used)}
    return tuple(export.CheckFacts(name, title, _threshold(name, chosen)) for name, title in met.items())


def _threshold(check: str, chosen: Settings) -> str:
    keys = THRESHOLDS.get(check, ())
    values = (getattr(getattr(chosen, section), name) for section, _, name in (key.partition(".") for key in keys))
    return ", ".join(f"{key} = {value}" for key, value in zip(keys, values, strict=True))


def _licensed(name: str) -> tuple[str, str]:
    """A model's licence, and what to know of it; empty for rules and for models that are not on this machine."""
    if name == RULES.name:
        return "", "No model: code builds the words from the documents' own."
    if name == DEFAULT_EMBEDDER:
        return "apache-2.0", "Finds passages and compares questions; wrote no words."
    entry = catalogue.titled(name)
    if entry is None:
        return "", "Its licence is not known here: look at what it asks of data made with it."
    return (
        entry.licence,
        "" if entry.licence else "Its file names no licence: look at what it asks of data made with it.",
    )


def _title(titles: list[str]) -> str:
    if not titles:
        return "Empty dataset"
    return titles[0] if len(titles) == 1 else f"{titles[0]} and {counted(len(titles) - 1, 'more document')}"
