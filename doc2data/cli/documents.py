"""parse, search: what the parser sees, and what retrieval brings back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from doc2data.cli import talk

if TYPE_CHECKING:
    from doc2data.records import Hit


LONGEST_SHOWN = 2000
"""Characters of a passage that a person is shown."""


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["md", "text", "json"]), default="md", show_default=True)
@click.option("--picture", nargs=2, metavar="PAGE OUT.png", help="Write a PDF page's picture with its blocks outlined.")
@click.option("--ocr", type=click.Choice(["auto", "off", "rapidocr", "tesseract"]), default="auto", show_default=True)
@click.option("--fast", is_flag=True, help="Without the layout model: several times faster on PDF.")
def parse(file: Path, form: str, picture: tuple[str, str] | None, ocr: Any, fast: bool) -> None:
    """Show what the parser sees in FILE: Markdown, plain text, or JSON with every block and its place."""
    import parsers
    from doc2data.errors import UsageError

    if not file.exists():
        raise UsageError(f"There is no file {str(file)!r}.", "Check the path.")
    if file.is_dir():
        raise UsageError(f"{str(file)!r} is a folder.", "Name one file; `doc2data build` takes folders.")
    document = parsers.parse_isolated(file, parsers.ParseOptions(ocr=ocr, layout=not fast))
    for warning in document.warnings:
        talk.say(f"note: {warning}")
    if picture is not None:
        _picture(file, picture, document)
        return
    render = {"md": parsers.to_markdown, "text": parsers.to_text, "json": parsers.to_json}[form]
    talk.put(render(document))


def _picture(file: Path, picture: tuple[str, str], document: Any) -> None:
    from doc2data.errors import UsageError
    from parsers.pdf import picture as draw

    page, out = picture
    if document.type != "pdf":
        raise UsageError(f"{file.name} has no pages to draw.", "--picture works on PDF files.")
    if not page.isdigit() or not 1 <= int(page) <= (document.pages or 0):
        raise UsageError(f"There is no page {page!r} in {file.name}.", f"It has {document.pages} pages.")
    Path(out).write_bytes(draw(file, int(page), document))
    talk.say(f"Wrote {out}")


@click.command()
@click.argument("query", required=False)
@click.option("-k", default=5, show_default=True, type=click.IntRange(1, 100), help="How many passages.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per query.")
@click.option("--queries", type=click.Path(path_type=Path), help="A file with one query a line; prints JSON.")
@click.option("--in", "folder", type=click.Path(path_type=Path), default=Path(), help="Folder of the project.")
def search(query: str | None, k: int, as_json: bool, queries: Path | None, folder: Path) -> None:
    """Show the passages that retrieval brings back for QUERY, with their places."""
    import models
    from doc2data import project
    from doc2data.errors import ProjectError
    from doc2data.index import Index
    from doc2data.store import Store
    from doc2data.store.lexical import Lexical

    asked = _queries(query, queries)
    target = project.find(folder)
    settings = target.settings().index
    if not target.database.exists() or not target.index.exists():
        raise ProjectError("The project here has no index yet.", "Make it with `doc2data run`.")
    with Store(target.database) as store:
        embedder = models.open_embedder(settings.embedder)
        passages_of = store.documents.passages_of
        index = Index(target.index, embedder, Lexical(store.connection), passages_of, mend=False)
        found = index.search_many(asked, k)
    for text, hits in zip(asked, found, strict=True):
        if as_json or queries:
            talk.put_json({"query": text, "hits": [_hit(hit) for hit in hits]})
        else:
            talk.put("\n".join(_line(rank, hit) for rank, hit in enumerate(hits, 1)) or "Nothing found.")


def _queries(query: str | None, queries: Path | None) -> list[str]:
    from doc2data.errors import UsageError

    if (query is None) == (queries is None):
        raise UsageError("Give either one QUERY or --queries FILE.")
    if queries is None:
        return [query or ""]
    try:
        lines = queries.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"Cannot read {str(queries)!r}: {error}.", "Give a UTF-8 file with one query a line."
        ) from error
    return [line for line in lines if line.strip()]


def _hit(hit: Hit) -> dict[str, Any]:
    p = hit.passage
    return {
        "document": p.document,
        "page": p.page,
        "section": list(p.section),
        "start": p.start,
        "end": p.end,
        "text": p.text,
        "score": hit.score,
        "dense_rank": hit.dense_rank,
        "lexical_rank": hit.lexical_rank,
    }


def _line(rank: int, hit: Hit) -> str:
    p = hit.passage
    page = f", page {p.page}" if p.page else ""
    text = " ".join(p.text.split())
    shown = text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"
    return f"{rank}. {p.document}{page}, {' > '.join(p.section)}  [{hit.score:.3f}]\n   {shown}"
