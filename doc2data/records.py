"""The records that pass between the rooms: Chunk, Clue, Sample, Verdict.

Ids come from content, so the same work has the same names on every run and machine. No record carries a clock.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

ClueKind = Literal["sentence", "definition", "key_value", "table_row", "step", "procedure", "warning"]
SampleStatus = Literal["accepted", "rejected"]
Role = Literal["system", "user", "assistant"]

ID_LENGTH = 16
REVIEW = "review"
"""The verdict of a person, which outweighs every check."""
PREFERENCE = "preference"
"""The kind of a pair: a sample whose answer is the chosen one, with a rejected one beside it."""
WORDING_OF = "wording_of"
"""Parameter of a recipe: the question that a sample asks in other words."""
SAYS_MORE = "says_more"
"""Parameter of a recipe: the answer has been shown to say more than the parent's, so the question may resemble it."""
WAY_OF = "way_of"
"""The parameter of a recipe that names the question which a sample is one of several ways to ask."""
NOVELTY = "novelty"
"""The verdict on a question that says in nearly the same words what another one asks."""
TEXT_TASKS = frozenset({"summarise", "rewrite", "extract", "classify"})
"""Kinds of sample whose question brings the text along that it is about."""
QUOTA = "quota"
"""The verdict on a good sample that is one more than was asked for."""


def content_id(*parts: object) -> str:
    """A short name for content: the first 64 bits of its SHA-256, hexadecimal."""
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:ID_LENGTH]


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open character range of a document's text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The characters that the span names."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive blocks of one section inside a token budget."""

    id: str
    document: str
    """Id of the document it was cut from."""
    index: int
    """Position among the document's chunks."""
    section: tuple[str, ...]
    """Heading path, outermost first."""
    spans: tuple[Span, ...]
    """What it holds, in order; a table cut by rows names its header's span again in each chunk."""
    tokens: int

    def text(self, document_text: str) -> str:
        """The chunk's own text, made from the document's text and the spans alone."""
        return "\n\n".join(span.of(document_text) for span in self.spans)


@dataclass(frozen=True, slots=True)
class Clue:
    """One verbatim quote with its place, the claim it carries, and the entities it names."""

    id: str
    document: str
    chunk: str
    kind: ClueKind
    start: int
    end: int
    """Offsets into the document's text: the quote is exactly that slice."""
    quote: str
    section: tuple[str, ...] = ()
    page: int | None = None
    entities: tuple[str, ...] = ()
    """Names as written: products, parts, codes, acronyms, people, places."""
    subject: str = ""
    """What the claim is about: the defined term, the row's label, the procedure's title."""
    attribute: str = ""
    """What is said of it: a key, a column's header path."""
    value: str = ""
    """What it is: a cell, a definition, the right side of a key-value line."""
    cells: tuple[tuple[str, str], ...] = ()
    """For a table row: (column header path, cell text) pairs, left to right."""


@dataclass(frozen=True, slots=True)
class Passage:
    """What is indexed: a stretch of a chunk short enough for the embedder's window."""

    id: str
    document: str
    """The document's name, as in `Evidence.document`."""
    chunk: str
    section: tuple[str, ...]
    page: int | None
    start: int
    end: int
    text: str
    """The slice of the document's text from `start` to `end`."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One passage that retrieval brought back, best first in a list of them."""

    passage: Passage
    score: float
    """Fused score; comparable within one query only."""
    dense_rank: int | None
    """Rank from 1 among the dense results; None where it was not among them."""
    lexical_rank: int | None


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a training example."""

    role: Role
    content: str


def wording(messages: Iterable[Message]) -> str:
    """A short name for the words of a conversation."""
    return content_id("words", [(message.role, message.content) for message in messages])


@dataclass(frozen=True, slots=True)
class Evidence:
    """A verbatim quote that the answer stands on: `text[start:end] == quote` in the document's text."""

    document: str
    """The document's name as given when it was added."""
    title: str
    page: int | None
    section: tuple[str, ...]
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of reasoning and the evidence (by index) that it stands on."""

    text: str
    clues: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RecipeRef:
    """How a sample was made."""

    name: str
    version: int
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MadeBy:
    """Who wrote the words."""

    engine: str
    model: str
    model_sha256: str
    prompt_sha256: str
    seed: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """One check's finding on one sample."""

    check: str
    passed: bool
    score: float
    """0 to 1, higher is better."""
    reason: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """The worse answer of a preference pair, with the proof that it is worse."""

    answer: str
    operator: str
    """How it came about: number, unit, negation, left out, draft, ..."""
    before: str
    """What the chosen answer says where the two differ; empty where something was added."""
    after: str
    """What this one says there; empty where something was left out."""
    check: str
    """The check that it fails and the chosen one passes."""
    reason: str
    """What that check found."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One training example in canonical form."""

    id: str
    kind: str
    """qa, cot, multihop, dialogue, ..."""
    language: str
    messages: tuple[Message, ...]
    evidence: tuple[Evidence, ...]
    recipe: RecipeRef
    made_by: MadeBy
    reasoning: tuple[Step, ...] = ()
    turns: tuple[tuple[int, ...], ...] = ()
    """For dialogues: for each assistant turn in order, the indices of its evidence."""
    parent: str | None = None
    """Id of the sample that it was made from."""
    clues: tuple[str, ...] = ()
    """Ids of the clues it was made from; splits keep samples that share one together."""
    rejected: Rejected | None = None
    """Of a preference pair the worse answer; the better one is in the messages."""

    @property
    def question(self) -> str:
        """The last thing the user says."""
        return next((m.content for m in reversed(self.messages) if m.role == "user"), "")

    @property
    def answer(self) -> str:
        """The last thing the assistant says."""
        return next((m.content for m in reversed(self.messages) if m.role == "assistant"), "")


@dataclass(frozen=True, slots=True)
class Judged:
    """A sample with what the checks found; `status` follows from the verdicts alone."""

    sample: Sample
    verdicts: tuple[Verdict, ...]

    @property
    def status(self) -> SampleStatus:
        """Accepted when every check passed; where a person has reviewed it, what the person said."""
        decisive = [v for v in self.verdicts if v.check == REVIEW] or self.verdicts
        return "accepted" if all(v.passed for v in decisive) else "rejected"

    @property
    def score(self) -> float:
        """Mean score of the verdicts, 0 to 1."""
        return sum(v.score for v in self.verdicts) / len(self.verdicts) if self.verdicts else 0.0

    @property
    def reason(self) -> str:
        """The first failed check with its reason; empty when accepted."""
        return next((f"{v.check}: {v.reason}" for v in self.verdicts if not v.passed), "")


def to_canonical(judged: Judged) -> dict[str, Any]:
    """The archive's form of a sample: plain JSON values, keys in the order of the format."""
    s = judged.sample
    return {
        "id": s.id,
        "kind": s.kind,
        "language": s.language,
        "messages": [{"role": m.role, "content": m.content} for m in s.messages],
        "reasoning": [{"text": step.text, "clues": list(step.clues)} for step in s.reasoning],
        "evidence": [
            {
                "document": e.document,
                "title": e.title,
                "page": e.page,
                "section": list(e.section),
                "start": e.start,
                "end": e.end,
                "quote": e.quote,
            }
            for e in s.evidence
        ],
        "turns": [list(turn) for turn in s.turns],
        "clues": list(s.clues),
        "recipe": {"name": s.recipe.name, "version": s.recipe.version, "params": dict(s.recipe.params)},
        "made_by": {
            "engine": s.made_by.engine,
            "model": s.made_by.model,
            "model_sha256": s.made_by.model_sha256,
            "prompt_sha256": s.made_by.prompt_sha256,
            "seed": s.made_by.seed,
        },
        "verdicts": [
            {"check": v.check, "passed": v.passed, "score": v.score, "reason": v.reason} for v in judged.verdicts
        ],
        "status": judged.status,
        "parent": s.parent,
        "rejected": None if s.rejected is None else asdict(s.rejected),
    }


def from_canonical(row: Mapping[str, Any]) -> Judged:
    """The inverse of `to_canonical`.

    Raises:
        KeyError: a field of the format is missing.
        TypeError: a field has another shape than the format says.
    """
    sample = Sample(
        id=row["id"],
        kind=row["kind"],
        language=row["language"],
        messages=tuple(Message(m["role"], m["content"]) for m in row["messages"]),
        evidence=tuple(
            Evidence(e["document"], e["title"], e["page"], tuple(e["section"]), e["start"], e["end"], e["quote"])
            for e in row["evidence"]
        ),
        recipe=RecipeRef(row["recipe"]["name"], row["recipe"]["version"], row["recipe"]["params"]),
        made_by=MadeBy(**row["made_by"]),
        reasoning=tuple(Step(s["text"], tuple(s["clues"])) for s in row["reasoning"]),
        turns=tuple(tuple(turn) for turn in row["turns"]),
        parent=row["parent"],
        clues=tuple(row["clues"]),
        rejected=Rejected(**rejected) if (rejected := row.get("rejected")) else None,
    )
    return Judged(sample, tuple(Verdict(**v) for v in row["verdicts"]))
