"""The doors that strangers' bytes come in by: each takes one spoilt input, and may raise only the product's words.

Here are those of documents: the readers alone, and whole runs by rule and with a model whose replies are spoilt.
"""

from __future__ import annotations

import asyncio
import io
import json
import random
import re
import resource
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import models
import parsers
from doc2data.errors import Doc2dataError
from doc2data.recipes import RECIPES
from models import ModelError, Request, ScriptedEngine
from parsers import Document, ParseError, ParseOptions
from tests.benchmarks.chaos.__main__ import LEFT_OUT
from tests.benchmarks.chaos.replies import reply
from tests.benchmarks.fuzz import doors, weights
from tests.benchmarks.fuzz.doors import Room, put
from tests.benchmarks.fuzz.mutations import spoilt_text
from tests.benchmarks.fuzz.structures import spoilt_document, spoilt_value
from tests.index.doubles import HashEmbedder
from tests.parsers import pdf_pages
from tests.parsers.makers import cell, numbered, paragraph, write_docx
from tests.pipeline.corpus import CHINESE, GLOSSARY, PUMP, events_of, prepared

ALLOWED = (Doc2dataError, ModelError, ParseError)
ROOT = Path(__file__).parents[3]
FORMATS = ("jsonl", "csv", "messages", "alpaca")
LATE = 30
"""Seconds of processor time that reading one file may take; by the clock it is given twice as many."""
MEMORY_MB = 1024
UNFORESEEN = re.compile(r"could not be read as \w+: (\w+: .*)", re.DOTALL)
Seeds = list[tuple[str, bytes]]


class Notes:
    """What is worth knowing and no finding: readings that were late by the clock alone, errors nobody foresaw."""

    def __init__(self) -> None:
        self.late = 0
        self.unforeseen: dict[str, str] = {}


def rooms(folder: Path, notes: Notes) -> dict[str, Room]:
    """Every door by name, with what it needs made in `folder`."""
    seeds = _documents(folder)

    def read(place: Path, chance: random.Random) -> object:
        paths = [
            put(place / f"{number}-{name}", data) for number, (name, data) in enumerate(_spoilt(seeds, chance, 16))
        ]
        options = ParseOptions(layout=False, ocr="off", seconds=2 * LATE, memory_mb=MEMORY_MB)
        for path, result in parsers.parse_many(paths, options, workers=1):
            if isinstance(result, Document):
                assert all(block.text == result.text[block.start : block.end] for block in result.blocks), path.name
            else:
                _held(path, result.message, notes)
        return paths

    def ruled(place: Path, chance: random.Random) -> object:
        return _run(place, chance, seeds, "rules", notes)

    def replies(place: Path, chance: random.Random) -> object:
        return _run(place, chance, seeds, "scripted", notes)

    with doubles(random.Random(0)):
        quick = doors.doors(folder)
    return {**quick, **weights.doors(folder), "parse": read, "documents": ruled, "replies": replies}


def _held(path: Path, reason: str, notes: Notes) -> None:
    """A file that was not read: its reader neither crashed nor hung, and said why in words that somebody wrote."""
    assert "crashed" not in reason, reason
    if "took longer" in reason:
        if _hangs(path):
            raise AssertionError(f"{reason} So it does alone, by processor time.")
        notes.late += 1
    if found := UNFORESEEN.search(reason):
        kind = re.sub(r"0x[0-9a-f]+|\d+|'[^']*'", "_", found[1])[:120]
        notes.unforeseen.setdefault(f"{path.suffix} {kind}", path.name)


def _hangs(path: Path) -> bool:
    """Whether reading a file alone takes more processor time than it may."""
    options = "parsers.ParseOptions(layout=False, ocr='off')"
    code = f"import parsers, pathlib; parsers.parse(pathlib.Path({str(path)!r}), {options})"

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (LATE, LATE + 5))

    done = subprocess.run([sys.executable, "-c", code], preexec_fn=bounded, capture_output=True, check=False, cwd=ROOT)
    return done.returncode < 0


def _spoilt(seeds: Seeds, chance: random.Random, number: int) -> Seeds:
    found = [chance.choice(seeds) for _ in range(number)]
    return [(name, spoilt_document(name, data, chance.choice(seeds)[1], chance)) for name, data in found]


def _run(place: Path, chance: random.Random, seeds: Seeds, spec: str, notes: Notes) -> object:
    """A few spoilt documents through a whole run; with a model, its words are spoilt too."""
    for number, (name, data) in enumerate(_spoilt(seeds, chance, 4)):
        put(place / "docs" / f"{number}-{name}", data)
    ruled = [name for name, info in RECIPES.items() if info.needs == "rules" or spec == "scripted"]
    given: dict[str, Any] = {
        "generate__recipes": ("qa", *chance.sample(sorted(set(ruled) - {"qa"} - LEFT_OUT), 2)),
        "generate__per_chunk": 3,
        "model__spec": spec,
        "export__formats": FORMATS,
        "parse__seconds": 2.0 * LATE,
        "parse__memory_mb": MEMORY_MB,
        "parse__layout": False,
        "privacy__action": chance.choice(("off", "off", "flag", "mask", "drop")),
    }
    target = prepared([place / "docs"], place / "out", **given)
    with doubles(chance):
        asyncio.run(events_of(target))
    manifest = json.loads(target.manifest.read_text(encoding="utf-8"))
    counts = manifest["counts"]
    assert counts["made"] == counts["kept"] + counts["rejected"] + counts["failed"]
    assert manifest["refused_connections"] == []
    assert "<script>alert" not in target.report.read_text(encoding="utf-8")
    for row in manifest["sources"]:
        _held(place / "docs" / row["name"], row["reason"], notes)
    return counts


@contextmanager
def doubles(chance: random.Random) -> Iterator[None]:
    """An embedder without a model, and a model whose replies fit their schema and are spoilt in their texts."""
    before = models.open_embedder, models.open_engine

    def answer(request: Request) -> str:
        said = reply(request)
        if chance.random() < 0.5:
            return said
        if chance.random() < 0.1:
            return json.dumps(spoilt_value(json.loads(said), chance))
        return json.dumps(_spoil(json.loads(said), chance), ensure_ascii=chance.random() < 0.3)

    models.open_embedder = lambda spec="default": HashEmbedder()
    models.open_engine = lambda spec, options=None: ScriptedEngine(answer)
    try:
        yield
    finally:
        models.open_embedder, models.open_engine = before


def _spoil(value: Any, chance: random.Random) -> Any:
    if isinstance(value, dict):
        return {key: _spoil(part, chance) for key, part in value.items()}
    if isinstance(value, list):
        return [_spoil(part, chance) for part in value]
    return spoilt_text(chance, value) if isinstance(value, str) else value


def _documents(folder: Path) -> Seeds:
    """What is spoilt: documents of every type, small so that many of them can be read."""
    samples = [path for path in (ROOT / "samples" / "documents").iterdir() if path.suffix != ".pdf"]
    files = [*samples, *sorted((ROOT / "tests" / "parsers" / "inputs").iterdir()), *_made(folder)]
    texts = [("pump.md", PUMP), ("zh.md", CHINESE), ("pump.txt", PUMP), ("glossary.html", f"<html><p>{GLOSSARY}")]
    return [(path.name, path.read_bytes()) for path in files if path.is_file()] + [
        (name, text.encode()) for name, text in texts
    ]


def _made(folder: Path) -> list[Path]:
    import openpyxl
    from pptx import Presentation

    table = f"<w:tbl><w:tr>{cell('Part')}{cell('Mass')}</w:tr><w:tr>{cell('K-4')}{cell('3 kg')}</w:tr></w:tbl>"
    body = "".join(map(paragraph, GLOSSARY.split("\n"))) + table + numbered("Close the valve.") + numbered("Open it.")
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text, slide.placeholders[1].text_frame.text = "Pump", "The pump delivers 12 litres per hour."
    deck.save(str(folder / "deck.pptx"))
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Parts")
    for row in (("Part", "Mass"), ("K-4", 3), ("K-5", "=1+2")):
        sheet.append(row)
    book.save(folder / "book.xlsx")
    pages = [pdf_pages.prose_page(folder / "prose.pdf"), pdf_pages.two_columns(folder / "columns.pdf")]
    pages.append(pdf_pages.report(folder / "report.pdf", 2))
    mail = folder / "mail.eml"
    mail.write_bytes(_mail())
    return [
        write_docx(folder / "a.docx", body),
        folder / "deck.pptx",
        folder / "book.xlsx",
        _book(folder),
        *pages,
        *pages,
        mail,
    ]


def _mail() -> bytes:
    from email.message import EmailMessage

    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "Pump", "a@example.org", "b@example.org"
    message.set_content(GLOSSARY)
    message.add_alternative(f"<html><p>{GLOSSARY}</p></html>", subtype="html")
    message.add_attachment(b"x" * 50, maintype="application", subtype="pdf", filename="../../x.pdf")
    return message.as_bytes()


def _book(folder: Path) -> Path:
    container = "urn:oasis:names:tc:opendocument:xmlns:container"
    item = '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/>'
    parts = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": f'<container xmlns="{container}"><rootfiles><rootfile full-path="c.opf"/></rootfiles>'
        "</container>",
        "c.opf": f'<package xmlns="http://www.idpf.org/2007/opf"><manifest>{item}</manifest><spine>'
        '<itemref idref="a"/></spine></package>',
        "a.xhtml": f'<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>Pump</h1><p>{GLOSSARY}</p></body></html>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return put(folder / "book.epub", out.getvalue())
