"""Every setting, declared once: file, flags, form, help and JSON schema all derive from these classes.

A value's origin is the flag if one was typed, else doc2data.toml, else the default here. An unknown key is an error
that names the nearest known one.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from doc2data.errors import SettingsError

FILE_NAME = "doc2data.toml"


QuestionKind = Literal[
    "fact", "definition", "procedure", "reason", "condition", "comparison", "lookup", "numeric", "yes_no"
]
Bloom = Literal["remember", "understand", "apply", "analyse", "evaluate", "create"]
AnswerLength = Literal["short", "full", "long"]
Way = Literal["corruption", "best-of", "judge", "revision", "principles"]


class Section(BaseModel):
    """Base of all sections: unknown keys are errors, values do not change after they were read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ParseSettings(Section):
    """Reading documents."""

    ocr: Literal["auto", "off", "rapidocr", "tesseract"] = Field(
        "auto", description="Who reads pages that are only images; auto takes what is installed."
    )
    layout: bool = Field(True, description="Use the layout model on PDF pages; off is several times faster.")
    seconds: float = Field(300.0, gt=0, description="Longest time for one file.")
    memory_mb: int = Field(4096, ge=256, description="Most memory for one file.")
    workers: int = Field(0, ge=0, description="Files read at once; 0 means one per core.")


class ChunkingSettings(Section):
    """Cutting documents into chunks."""

    tokens: int = Field(512, ge=64, le=8192, description="Most tokens of one chunk.")


class IndexSettings(Section):
    """Retrieval."""

    embedder: str = Field("default", description="'default' or the path of a sentence-transformers folder or GGUF.")
    depth: int = Field(5, ge=1, le=50, description="How many passages count as brought back.")


class ModelSettings(Section):
    """The model that writes."""

    spec: str = Field("", description="GGUF path, model name, http://host:port/v1, or 'rules'; empty: rules, said so.")
    context: int = Field(0, ge=0, description="Tokens of context; 0 chooses by the machine's memory.")
    sequences: int = Field(0, ge=0, description="Requests decoded together; 0 chooses by the machine.")
    threads: int = Field(0, ge=0, description="Threads; 0 leaves one core for everything else.")
    gpu_layers: int = Field(-1, ge=-1, description="Layers on the GPU; -1 means all that a GPU build can take.")
    keys: Literal["auto", "f16", "bf16", "q8_0"] = Field(
        "auto", description="How the model's memory of what it read is stored; q8_0 takes a quarter less."
    )
    flash: Literal["auto", "on", "off"] = Field("auto", description="Flash attention; auto: off on a processor.")
    temperature: float = Field(0.7, ge=0, le=2, description="0 is greedy.")
    reply_tokens: int = Field(512, ge=32, le=8192, description="Most tokens of one reply.")
    attempts: int = Field(2, ge=1, le=5, description="How often one request is tried before it counts as failed.")
    concurrency: int = Field(32, ge=1, le=1024, description="Requests in flight at once.")


class GenerateSettings(Section):
    """What is made."""

    recipes: tuple[str, ...] = Field(("qa",), min_length=1, description="Recipes to run; see 'doc2data recipes'.")
    per_chunk: int = Field(6, ge=1, le=100, description="Most samples of one recipe from one chunk.")
    candidates: int = Field(1, ge=1, le=16, description="Drafts that a model writes of each sample.")
    keep: int = Field(1, ge=1, le=16, description="How many of a sample's drafts are kept, the best first.")
    limit: int = Field(0, ge=0, description="Most accepted samples in all; 0 means no limit.")
    coverage: float = Field(
        0.0, ge=0, le=1, description="Share of facts that samples shall stand on, evenly over sections; 0: no target."
    )
    per_page: float = Field(0.0, ge=0, description="Most accepted samples for each page, evenly; 0 means no limit.")
    seed: int = Field(0, ge=0, description="Same seed, same samples.")
    language: str = Field(
        "auto", description="'auto' writes in the language of the source; else use only documents in this one."
    )
    domain: str = Field("", description="A few words on the field, for the model's prompts.")
    audience: str = Field("", description="Who will ask, for the model's prompts.")
    forbidden: tuple[str, ...] = Field((), description="Words that no sample may contain.")


Operator = Literal["constraints", "deepen", "concretise", "reasoning", "complicate", "breadth"]
Manner = Literal[
    "synonyms",
    "perspective",
    "order",
    "round_trip",
    "formal",
    "terse",
    "colloquial",
    "customer",
    "non_native",
    "role_flip",
]
Style = Literal["brief", "steps", "beginner", "expert", "list"]


class GrowSettings(Section):
    """Samples that grow out of others, and who asks for them."""

    rounds: int = Field(3, ge=1, le=8, description="evolve: steps from each first question.")
    operators: tuple[Operator, ...] = Field(
        (),
        description="evolve: constraints, deepen, concretise, reasoning, complicate, breadth; empty means all.",
    )
    variants: int = Field(3, ge=1, le=10, description="augment: other wordings of each question.")
    manners: tuple[Manner, ...] = Field(
        (),
        description="augment: synonyms, perspective, order, round_trip, formal, terse, colloquial, customer, "
        "non_native, role_flip; empty means all.",
    )
    pivot: str = Field("", description="augment: language to translate to and back, as 'de'; empty chooses one.")
    examples: str = Field(
        "",
        description="self-instruct: JSON Lines with 10 to 200 pairs that show kind and tone, from the project.",
    )
    novelty: float = Field(0.7, gt=0, le=1, description="self-instruct: ROUGE-L to another question that is too near.")
    personas: str = Field("", description="Text or JSON Lines, a persona a line, of any size: who asks.")
    skills: bool = Field(False, description="Ask the model first what a passage is used for and which skills it takes.")
    styles: tuple[Style, ...] = Field(
        (), description="Answer styles set by a system message: brief, steps, beginner, expert, list; empty means none."
    )


class PreferSettings(Section):
    """Preference pairs, made by the recipe prefer."""

    by: tuple[Way, ...] = Field(
        ("corruption",),
        min_length=1,
        description="How rejected answers come about: corruption (by rule), best-of, judge, revision, principles.",
    )
    pairs: int = Field(1, ge=1, le=8, description="corruption: most pairs of one sample, each by another operator.")
    answers: int = Field(4, ge=2, le=16, description="best-of: answers sampled, of which best and worst are paired.")
    principles: str = Field("", description="principles: text file, a principle a line, from the project's folder.")
    balance: float = Field(
        0.1, gt=0, le=1, description="How far the mean of chosen to rejected lengths may be from 1; 1 lets it be."
    )


class TextSettings(Section):
    """Text tasks: the recipes summarise, extract and classify."""

    reader: str = Field("", description="summarise: for whom a section is told, as 'a new technician'; needs a model.")
    facts: str = Field(
        "", description="extract: JSON schema of the facts, from the project's folder; empty: tables' own."
    )
    labels: str = Field("", description="classify: text file, a label a line, from the project's folder.")


class QASettings(Section):
    """Questions of the recipe qa; each list is taken in turns, and what is named twice weighs double."""

    kinds: tuple[QuestionKind, ...] = Field(
        (),
        description="fact, definition, procedure, reason, condition, comparison, lookup, numeric, yes_no; "
        "empty: what each sentence suggests.",
    )
    bloom: tuple[Bloom, ...] = Field(
        (), description="remember, understand, apply, analyse, evaluate, create; empty: none is asked for; a model's."
    )
    question_words: int = Field(0, ge=0, description="Longest question in words (or Chinese characters); 0: no limit.")
    answers: tuple[AnswerLength, ...] = Field(
        ("full",), min_length=1, description="short, full or long answers; needs a model."
    )
    examples: str = Field(
        "",
        description="JSON Lines with question and answer that show a model kind and tone; from the project's folder.",
    )


class CheckSettings(Section):
    """What a sample must pass."""

    retrieval_depth: int = Field(5, ge=1, le=50, description="The evidence must be among this many passages.")
    duplicate_jaccard: float = Field(
        0.8, gt=0, le=1, description="Trigram overlap that makes questions near-duplicates."
    )
    duplicate_cosine: float = Field(0.95, gt=0, le=1, description="Cosine that makes questions near-duplicates.")
    evaluation: tuple[str, ...] = Field(
        (), description="Files that models are tested with, from the project's folder; samples found in them go."
    )
    contamination_words: int = Field(
        13, ge=3, description="Words (or Chinese characters) in a row shared with an evaluation file that count."
    )
    contamination_characters: int = Field(50, ge=20, description="Characters in a row shared with one that count.")
    contamination_cosine: float = Field(0.92, gt=0, le=1, description="Cosine to an evaluation question that counts.")
    entailment: bool = Field(
        True, description="Where a model writes or judges: ask it whether the evidence bears out each statement."
    )
    round_trip: int = Field(
        3,
        ge=0,
        le=10,
        description="Passages from which a model answers each question again, to compare; 0: it does not.",
    )
    judges: tuple[str, ...] = Field(
        (), description="Models that review each sample by rubric; 'self' is the one that writes; none: no review."
    )
    judge_least: int = Field(3, ge=1, le=5, description="Score from 1 to 5 that each aspect of a review must reach.")
    revisions: int = Field(0, ge=0, le=5, description="How often a model mends a sample that a check turned down.")
    wording_cosine: float = Field(
        0.5, ge=0, le=1, description="Cosine to the first question that another wording of it must reach."
    )
    cross_encoder: str = Field(
        "",
        description="Folder or GGUF of a cross-encoder (inference, reranker) that reads evidence and answer together.",
    )
    inference: float = Field(0.5, ge=0, le=1, description="Least score that the cross-encoder gives each statement.")
    floors: tuple[str, ...] = Field(
        (), description="Least score of a check, as support=0.75; `doc2data review --audit` fits them to decisions."
    )
    support: float = Field(0.6, ge=0, le=1, description="Share of an answer's words that its evidence must hold.")
    min_question_words: int = Field(4, ge=1, description="Shortest question, in words (or Chinese characters).")
    max_answer_words: int = Field(300, ge=10, description="Longest answer, in words (or Chinese characters).")


class ExportSettings(Section):
    """What is written."""

    formats: tuple[str, ...] = Field(("jsonl", "alpaca", "sharegpt", "messages"), description="See 'doc2data formats'.")
    max: int = Field(0, ge=0, description="Most samples, and most preference pairs, those that differ most; 0: all.")
    balance: tuple[str, ...] = Field(
        (), description="What to balance over: kind, difficulty, document, section, language, recipe."
    )
    quotas: tuple[str, ...] = Field((), description="Most of one group, as kind=dialogue:100 or document=a.pdf:25%.")
    mix: str = Field("", description="File of your own examples to mix in, from the project's folder; any known shape.")
    mix_share: float = Field(0.4, gt=0, lt=1, description="Share of them in the dataset; 0.3 to 0.5 is advised.")
    train: float = Field(0.9, ge=0, le=1, description="Share of samples for training.")
    validation: float = Field(0.05, ge=0, le=1, description="Share for validation; what is left is for the test.")
    split_by: Literal["clue", "section", "document"] = Field("section", description="What never stands in two splits.")
    licence: str = Field("", description="Licence of the dataset, for its card: an identifier such as cc-by-4.0.")
    order: Literal["plan", "curriculum"] = Field(
        "plan", description="Order of the rows: as made, or easy before hard, by hops, Bloom level and evolution."
    )
    system: str = Field("", description="System message to put first; empty for none.")
    think_tags: bool = Field(True, description="Reasoning inside <think> tags; else in its own field.")
    compression: Literal["none", "gzip", "zstd"] = Field("none", description="How row files are packed.")
    seed: int = Field(0, ge=0, description="Same seed, same splits.")
    negatives: int = Field(1, ge=1, le=20, description="Hard negatives for each anchor in retriever-triplets.")
    distractors: int = Field(4, ge=1, le=20, description="Passages beside the right one in raft.")
    oracle_share: float = Field(0.8, ge=0, le=1, description="Share of raft questions that keep the right passage.")


Action = Literal["off", "flag", "mask", "drop"]
OneAction = Literal["as action", "off", "flag", "mask", "drop"]


class PrivacySettings(Section):
    """Personal data in what goes out."""

    action: Action = Field(
        "flag", description="flag counts samples that hold it, mask puts placeholders, drop leaves the sample out."
    )
    email: OneAction = Field("as action", description="E-mail addresses.")
    phone: OneAction = Field("as action", description="Phone numbers: with a plus, or behind a word such as Tel.")
    id: OneAction = Field("as action", description="ID and social security numbers of the countries named below.")
    card: OneAction = Field("as action", description="Numbers of payment cards.")
    iban: OneAction = Field("as action", description="Bank accounts.")
    ip: OneAction = Field("as action", description="Public IP addresses.")
    secret: OneAction = Field("as action", description="API keys, tokens and private keys.")
    name: OneAction = Field("as action", description="Names of persons, from the list below.")
    names: str = Field(
        "", description="Text file from the project's folder: a person a line, other spellings behind bars (|)."
    )
    countries: tuple[str, ...] = Field(
        ("BR", "CA", "CH", "CN", "DE", "ES", "FR", "GB", "IN", "IT", "KR", "NL", "PL", "SE", "US"),
        description="Whose national phone and ID numbers are looked for, two letters each.",
    )


class RunSettings(Section):
    """Long runs."""

    pause_on_battery: bool = Field(False, description="Hold the run while the machine is on battery.")
    pause_above: int = Field(0, ge=0, le=120, description="Hold the run above so many degrees Celsius; 0 means never.")
    log: Literal["off", "warning", "info", "debug"] = Field("info", description="How much the log file tells.")
    log_file: str = Field("", description="Where the log goes; empty: logs/run.log in the project.")
    log_text: bool = Field(False, description="Whether the log may hold words of documents and samples.")


class Settings(Section):
    """All settings of a project."""

    parse: ParseSettings = ParseSettings()
    chunking: ChunkingSettings = ChunkingSettings()
    index: IndexSettings = IndexSettings()
    model: ModelSettings = ModelSettings()
    generate: GenerateSettings = GenerateSettings()
    qa: QASettings = QASettings()
    grow: GrowSettings = GrowSettings()
    prefer: PreferSettings = PreferSettings()
    texts: TextSettings = TextSettings()
    checks: CheckSettings = CheckSettings()
    export: ExportSettings = ExportSettings()
    privacy: PrivacySettings = PrivacySettings()
    run: RunSettings = RunSettings()


def load(path: Path) -> Settings:
    """Read a settings file.

    Raises:
        SettingsError: it cannot be read, is not TOML, or holds an unknown key or a bad value.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"Cannot read the settings in {str(path)!r}: {error}.") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(f"{path.name} is not valid TOML: {error}.") from error
    return parse(raw, path.name)


def parse(raw: Mapping[str, Any], origin: str) -> Settings:
    """Settings from nested plain values; `origin` names them in errors.

    Raises:
        SettingsError: an unknown key (the nearest known one is named) or a value out of range.
    """
    try:
        return Settings.model_validate(raw)
    except ValidationError as error:
        raise SettingsError(f"{origin}: {_explain(error)}") from error


def override(settings: Settings, values: Mapping[str, Any]) -> Settings:
    """Settings with some dotted keys replaced (`{"generate.seed": 7}`).

    Raises:
        SettingsError: as `parse`.
    """
    raw = settings.model_dump()
    for key, value in values.items():
        section, _, name = key.partition(".")
        raw.setdefault(section, {})[name] = value
    return parse(raw, "command line")


def declared() -> Iterator[tuple[str, FieldInfo]]:
    """Every dotted key with its declaration, in the order of the file."""
    for section, info in Settings.model_fields.items():
        assert isinstance(info.annotation, type) and issubclass(info.annotation, Section)
        for name, field in info.annotation.model_fields.items():
            yield f"{section}.{name}", field


def render(settings: Settings) -> str:
    """The settings file: every key with what it does; those at their default are commented out."""
    lines = ["# doc2data settings. Remove the '#' before a key to change it; each line shows the default."]
    for section, info in Settings.model_fields.items():
        values = getattr(settings, section)
        lines += ["", f"# {(info.annotation.__doc__ or '').strip()}" if info.annotation else "", f"[{section}]"]
        for name, field in type(values).model_fields.items():
            value, default = getattr(values, name), field.get_default()
            lines.append(f"# {field.description}")
            lines.append(f"# {name} = {toml(default)}" if value == default else f"{name} = {toml(value)}")
    return "\n".join(lines) + "\n"


def toml(value: object) -> str:
    """A value as doc2data.toml, and `--set`, write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{escaped}"'
    if isinstance(value, tuple | list):
        return "[" + ", ".join(toml(item) for item in value) + "]"
    return str(value)


def _explain(error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        known = [key for key, _ in declared()] + list(Settings.model_fields)
        near = difflib.get_close_matches(where, known, n=1, cutoff=0.5)
        return f"unknown key {where!r}" + (f"; did you mean {near[0]!r}?" if near else ".")
    return f"{where}: {first['msg'].lower()} (got {first['input']!r})."
