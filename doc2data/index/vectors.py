"""The dense side: the passages' vectors in a ChromaDB collection on disk, by the passages' ids.

Chroma holds its whole graph in memory, and has no setting that would map or bound it: see `bytes_of`. Nor would several
collections with a smaller cache of open ones, or closing and opening again: the process keeps what it once loaded.

The collection is derived data. One that cannot be read, that another embedder filled, or whose graph is not as it was
left, is cleared and left empty, so that adding the passages again mends it.

Chroma writes its graph in place: a process killed meanwhile leaves a torn file, which loads as nonsense or takes the
process down. So what the files look like is marked after every change, and files without their mark are not loaded.
"""

from __future__ import annotations

import json
import shutil
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from doc2data.errors import Doc2dataError

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

Vectors = NDArray[np.float32]

_NAME = "passages"
_BATCH = 2000
_DATABASE = "chroma.sqlite3"
_MARK = "graph.json"
_WRITTEN = "index_metadata.pickle"
_HNSW = {"space": "cosine", "ef_construction": 200, "max_neighbors": 32, "ef_search": 200, "num_threads": 1}
"""One thread, so that the graph, and with it every result, is the same on every machine."""


def bytes_of(count: int, dimension: int) -> int:
    """What so many vectors take of memory: their floats, 264 bytes for neighbours, 600 for ids, locks, room to grow.

    The last figure is measured. 100,000 passages by 384 floats are 240 MB.
    """
    return count * (4 * dimension + 264 + 600)


REBUILD = "Run `doc2data run`: it is made again from project.db, without asking a model."


class IndexDamaged(Doc2dataError):
    """The vector index cannot be used."""

    default_hint = "Delete the project's index folder and run the same command again: it is rebuilt from the passages."


class VectorStore:
    """One unit vector for each id, found by cosine."""

    def __init__(self, folder: Path, fingerprint: str, *, mend: bool = True) -> None:
        """Open the collection in `folder`, or make it.

        Args:
            folder: holds nothing but the collection.
            fingerprint: names the embedder; a collection of another one is emptied.
            mend: whether what cannot be used is cleared; only for who holds the project.

        Raises:
            IndexDamaged: the folder cannot be used, and is not to be, or cannot be, cleared.
        """
        self._folder = folder
        if mend:
            self._collection = _open_or_clear(folder, fingerprint)
        else:
            self._collection = _open_as_it_is(folder, fingerprint)
        self._counted: int | None = None
        self._mark()

    def upsert(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Add vectors, replacing those of the same id. `vectors` has shape (len(ids), dimension)."""
        self._counted = None
        for start in range(0, len(ids), _BATCH):
            with _explained():
                self._collection.upsert(
                    ids=list(ids[start : start + _BATCH]), embeddings=vectors[start : start + _BATCH]
                )
        self._mark()

    def remove(self, ids: Sequence[str]) -> None:
        """Forget vectors; ids that are not here are no error."""
        self._counted = None
        for batch in _batches(ids):
            with _explained():
                self._collection.delete(ids=batch)
        self._mark()

    def _mark(self) -> None:
        """Say that the graph's files are whole as they are now."""
        text, path = json.dumps(_graph(self._folder)), self._folder / _MARK
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            draft = path.with_suffix(".part")
            draft.write_text(text, encoding="utf-8")
            draft.replace(path)

    def count(self) -> int:
        """How many vectors are here."""
        if self._counted is None:
            with _explained():
                self._counted = self._collection.count()
        return self._counted

    def ids(self) -> Iterator[str]:
        """All ids here, in no order, as they are when this is first asked for one."""
        yield from _ids(self._collection)

    def held(self, ids: Sequence[str]) -> set[str]:
        """Those of the ids that are here."""
        found: set[str] = set()
        for batch in _batches(ids):
            with _explained():
                found.update(self._collection.get(ids=batch, include=[])["ids"])
        return found

    def search(self, vectors: Vectors, k: int) -> list[list[tuple[str, float]]]:
        """For each vector the nearest `k` passages as (id, cosine), best first; equal cosines in the order of ids."""
        k = min(k, self.count())
        if not k or not len(vectors):
            return [[] for _ in vectors]
        with _explained():
            found = self._collection.query(query_embeddings=vectors, n_results=k, include=["distances"])
        distances = found["distances"] or []
        return [
            sorted(((i, 1.0 - float(d)) for i, d in zip(*row, strict=True)), key=lambda pair: (-pair[1], pair[0]))
            for row in zip(found["ids"], distances, strict=True)
        ]

    def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """The vectors of these ids, each of shape (dimension,)."""
        found: dict[str, Vectors] = {}
        for batch in _batches(ids):
            with _explained():
                rows = self._collection.get(ids=batch, include=["embeddings"])
            embeddings = np.asarray(rows["embeddings"], dtype=np.float32)
            found.update(zip(rows["ids"], embeddings, strict=True))
        return found


def stored_ids(folder: Path) -> Iterator[str]:
    """Ids of the passages in a collection, of whatever embedder; nothing is changed or mended.

    Raises:
        IndexDamaged: it cannot be used as it is.
    """
    if not (folder / _DATABASE).exists():
        raise IndexDamaged("there is no vector index", REBUILD)
    with _explained():
        collection = _as_it_is(folder)
    yield from _ids(collection)


def _ids(collection: Collection) -> Iterator[str]:
    with _explained():
        found = collection.get(include=[])["ids"]
    yield from found


def _graph(folder: Path) -> dict[str, list[int]]:
    """Size and time of change of the files that hold the graph.

    Until Chroma first writes a graph out, with its metadata, the files beside are an empty shell that every opening
    makes anew, also one that only reads.
    """
    written = [path.parent for path in folder.glob(f"*/{_WRITTEN}")]
    files = ((path, path.stat()) for place in sorted(written) for path in sorted(place.iterdir()) if path.is_file())
    return {path.relative_to(folder).as_posix(): [found.st_size, found.st_mtime_ns] for path, found in files}


def _whole(folder: Path) -> bool:
    """Whether the graph is as it was left after the last change."""
    graph = _graph(folder)
    try:
        marked = json.loads((folder / _MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        marked = {}
    return bool(graph == marked)


def _as_it_is(folder: Path) -> Collection:
    if not _whole(folder):
        raise IndexDamaged("The vector index is not as it was left: damaged, or being written just now.", REBUILD)
    return _client(folder).get_collection(_NAME, embedding_function=None)


def _open_as_it_is(folder: Path, fingerprint: str) -> Collection:
    if not (folder / _DATABASE).exists():
        return _open(folder, fingerprint)
    with _explained():
        collection = _as_it_is(folder)
    if (collection.metadata or {}).get("embedder") != fingerprint:
        raise IndexDamaged("The vector index was made with another embedding model.", REBUILD)
    return collection


def _open_or_clear(folder: Path, fingerprint: str) -> Collection:
    from chromadb.errors import ChromaError

    try:
        if not _whole(folder):
            shutil.rmtree(folder, ignore_errors=True)
        return _open(folder, fingerprint)
    except ChromaError:
        shutil.rmtree(folder, ignore_errors=True)
    try:
        return _open(folder, fingerprint)
    except (ChromaError, OSError) as error:
        raise IndexDamaged(f"The vector index in {folder.name!r} cannot be read: {error}.") from error


def _open(folder: Path, fingerprint: str) -> Collection:
    client = _client(folder)
    configuration: Any = {"hnsw": _HNSW}
    metadata = {"embedder": fingerprint}
    collection = client.get_or_create_collection(
        _NAME, embedding_function=None, configuration=configuration, metadata=metadata
    )
    if (collection.metadata or {}).get("embedder") == fingerprint:
        collection.count()
        return collection
    client.delete_collection(_NAME)
    return client.create_collection(_NAME, embedding_function=None, configuration=configuration, metadata=metadata)


def _client(folder: Path) -> ClientAPI:
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient
    from chromadb.config import Settings
    from chromadb.errors import InternalError

    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / _DATABASE).exists():
        # Chroma keeps one open system per path for the life of the process, also when its files are gone by now.
        SharedSystemClient._identifier_to_system.pop(str(folder), None)
    try:
        return chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))
    except BaseException as error:
        # What Chroma could not open it keeps half open, and fails over when asked for the same path again.
        SharedSystemClient._identifier_to_system.pop(str(folder), None)
        # Its native part panics over some damaged databases, with a class of its own that no module offers.
        if type(error).__name__ == "PanicException":
            raise InternalError(str(error)) from error
        raise


@contextmanager
def _explained() -> Iterator[None]:
    """Chroma's own errors told as ours; its advice on versions of its API kept from our users."""
    from chromadb.errors import ChromaError

    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", category=DeprecationWarning, module="chromadb")
            yield
    except ChromaError as error:
        raise IndexDamaged(f"The vector index failed: {error}.") from error


def _batches(ids: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), _BATCH):
        yield list(ids[start : start + _BATCH])
