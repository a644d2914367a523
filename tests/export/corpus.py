"""A small dataset as a run would leave it: five kinds, two languages, hostile text, some samples rejected."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from doc2data.export import CheckFacts, DatasetFacts, DocumentFacts, DocumentText, ModelFacts, count_samples
from doc2data.records import (
    Evidence,
    Judged,
    MadeBy,
    Message,
    Passage,
    RecipeRef,
    Sample,
    Step,
    Verdict,
    content_id,
)

_PARTS = (
    ("intake valve", "VLV-204", "12 bar", "0.4 L/min"),
    ("booster pump", "PMP-117", "9.5 bar", "38 L/min"),
    ("heat exchanger", "HEX-330", "16 bar", "52 L/min"),
    ("dosing unit", "DSU-008", "4 bar", "0.02 L/min"),
    ("sediment filter", "FLT-451", "10 bar", "44 L/min"),
    ("flow sensor", "SNS-092", "25 bar", "60 L/min"),
)
_PARTS_ZH = (
    ("进水阀", "VLV-204", "12 巴"),
    ("增压泵", "PMP-117", "9.5 巴"),
    ("换热器", "HEX-330", "16 巴"),
    ("加药装置", "DSU-008", "4 巴"),
)
HOSTILE = (
    '=HYPERLINK("http://attacker.example","open")',
    "+1-555-0100",
    "@SUM(A1:A9)",
    "<script>alert('x')</script> & <b>bold</b>",
    'He said "stop",\nthen; left\ttabs',
    "{{ 7 * 7 }} {% raw %} </textarea> </think>",
    "-2+3 | a, b\r\nsecond line\u2028third",
)
CHECKS = ("quote", "support", "retrieval")


@dataclass
class Corpus:
    """Documents and the judged samples over them."""

    documents: dict[str, DocumentText] = field(default_factory=dict)
    judged: list[Judged] = field(default_factory=list)

    def samples(self) -> Iterator[Judged]:
        """A fresh pass, as a store gives it."""
        return iter(self.judged)

    def texts(self) -> Iterator[DocumentText]:
        """Every document."""
        return iter(self.documents.values())

    def passages(self) -> Iterator[Passage]:
        """One passage for each line of text."""
        for document in self.documents.values():
            start = 0
            for line in document.text.split("\n"):
                if line:
                    name = content_id(document.name, start)
                    yield Passage(name, document.name, name, (), 1, start, start + len(line), line)
                start += len(line) + 1


def build_corpus() -> Corpus:
    """About sixty samples: qa, cot, multihop, dialogue and hostile ones, one in nine rejected."""
    corpus = Corpus()
    _document(corpus, "manual.pdf", "Pump station manual", "en", _manual())
    _document(corpus, "手册.docx", "泵站手册", "zh", _manual_zh())
    _document(corpus, "notes <i>&.html", "Notes & <hostile>", "en", "\n".join(HOSTILE) + "\nPlain closing line.")
    _english(corpus)
    _chinese(corpus)
    _hostile(corpus)
    return corpus


def evidence(corpus: Corpus, name: str, quote: str, page: int | None, section: tuple[str, ...]) -> Evidence:
    """The place of a quote, as the text has it."""
    document = corpus.documents[name]
    start = document.text.index(quote)
    return Evidence(name, document.title, page, section, start, start + len(quote), quote)


def make(
    kind: str,
    messages: list[tuple[str, str]],
    found: tuple[Evidence, ...],
    *,
    language: str = "en",
    steps: tuple[Step, ...] = (),
    turns: tuple[tuple[int, ...], ...] = (),
    failed: str = "",
) -> Judged:
    """A judged sample; `failed` names the check that rejects it."""
    sample = Sample(
        id=content_id(kind, messages),
        kind=kind,
        language=language,
        messages=tuple(Message(role, content) for role, content in messages),  # type: ignore[arg-type]
        evidence=found,
        recipe=RecipeRef(kind, 1, {"variant": "plain"}),
        made_by=MadeBy("rules", "rules", "", "", 7),
        reasoning=steps,
        turns=turns,
        clues=tuple(content_id(e.document, e.start, e.end) for e in found),
    )
    return Judged(sample, tuple(_verdict(check, sample.id, check == failed) for check in CHECKS))


def _verdict(check: str, sample: str, failed: bool) -> Verdict:
    level = hashlib.sha256(f"{check} {sample}".encode()).digest()[0] / 255
    if failed:
        return Verdict(check, False, round(0.4 * level, 3), f"below the threshold of {check}")
    return Verdict(check, True, round(0.6 + 0.4 * level, 3), "")


def _document(corpus: Corpus, name: str, title: str, language: str, text: str) -> None:
    corpus.documents[name] = DocumentText(name, title, language, text)


def _pressure(name: str, code: str, bar: str) -> str:
    return f"The {name} {code} is rated for {bar}."


def _flow(name: str, litres: str) -> str:
    return f"The {name} passes {litres} when clean."


def _manual() -> str:
    blocks = [f"{_pressure(n, c, b)} Check it monthly.\n{_flow(n, f)}" for n, c, b, f in _PARTS]
    return "\n\n".join(blocks)


def _manual_zh() -> str:
    return "\n".join(f"{name}{code}的额定压力为{bar}。每月检查一次。" for name, code, bar in _PARTS_ZH)


def _english(corpus: Corpus) -> None:
    for page, (name, code, bar, litres) in enumerate(_PARTS, 1):
        section = ("Parts", name.title())
        rated = evidence(corpus, "manual.pdf", _pressure(name, code, bar), page, section)
        flow = evidence(corpus, "manual.pdf", _flow(name, litres), page, section)
        judged = [
            _qa(f"What pressure is the {name} {code} rated for?", rated.quote, rated),
            _qa(f"Which part carries the code {code}?", f"The {name}.", rated),
            _qa(f"How much does a clean {name} pass?", flow.quote, flow, failed="retrieval" if page % 2 else ""),
            _cot(name, code, bar, rated),
            _multihop(name, bar, litres, (rated, flow), failed="support" if page == 3 else ""),
            _dialogue(name, code, bar, (rated, flow)),
        ]
        corpus.judged += judged


def _qa(question: str, answer: str, found: Evidence, failed: str = "") -> Judged:
    return make("qa", [("user", question), ("assistant", answer)], (found,), failed=failed)


def _cot(name: str, code: str, bar: str, found: Evidence) -> Judged:
    steps = (Step(f"The manual gives a rating for {code}.", (0,)), Step(f"That rating is {bar}.", (0,)))
    asked = f"May the {name} {code} be run above {bar}?"
    return make("cot", [("user", asked), ("assistant", f"No. It is rated for {bar}.")], (found,), steps=steps)


def _multihop(name: str, bar: str, litres: str, found: tuple[Evidence, ...], failed: str) -> Judged:
    asked = f"For the {name}, what are the rated pressure and the flow when clean?"
    steps = (Step(f"Pressure: {bar}.", (0,)), Step(f"Flow: {litres}.", (1,)))
    told = f"It is rated for {bar} and passes {litres}."
    return make("multihop", [("user", asked), ("assistant", told)], found, steps=steps, failed=failed)


def _dialogue(name: str, code: str, bar: str, found: tuple[Evidence, ...]) -> Judged:
    turns = [
        ("system", "You answer from the manual."),
        ("user", f"I have a question about the {name}."),
        ("assistant", "Of course. What would you like to know?"),
        ("user", f"What is the {name}'s code, and its rating?"),
        ("assistant", f"Its code is {code}; it is rated for {bar}."),
    ]
    return make("dialogue", turns, found, turns=((), (0, 1)))


def _chinese(corpus: Corpus) -> None:
    for page, (name, code, bar) in enumerate(_PARTS_ZH, 1):
        found = evidence(corpus, "手册.docx", f"{name}{code}的额定压力为{bar}。", None, ("部件", name))
        asked = [("user", f"{name}{code}的额定压力是多少？"), ("assistant", f"额定压力为{bar}。")]
        corpus.judged.append(make("qa", asked, (found,), language="zh"))
        steps = (Step(f"手册写明{code}的额定压力。", (0,)), Step(f"额定压力为{bar}。", (0,)))
        asked = [("user", f"{name}可以在超过{bar}的压力下运行吗？"), ("assistant", f"不可以，额定压力为{bar}。")]
        failed = "quote" if page == 2 else ""
        corpus.judged.append(make("cot", asked, (found,), language="zh", steps=steps, failed=failed))


def _hostile(corpus: Corpus) -> None:
    for text in HOSTILE:
        quote = text.split("\n")[0]
        found = evidence(corpus, "notes <i>&.html", quote, None, ())
        corpus.judged.append(make("qa", [("user", f"{text} means what?"), ("assistant", text)], (found,)))
        corpus.judged.append(make("qa", [("user", text), ("assistant", f"It reads: {text}")], (found,)))


def facts_of(corpus: Corpus) -> DatasetFacts:
    """What a run would tell of this dataset."""
    return DatasetFacts(
        title="Pump station & <hostile> set",
        counts=count_samples(corpus.samples()),
        documents=tuple(
            DocumentFacts(
                name=document.name,
                title=document.title,
                sha256=hashlib.sha256(document.text.encode()).hexdigest(),
                type=document.name.rpartition(".")[2],
                language=document.language,
                pages=len(_PARTS) + 2 if document.name == "manual.pdf" else None,
                characters=len(document.text),
                licence="cc-by-4.0" if document.name == "manual.pdf" else "",
            )
            for document in corpus.documents.values()
        ),
        failed=2,
        failures={"the model's reply was cut off": 2},
        splits={"train": 47, "validation": 3, "test": 3},
        checks=(
            CheckFacts("quote", "The quote stands in the document at the place given."),
            CheckFacts("support", "The evidence holds the answer's words.", "checks.support = 0.6"),
            CheckFacts("retrieval", "The question alone brings back its evidence.", "checks.retrieval_depth = 5"),
        ),
        models=(ModelFacts("tiny.gguf", "writer", "ab" * 32, "apache-2.0", "Asks for nothing."),),
        seed=7,
        versions={"doc2data": "0.1.0", "python": "3.11"},
        settings={"generate.recipes": "qa, cot, multihop, dialogue"},
        command="doc2data build manual.pdf --out set --seed 7",
        licence="cc-by-4.0",
        limits=("The hostile notes | are <b>hostile</b>.",),
    )
