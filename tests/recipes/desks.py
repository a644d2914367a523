"""A small corpus of two documents that refer to each other, and a desk to work on it without models or index."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from doc2data import chunking, clues
from doc2data.recipes.base import Desk
from doc2data.recipes.corpus import Corpus
from doc2data.records import Hit, Passage, Sample, Verdict, content_id
from doc2data.settings import Settings
from doc2data.store import DocumentRow, Store
from doc2data.tasks.core import Prompts
from doc2data.tasks.joins.words import content, share
from models.engine import Engine
from parsers import Document, DocumentBuilder, Table

Section = tuple[str, Sequence[str | Table]]
Search = Callable[[str, int], list[Hit]]

MANUAL: tuple[Section, ...] = (
    ("Pump", ("The PX-7 gear pump is filled with Lubran 3.", "The PX-7 gear pump holds 80 mL of oil.")),
    (
        "Sensor",
        ("Alarm A-12 is triggered by the QS-4 level sensor.", "The QS-4 level sensor is cleaned with Cleanol 7."),
    ),
    (
        "Alarms",
        (
            Table(
                (("Code", "Display text", "What to do"),),
                (
                    ("A-21", "Filter dirty", "Replace the NF-8 air filter."),
                    ("A-22", "Battery low", "Replace the KB-5 buffer battery."),
                    ("A-23", "Door open", "Close the door."),
                ),
            ),
        ),
    ),
)
PARTS: tuple[Section, ...] = (
    (
        "Fluids",
        (
            Table(
                (("Fluid", "Shelf life (months)", "Contents (mL)"),),
                (("Lubran 3", "24", "500"), ("Cleanol 7", "12", "250"), ("Sealon 2", "36", "100")),
            ),
        ),
    ),
    (
        "Spare parts",
        (
            Table(
                (("Part", "Mass (g)", "Part number"),),
                (("NF-8", "60", "7700-108"), ("KB-5", "40", "7700-205"), ("RG-6", "15", "7700-611")),
            ),
            "The NF-8 air filter is made of folded paper.",
            "The KB-5 buffer battery is made of lithium cells.",
            "The RG-6 sealing ring is kept dry.",
        ),
    ),
    (
        "Sensors",
        ("The QS-4 level sensor has the part number 7700-304.", "The DT-2 door contact is mounted with two screws."),
    ),
)
PINNED: Mapping[str, tuple[Section, ...]] = {"manual.md": MANUAL, "parts.md": PARTS}


def document(name: str, sections: Sequence[Section]) -> Document:
    """A document with a heading over each section."""
    builder = DocumentBuilder()
    for title, blocks in sections:
        builder.add("heading", title, level=1)
        for block in blocks:
            builder.add("table", "", table=block) if isinstance(block, Table) else builder.add("paragraph", block)
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    return builder.build(
        source=name, sha256=sha256, type="markdown", title=f"About {name}", language=_language(name), pages=None
    )


def fill(store: Store, documents: Mapping[str, Sequence[Section]]) -> None:
    """Put documents into a store, in the order given."""
    for name, sections in documents.items():
        made = document(name, sections)
        id = content_id("document", name, made.sha256)
        row = DocumentRow(id, name, name, made.sha256, "read", title=made.title, language=made.language)
        chunks = chunking.cut(made, id, lambda texts: [len(t.split()) for t in texts], 512)
        with store.transaction():
            store.documents.put(row, made)
            store.documents.put_parts(chunks, clues.find(made, id, chunks), [], id)


def _language(name: str) -> str:
    """Of a document by its name: "pump.de.md" is German, "pump.md" English."""
    return name.removesuffix(".md").rpartition(".")[2] if name.count(".") == 2 else "en"


@contextmanager
def desk(
    folder: Path,
    documents: Mapping[str, Sequence[Section]] = PINNED,
    search: Search | None = None,
    engine: Engine | None = None,
    seed: int = 0,
) -> Iterator[Desk]:
    """A desk over the documents; retrieval ranks whole chunks by shared words unless told otherwise."""
    with Store(folder / "project.db") as store:
        fill(store, documents)
        corpus = Corpus(store)
        settings = Settings.model_validate({"generate": {"seed": seed}})
        prompts = Prompts(shared={"domain": "", "audience": "", "forbidden": ""})
        yield Desk(corpus, settings, prompts, search or by_words(corpus), engine, check=no_objection)


def no_objection(samples: Sequence[Sample], names: Sequence[str] | None = None) -> list[tuple[Verdict, ...]]:
    """Checks that find nothing."""
    return [() for _ in samples]


def by_words(corpus: Corpus) -> Search:
    """Retrieval over whole chunks by the share of the query's words they hold."""

    def search(query: str, k: int) -> list[Hit]:
        words = content(query)
        hits = [Hit(passage, share(words, content(passage.text)), None, None) for passage in passages(corpus)]
        return sorted(hits, key=lambda hit: (-hit.score, hit.passage.id))[:k]

    return search


def passages(corpus: Corpus) -> list[Passage]:
    """Every chunk as one passage."""
    found = []
    for chunk in corpus.chunks.values():
        text = corpus.text(chunk.document)[chunk.spans[0].start : chunk.spans[-1].end]
        name = corpus.documents[chunk.document].name
        found.append(Passage(chunk.id, name, chunk.id, chunk.section, None, 0, len(text), text))
    return found


def one_passage(text: str) -> Search:
    """Retrieval that always brings back the same text."""
    passage = Passage("p", "manual.md", "c", (), None, 0, len(text), text)
    return lambda query, k: [Hit(passage, 1.0, 1, 1)]
