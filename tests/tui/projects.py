"""Projects as a run leaves them, made without a run: two documents, samples of four kinds, some rejected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from doc2data import project
from doc2data.project import Project
from doc2data.records import (
    Chunk,
    Clue,
    Evidence,
    Judged,
    MadeBy,
    Message,
    RecipeRef,
    Sample,
    Span,
    Step,
    Verdict,
    content_id,
)
from doc2data.settings import Settings
from doc2data.store import DocumentRow, JobRow, Store
from parsers import Block, Document, DocumentBuilder

MADE_BY = MadeBy("rules", "rules", "", "", 0)
PARTS = (
    ("inlet valve", "VL-2", "6 bar"),
    ("booster pump", "BP-7", "9.5 bar"),
    ("flow sensor", "FS-11", "16 bar"),
    ("dosing unit", "DU-3", "4 bar"),
)
PARTS_ZH = (("进水阀", "VL-2", "6 巴"), ("增压泵", "BP-7", "9.5 巴"))


def manual() -> Document:
    """An English document of one section per part."""
    builder = DocumentBuilder()
    builder.add("heading", "Station manual", level=1)
    for name, code, pressure in PARTS:
        builder.add("heading", name.capitalize(), level=2)
        builder.add("paragraph", f"The {name} {code} is tested at {pressure}. Close the valve before it is opened.")
    builder.warnings.append("A page without text was left out.")
    return builder.build(
        source="manual.md", sha256="a" * 64, type="markdown", title="Station manual", language="en", pages=None
    )


def manual_zh() -> Document:
    """A Chinese document."""
    builder = DocumentBuilder()
    builder.add("heading", "泵站手册", level=1)
    for name, code, pressure in PARTS_ZH:
        builder.add("paragraph", f"{name}{code}的试验压力为{pressure}。打开之前请先关闭阀门。")
    return builder.build(
        source="手册.md", sha256="b" * 64, type="markdown", title="泵站手册", language="zh", pages=None
    )


def make_project(folder: Path) -> Project:
    """A project with two documents read, one that failed, one that waits, and eight samples."""
    made = project.create(folder, Settings())
    with Store(made.database) as store, store.transaction():
        store.documents.put_sources(
            {name: f"/documents/{name}" for name in ("manual.md", "手册.md", "broken.pdf", "new.html")}
        )
        put_document(store, "manual.md", manual())
        put_document(store, "手册.md", manual_zh())
        store.documents.put(
            DocumentRow("d3", "broken.pdf", "/documents/broken.pdf", "c" * 64, "failed", "The file is cut off."), None
        )
        for position, judged in enumerate(samples()):
            put_sample(store, judged, position)
    return made


def put_document(store: Store, name: str, document: Document) -> None:
    """A document with one chunk per section; ids are those of `chunk_id`."""
    row = DocumentRow(
        id=f"doc-{name}",
        name=name,
        path=f"/documents/{name}",
        sha256=document.sha256,
        state="read",
        type=document.type,
        title=document.title,
        language=document.language,
        characters=len(document.text),
        blocks=len(document.blocks),
        warnings=document.warnings,
    )
    store.documents.put(row, document)
    bodies = [block for block in document.blocks if block.kind == "paragraph"]
    chunks = [
        Chunk(chunk_id(name, n), row.id, n, block.section, (Span(block.start, block.end),), 40)
        for n, block in enumerate(bodies)
    ]
    store.documents.put_parts(chunks, [_first_sentence(name, row.id, n, b) for n, b in enumerate(bodies)], [], row.id)


def _first_sentence(name: str, document: str, number: int, block: Block) -> Clue:
    length = min(end for mark in (". ", "。") if (end := block.text.find(mark) + 1))
    start, quote = block.start, block.text[:length]
    id, chunk = clue_id(name, start), chunk_id(name, number)
    return Clue(id, document, chunk, "sentence", start, start + length, quote, section=block.section)


def clue_id(name: str, start: int) -> str:
    return content_id("clue", name, start)


def chunk_id(name: str, number: int) -> str:
    return f"{name}/{number}"


def put_sample(store: Store, judged: Judged, position: int) -> None:
    chunk = chunk_id(judged.sample.evidence[0].document, position % 4)
    job = JobRow(f"job-{position:06}", f"{position:08}", judged.sample.recipe.name, chunk, "done")
    store.samples.put_job(job, [judged])


def samples() -> Iterator[Judged]:
    """Four English, two Chinese, one of two hops, one dialogue; the second and the last are rejected."""
    text = manual().text
    for number, (name, code, pressure) in enumerate(PARTS):
        quote = evidence("manual.md", "Station manual", text, f"The {name} {code} is tested at {pressure}.")
        asked, told = f"At what pressure is the {name} {code} tested?", f"It is tested at {pressure}."
        yield judge(qa(asked, told, [quote]), failed="support" if number == 1 else "")
    text_zh = manual_zh().text
    for name, code, pressure in PARTS_ZH:
        quote = evidence("手册.md", "泵站手册", text_zh, f"{name}{code}的试验压力为{pressure}。")
        yield judge(qa(f"{name}{code}的试验压力是多少？", f"{pressure}。", [quote], language="zh"))
    hops = [evidence("manual.md", "Station manual", text, f"The {n} {c} is tested at {p}.") for n, c, p in PARTS[:2]]
    yield judge(multihop(hops))
    yield judge(dialogue(hops), failed="retrievability")


def evidence(document: str, title: str, text: str, quote: str) -> Evidence:
    start = text.index(quote)
    return Evidence(document, title, 3, (title,), start, start + len(quote), quote)


def qa(question: str, answer: str, quotes: Sequence[Evidence], language: str = "en") -> Sample:
    return Sample(
        id=content_id("sample", question),
        kind="qa",
        language=language,
        messages=(Message("user", question), Message("assistant", answer)),
        evidence=tuple(quotes),
        recipe=RecipeRef("qa", 1),
        made_by=MADE_BY,
        clues=tuple(clue_id(e.document, e.start) for e in quotes),
    )


def multihop(quotes: Sequence[Evidence]) -> Sample:
    question = "Which of the two is tested at the higher pressure, the inlet valve or the booster pump?"
    return Sample(
        id=content_id("sample", question),
        kind="multihop",
        language="en",
        messages=(Message("user", question), Message("assistant", "The booster pump BP-7, at 9.5 bar.")),
        evidence=tuple(quotes),
        recipe=RecipeRef("multihop", 1),
        made_by=MADE_BY,
        reasoning=(Step("The inlet valve is tested at 6 bar.", (0,)), Step("The pump is tested at 9.5 bar.", (1,))),
        clues=tuple(clue_id(e.document, e.start) for e in quotes),
    )


def dialogue(quotes: Sequence[Evidence]) -> Sample:
    turns = (
        Message("user", "How is the inlet valve tested?"),
        Message("assistant", "At 6 bar."),
        Message("user", "And the pump?"),
        Message("assistant", "At 9.5 bar."),
    )
    return Sample(
        id=content_id("sample", "dialogue"),
        kind="dialogue",
        language="en",
        messages=turns,
        evidence=tuple(quotes),
        recipe=RecipeRef("dialogue", 1),
        made_by=MADE_BY,
        turns=((0,), (1,)),
        clues=tuple(clue_id(e.document, e.start) for e in quotes),
    )


def judge(sample: Sample, failed: str = "") -> Judged:
    """Three verdicts, one of them failed where it is named."""
    checks = ("evidence", "support", "retrievability")
    return Judged(sample, tuple(_verdict(check, failed=check == failed) for check in checks))


def _verdict(check: str, *, failed: bool) -> Verdict:
    reason = "'9.5' stands in no evidence" if failed else "as it should be"
    return Verdict(check, passed=not failed, score=0.2 if failed else 1.0, reason=reason)
