"""parse -> chunk -> find clues -> cut passages: from files to rows of the store, one transaction per document."""

from __future__ import annotations

import hashlib
import os
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import parsers
from doc2data import chunking, clues
from doc2data.errors import UsageError
from doc2data.events import DocumentSeen, Event, StageStarted
from doc2data.index import cut_passages
from doc2data.progress import Meter, breathe
from doc2data.project import Project
from doc2data.records import content_id
from doc2data.settings import FILE_NAME, ParseSettings
from doc2data.stages.workshop import Workshop
from doc2data.store import DocumentRow, Store
from parsers import Document, ParseError, ParseOptions

READING_VERSION = 3
"""Raised when chunks, clues or passages of the same file would come out otherwise: projects then read it again."""
PAGES = (".html", ".htm", ".xhtml")
COMPARED = 200
"""Pages that are held in memory together to find what repeats on them."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read and the name that evidence will call it."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class _Version:
    """A file as it is now."""

    source: Source
    sha256: str
    key: str
    """As in `DocumentRow.key`."""


def find_sources(paths: Sequence[Path]) -> list[Source]:
    """Files among the paths and in the folders among them, each with a name that no other has.

    Raises:
        UsageError: a path does not exist, or there is nothing to read at all.
    """
    found: list[Source] = []
    for path in paths:
        if not path.exists():
            raise UsageError(f"There is no file or folder {str(path)!r}.", "Check the path.")
        if path.is_dir():
            found += [Source(file.relative_to(path).as_posix(), file) for file in _documents(path)]
        else:
            found.append(Source(path.name, path))
    unique = {source.path.resolve(): source for source in found}
    if not unique:
        names = ", ".join(repr(str(path)) for path in paths)
        raise UsageError(f"No documents in {names}.", f"doc2data reads: {', '.join(parsers.supported_types())}.")
    return _named_apart(list(unique.values()))


def _documents(folder: Path) -> Iterator[Path]:
    """Documents under a folder, without what a project among them has made of documents."""
    projects: dict[Path, Project | None] = {}

    def around(path: Path) -> Project | None:
        """The project whose folder a file lies in."""
        if path not in projects:
            inside = around(path.parent) if path != folder else None
            projects[path] = Project(path) if (path / FILE_NAME).is_file() else inside
        return projects[path]

    for file in parsers.find_documents(folder):
        project = around(file.parent)
        if project is None or not project.keeps(file):
            yield file


def read(sources: Sequence[Source], shop: Workshop) -> Iterator[Event]:
    """Read every source that is new or changed; a file that cannot be read costs only itself."""
    yield StageStarted("parse", len(sources))
    meter = Meter("parse", len(sources))
    known = {row.name: row for row in shop.store.documents.rows()}
    changed: dict[Path, _Version] = {}
    for version in _versions(sources, shop):
        row = known.get(version.source.name)
        if row is not None and row.state == "read" and row.id == _document_id(version, shop):
            yield DocumentSeen(row.name, "unchanged", pages=row.pages, warnings=row.warnings)
            yield meter.advance(measured=False)
        else:
            changed[version.source.path] = version
    for path, outcome, left_out in _parsed(list(changed), shop.settings.parse):
        if isinstance(outcome, ParseError):
            yield _record_failure(changed[path], outcome, shop)
        else:
            yield _record(changed[path], outcome, left_out, shop)
        yield meter.advance()


def take_away(store: Store) -> None:
    """Forget the documents whose files are off the project's list, before the others are read."""
    with store.transaction():
        store.documents.keep_listed()


def _versions(sources: Sequence[Source], shop: Workshop) -> list[_Version]:
    """The sources as they are now, each with the key that the ids of its parts begin from.

    A file keeps its key when it changes. One that is new under its name but was read before under another, which is no
    longer in use, was renamed and keeps it too.
    """
    documents = shop.store.documents
    keys = {row.name: row.key for row in documents.rows() if row.key}
    digests = {source.name: digest(source.path) for source in sources}
    read_before = documents.keys_of(digests[name] for name in digests if name not in keys)
    taken = set(keys.values())
    versions = []
    for source in sources:
        sha256 = digests[source.name]
        wanted = (read_before.get(sha256), source.name, f"{source.name}@{sha256}")
        key = keys.get(source.name) or next(key for key in wanted if key and key not in taken)
        taken.add(key)
        versions.append(_Version(source, sha256, key))
    return versions


def _parsed(
    paths: Sequence[Path], settings: ParseSettings
) -> Iterator[tuple[Path, Document | ParseError, Collection[int]]]:
    """Each file with its Document or error, and the indices of blocks to leave out.

    Files come as they are read, but HTML pages site by site, in order, because what repeats on most pages of a site
    shows only when they are compared.
    """
    options = _options(settings)
    workers = settings.workers or os.cpu_count() or 1
    pages = [path for path in paths if path.suffix.lower() in PAGES]
    others = [path for path in paths if path.suffix.lower() not in PAGES]
    for path, outcome in parsers.parse_many(others, options, workers, breathe):
        yield path, outcome, ()
    for start in range(0, len(pages), COMPARED):
        site = dict(parsers.parse_many(pages[start : start + COMPARED], options, workers, breathe))
        read = {path: outcome for path in sorted(site) if isinstance(outcome := site[path], Document)}
        repeated = dict(zip(read, parsers.repeats(list(read.values())), strict=True))
        for path in sorted(site):
            yield path, site[path], repeated.get(path, ())


def _record(version: _Version, document: Document, left_out: Collection[int], shop: Workshop) -> DocumentSeen:
    embedder, documents, source = shop.embedder, shop.store.documents, version.source
    note = f"{len(left_out)} blocks that repeat on most pages of the site are left out."
    row = DocumentRow(
        id=_document_id(version, shop),
        name=source.name,
        path=str(source.path.resolve()),
        sha256=version.sha256,
        state="read",
        key=version.key,
        type=document.type,
        title=document.title,
        language=document.language,
        pages=document.pages,
        characters=len(document.text),
        blocks=len(document.blocks),
        warnings=(*document.warnings, note) if left_out else document.warnings,
    )
    chunks = chunking.cut(document, row.id, embedder.count, shop.settings.chunking.tokens, left_out, row.key)
    found = clues.find(document, row.id, chunks, row.key)
    page_at = _page_at(document)
    # A table's header stands in each of its chunks; alone in a passage, it is one passage.
    passages = {
        passage.id: passage
        for chunk in chunks
        for passage in cut_passages(chunk, row.name, document.text, page_at, embedder.count, embedder.window)
    }
    with shop.store.transaction():
        documents.put(row, document)
        documents.put_parts(chunks, found, list(passages.values()), row.id)
    return DocumentSeen(
        source.name, "read", pages=row.pages, chunks=len(chunks), clues=len(found), warnings=row.warnings
    )


def _record_failure(version: _Version, error: ParseError, shop: Workshop) -> DocumentSeen:
    source = version.source
    row = DocumentRow(
        id=_document_id(version, shop),
        name=source.name,
        path=str(source.path.resolve()),
        sha256=version.sha256,
        state="failed",
        key=version.key,
        reason=error.message,
    )
    with shop.store.transaction():
        shop.store.documents.put(row, None)
    return DocumentSeen(source.name, "failed", error.message, error.hint)


def _options(settings: ParseSettings) -> ParseOptions:
    return ParseOptions(
        ocr=settings.ocr, layout=settings.layout, seconds=settings.seconds, memory_mb=settings.memory_mb
    )


def _document_id(version: _Version, shop: Workshop) -> str:
    """Also names how it was read, so that other settings read it again."""
    settings = shop.settings
    parse = (settings.parse.ocr, settings.parse.layout)
    how = [READING_VERSION, parse, settings.chunking.tokens, shop.embedder.fingerprint]
    return content_id("document", version.key, version.sha256, how)


def digest(path: Path) -> str:
    """Hash of the file's bytes; of nothing where it cannot be read, which the parser will report."""
    try:
        if path.is_file():  # a pipe or a device would never end
            with path.open("rb") as stream:
                return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        pass
    return hashlib.sha256().hexdigest()


def _page_at(document: Document) -> Callable[[int], int | None]:
    """A function from a character's offset to its page."""
    starts = [block.start for block in document.blocks]

    def page_at(offset: int) -> int | None:
        index = bisect_right(starts, offset) - 1
        return document.blocks[max(0, index)].page_at(offset) if starts else None

    return page_at


def _named_apart(sources: Sequence[Source]) -> list[Source]:
    """Two files of one name from different folders get their folder's name in front."""
    taken: set[str] = set()
    named = []
    for source in sorted(sources, key=lambda s: (s.name, str(s.path))):
        name, parents = source.name, list(source.path.resolve().parents)
        while name in taken and parents:
            name = f"{parents.pop(0).name}/{name}"
        taken.add(name)
        named.append(Source(name, source.path))
    return named
