"""Whether a project is whole: the database, the places of every quote, the index, the attestation.

Looks and changes nothing: what is derived (the index, the exports) is made again by the next run, and the findings
say so; what is not derived comes back from a backup.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from doc2data.errors import Doc2dataError, ProjectDamaged
from doc2data.index import stored_ids
from doc2data.machine import Finding
from doc2data.privacy.ledger import FILE_NAME as LEDGER
from doc2data.privacy.ledger import Ledger
from doc2data.project import Project
from doc2data.stages.attesting import FILE_NAME as ATTESTATION
from doc2data.stages.attesting import check as check_attestation
from doc2data.stages.written import changed, known, out_of_step
from doc2data.store import Store
from doc2data.store.lexical import Lexical

RESTORE = "Restore the project with `doc2data restore BACKUP`, or build again into a new folder."
RUN = "Run `doc2data run`: it makes this again from project.db, without asking a model for what it answered."
NAMED = 3
"""Bad rows that a finding names."""


def verify(project: Project) -> list[Finding]:
    """Everything that can be wrong with a project's folder, the worst first.

    Raises:
        ProjectBusy: another process is at work on it, so that nothing can be said of it now.
    """
    with project.hold():
        if not project.database.exists():
            return [Finding("database", False, "project.db is not there", RESTORE, needed=True)]
        found = [_settings(project)]
        try:
            with Store(project.database) as store:
                found.append(_database(store))
                if found[-1].works:
                    found += [_cuts(store), _evidence(store), _index(project, store), _written(project, store)]
        except ProjectDamaged as error:
            found.append(Finding("database", False, error.message, RESTORE, needed=True))
    if (project.folder / LEDGER).exists():
        found.append(_ledger(project))
    if (project.folder / ATTESTATION).exists():
        found.append(_attestation(project))
    return found


def _settings(project: Project) -> Finding:
    try:
        project.settings()
    except Doc2dataError as error:
        return Finding("settings", False, error.message, error.hint, needed=True)
    return Finding("settings", True, "doc2data.toml can be read")


def _database(store: Store) -> Finding:
    problems = store.problems()
    if problems:
        return Finding("database", False, _listed(problems), RESTORE, needed=True)
    return Finding("database", True, "SQLite finds no damage, and no row without its parent")


def _cuts(store: Store) -> Finding:
    """Chunks, clues and passages are slices of their documents."""
    wrong: list[str] = []
    total = 0
    for row in store.documents.rows():
        if row.state != "read":
            continue
        text = store.documents.document(row.id).text
        chunks = {chunk.id: chunk for chunk in store.documents.chunks(row.id)}
        wrong += [
            f"chunk {id} of {row.name!r}"
            for id, chunk in chunks.items()
            if any(not 0 <= span.start <= span.end <= len(text) for span in chunk.spans)
        ]
        clues = list(store.documents.clues(row.id))
        wrong += [f"clue {c.id} of {row.name!r}" for c in clues if text[c.start : c.end] != c.quote]
        wrong += [f"clue {c.id} of {row.name!r} without its chunk" for c in clues if c.chunk not in chunks]
        passages = list(store.documents.passages(row.id))
        wrong += [f"passage {p.id} of {row.name!r}" for p in passages if text[p.start : p.end] != p.text]
        total += len(chunks) + len(clues) + len(passages)
    if wrong:
        return Finding("cuts", False, f"not what stands in their documents: {_listed(wrong)}", RESTORE, needed=True)
    return Finding("cuts", True, f"{total} chunks, clues and passages are slices of their documents")


def _evidence(store: Store) -> Finding:
    """Each quote of an accepted sample is the slice that it points at."""
    read = {row.name: row.id for row in store.documents.rows() if row.state == "read"}
    text = lru_cache(maxsize=1)(lambda name: store.documents.document(read[name]).text)
    wrong, gone, total = [], [], 0
    for sample, name, start, end, quote in store.samples.evidence():
        total += 1
        if name not in read:
            gone.append(sample)
        elif text(name)[start:end] != quote:
            wrong.append(sample)
    if wrong:
        detail = f"quotes that are not in their documents, in samples {_listed(wrong)}"
        return Finding("evidence", False, detail, f"{RUN} If they stay: {RESTORE}", needed=True)
    if gone:
        detail = f"samples that stand on documents no longer here: {_listed(gone)}"
        return Finding("evidence", False, detail, "Run `doc2data run`.", needed=True)
    return Finding("evidence", True, f"{total} quotes equal the slices that they point at")


def _index(project: Project, store: Store) -> Finding:
    """Both sides of the index hold exactly the passages of the database."""
    wanted = set(store.documents.passage_ids())
    sides: tuple[tuple[str, Callable[[], Iterator[str]]], ...] = (
        ("vectors", lambda: stored_ids(project.index)),
        ("words", lambda: Lexical(store.connection).ids()),
    )
    problems = [problem for side, ids in sides for problem in _out_of_step(side, ids, wanted)]
    if problems:
        return Finding("index", False, "; ".join(problems), RUN, needed=True)
    return Finding("index", True, f"{len(wanted)} passages, all of them found by meaning and by words")


def _out_of_step(side: str, ids: Callable[[], Iterator[str]], wanted: set[str]) -> Iterator[str]:
    try:
        present = set(ids()) if wanted else set()
    except Doc2dataError as error:
        yield f"{side}: {error.message}"
        return
    if missing := wanted - present:
        yield f"{side}: {len(missing)} of {len(wanted)} passages are missing"
    if extra := present - wanted:
        yield f"{side}: {len(extra)} passages that the documents no longer hold"


def _written(project: Project, store: Store) -> Finding:
    """What was exported is as it was written, and stands for the samples as they are."""
    problems = changed(project, store)
    if out_of_step(store):
        problems.append("the samples are others than those of the last export")
    if problems:
        return Finding("export", False, _listed(problems), RUN, needed=True)
    archive = (project.export / "samples.jsonl").relative_to(project.folder).as_posix()
    told = f"; {archive} has SHA-256 {known(store)[archive]}" if archive in known(store) else ""
    return Finding("export", True, f"every file is as it was written, from the samples as they are{told}")


def _ledger(project: Project) -> Finding:
    """What stands for personal data can be read, so that it stands for the same in the next export."""
    try:
        Ledger(project.folder / LEDGER)
    except ProjectDamaged as error:
        return Finding("personal data", False, error.message, error.hint, needed=True)
    return Finding("personal data", True, f"{LEDGER} can be read")


def _attestation(project: Project) -> Finding:
    problems = check_attestation(project)
    if problems:
        hint = "Do not rely on it; make it again with `doc2data run --attest`."
        return Finding("attestation", False, _listed(problems), hint, needed=True)
    return Finding("attestation", True, f"{ATTESTATION} is as it was written, and so is what it names")


def _listed(problems: list[str]) -> str:
    shown = "; ".join(problems[:NAMED])
    return shown + (f"; and {len(problems) - NAMED} more" if len(problems) > NAMED else "")
